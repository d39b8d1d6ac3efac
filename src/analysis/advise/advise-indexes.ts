import type { LabTable } from "../../database/lab.ts";
import { quoted } from "../../database/sql/quote-name.ts";
import type { AdvisedIndex, IndexAdvice } from "../../protocol/index-advice.ts";
import type { JudgedQuery } from "../verify/judged-query.ts";
import { type IndexTrial, type PlannedQuery, planQuery, tryIndex } from "../verify/try-index.ts";
import type { VerificationLab } from "../verify/verification-lab.ts";
import { judgeTrial, skipsFirst } from "../verify/verify-index.ts";
import { bodyOf, type IndexCandidate, indexCandidates } from "./index-candidates.ts";
import { queryShape, type TableUse } from "./query-shape.ts";

/** What came of looking for indexes: advice, or why there is none. */
export type IndexAdvising =
  | { readonly kind: "advised"; readonly advice: IndexAdvice }
  | { readonly kind: "not-advised"; readonly reason: string };

/** Candidates that are tried for one query, those of all its tables together. */
const MOST_TRIED = 32;
/** Indexes that one query may be given. */
const MOST_ADVISED = 3;
/** An index that is smaller, and at most this much dearer to read, is the better one: every write pays for it. */
const NEARLY_AS_GOOD = 1.5;
/** The share that the covering form of an index has to take away of what is left, to be worth its size. */
const LEAST_REFINEMENT = 0.3;
/** The planner's units, of which one is about a page read in order: below, every write costs more than any read gains. */
const LEAST_SAVED = 25;
/** The same for the covering form: it pays where many rows would be fetched from the table, one by one. */
const LEAST_COVERED = 1_000;
/** How many times as big it may be. */
const MOST_GROWTH = 2.5;
/** More columns than these make an index a copy of its table. */
const MOST_INCLUDED = 4;

interface Attempt {
  readonly candidate: IndexCandidate;
  readonly ddl: string;
  readonly trial: IndexTrial;
}

/**
 * Tries the indexes that a query's conditions, joins and order could use, and keeps those that the planner uses and that
 * pay, the best first; each is judged with those before it in place. Nothing of it stays. Throws CANCELLED, and
 * RUNTIME_ERROR when the engine fails.
 */
export async function adviseIndexes(
  lab: VerificationLab,
  query: JudgedQuery,
  signal?: AbortSignal,
): Promise<IndexAdvising> {
  if (lab.session.dialect !== "postgresql") {
    return { kind: "not-advised", reason: "indexes are looked for in PostgreSQL only" };
  }
  const planned = await planQuery(lab, query, signal);
  if (planned.kind === "judged") {
    return {
      kind: "not-advised",
      reason: planned.verification.proof.summary.replace(/^Not checked: (?:the query has no plan\. )?/, ""),
    };
  }
  const parsed = await lab.parser.parseStatements(planned.sql);
  const tree = parsed.kind === "parsed" ? parsed.statements[0]?.tree : undefined;
  if (tree === undefined) return { kind: "not-advised", reason: "the query could not be read" };
  const { tables } = await lab.session.report(signal);
  const uses = queryShape(tree, tables);
  const candidates = indexCandidates(uses, planned.statistics).slice(0, MOST_TRIED);
  const search = new IndexSearch(lab, planned, tables, signal);
  const chosen = await search.choose(candidates, uses);
  const { plan, before } = planned;
  return {
    kind: "advised",
    advice: {
      engine: plan.engine,
      tier: plan.tier,
      basis: plan.basis,
      tried: search.tried,
      indexes: chosen.map((attempt) => advisedIndex(attempt)),
      rejected: search.rejected(chosen),
      plan_before: before,
    },
  };
}

/** The search for one query: what was tried, and what became of it. */
class IndexSearch {
  readonly #lab: VerificationLab;
  readonly #planned: PlannedQuery;
  readonly #names: Set<string>;
  readonly #ddl = new Map<string, string>();
  readonly #signal: AbortSignal | undefined;
  /** Why each statement that was tried was not taken, the last reason. */
  readonly #reasons = new Map<string, string>();

  constructor(
    lab: VerificationLab,
    planned: PlannedQuery,
    tables: readonly LabTable[],
    signal: AbortSignal | undefined,
  ) {
    this.#lab = lab;
    this.#planned = planned;
    this.#signal = signal;
    this.#names = new Set(tables.flatMap(({ indexes }) => indexes.map(({ name }) => name)));
  }

  get tried(): number {
    return this.#reasons.size;
  }

  rejected(chosen: readonly Attempt[]): IndexAdvice["rejected"] {
    const taken = new Set(chosen.map(({ ddl }) => ddl));
    return [...this.#reasons].filter(([ddl]) => !taken.has(ddl)).map(([ddl, reason]) => ({ ddl, reason }));
  }

  async choose(
    candidates: readonly IndexCandidate[],
    uses: readonly TableUse[],
  ): Promise<readonly Attempt[]> {
    const chosen: Attempt[] = [];
    let open = candidates;
    while (chosen.length < MOST_ADVISED && open.length > 0) {
      const base = chosen.map(({ ddl }) => buildable(ddl));
      const paying = await this.#paying(open, base);
      const best = bestOf(paying);
      if (best === null) break;
      const refined = await this.#refined(best, uses, base);
      chosen.push(refined);
      // One that did not pay before may pay now: the other side of a join, which is looked up row by row from here on.
      open = open.filter((candidate) => candidate !== best.candidate);
    }
    return chosen;
  }

  async #paying(candidates: readonly IndexCandidate[], base: readonly string[]): Promise<readonly Attempt[]> {
    const paying: Attempt[] = [];
    for (const candidate of candidates) {
      const attempt = await this.#try(candidate, base);
      if (attempt !== null) paying.push(attempt);
    }
    return paying;
  }

  /** Null when it does not pay. */
  async #try(candidate: IndexCandidate, base: readonly string[]): Promise<Attempt | null> {
    const ddl = this.#ddlOf(candidate);
    const index = { kind: "index", sql: buildable(ddl), table: candidate.table, concurrent: true } as const;
    const trial = await tryIndex(this.#lab, this.#planned, index, { base, signal: this.#signal });
    const problem = trial.kind === "judged" ? trial.verification.proof.summary : this.#problemOf(trial);
    if (problem === null) this.#reasons.set(ddl, "Another index serves the query as well or better.");
    else if (!this.#reasons.has(ddl)) this.#reasons.set(ddl, problem);
    return trial.kind === "tried" && problem === null ? { candidate, ddl, trial } : null;
  }

  /** Why an index that was built is not advised; null when it is good. */
  #problemOf(trial: IndexTrial): string | null {
    const { verdict, proof } = judgeTrial(trial, this.#planned, true);
    if (verdict !== "verified") return proof.summary;
    const saved = trial.before.total_cost - trial.after.total_cost;
    if (saved < LEAST_SAVED) return "The query is cheap already; the index would save next to nothing.";
    if (skipsFirst(trial))
      return "It is used only by skipping over its first column, which older servers cannot.";
    return null;
  }

  /** The covering form of an index where reading the table is most of what is left. */
  async #refined(best: Attempt, uses: readonly TableUse[], base: readonly string[]): Promise<Attempt> {
    const { candidate } = best;
    const of = uses.filter(({ table }) => table.name === candidate.table);
    if (candidate.method !== "btree" || of.some(({ needed }) => needed === null)) return best;
    const keys = new Set(candidate.keys.map(({ column }) => column));
    const rest = [...new Set(of.flatMap(({ needed }) => [...(needed ?? [])]))].filter(
      (column) => !keys.has(column),
    );
    if (rest.length === 0 || rest.length > MOST_INCLUDED) return best;
    const covering = await this.#try({ ...candidate, include: rest }, base);
    if (covering === null) return best;
    const [plain, refined] = [best.trial.after.total_cost, covering.trial.after.total_cost];
    const isSmall = (covering.trial.bytes ?? 0) <= (best.trial.bytes ?? 0) * MOST_GROWTH;
    return isSmall && plain - refined >= Math.max(LEAST_COVERED, plain * LEAST_REFINEMENT) ? covering : best;
  }

  #ddlOf(candidate: IndexCandidate): string {
    const body = bodyOf(candidate);
    const known = this.#ddl.get(body);
    if (known !== undefined) return known;
    const ddl = `CREATE INDEX CONCURRENTLY ${quoted(freeName(candidate, this.#names))} ON ${body}`;
    this.#ddl.set(body, ddl);
    return ddl;
  }
}

/** A trial is a transaction, which takes no CONCURRENTLY. */
function buildable(ddl: string): string {
  return ddl.replace("CREATE INDEX CONCURRENTLY", "CREATE INDEX");
}

/** PostgreSQL cuts names off after 63 bytes; the end keeps what kind of thing it is. */
const LONGEST_NAME = 63;

function freeName({ table, keys, include, predicate }: IndexCandidate, taken: ReadonlySet<string>): string {
  const words = [table.slice(table.lastIndexOf(".") + 1), ...keys.map(({ column, sql }) => column ?? sql)];
  const form = `${predicate === null ? "" : "_partial"}${include.length === 0 ? "" : "_covering"}_idx`;
  const stem = words.join("_").replace(/\W+/g, "_").replace(/_+$/, "");
  for (let next = 1; ; next++) {
    const end = next === 1 ? form : `${form}${next}`;
    const name = `${cut(stem, LONGEST_NAME - end.length)}${end}`;
    if (!taken.has(name)) return name;
  }
}

function cut(text: string, bytes: number): string {
  let short = text;
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1);
  return short;
}

/** The smallest of those that are nearly as good as the best. */
function bestOf(attempts: readonly Attempt[]): Attempt | null {
  const least = Math.min(...attempts.map(({ trial }) => trial.after.total_cost));
  const near = attempts.filter(({ trial }) => trial.after.total_cost <= least * NEARLY_AS_GOOD);
  const size = ({ trial }: Attempt): number => trial.bytes ?? 0;
  const [best] = near.toSorted(
    (a, b) =>
      size(a) - size(b) ||
      a.candidate.keys.length - b.candidate.keys.length ||
      a.trial.after.total_cost - b.trial.after.total_cost,
  );
  return best ?? null;
}

function advisedIndex({ candidate, ddl, trial }: Attempt): AdvisedIndex {
  const { index, before, after, gain, bytes, overlaps } = trial;
  return {
    ddl: `${ddl};`,
    code: null,
    name: index.name,
    table: candidate.table,
    method: candidate.method,
    keys: candidate.keys.map(({ sql }) => sql),
    include: [...candidate.include],
    predicate: candidate.predicate,
    serves: candidate.serves,
    cost_before: before.total_cost,
    cost_after: after.total_cost,
    // Never more than it is: 99.99 % is not all.
    gain: Math.floor(gain * 10_000) / 10_000,
    size_bytes: bytes,
    overlaps: overlaps.map((overlap) => ({ ...overlap, keys: [...overlap.keys] })),
    notes: [],
    plan_after: after,
  };
}

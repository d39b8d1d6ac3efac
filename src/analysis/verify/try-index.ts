import { indexBytes } from "../../database/lab/table-statistics.ts";
import type { LabTrial } from "../../database/lab.ts";
import { explainQuery } from "../../database/plan/explain-query.ts";
import type { TableStatistics } from "../../database/statistics/statistics.ts";
import type { PlanVariant, QueryPlan } from "../../protocol/plan.ts";
import { numberPlaceholders } from "../../workspace/languages/sql/placeholders.ts";
import { duplicateOf, type Overlap, overlapsOf } from "./compare-indexes.ts";
import { judgeRejection } from "./judge-rejection.ts";
import type { JudgedQuery } from "./judged-query.ts";
import { type LabIndex, labIndexes } from "./lab-indexes.ts";
import type { ReadIndex } from "./read-index-statement.ts";
import { refuted, unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** A query that was planned once, to be planned again with indexes. */
export interface PlannedQuery {
  readonly kind: "planned";
  /** As the lab is asked for it. */
  readonly sql: string;
  readonly plan: QueryPlan;
  /** The variant that is compared: with typical values where there are some. */
  readonly before: PlanVariant;
  readonly values: readonly (string | null)[];
  readonly statistics: readonly TableStatistics[];
}

export interface Judged {
  readonly kind: "judged";
  readonly verification: Verification;
}

/** Plans the query that indexes are tried for. Throws CANCELLED, and RUNTIME_ERROR when the engine fails. */
export async function planQuery(
  { session, reader }: VerificationLab,
  query: JudgedQuery,
  signal?: AbortSignal,
): Promise<PlannedQuery | Judged> {
  const explained = await explainQuery(session, reader, { ...query, signal });
  if (explained.kind === "refused") {
    const { reason, message } = explained.refusal;
    return judged(unverified(`Not checked: the query has no plan. ${message}`, { reason }));
  }
  const { plan } = explained;
  const checked = await reader.check(numberPlaceholders(query.sql, session.dialect).sql);
  const [before] = plan.variants;
  if (checked.kind !== "statement" || before === undefined)
    return judged(unverified("Not checked: the query has no plan."));
  return {
    kind: "planned",
    sql: checked.sql,
    plan,
    before,
    values: plan.parameters.map(({ value }) => value),
    // Inside of a trial only the trial can be asked.
    statistics: await session.statistics(signal),
  };
}

/** What an index does to the plan of a query. */
export interface IndexTrial {
  readonly kind: "tried";
  readonly index: LabIndex;
  /** Its own name, and those of the partitions below its table. */
  readonly names: readonly string[];
  readonly overlaps: readonly Overlap[];
  readonly used: boolean;
  readonly before: PlanVariant;
  readonly after: PlanVariant;
  /** Share of the cost that it takes away; below zero where the plan becomes dearer. */
  readonly gain: number;
  /** Null where nothing is known of the table. */
  readonly bytes: number | null;
}

/**
 * Builds an index in a trial and plans the query again. `base`: indexes that are there already when it comes, built in
 * the same trial. Nothing stays. Throws as the lab does.
 */
export async function tryIndex(
  { session }: VerificationLab,
  query: PlannedQuery,
  index: Extract<ReadIndex, { kind: "index" }>,
  {
    base = [],
    signal,
  }: { readonly base?: readonly string[]; readonly signal?: AbortSignal | undefined } = {},
): Promise<IndexTrial | Judged> {
  return await session.withTrial(
    base,
    async (trial) => {
      const before = base.length === 0 ? query.before : await plannedAgain(trial, query);
      const built = await buildIn(trial, index, query.plan);
      if (built.kind === "judged") return built;
      const after = await plannedAgain(trial, query);
      if (before === null || after === null)
        return judged(unverified("Not checked: with the index the query has no plan."));
      const used = after.nodes.some((node) => node.index !== null && built.names.includes(node.index));
      const gain = before.total_cost > 0 ? 1 - after.total_cost / before.total_cost : 0;
      const bytes = await bytesOf(trial, built.index, query.statistics);
      return { ...built, kind: "tried", used, before, after, gain, bytes };
    },
    signal,
  );
}

async function plannedAgain(
  trial: LabTrial,
  { sql, before, values }: PlannedQuery,
): Promise<PlanVariant | null> {
  const answer = await trial.explain(sql, before.kind === "values" ? { values } : {});
  if (answer.kind === "rejected") return null;
  return { kind: before.kind, ...answer.plan, nodes: [...answer.plan.nodes] };
}

type Built = Pick<IndexTrial, "index" | "names" | "overlaps"> & { readonly kind: "built" };

async function buildIn(
  trial: LabTrial,
  { sql, table }: Extract<ReadIndex, { kind: "index" }>,
  plan: QueryPlan,
): Promise<Built | Judged> {
  const existing = await labIndexes(trial);
  const error = await trial.apply(sql);
  if (error !== null) return judged(judgeRejection(`It cannot be built on ${table}`, error, plan.schema));
  const known = new Set(existing.map(({ oid }) => oid));
  const added = (await labIndexes(trial)).filter(({ oid }) => !known.has(oid));
  const [index] = added;
  if (index === undefined) {
    return judged(refuted("It builds nothing: an index of this name is there already."));
  }
  const overlaps = overlapsOf(index, existing);
  const duplicate = duplicateOf(index, existing);
  if (duplicate !== null) {
    const summary = `${duplicate.name} on ${index.table} (${index.keys.join(", ")}) holds the same already.`;
    return judged(refuted(summary, { duplicate_of: duplicate.name, definition: duplicate.definition }));
  }
  return { kind: "built", index, names: added.map(({ name }) => name), overlaps };
}

/** A partial index holds the share of the rows that its condition leaves, as the planner estimates it. */
async function bytesOf(
  trial: LabTrial,
  { table, method, keys, include, predicate }: LabIndex,
  statistics: readonly TableStatistics[],
): Promise<number | null> {
  const sized = statistics.find((candidate) => candidate.table === table);
  if (sized === undefined) return null;
  const bytes = indexBytes(sized, method, [...keys, ...include].map(plainName));
  if (predicate === null || sized.rows === 0) return bytes;
  const [schema, name] = table.includes(".") ? table.split(".", 2) : ["public", table];
  const counted = await trial.explain(`SELECT FROM "${schema}"."${name}" WHERE ${predicate}`);
  return counted.kind === "plan" ? Math.ceil(bytes * Math.min(1, counted.plan.rows / sized.rows)) : bytes;
}

/** `"order"` → `order`; expressions stay as they are. */
function plainName(key: string): string {
  return /^"(?:[^"]|"")+"$/.test(key) ? key.slice(1, -1).replaceAll('""', '"') : key;
}

function judged(verification: Verification): Judged {
  return { kind: "judged", verification };
}

import type { Node } from "libpg-query";
import { literal } from "../../database/lab/table-statistics.ts";
import type { LabTrial, RunAnswer } from "../../database/lab.ts";
import { explainQuery } from "../../database/plan/explain-query.ts";
import { costText } from "../../database/plan/plan-text.ts";
import { numberPlaceholders } from "../../workspace/languages/sql/placeholders.ts";
import { constantsOf } from "./constants-of.ts";
import {
  checkedTexts,
  type FillableTable,
  fillableTables,
  insertRows,
  randomFrom,
  rowStatements,
  valueFor,
} from "./generate-rows.ts";
import type { JudgedQuery } from "./judged-query.ts";
import { type PlannedQuery, planQuery } from "./try-index.ts";
import { refuted, unverified, type Verification, verified } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** Sets of rows that both queries are run on: nothing, a few, more. */
const ROUNDS: readonly { readonly rows: number; readonly seed: number }[] = [
  { rows: 0, seed: 1 },
  { rows: 3, seed: 2 },
  { rows: 12, seed: 3 },
  { rows: 30, seed: 4 },
  { rows: 30, seed: 5 },
];
/** Values of the placeholders that are tried on each set of rows. */
const VALUE_SETS = 5;
const MOST_ROWS = 5_000;
/** A plan that is as much dearer is no better than the one before. */
const DEARER = 1.05;

/**
 * Whether a rewrite gives what the query gives: the same columns, and the same rows on several sets of generated ones
 * that keep to keys, foreign keys and checks. Refuted: it does not, with the case that shows it, or it costs more. Rows
 * show differences and prove no equality, which the proof says. Throws as the lab does.
 */
export async function verifyRewrite(
  lab: VerificationLab,
  statements: readonly string[],
  query: JudgedQuery,
  signal?: AbortSignal,
): Promise<Verification> {
  const { session } = lab;
  if (session.dialect !== "postgresql")
    return unverified("Not checked: rows are generated for PostgreSQL only.");
  const planned = await planQuery(lab, query, signal);
  if (planned.kind === "judged") return planned.verification;
  const text = statements.join("\n");
  const rewrite = await readRewrite(lab, text, query);
  if (rewrite.kind === "judged") return rewrite.verification;
  const explained = await explainQuery(session, lab.reader, {
    sql: rewrite.sql,
    dialect: "postgresql",
    signal,
  });
  if (explained.kind === "refused") return refuted(`It has no plan: ${explained.refusal.message}`);
  const columns = await columnsDiffer(lab, planned.sql, rewrite.sql);
  if (columns !== null) return refuted(columns);
  const tree = await treeOf(lab, planned.sql);
  if (tree === null || !("SelectStmt" in tree))
    return unverified("Not checked: only queries that read are run on generated rows.");
  const tables = await fillableTables(
    session,
    [...new Set([...planned.plan.tables, ...explained.plan.tables].map(({ table }) => table))],
    signal,
  );
  const compared = await compareOnRows({ lab, planned, rewrite: rewrite.sql, tables, tree, signal });
  if (compared.kind === "judged") return compared.verification;
  return judgeCosts(
    planned,
    explained.plan.variants[0]?.total_cost ?? 0,
    compared,
    explained.plan.variants[0],
  );
}

type Read =
  | { readonly kind: "read"; readonly sql: string }
  | { readonly kind: "judged"; readonly verification: Verification };

/** The rewrite with the placeholders of the query: names keep their numbers, whatever order they stand in. */
async function readRewrite(
  { reader, session }: VerificationLab,
  text: string,
  query: JudgedQuery,
): Promise<Read> {
  const before = numberPlaceholders(query.sql, session.dialect).placeholders;
  const numbered = numberPlaceholders(text, session.dialect);
  const numbers = new Map<number, number>();
  for (const { name, number } of numbered.placeholders) {
    const same = name === null ? undefined : before.find((placeholder) => placeholder.name === name);
    if (name !== null && same === undefined && before.some((placeholder) => placeholder.name !== null)) {
      return {
        kind: "judged",
        verification: refuted(`It takes a value "${name}" that the query does not have.`),
      };
    }
    numbers.set(number, same?.number ?? number);
  }
  const checked = await reader.check(numbered.sql);
  if (checked.kind === "refused")
    return { kind: "judged", verification: refuted(`It is no query: ${checked.refusal.message}`) };
  const most = Math.max(0, ...before.map(({ number }) => number));
  if ([...numbers.values()].some((number) => number > most)) {
    return { kind: "judged", verification: refuted("It takes more values than the query has.") };
  }
  return {
    kind: "read",
    sql: checked.sql.replace(
      /\$(\d+)\b/g,
      (whole, number) => `$${numbers.get(Number(number)) ?? whole.slice(1)}`,
    ),
  };
}

async function treeOf({ parser }: VerificationLab, sql: string): Promise<Node | null> {
  const parsed = await parser.parseStatements(sql);
  return parsed.kind === "parsed" ? (parsed.statements[0]?.tree ?? null) : null;
}

/** Null where both give columns of the same names and types, in the same order. */
async function columnsDiffer(
  { session }: VerificationLab,
  query: string,
  rewrite: string,
): Promise<string | null> {
  const [one, other] = [await session.describe(query), await session.describe(rewrite)];
  if (one.kind === "rejected" || other.kind === "rejected") return null;
  const text = (columns: typeof one.columns): string =>
    columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  if (text(one.columns) === text(other.columns)) return null;
  return `Its columns are others: ${text(other.columns)} in place of ${text(one.columns)}.`;
}

interface Comparing {
  readonly lab: VerificationLab;
  readonly planned: PlannedQuery;
  readonly rewrite: string;
  readonly tables: readonly FillableTable[];
  readonly tree: Node;
  readonly signal: AbortSignal | undefined;
}

interface Compared {
  readonly kind: "compared";
  /** Runs of both queries, and those that gave any row. */
  readonly runs: number;
  readonly withRows: number;
}

async function compareOnRows(
  comparing: Comparing,
): Promise<Compared | { readonly kind: "judged"; readonly verification: Verification }> {
  const { lab, planned, rewrite, tables, tree, signal } = comparing;
  const constants = constantsOf(tree);
  const known = tables.flatMap(({ columns }) =>
    columns.flatMap(({ labels, checks }) => [...labels, ...checkedTexts(checks)]),
  );
  const types = planned.plan.parameters.map(({ type }) => type ?? "text");
  let [runs, withRows, unstable] = [0, 0, 0];
  for (const { rows, seed } of ROUNDS) {
    const statements = rowStatements(tables, constants, rows, seed);
    const sets = valueSets(types, planned, [...constants, ...known], seed);
    const results = await lab.session.withTrial(
      [],
      async (trial) => {
        await insertRows(trial, statements);
        const pairs = [];
        for (const values of sets) {
          pairs.push({
            values,
            one: await runWith(trial, planned.sql, values, types),
            other: await runWith(trial, rewrite, values, types),
          });
        }
        return pairs;
      },
      signal,
    );
    for (const { values, one, other } of results) {
      if (one.kind === "rejected") continue;
      if (other.kind === "rejected") {
        return judged(
          refuted(`It fails where the query does not: ${other.error.message}.`, { values, rows }),
        );
      }
      runs++;
      if (one.rows.length > 0) withRows++;
      const difference = differenceOf(one, other, isOrdered(tree));
      if (difference === null) continue;
      // A query whose own answer depends on the order of rows says nothing about another.
      if (await dependsOnStorage(comparing, statements, values, types, one)) {
        unstable++;
        continue;
      }
      const details = {
        values,
        rows_of_query: one.rows.slice(0, 5),
        rows_of_rewrite: other.rows.slice(0, 5),
        row_counts: [one.rows.length, other.rows.length],
        generated: statements.slice(0, 40),
      };
      return judged(refuted(`It gives other rows: ${difference}, on generated ones.`, details));
    }
  }
  if (unstable > 0) {
    const summary = "Not decided: which rows the query gives depends on the order in which they are stored.";
    return judged(unverified(summary, { unstable, runs }));
  }
  if (withRows === 0) {
    return judged(unverified("Not decided: no generated row meets the conditions of the query.", { runs }));
  }
  return { kind: "compared", runs, withRows };
}

function judged(verification: Verification): {
  readonly kind: "judged";
  readonly verification: Verification;
} {
  return { kind: "judged", verification };
}

/** The same rows, put in the other way round. */
async function dependsOnStorage(
  { lab, planned, tree, signal }: Comparing,
  statements: readonly string[],
  values: readonly string[],
  types: readonly string[],
  before: Extract<RunAnswer, { kind: "rows" }>,
): Promise<boolean> {
  const again = await lab.session.withTrial(
    [],
    async (trial) => {
      await insertRows(trial, statements.toReversed());
      return await runWith(trial, planned.sql, values, types);
    },
    signal,
  );
  return again.kind === "rejected" || differenceOf(before, again, isOrdered(tree)) !== null;
}

function runWith(
  trial: LabTrial,
  sql: string,
  values: readonly string[],
  types: readonly string[],
): Promise<RunAnswer> {
  const bound = sql.replace(/\$(\d+)\b/g, (whole, number) => {
    const [value, type] = [values[Number(number) - 1], types[Number(number) - 1]];
    return value === undefined || type === undefined ? whole : `(${value})::${type}`;
  });
  return trial.run(bound, { maxRows: MOST_ROWS });
}

/** Typical values first, then such as the generated rows have. */
function valueSets(
  types: readonly string[],
  { plan }: PlannedQuery,
  constants: readonly string[],
  seed: number,
): readonly (readonly string[])[] {
  if (types.length === 0) return [[]];
  const random = randomFrom(seed * 1_000);
  const pick = <Value>(from: readonly Value[], otherwise: Value): Value =>
    from[Math.floor(random() * from.length)] ?? otherwise;
  const typical = plan.parameters.map(({ value }) => (value === null ? "NULL" : literal(value)));
  const drawn = Array.from({ length: VALUE_SETS }, (_, set) =>
    types.map((type) => valueFor(type, null, set + 1, constants, random, pick)),
  );
  return [typical, ...drawn];
}

function isOrdered(tree: Node): boolean {
  return "SelectStmt" in tree && (tree.SelectStmt.sortClause ?? []).length > 0;
}

/** Null where both gave the same rows, in the same order where one is asked for. */
function differenceOf(
  one: Extract<RunAnswer, { kind: "rows" }>,
  other: Extract<RunAnswer, { kind: "rows" }>,
  ordered: boolean,
): string | null {
  const [first, second] = [
    one.rows.map((row) => JSON.stringify(row)),
    other.rows.map((row) => JSON.stringify(row)),
  ];
  if (first.length !== second.length) return `${second.length} in place of ${first.length}`;
  if (first.toSorted().join("\n") !== second.toSorted().join("\n")) return "as many, with other values";
  return ordered && first.join("\n") !== second.join("\n") ? "the same in another order" : null;
}

function judgeCosts(
  { plan, before }: PlannedQuery,
  after: number,
  { runs, withRows }: Compared,
  variant: unknown,
): Verification {
  const ground = `${plan.tier}: ${plan.basis}`;
  const costs = `cost ${costText(before.total_cost)} → ${costText(after)} (${ground})`;
  const details = {
    runs,
    runs_with_rows: withRows,
    cost_before: before.total_cost,
    cost_after: after,
    tier: plan.tier,
    basis: plan.basis,
    engine: plan.engine,
    plan_before: before,
    plan_after: variant,
    notes: ["Rows that agree are no proof that all do."],
  };
  if (after > before.total_cost * DEARER)
    return refuted(`It gives the same rows and costs more: ${costs}.`, details);
  return verified(
    `The same columns, and the same rows in ${runs} runs on generated ones: ${costs}.`,
    details,
  );
}

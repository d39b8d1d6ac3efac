import { indexBytes } from "../../database/lab/table-statistics.ts";
import type { LabTrial } from "../../database/lab.ts";
import { explainQuery } from "../../database/plan/explain-query.ts";
import type { PlanVariant, QueryPlan } from "../../protocol/plan.ts";
import { numberPlaceholders } from "../../workspace/languages/sql/placeholders.ts";
import { duplicateOf, type Overlap, overlapsOf } from "./compare-indexes.ts";
import { judgeRejection } from "./judge-rejection.ts";
import type { JudgedQuery } from "./judged-query.ts";
import { type LabIndex, labIndexes } from "./lab-indexes.ts";
import { type ReadIndex, readIndexStatement } from "./read-index-statement.ts";
import { refuted, unverified, type Verification, verified } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** The share of a query's cost that an index has to take away. Less may be no more than the planner's guess. */
const LEAST_GAIN = 0.3;

/**
 * Builds an index in a trial and plans the query before and after it. Verified: the planner uses it, and the cost falls
 * by at least 30 %. Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
 */
export async function verifyIndex(
  lab: VerificationLab,
  statements: readonly string[],
  query: JudgedQuery,
  signal?: AbortSignal,
): Promise<Verification> {
  const { session, reader } = lab;
  if (session.dialect !== "postgresql") {
    return unverified("Not checked: SQLite names no costs, so there is nothing to compare.");
  }
  const read = await readIndexStatement(lab, statements);
  if (read.kind === "judged") return read.verification;
  const explained = await explainQuery(session, reader, { ...query, signal });
  if (explained.kind === "refused") {
    const { reason, message } = explained.refusal;
    return unverified(`Not checked: the query has no plan. ${message}`, { reason });
  }
  const { plan } = explained;
  const sql = await statementOf(lab, query);
  const values = plan.parameters.map(({ value }) => value);
  const [before] = plan.variants;
  if (sql === null || before === undefined) return unverified("Not checked: the query has no plan.");
  // Inside of the trial only the trial can be asked.
  const statistics = await session.statistics(signal);
  return await session.withTrial(
    [],
    async (trial) => {
      const built = await buildIn(trial, read, plan);
      if (built.kind === "judged") return built.verification;
      const answer = await trial.explain(sql, before.kind === "values" ? { values } : {});
      if (answer.kind === "rejected") {
        return unverified(`Not checked: with the index the query has no plan. ${answer.error.message}`);
      }
      const sized = statistics.find(({ table }) => table === built.index.table);
      const { method, keys } = built.index;
      return judge({
        ...built,
        before,
        after: { kind: before.kind, ...answer.plan, nodes: [...answer.plan.nodes] },
        plan,
        concurrent: read.concurrent,
        bytes: sized === undefined ? null : indexBytes(sized, method, keys.map(plainName)),
      });
    },
    signal,
  );
}

/** The query as the lab is asked for it, as `explainQuery` does. */
async function statementOf(
  { session, reader }: VerificationLab,
  { sql }: JudgedQuery,
): Promise<string | null> {
  const checked = await reader.check(numberPlaceholders(sql, session.dialect).sql);
  return checked.kind === "statement" ? checked.sql : null;
}

interface Built {
  readonly kind: "built";
  readonly index: LabIndex;
  /** Its own, and those of the partitions below its table. */
  readonly names: readonly string[];
  readonly overlaps: readonly Overlap[];
}

async function buildIn(
  trial: LabTrial,
  { sql, table }: Extract<ReadIndex, { kind: "index" }>,
  plan: QueryPlan,
): Promise<Built | { readonly kind: "judged"; readonly verification: Verification }> {
  const judged = (verification: Verification) => ({ kind: "judged", verification }) as const;
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

interface Comparison extends Built {
  readonly before: PlanVariant;
  readonly after: PlanVariant;
  readonly plan: QueryPlan;
  readonly concurrent: boolean;
  /** Null where nothing is known of the table. */
  readonly bytes: number | null;
}

function judge(comparison: Comparison): Verification {
  const { index, names, overlaps, before, after, plan, concurrent, bytes } = comparison;
  const used = after.nodes.some((node) => node.index !== null && names.includes(node.index));
  const gain = before.total_cost > 0 ? 1 - after.total_cost / before.total_cost : 0;
  const details = {
    index: { name: index.name, table: index.table, method: index.method, keys: index.keys },
    used,
    cost_before: before.total_cost,
    cost_after: after.total_cost,
    gain: Math.round(gain * 1000) / 1000,
    size_bytes: bytes,
    overlaps,
    tier: plan.tier,
    basis: plan.basis,
    engine: plan.engine,
    notes: [
      ...plan.notes,
      ...(concurrent ? ["Tried without CONCURRENTLY; the index that comes of it is the same."] : []),
    ],
    plan_before: before,
    plan_after: after,
  };
  const ground = `${plan.tier}: ${plan.basis}`;
  const costs = `cost ${costText(before.total_cost)} → ${costText(after.total_cost)}`;
  if (!used) return refuted(`The planner does not use it for this query (${ground}).`, details);
  if (gain < LEAST_GAIN) {
    return refuted(`The planner uses it, and gains too little: ${costs} (${ground}).`, details);
  }
  const size = bytes === null ? "" : `, about ${sizeText(bytes)}`;
  const skips = skipsFirst(comparison)
    ? `, by skipping over ${index.keys[0]}, which PostgreSQL can from version 18 on`
    : "";
  return verified(
    `The planner uses it${skips}: ${costs}, ${percent(gain)} less${size} (${ground}).`,
    details,
  );
}

/** Conditions stand on keys of the index, and none of them on its first: older servers would read all of it. */
function skipsFirst({ index, names, after }: Comparison): boolean {
  const [first] = index.keys;
  if (first === undefined || index.keys.length < 2 || index.method !== "btree") return false;
  const conditions = after.nodes
    .filter((node) => node.index !== null && names.includes(node.index))
    .flatMap(({ details }) => details.filter((detail) => detail.startsWith("Index Cond: ")));
  const isNamed = (condition: string): boolean =>
    /^\w+$/.test(first) ? condition.split(/\W+/).includes(first) : condition.includes(first);
  return conditions.length > 0 && !conditions.some(isNamed);
}

/** `"order"` → `order`; expressions stay as they are. */
function plainName(key: string): string {
  return /^"(?:[^"]|"")+"$/.test(key) ? key.slice(1, -1).replaceAll('""', '"') : key;
}

function costText(cost: number): string {
  return cost.toLocaleString("en", { maximumFractionDigits: cost < 100 ? 2 : 0 });
}

/** Never more than it is: 99.96 % is not all. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

function sizeText(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 0.1 ? `${Math.ceil(bytes / 1000)} kB` : `${megabytes.toFixed(1)} MB`;
}

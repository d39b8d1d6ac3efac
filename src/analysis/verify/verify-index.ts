import { sizeText } from "../../database/plan/plan-text.ts";
import type { QueryPlan } from "../../protocol/plan.ts";
import type { JudgedQuery } from "./judged-query.ts";
import { readIndexStatement } from "./read-index-statement.ts";
import { type IndexTrial, type PlannedQuery, planQuery, tryIndex } from "./try-index.ts";
import { refuted, type Verification, verified } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";
import { verifySqliteIndex } from "./verify-sqlite-index.ts";

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
  if (lab.session.dialect === "sqlite") return await verifySqliteIndex(lab, statements, query, signal);
  const read = await readIndexStatement(lab, statements);
  if (read.kind === "judged") return read.verification;
  const planned = await planQuery(lab, query, signal);
  if (planned.kind === "judged") return planned.verification;
  const trial = await tryIndex(lab, planned, read, { signal });
  return trial.kind === "judged" ? trial.verification : judgeTrial(trial, planned, read.concurrent);
}

/** Whether an index that was tried pays, with everything that says so. */
export function judgeTrial(
  trial: IndexTrial,
  { plan }: Pick<PlannedQuery, "plan">,
  concurrent: boolean,
): Verification {
  const { index, overlaps, before, after, used, gain, bytes } = trial;
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
  const ground = groundOf(plan);
  const costs = `cost ${costText(before.total_cost)} → ${costText(after.total_cost)}`;
  if (!used) return refuted(`The planner does not use it for this query (${ground}).`, details);
  if (gain < LEAST_GAIN) {
    return refuted(`The planner uses it, and gains too little: ${costs} (${ground}).`, details);
  }
  const size = bytes === null ? "" : `, about ${sizeText(bytes)}`;
  const skips = skipsFirst(trial)
    ? `, by skipping over ${index.keys[0]}, which PostgreSQL can from version 18 on`
    : "";
  return verified(
    `The planner uses it${skips}: ${costs}, ${percent(gain)} less${size} (${ground}).`,
    details,
  );
}

/** What the numbers of a plan rest on, in brackets. */
function groundOf({ tier, basis }: QueryPlan): string {
  return `${tier}: ${basis}`;
}

/** Conditions stand on keys of the index, and none of them on its first: older servers would read all of it. */
export function skipsFirst({ index, names, after }: IndexTrial): boolean {
  const [first] = index.keys;
  if (first === undefined || index.keys.length < 2 || index.method !== "btree") return false;
  const conditions = after.nodes
    .filter((node) => node.index !== null && names.includes(node.index))
    .flatMap(({ details }) => details.filter((detail) => detail.startsWith("Index Cond: ")));
  const isNamed = (condition: string): boolean =>
    /^\w+$/.test(first) ? condition.split(/\W+/).includes(first) : condition.includes(first);
  return conditions.length > 0 && !conditions.some(isNamed);
}

function costText(cost: number): string {
  return cost.toLocaleString("en", { maximumFractionDigits: cost < 100 ? 2 : 0 });
}

/** Never more than it is: 99.96 % is not all. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

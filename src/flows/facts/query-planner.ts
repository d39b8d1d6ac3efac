import type { IndexAdvice } from "../../protocol/index-advice.ts";
import type { PlanRefusal, QueryPlan } from "../../protocol/plan.ts";
import type { PackInput } from "../../protocol/prompt-pack.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";

export interface PlanRequest {
  readonly sql: string;
  readonly dialect: SqlDialect;
  /** Id of the query in the catalog; null for SQL given by hand. */
  readonly queryId: string | null;
}

/** `inputs`: what the answer depends on besides the workspace's files: the engine, statistics, whether it was there. */
export type PlanAnswer =
  | { readonly kind: "planned"; readonly plan: QueryPlan; readonly inputs: readonly PackInput[] }
  | {
      readonly kind: "not-planned";
      /** One line for people, of the form "not available (T0): …". */
      readonly status: string;
      /** What is wrong with the query itself; null when the planner is to blame. */
      readonly refusal: PlanRefusal | null;
      readonly inputs: readonly PackInput[];
    };

/** Plans queries on the schema of the workspace. Port: the host has the engine. Throws CANCELLED only. */
export interface QueryPlanner {
  plan(request: PlanRequest, signal?: AbortSignal): Promise<PlanAnswer>;
  /** Indexes that would pay for a query; asked only for one that has a plan. */
  advise(request: PlanRequest, signal?: AbortSignal): Promise<AdviceAnswer>;
}

export type AdviceAnswer =
  | { readonly kind: "advised"; readonly advice: IndexAdvice }
  /** `status`: one line for people, of the form "not available: …". */
  | { readonly kind: "not-advised"; readonly status: string };

/** Said where nothing can plan. */
export const NO_PLANNER: PlanAnswer = {
  kind: "not-planned",
  status: "not available (T0): no planner was asked",
  refusal: null,
  inputs: [],
};

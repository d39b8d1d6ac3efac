import { createHash } from "node:crypto";
import type { HeldBack } from "../agent/files/workspace-files.ts";
import type { AgentHooks } from "../agent/options.ts";
import type { BudgetPool } from "../agent/run/budget-pool.ts";

/** One request from outside, with all the runs that follow from it. */
export interface Tree {
  readonly threadId: string;
  /** The conversation that its runs belong to. */
  readonly session: string;
  /** The thread is a conversation of the product's own agent as well, and the request one of its turns. */
  readonly isTurn: boolean;
  /** The run that was asked for. It names the whole tree, and continues it. */
  readonly rootRunId: string;
  readonly pool: BudgetPool;
  /** Whether a question waits for its answer, or ends the run until somebody has answered it. */
  readonly approvals: "wait" | "leave-open";
  /** What who asked wants to find again. */
  readonly labels: Readonly<Record<string, string>>;
  /** What all its runs hold back from the disk in a sandbox; null: each by itself. */
  readonly heldBack: HeldBack | null;
  /** What who asked hears and says of every run. */
  readonly hooks: TreeHooks;
}

export type TreeHooks = Pick<AgentHooks, "observe" | "agree">;

/** The place of one run in its tree. */
export interface Seat {
  readonly tree: Tree;
  readonly runId: string;
  /** The call above that it answers; null for the root. */
  readonly call: { readonly runId: string; readonly callId: string } | null;
  /** Names from the root to this agent. */
  readonly path: readonly string[];
  /** Does something that does not count as time of the runs above. */
  waiting<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** How deep agents may hand tasks on. */
export const DEEPEST = 8;

/** The conversation of a thread, as approvals and leases know it. */
export function sessionOf(tenant: string, threadId: string): string {
  return `thread.${digest([tenant, threadId]).slice(0, 24)}`;
}

/** The run that a call starts: the same one whenever the call is made again after a crash. */
export function childRunId(runId: string, callId: string): string {
  return `${runId.slice(0, 12)}${digest([runId, callId]).slice(0, 20)}`;
}

/** The plan that a planner's run makes; all its proposals are revisions of it. */
export function planIdOf(runId: string): string {
  return `plan-${digest([runId]).slice(0, 12)}`;
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

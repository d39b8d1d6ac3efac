import type { ApprovalScope } from "../protocol/agent.ts";
import type { HeldBack } from "./files/workspace-files.ts";
import type { AgentModel } from "./run/agent-run.ts";
import type { BudgetPool } from "./run/budget-pool.ts";
import type { Tool } from "./tools/tool.ts";

/** A call as a policy sees it. */
export interface JudgedCall {
  readonly tool: string;
  readonly input: unknown;
  readonly callId: string;
}

/** What the maker of a run says about its calls. None of it loosens what classes, modes and risks demand. */
export interface CallPolicy {
  /** `always` asks where the table would not; `never` and null leave it to the table. */
  policyOf(call: JudgedCall): Promise<"never" | "always" | null>;
  /** An approval that a person gave before for exactly this call, by another way than `Grants`. */
  grantOf(call: JudgedCall): Promise<ApprovalScope | null>;
}

export const NO_POLICY: CallPolicy = { policyOf: async () => null, grantOf: async () => null };

/**
 * A run that is one of several which work together: who it is, and what it shares with the others. Made by code that
 * composes agents, never from data.
 */
export interface AgentPart {
  /** Its run: begun, or gone on with where its journal has begun. */
  readonly runId: string;
  /** Name on its events, with the way to it: `coordinator/reviewer`. */
  readonly agent: string;
  /** The first part of its system prompt; null: the product's own. */
  readonly role: string | null;
  /** The conversation it belongs to: what was approved for a session holds there. */
  readonly sessionId: string;
  /** Runs with one lease never go on at the same time; null: the session's. */
  readonly lease: string | null;
  /** It is a turn of that conversation, as one of the product's own agent would be: it stands among its runs. */
  readonly isTurn: boolean;
  /** Runs whose conversation it remembers, the oldest first; `session`: all turns of its conversation. */
  readonly before: readonly string[] | "session";
  /** Tools that only it has. One that is called like a tool of every agent takes its place. */
  readonly ownTools: readonly Tool[];
  /** Null: what the settings name. */
  readonly model: AgentModel | null;
  /** Names the beginning of its prompts, for providers that keep it; null: its conversation does. */
  readonly promptCacheKey: string | null;
  readonly policy: CallPolicy;
  /** Tokens and money that all runs of the tree share; null: its own settings alone bound it. */
  readonly pool: BudgetPool | null;
  /** A plan that was approved before it began; null when there is none. */
  readonly plan: unknown;
  /** Changes that are held back from the disk, by uri, shared with other runs; null: its own, where it runs in a sandbox. */
  readonly heldBack: HeldBack | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether one of several agents has something to plan: one that only looks has not, nor one that works by a plan. */
export function mayChange({ plan }: AgentPart, tools: readonly Tool[]): boolean {
  return plan === null && tools.some((tool) => tool.class !== "read");
}

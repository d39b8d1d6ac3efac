import type { ExecutionResult } from "../../protocol/execution.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";

/** A call of a tool, as a scorer sees it. */
export interface MadeCall {
  readonly tool: string;
  readonly input: unknown;
  /** A person was asked. */
  readonly asked: boolean;
}

/** What one run of a case gave: what scorers look at. */
export interface Outcome {
  /** For people: the prompts of a pack, or the answer. */
  readonly text: string;
  /** The whole document: a prompt pack, a flow's run, an agent's result. */
  readonly document: unknown;
  /** Null for agents. */
  readonly pack: PromptPack | null;
  /** Null where no flow was run. */
  readonly execution: ExecutionResult | null;
  readonly calls: readonly MadeCall[];
  /** Uris of files that it would have changed: all changes are held back. */
  readonly files: readonly string[];
  /** Null where they are not known. */
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly elapsedMs: number;
  readonly traceId: string | null;
  /** Why it ended without what was asked for; null when it did not. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

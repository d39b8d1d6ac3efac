import type { ExecutionResult, FlowRun } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";

/** The document of a pack and what became of it, the same on every surface; null when nothing was run. */
export function flowRunOf(pack: PromptPack, execution: ExecutionResult | null): FlowRun {
  const { ok, error, error_code } = execution ?? pack;
  return { ok, prompt_pack: pack, execution, error, error_code };
}

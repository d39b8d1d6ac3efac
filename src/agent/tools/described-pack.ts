import { AksaraError, isErrorCode } from "../../errors.ts";
import type { FlowRequest } from "../../protocol/action.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { ToolContext } from "./tool.ts";

/** A pack of the workspace. @throws its own failure, with the nearest names */
export async function builtPack(
  request: FlowRequest,
  { workspace, signal }: ToolContext,
): Promise<PromptPack> {
  const pack = await workspace.buildPack(request, { signal });
  if (pack.ok) return pack;
  const code = pack.error_code !== null && isErrorCode(pack.error_code) ? pack.error_code : "TOOL_FAILED";
  throw new AksaraError(
    code,
    pack.error ?? "There are no facts about that.",
    pack.hint ? { hint: pack.hint } : {},
  );
}

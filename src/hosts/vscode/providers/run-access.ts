import * as vscode from "vscode";
import { isAksaraError } from "../../../errors.ts";
import { foreseeModel } from "../../../execution/hub/foreseen-model.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import { type RunAccess, trustRefusal, unknownAccess } from "../run-refusal.ts";

/**
 * Whether the packs of a workspace can be run, and by whom. `present` are the providers that were found when a person
 * last looked (a local server, the editor's models): nobody is asked here.
 */
export async function readRunAccess(
  workspace: StudioWorkspace,
  present: readonly string[],
): Promise<RunAccess> {
  const untrusted = trustRefusal();
  if (untrusted) return { refusal: untrusted, provider: null, model: null };
  try {
    const { problems } = await workspace.hub();
    if (problems.some(({ severity }) => severity === "error"))
      return refused(vscode.l10n.t(".aksara/aihub.json has an error, so it is not used."));
    const foreseen = await foreseeModel(workspace.execution(), present);
    if (foreseen.ready) return { refusal: null, provider: foreseen.provider, model: foreseen.model };
    return foreseen.reason === null ? unknownAccess() : refused(foreseen.reason);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    return refused(error.message);
  }
}

function refused(error: string): RunAccess {
  return { refusal: { error_code: "AI_HUB_NOT_CONFIGURED", error }, provider: null, model: null };
}

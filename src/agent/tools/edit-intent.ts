import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { FileChange } from "../../protocol/agent.ts";
import {
  applyChanges,
  changesPreview,
  fileChanges,
  type PlannedChange,
  settleChanges,
} from "../files/change-set.ts";
import type { Intent, Settled, ToolContext, ToolOutput } from "./tool.ts";

/** A lasting approval of an edit is about all files of the workspace that need no person each time. */
const COVERS = "files of the workspace";

export function editIntent(planned: readonly PlannedChange[]): Intent {
  return { preview: changesPreview(planned), dangers: [], changes: fileChanges(planned), covers: COVERS };
}

/** Makes planned changes, if they are still exactly those that were decided about. @throws EDIT_CONFLICT */
export async function makeChanges(
  planned: readonly PlannedChange[],
  context: ToolContext,
): Promise<ToolOutput> {
  const changes = fileChanges(planned);
  if (canonicalJson(changes) !== canonicalJson(context.decided))
    throw new AksaraError("EDIT_CONFLICT", "The files changed after this was decided. Nothing was changed.", {
      hint: "Read them again.",
    });
  await applyChanges(planned, context.files, context.blobs);
  return context.files.overlay
    ? { output: summary(changes), held: changes }
    : { output: summary(changes), changes };
}

export async function settleEdit(changes: readonly FileChange[], context: ToolContext): Promise<Settled> {
  const outcome = await settleChanges(changes, context.files, context.blobs);
  return outcome === "done" ? { outcome, output: summary(changes) } : { outcome };
}

function summary(changes: readonly FileChange[]): string {
  return changes
    .map(
      ({ uri, before, after }) =>
        `${before === null ? "created" : after === null ? "deleted" : "changed"} ${uri}`,
    )
    .join("\n");
}

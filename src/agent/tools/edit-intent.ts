import { AksaraError } from "../../errors.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { FileChange } from "../../protocol/agent.ts";
import type { ChosenPart } from "../files/change-parts.ts";
import {
  applyChanges,
  changesPreview,
  divisiblePreview,
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

/** The same for a call that does nothing else than to make these changes: a person can choose some of them. */
export function divisibleIntent(planned: readonly PlannedChange[]): Intent {
  return { ...editIntent(planned), preview: divisiblePreview(planned), planned };
}

/** Makes the part of a call's changes that a person chose, and tells the model what they left out. @throws EDIT_CONFLICT */
export async function makePart({ planned, leftOut }: ChosenPart, context: ToolContext): Promise<ToolOutput> {
  const made = await makeChanges(planned, context);
  if (leftOut === "") return made;
  const note = "The person made only a part of this. They do not want the rest, which is:";
  return { ...made, output: `${String(made.output)}\n${note}\n${leftOut}` };
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

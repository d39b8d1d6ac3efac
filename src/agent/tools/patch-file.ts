import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import type { PlannedChange } from "../files/change-set.ts";
import { planEdit } from "../files/plan-edit.ts";
import { planPatch } from "../files/plan-patch.ts";
import { divisibleIntent, makeChanges, settleEdit } from "./edit-intent.ts";
import { defineTool, type ToolContext } from "./tool.ts";

const changes = z.strictObject({
  patch: z
    .string()
    .min(1)
    .optional()
    .describe(
      "in place of files: *** Begin Patch, *** Update|Add|Delete File: path, @@ parts, *** End Patch",
    ),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe("relative to the workspace folder, with forward slashes"),
        edits: z
          .array(
            z.strictObject({
              old_text: z
                .string()
                .min(1)
                .describe("stands in the file exactly once; copy it with its white space"),
              new_text: z.string(),
            }),
          )
          .min(1),
      }),
    )
    .min(1)
    .max(50)
    .optional(),
});
const input = changes.refine(
  ({ files, patch }) => (files === undefined) !== (patch === undefined),
  "give either files or patch",
);

async function plan(
  { files: wanted = [], patch }: z.output<typeof input>,
  { files, blobs }: ToolContext,
): Promise<PlannedChange[]> {
  if (patch !== undefined) return await planPatch(files, blobs, patch);
  const planned: PlannedChange[] = [];
  for (const { path, edits } of wanted) {
    const change = await planEdit(
      files,
      blobs,
      path,
      edits.map((edit) => ({ oldText: edit.old_text, newText: edit.new_text })),
    );
    if (planned.some(({ uri }) => uri === change.uri))
      throw new AksaraError(
        "TOOL_INPUT_INVALID",
        `${change.uri} is named twice: give all its edits in one place.`,
      );
    planned.push(change);
  }
  return planned;
}

export const patchFileTool = defineTool({
  name: "patch_file",
  description:
    "Changes parts of files: each edit replaces a text that stands in the file exactly once. All edits of a call are made, or none. Read the files first.",
  input,
  class: "write",
  risk: "medium",
  intend: async (given, context) => divisibleIntent(await plan(given, context)),
  execute: async (given, context) => makeChanges(await plan(given, context), context),
  settle: settleEdit,
});

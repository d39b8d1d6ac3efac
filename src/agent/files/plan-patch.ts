import { AksaraError } from "../../errors.ts";
import type { Blobs } from "../../storage/store.ts";
import type { PlannedChange } from "./change-set.ts";
import { editOf, readPatch } from "./patch-text.ts";
import { planEdit, planReplace } from "./plan-edit.ts";
import { readTextFile } from "./text-file.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/**
 * What a patch of several files makes of them, with the guarantees of every edit: made on what the model read, merged
 * with what is there now, refused where that is not certain.
 * @throws EDIT_CONFLICT, TOOL_INPUT_INVALID, CONTEXT_NOT_FOUND, PATH_REFUSED, SECRET_REFUSED
 */
export async function planPatch(
  files: WorkspaceFiles,
  blobs: Blobs,
  patch: string,
): Promise<PlannedChange[]> {
  const planned: PlannedChange[] = [];
  for (const each of readPatch(patch)) {
    switch (each.kind) {
      case "add":
        planned.push(await planNew(files, each.path, each.content));
        break;
      case "delete":
        planned.push(await planDelete(files, each.path));
        break;
      case "update": {
        const { text } = readTextFile((await files.read(each.path)).bytes, each.path);
        const edits = each.hunks.map((hunk) => editOf(hunk, text));
        const change =
          edits.length === 0
            ? await planReplace(files, each.path, text)
            : await planEdit(files, blobs, each.path, edits);
        if (each.moveTo === null) planned.push(change);
        else {
          const moved = await planNew(files, each.moveTo, "");
          planned.push(await planDelete(files, each.path), { ...moved, after: change.after });
        }
      }
    }
  }
  const uris = planned.map(({ uri }) => uri);
  const twice = uris.find((uri, at) => uris.indexOf(uri) !== at);
  if (twice !== undefined)
    throw new AksaraError(
      "TOOL_INPUT_INVALID",
      `${twice} is named twice: give all its changes in one place.`,
    );
  return planned;
}

async function planNew(files: WorkspaceFiles, path: string, content: string): Promise<PlannedChange> {
  const change = await planReplace(files, path, content);
  if (change.before === null) return change;
  throw new AksaraError("EDIT_CONFLICT", `${change.uri} exists already.`, { hint: "Update it instead." });
}

/** Whoever deletes a file must know what is lost. */
async function planDelete(files: WorkspaceFiles, path: string): Promise<PlannedChange> {
  const before = await files.read(path);
  if (files.seen(before.uri) === before.hash) return { uri: before.uri, before, after: null };
  throw new AksaraError("EDIT_CONFLICT", `You have not read ${before.uri} as it is now.`, {
    hint: "Read it first.",
  });
}

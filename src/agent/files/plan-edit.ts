import { AksaraError, isAksaraError } from "../../errors.ts";
import type { Blobs } from "../../storage/store.ts";
import type { PlannedChange } from "./change-set.ts";
import { editMovedText, editText, type TextEdit } from "./edit-text.ts";
import { diffLines, linesOf } from "./line-diff.ts";
import { mergeThreeWay } from "./merge.ts";
import { readTextFile, type Splice, spliceFile, type TextFile } from "./text-file.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/**
 * What edits make of a file. They are made on what the model read of it, and brought onto what it is now by a
 * three-way merge; where that is not possible, each must fit in exactly one place, and in the right one.
 * @throws EDIT_CONFLICT with the nearest lines, CONTEXT_NOT_FOUND, PATH_REFUSED, SECRET_REFUSED
 */
export async function planEdit(
  files: WorkspaceFiles,
  blobs: Blobs,
  path: string,
  edits: readonly TextEdit[],
): Promise<PlannedChange> {
  const place = await files.place(path);
  const current = await files.read(path);
  const file = readTextFile(current.bytes, place.uri);
  const base = await seenText(files, blobs, place.uri);
  const text =
    base === null || base === file.text
      ? editText(file.text, edits, place.uri)
      : editChanged(base, file.text, edits, place.uri);
  return { uri: place.uri, before: current, after: rewrite(file, text) };
}

/**
 * What writing a whole file makes of it. A file that exists must have been read before: whoever has not seen it does not
 * know what is lost.
 * @throws EDIT_CONFLICT, PATH_REFUSED, SECRET_REFUSED
 */
export async function planWrite(
  files: WorkspaceFiles,
  blobs: Blobs,
  path: string,
  content: string,
): Promise<PlannedChange> {
  const place = await files.place(path);
  if (place.uri === "" || place.uri.endsWith("/")) throw new AksaraError("PATH_REFUSED", "That is a folder.");
  const current = await files.find(path);
  if (!current) return { uri: place.uri, before: null, after: Buffer.from(content) };
  const file = readTextFile(current.bytes, place.uri);
  const base = await seenText(files, blobs, place.uri);
  if (base === null)
    throw new AksaraError("EDIT_CONFLICT", `${place.uri} exists, and you have not read it.`, {
      hint: "Read it first, then write it, or change a part of it with patch_file.",
    });
  const merged = mergeThreeWay(base, content.replaceAll("\r\n", "\n"), file.text);
  if (merged === null)
    throw new AksaraError(
      "EDIT_CONFLICT",
      `${place.uri} has changed since you read it. Nothing was changed.`,
      {
        hint: "Read it again.",
      },
    );
  return { uri: place.uri, before: current, after: rewrite(file, merged) };
}

/** What another text makes of a file that was worked out from the file as it is now; a new file where there is none. */
export async function planReplace(files: WorkspaceFiles, path: string, text: string): Promise<PlannedChange> {
  const { uri } = await files.place(path);
  const current = await files.find(path);
  if (!current) return { uri, before: null, after: Buffer.from(text) };
  return { uri, before: current, after: rewrite(readTextFile(current.bytes, uri), text) };
}

function editChanged(base: string, current: string, edits: readonly TextEdit[], uri: string): string {
  let ours: string;
  try {
    ours = editText(base, edits, uri);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    throw new AksaraError("EDIT_CONFLICT", `${error.message} The file has changed since you read it.`, {
      ...(error.hint === null ? {} : { hint: error.hint }),
    });
  }
  return mergeThreeWay(base, ours, current) ?? editMovedText(base, current, edits, uri);
}

/** The text of a file as the model last read it; null when it has not, or it is not kept any more. */
async function seenText(files: WorkspaceFiles, blobs: Blobs, uri: string): Promise<string | null> {
  const hash = files.seen(uri);
  const content = hash === null ? null : await blobs.get(hash);
  return content === null ? null : readTextFile(Buffer.from(content), uri).text;
}

/** The file with another text: lines that stay keep their ends, whatever those are. */
function rewrite(file: TextFile, text: string): Buffer {
  const lines = linesOf(file.text);
  const offsets: number[] = [0];
  for (const line of lines) offsets.push((offsets.at(-1) ?? 0) + line.length);
  const splices: Splice[] = diffLines(lines, linesOf(text)).map(({ start, end, lines: added }) => ({
    start: offsets[start] ?? file.text.length,
    end: offsets[end] ?? file.text.length,
    text: added.join(""),
  }));
  return spliceFile(file, splices);
}

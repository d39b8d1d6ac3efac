import { AksaraError } from "../../errors.ts";

/** One part of a patch: consecutive lines as they are and as they are to be. */
export interface PatchHunk {
  /** What stands behind `@@`: a line before the part, which says where it is; "" when nothing does. */
  readonly anchor: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type FilePatch =
  | { readonly kind: "add"; readonly path: string; readonly content: string }
  | { readonly kind: "delete"; readonly path: string }
  | {
      readonly kind: "update";
      readonly path: string;
      readonly moveTo: string | null;
      readonly hunks: readonly PatchHunk[];
    };

const HEADS = /^\*\*\* (Add|Update|Delete) File: (.+?)\s*$/;

/**
 * Reads a patch between `*** Begin Patch` and `*** End Patch`. A line of context that lacks its leading space is taken
 * for one: that is the usual slip.
 * @throws TOOL_INPUT_INVALID with the line
 */
export function readPatch(text: string): readonly FilePatch[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const begin = lines.findIndex((line) => line.trim() === "*** Begin Patch");
  const end = lines.findLastIndex((line) => line.trim() === "*** End Patch");
  const body = lines.slice(begin + 1, end > begin ? end : undefined);
  const patches: FilePatch[] = [];
  for (let at = 0; at < body.length; ) {
    const line = body[at] ?? "";
    const [, kind, path] = HEADS.exec(line) ?? [];
    if (kind === undefined || path === undefined) {
      if (line.trim() !== "") throw invalid(`"${line}" stands outside of any file`);
      at++;
      continue;
    }
    let next = at + 1;
    while (next < body.length && !HEADS.test(body[next] ?? "")) next++;
    patches.push(filePatch(kind, path, body.slice(at + 1, next)));
    at = next;
  }
  if (patches.length === 0) throw invalid("it names no file");
  return patches;
}

function filePatch(kind: string, path: string, lines: readonly string[]): FilePatch {
  const body = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  if (kind === "Delete") return { kind: "delete", path };
  if (kind === "Add") {
    const content = body.map((line) => (line.startsWith("+") ? line.slice(1) : line));
    return { kind: "add", path, content: content.length === 0 ? "" : `${content.join("\n")}\n` };
  }
  const [, moveTo = null] = /^\*\*\* Move to: (.+?)\s*$/.exec(body[0] ?? "") ?? [];
  const hunks = hunksOf(moveTo === null ? body : body.slice(1));
  if (hunks.length === 0 && moveTo === null) throw invalid(`${path} has no change`);
  return { kind: "update", path, moveTo, hunks };
}

function hunksOf(lines: readonly string[]): readonly PatchHunk[] {
  const hunks: { anchor: string; before: string[]; after: string[] }[] = [];
  for (const line of lines) {
    if (line === "*** End of File") continue;
    if (line.startsWith("@@")) {
      // `@@ -1,3 +1,4 @@` says where by number, which is not trusted.
      const anchor = line.replace(/^@@\s?/, "").replace(/^-\d+(?:,\d+)? \+\d+(?:,\d+)? @@\s?/, "");
      hunks.push({ anchor: anchor.replace(/\s*@@$/, ""), before: [], after: [] });
      continue;
    }
    if (hunks.length === 0) hunks.push({ anchor: "", before: [], after: [] });
    const hunk = hunks.at(-1);
    if (line.startsWith("-")) hunk?.before.push(line.slice(1));
    else if (line.startsWith("+")) hunk?.after.push(line.slice(1));
    else {
      const context = line.startsWith(" ") ? line.slice(1) : line;
      hunk?.before.push(context);
      hunk?.after.push(context);
    }
  }
  return hunks.filter(({ before, after }) => before.length + after.length > 0);
}

/** The edit that a part is, of whole lines of a text. @throws TOOL_INPUT_INVALID for one that says nowhere */
export function editOf(
  { anchor, before, after }: PatchHunk,
  text: string,
): { oldText: string; newText: string } {
  // What is only added goes behind the line that the anchor names.
  const lines = before.length === 0 ? [anchor] : before;
  if (before.length === 0 && anchor === "") throw invalid("a part adds lines, and says nowhere");
  const result = before.length === 0 ? [lineOf(anchor, text), ...after] : after;
  const wanted = before.length === 0 ? [lineOf(anchor, text)] : lines;
  const block = wanted.join("\n");
  const to = result.length === 0 ? null : result.join("\n");
  // Whole lines: a part must not fit inside of a longer one.
  const [head, tail] = text.startsWith(`${block}\n`)
    ? ["", "\n"]
    : text.endsWith(`\n${block}`)
      ? ["\n", ""]
      : ["\n", "\n"];
  if (text === block) return { oldText: block, newText: to ?? "" };
  return {
    oldText: `${head}${block}${tail}`,
    newText: to === null ? (head === "" ? "" : head) : `${head}${to}${tail}`,
  };
}

/** The whole line that an anchor is a part of, where that is one line. */
function lineOf(anchor: string, text: string): string {
  const found = text.split("\n").filter((line) => line.trim() === anchor.trim());
  return found.length === 1 ? (found[0] ?? anchor) : anchor;
}

function invalid(why: string): AksaraError {
  return new AksaraError("TOOL_INPUT_INVALID", `The patch cannot be read: ${why}.`, {
    hint: "*** Begin Patch, then *** Update File: path with @@ parts of lines that begin with a space, - or +, then *** End Patch.",
  });
}

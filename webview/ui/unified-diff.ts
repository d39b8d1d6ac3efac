/** A line of a diff as a person reads it. Numbers are null where a side has no such line. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** The lines of a unified diff of one file, without its headers; a gap stands between hunks. */
export function readUnifiedDiff(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let [before, after] = [0, 0];
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      if (lines.length > 0) lines.push({ kind: "gap", text: "", before: null, after: null });
      continue;
    }
    // Before the first hunk stand names of files.
    if (before === 0 && after === 0) continue;
    const text = line.slice(1);
    if (line.startsWith("+")) lines.push({ kind: "added", text, before: null, after: after++ });
    else if (line.startsWith("-")) lines.push({ kind: "removed", text, before: before++, after: null });
    else if (line.startsWith(" ") || line === "")
      lines.push({ kind: "same", text, before: before++, after: after++ });
  }
  return lines;
}

/** How many lines a diff adds and removes. */
export function countDiff(lines: readonly DiffLine[]): { readonly added: number; readonly removed: number } {
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { added: count("added"), removed: count("removed") };
}

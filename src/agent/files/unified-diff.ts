import { diffLines, type Hunk, linesOf } from "./line-diff.ts";

const CONTEXT = 3;

/** A unified diff for people and for `patch`; "" when nothing differs. */
export function unifiedDiff(uri: string, before: string | null, after: string | null): string {
  const old = linesOf(before ?? "");
  const hunks = diffLines(old, linesOf(after ?? ""));
  if (hunks.length === 0 && before !== null && after !== null) return "";
  const head = [
    `--- ${before === null ? "/dev/null" : `a/${uri}`}`,
    `+++ ${after === null ? "/dev/null" : `b/${uri}`}`,
  ];
  return [...head, ...groups(hunks).map((group) => section(group, old))].join("\n") + "\n";
}

/** Hunks whose context would overlap stand together. */
function groups(hunks: readonly Hunk[]): readonly (readonly Hunk[])[] {
  const found: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last && before && hunk.start - before.end <= 2 * CONTEXT) last.push(hunk);
    else found.push([hunk]);
  }
  return found;
}

function section(group: readonly Hunk[], old: readonly string[]): string {
  const first = group[0];
  const last = group.at(-1);
  if (!first || !last) return "";
  const from = Math.max(0, first.start - CONTEXT);
  const to = Math.min(old.length, last.end + CONTEXT);
  const lines: string[] = [];
  let at = from;
  let added = 0;
  for (const hunk of group) {
    lines.push(...old.slice(at, hunk.start).map((line) => shown(" ", line)));
    lines.push(...old.slice(hunk.start, hunk.end).map((line) => shown("-", line)));
    lines.push(...hunk.lines.map((line) => shown("+", line)));
    added += hunk.lines.length - (hunk.end - hunk.start);
    at = hunk.end;
  }
  lines.push(...old.slice(at, to).map((line) => shown(" ", line)));
  const newFrom = from + (first.newStart - first.start);
  const oldSpan = span(from, to - from);
  const newSpan = span(newFrom, to - from + added);
  return [`@@ -${oldSpan} +${newSpan} @@`, ...lines].join("\n");
}

function span(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

function shown(mark: string, line: string): string {
  return line.endsWith("\n") ? `${mark}${line.slice(0, -1)}` : `${mark}${line}\n\\ No newline at end of file`;
}

import { diffLines, type Hunk, linesOf } from "./line-diff.ts";

/**
 * Brings the change from `base` to `ours` onto `theirs`, which grew from the same base. Null when both changed the same
 * lines, or lines that touch: which of them is meant cannot be known.
 */
export function mergeThreeWay(base: string, ours: string, theirs: string): string | null {
  if (base === theirs) return ours;
  if (ours === theirs || base === ours) return theirs;
  const baseLines = linesOf(base);
  const mine = diffLines(baseLines, linesOf(ours));
  const others = diffLines(baseLines, linesOf(theirs));
  const merged: Hunk[] = [...others];
  for (const hunk of mine) {
    const same = others.find((other) => isSame(hunk, other));
    if (same) continue;
    if (others.some((other) => touch(hunk, other))) return null;
    merged.push(hunk);
  }
  merged.sort((one, other) => one.start - other.start || one.end - other.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, lines } of merged) {
    parts.push(...baseLines.slice(at, start), ...lines);
    at = end;
  }
  parts.push(...baseLines.slice(at));
  return parts.join("");
}

function isSame(one: Hunk, other: Hunk): boolean {
  return (
    one.start === other.start &&
    one.end === other.end &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, index) => line === other.lines[index])
  );
}

function touch(one: Hunk, other: Hunk): boolean {
  return one.start <= other.end && other.start <= one.end;
}

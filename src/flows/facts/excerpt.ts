import type { SourceRef } from "../../workspace/source.ts";

/** Longest source excerpt in a prompt. A longer definition is cut, and says so. */
const MAX_LINES = 160;

/** The source lines of a place, with their numbers: answers can quote them. */
export function excerpt(text: string, source: Pick<SourceRef, "range">): string {
  const all = text.split(/\r\n|\r|\n/);
  const first = source.range.start.line;
  const last = Math.min(source.range.end.line, all.length - 1);
  const lines = all.slice(first, Math.min(last + 1, first + MAX_LINES));
  const width = String(last + 1).length;
  const numbered = lines.map((line, index) => `${String(first + index + 1).padStart(width)}  ${line}`);
  const left = last - first + 1 - lines.length;
  return left > 0 ? [...numbered, `… ${left} more lines`].join("\n") : numbered.join("\n");
}

import { AksaraError } from "../../errors.ts";
import type { ChosenFile } from "../../protocol/agent.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { PlannedChange } from "./change-set.ts";
import { diffLines, type Hunk, linesOf } from "./line-diff.ts";
import { unifiedDiff } from "./unified-diff.ts";

/**
 * A set of changes of which a person made only a part. `leftOut`: the way from what is made to what was proposed, as a
 * unified diff.
 */
export interface ChosenPart {
  readonly planned: readonly PlannedChange[];
  readonly leftOut: string;
}

/** Where two contents differ; null stands for no file. Places are lines of the contents, whatever their bytes mean. */
export function hunksBetween(before: Uint8Array | null, after: Uint8Array | null): readonly Hunk[] {
  return diffLines(linesOf(textOf(before)), linesOf(textOf(after)));
}

/** `before` with some of the changes that lead to `after`; null where that leaves no file. */
export function withHunks(
  before: Uint8Array | null,
  after: Uint8Array | null,
  chosen: readonly number[],
): Buffer | null {
  const hunks = hunksBetween(before, after);
  if (chosen.length === hunks.length) return after && Buffer.from(after);
  if (chosen.length === 0) return before && Buffer.from(before);
  const lines = linesOf(textOf(before));
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, lines: added } of hunks.filter((_, index) => chosen.includes(index))) {
    parts.push(...lines.slice(at, start), ...added);
    at = end;
  }
  parts.push(...lines.slice(at));
  return Buffer.from(parts.join(""), "latin1");
}

/**
 * The part of a set that a person chose, where it is exactly what they were shown: each file they name becomes what
 * they saw it would become.
 * @throws EDIT_CONFLICT
 */
export function chooseParts(planned: readonly PlannedChange[], chosen: readonly ChosenFile[]): ChosenPart {
  const names = chosen.map(({ uri }) => uri);
  const isPart =
    chosen.length > 0 &&
    new Set(names).size === names.length &&
    names.every((name) => planned.some(({ uri }) => uri === name));
  if (!isPart) throw otherThanShown();
  const made: PlannedChange[] = [];
  const leftOut: string[] = [];
  for (const change of planned) {
    const file = chosen.find(({ uri }) => uri === change.uri);
    const part = file ? partOf(change, file) : null;
    if (part) made.push(part);
    const now = part ? part.after : (change.before?.bytes ?? null);
    if (!sameContent(now, change.after)) leftOut.push(unifiedDiff(change.uri, utf8(now), utf8(change.after)));
  }
  return { planned: made, leftOut: leftOut.join("") };
}

function partOf(change: PlannedChange, { hunks, after: shown }: ChosenFile): PlannedChange {
  const { before, after } = change;
  const count = hunksBetween(before?.bytes ?? null, after).length;
  const known = hunks.every(
    (hunk, at) => Number.isInteger(hunk) && hunk < count && hunk > (hunks[at - 1] ?? -1),
  );
  if (!known) throw otherThanShown();
  const content = withHunks(before?.bytes ?? null, after, hunks);
  if ((content === null ? null : sha256(content)) !== shown) throw otherThanShown();
  return { ...change, after: content };
}

function otherThanShown(): AksaraError {
  return new AksaraError(
    "EDIT_CONFLICT",
    "The part that was chosen is not one of what was shown. Nothing was changed.",
    {
      hint: "Propose the change again.",
    },
  );
}

function sameContent(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}

/** One character for each byte: nothing is lost, also where a file is no text. */
function textOf(content: Uint8Array | null): string {
  return content === null ? "" : Buffer.from(content).toString("latin1");
}

function utf8(content: Uint8Array | null): string | null {
  return content === null ? null : Buffer.from(content).toString("utf8");
}

import { hunksBetween, withHunks } from "../../../agent/files/change-parts.ts";
import type { ChosenFile } from "../../../protocol/agent.ts";
import { sha256 } from "../../../workspace/hash.ts";

export type HunkState = "open" | "accepted" | "rejected";

/** A change of some lines that stand together. */
export interface ReviewHunk {
  /** First line in the text after the change, from 0, as an editor counts. */
  readonly line: number;
  /** Lines there; 0 where lines only go. */
  readonly lines: number;
  /** The same in the text before. */
  readonly lineBefore: number;
  readonly linesBefore: number;
  readonly state: HunkState;
}

export interface ReviewedContents {
  readonly uri: string;
  /** Null where there is no file. */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

export interface ReviewFile extends ReviewedContents {
  readonly hunks: readonly ReviewHunk[];
}

/** Changes of files that a person goes through, and what they said of each so far. */
export class EditReview {
  readonly id: string;
  readonly #files: ReviewFile[];

  constructor(id: string, contents: readonly ReviewedContents[]) {
    this.id = id;
    this.#files = contents.map((each) => ({ ...each, hunks: hunksOf(each) }));
  }

  get files(): readonly ReviewFile[] {
    return this.#files;
  }

  file(uri: string): ReviewFile | null {
    return this.#files.find((file) => file.uri === uri) ?? null;
  }

  count(state: HunkState): number {
    return this.#files.reduce(
      (sum, { hunks }) => sum + hunks.filter((hunk) => hunk.state === state).length,
      0,
    );
  }

  decide(uri: string, index: number, state: HunkState): void {
    const at = this.#files.findIndex((file) => file.uri === uri);
    const file = this.#files[at];
    if (!file?.hunks[index]) return;
    const hunks = file.hunks.map((hunk, each) => (each === index ? { ...hunk, state } : hunk));
    this.#files[at] = { ...file, hunks };
  }

  /** What stays of each file when only hunks in some states do. */
  chosen(states: readonly HunkState[]): readonly ChosenFile[] {
    return this.#files.map(({ uri, before, after, hunks }) => {
      const kept = hunks.flatMap((hunk, index) => (states.includes(hunk.state) ? [index] : []));
      const content = withHunks(before, after, kept);
      return { uri, hunks: kept, after: content === null ? null : sha256(content) };
    });
  }
}

function hunksOf({ before, after }: ReviewedContents): readonly ReviewHunk[] {
  const [old, now] = [lineCounter(before), lineCounter(after)];
  return hunksBetween(before, after).map(({ start, end, newStart, lines }) => ({
    line: now(newStart),
    lines: now(newStart + lines.length) - now(newStart),
    lineBefore: old(start),
    linesBefore: old(end) - old(start),
    state: "open",
  }));
}

/** An editor ends lines at carriage returns too: how it counts the line that is the nth by line feeds. */
function lineCounter(content: Uint8Array | null): (line: number) => number {
  const text = content === null ? "" : Buffer.from(content).toString("latin1");
  const places = [0];
  let count = 0;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    count += (line.match(/\r\n|\r|\n/g) ?? []).length;
    places.push(line.endsWith("\n") ? count : count + 1);
  }
  return (line) => places[Math.min(line, places.length - 1)] ?? 0;
}

/** The hunk at a line of one of the two texts; null where nothing changes. One without lines stands between two. */
export function hunkAt(file: ReviewFile, side: "before" | "after", line: number): number | null {
  const index = file.hunks.findIndex((hunk) => {
    const [first, count] = side === "after" ? [hunk.line, hunk.lines] : [hunk.lineBefore, hunk.linesBefore];
    return count === 0 ? line === first || line === first - 1 : line >= first && line < first + count;
  });
  return index === -1 ? null : index;
}

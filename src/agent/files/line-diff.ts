/** A run of lines that differ: `start` to `end` (exclusive) of the old text became `lines`. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
  /** Where `lines` begin in the new text. */
  readonly newStart: number;
}

/** Beyond so many differing lines a comparison says nothing useful: the texts count as different from end to end. */
const MOST_EDITS = 4_000;

/** Lines with their ends; the last one has none when the text does not end with one. */
export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** The differences between two lists of lines, in order (Myers, with common ends left out). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  if (a.length === 0 && b.length === 0) return [];
  const pairs = a.length === 0 || b.length === 0 ? [] : commonLines(a, b);
  const hunks: Hunk[] = [];
  let fromA = 0;
  let fromB = 0;
  for (const [atA, atB] of [...pairs, [a.length, b.length] as const]) {
    if (atA > fromA || atB > fromB)
      hunks.push({
        start: head + fromA,
        end: head + atA,
        lines: b.slice(fromB, atB),
        newStart: head + fromB,
      });
    fromA = atA + 1;
    fromB = atB + 1;
  }
  return hunks;
}

/** Pairs of equal lines, in order: a longest common part. Empty when the texts have too little in common. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = reach[offset + diagonal - 1] ?? 0;
      const right = reach[offset + diagonal + 1] ?? 0;
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
      let y = x - diagonal;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      reach[offset + diagonal] = x;
      if (x >= a.length && y >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return [];
}

function walkBack(
  trace: readonly Int32Array[],
  toX: number,
  toY: number,
): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let x = toX;
  let y = toY;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits];
    if (!reach) break;
    const at = (diagonal: number) => reach[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const before = down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : at(before);
    const fromY = edits === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      pairs.push([x, y]);
    }
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}

import type { Trace } from "./trace.ts";

/** From when to when, in milliseconds since 1970. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface TraceTimes {
  readonly from: number;
  readonly to: number;
  /** When nothing went on but that a person was waited for; in order, none touching another. */
  readonly waits: readonly Interval[];
}

/**
 * When a trace worked and when it waited: for an answer, or for somebody to let it go on. While one agent waits another
 * may work; only when all that is going on is waiting, it waits. A question that nobody has answered lasts until `now`,
 * anything else that has not ended until the last thing that was written.
 */
export function timesOf({ spans, startedAt, endedAt, status }: Trace, now: number): TraceTimes {
  const from = Date.parse(startedAt);
  const seen = [endedAt ?? startedAt, ...spans.map((span) => span.endedAt ?? span.startedAt)];
  const last = seen.reduce((latest, at) => Math.max(latest, Date.parse(at)), from);
  const isAsked = spans.some((span) => span.kind === "approval" && span.endedAt === null);
  const isOpen = status === "running" || status === "interrupted";
  const to = isAsked && isOpen ? Math.max(now, last) : last;
  const interval = (span: Trace["spans"][number]): Interval => ({
    from: Date.parse(span.startedAt),
    to: span.endedAt === null ? to : Date.parse(span.endedAt),
  });
  const parents = new Set(spans.map(({ parentSpanId }) => parentSpanId));
  const waiting = spans.filter(({ kind }) => kind === "approval" || kind === "pause").map(interval);
  // A call of a tool that hands a task on lasts as long as what it handed on.
  const working = spans
    .filter(({ kind, spanId }) => kind === "model" || (kind === "tool" && !parents.has(spanId)))
    .filter((span) => span.endedAt !== null)
    .map(interval);
  return { from, to, waits: without(merged(waiting), merged(working)) };
}

export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The same time in intervals that are in order and touch none of the others. */
function merged(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && next.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else joined.push(next);
  }
  return joined;
}

/** What of merged intervals is in none of other merged ones. */
function without(intervals: readonly Interval[], others: readonly Interval[]): readonly Interval[] {
  return intervals.flatMap(({ from, to }) => {
    const left: Interval[] = [];
    let at = from;
    for (const other of others) {
      if (other.to <= at) continue;
      if (other.from >= to) break;
      if (other.from > at) left.push({ from: at, to: other.from });
      at = Math.max(at, other.to);
    }
    if (at < to) left.push({ from: at, to });
    return left;
  });
}

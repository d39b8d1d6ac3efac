import type { Span } from "./trace.ts";

export interface OutlinedSpan {
  readonly span: Span;
  /** 0 for what nothing known is above. */
  readonly depth: number;
}

/** Spans as a tree read from top to bottom: each below what called it, in the order in which they are given. */
export function outlineOf(spans: readonly Span[]): readonly OutlinedSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : null,
  );
  const outlined: OutlinedSpan[] = [];
  const add = (parent: string | null, depth: number): void => {
    for (const span of below.get(parent) ?? []) {
      outlined.push({ span, depth });
      add(span.spanId, depth + 1);
    }
  };
  add(null, 0);
  return outlined;
}

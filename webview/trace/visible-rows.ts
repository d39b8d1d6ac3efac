import type { SpanKind, TraceRow } from "../../src/protocol/trace.ts";

/** What a person wants to see of a trace. */
export interface RowFilter {
  /** Null for all. */
  readonly kind: SpanKind | null;
  readonly agent: string | null;
  /** Only what failed. */
  readonly failed: boolean;
  /** Part of a name, an error or an attribute, in whatever case; "" for all. */
  readonly text: string;
}

export const NO_FILTER: RowFilter = { kind: null, agent: null, failed: false, text: "" };

export interface VisibleRow {
  readonly row: TraceRow;
  /** 1 for the topmost. */
  readonly level: number;
  /** Among the rows of the same parent that can be seen, from 1. */
  readonly position: number;
  readonly siblings: number;
  /** Null for a row with nothing below it. */
  readonly open: boolean | null;
  /** False: it only leads to one that is looked for. */
  readonly wanted: boolean;
}

/**
 * The rows to draw. Without a filter those whose parents are all open; with one those that it fits, whatever is folded,
 * and what leads to them.
 */
export function visibleRows(
  rows: readonly TraceRow[],
  filter: RowFilter,
  closed: ReadonlySet<string>,
): readonly VisibleRow[] {
  const shown = isEmpty(filter) ? unfolded(rows, closed) : leadingTo(rows, filter);
  const parents = new Set(rows.map(({ parent }) => parent));
  const counts = new Map<string | null, number>();
  const places = shown.map(({ row }) => {
    const position = (counts.get(row.parent) ?? 0) + 1;
    counts.set(row.parent, position);
    return position;
  });
  return shown.map(({ row, wanted }, at) => ({
    row,
    level: row.depth + 1,
    position: places[at] ?? 1,
    siblings: counts.get(row.parent) ?? 1,
    open: parents.has(row.id) ? !isEmpty(filter) || !closed.has(row.id) : null,
    wanted,
  }));
}

export function isEmpty({ kind, agent, failed, text }: RowFilter): boolean {
  return kind === null && agent === null && !failed && text.trim() === "";
}

interface Shown {
  readonly row: TraceRow;
  readonly wanted: boolean;
}

function unfolded(rows: readonly TraceRow[], closed: ReadonlySet<string>): readonly Shown[] {
  const hidden = new Set<string>();
  return rows.flatMap((row) => {
    const isHidden = row.parent !== null && (hidden.has(row.parent) || closed.has(row.parent));
    if (isHidden) hidden.add(row.id);
    return isHidden ? [] : [{ row, wanted: true }];
  });
}

function leadingTo(rows: readonly TraceRow[], filter: RowFilter): readonly Shown[] {
  const wanted = new Set(rows.filter((row) => fits(row, filter)).map(({ id }) => id));
  const needed = new Set(wanted);
  // A row stands below its parent: from the end, each has been decided before its parent is looked at.
  for (const { id, parent } of rows.toReversed()) if (parent !== null && needed.has(id)) needed.add(parent);
  return rows.flatMap((row) => (needed.has(row.id) ? [{ row, wanted: wanted.has(row.id) }] : []));
}

function fits(row: TraceRow, { kind, agent, failed, text }: RowFilter): boolean {
  if ((kind !== null && row.kind !== kind) || (agent !== null && row.agent !== agent)) return false;
  if (failed && !row.failed) return false;
  const part = text.trim().toLowerCase();
  if (part === "") return true;
  const says = [row.name, row.agent, row.errorCode ?? "", ...row.attributes.map(([, value]) => value)];
  return says.some((each) => each.toLowerCase().includes(part));
}

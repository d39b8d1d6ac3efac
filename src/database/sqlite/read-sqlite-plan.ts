import type { PlanNode, PlanNodeKind } from "../../protocol/plan.ts";
import type { EnginePlan } from "../lab.ts";
import type { TableStatistics } from "../statistics/statistics.ts";

/** A line of EXPLAIN QUERY PLAN. */
export interface SqlitePlanRow {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** Rows that a search in an index is expected to find, by the index's name. */
export type IndexSpread = ReadonlyMap<string, readonly number[]>;

const ACCESS =
  /^(SCAN|SEARCH) (?:TABLE )?(\S+)(?: AS (\S+))?(?: USING (?:AUTOMATIC )?(?:PARTIAL )?(INTEGER PRIMARY KEY|COVERING INDEX|INDEX)(?: ([^(].*?)(?= \(| LEFT-JOIN|$))?)?(?: \((.*)\))?/;

/** What the lines of a plan are read with. */
export interface PlanContext {
  readonly tables: readonly TableStatistics[];
  readonly spreads: IndexSpread;
  /** Table by the alias that a query gives it. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** A range leaves a quarter of what it searches, as SQLite itself assumes. */
const RANGE_SHARE = 4;

/**
 * Steps of a plan of SQLite, which names no costs: they are taken from the rows that each step has to look at. Steps of
 * one level are loops within each other, so those behind run once a row of those before.
 */
export function readSqlitePlan(rows: readonly SqlitePlanRow[], context: PlanContext): EnginePlan {
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const nodes: Omit<PlanNode, "share" | "hot">[] = [];
  const work: number[] = [];
  const visit = (parentId: number, parent: number | null, depth: number, runs: number): number => {
    let found = runs;
    for (const row of children.get(parentId) ?? []) {
      const id = nodes.length;
      const step = stepOf(row.detail, context);
      const visited = step.visited === null ? sortWork(step.kind, found) : step.visited * found;
      nodes.push({
        id,
        parent,
        depth,
        kind: step.kind,
        type: step.type,
        relation: step.relation,
        alias: step.alias,
        index: step.index,
        details: step.details,
        rows: Math.max(1, Math.round(step.visited ?? found)),
        width: null,
        startup_cost: 0,
        total_cost: Math.round(visited * 100) / 100,
      });
      work.push(visited);
      const inner = visit(row.id, id, depth + 1, step.visited === null ? 1 : found);
      if (step.visited !== null) found *= Math.max(1, step.visited);
      else if (inner > 1) found = Math.max(found, inner);
    }
    return found;
  };
  const found = visit(0, null, 0, 1);
  const sum = work.reduce((total, cost) => total + cost, 0);
  const hottest = work.indexOf(Math.max(...work));
  return {
    total_cost: Math.round(sum * 100) / 100,
    rows: Math.max(1, Math.round(found)),
    nodes: nodes.map((node, index) => ({
      ...node,
      share: sum > 0 ? Math.round(((work[index] ?? 0) / sum) * 10_000) / 10_000 : 0,
      hot: index === hottest && sum > 0,
    })),
  };
}

interface Step {
  readonly kind: PlanNodeKind;
  readonly type: string;
  readonly relation: string | null;
  readonly alias: string | null;
  readonly index: string | null;
  readonly details: string[];
  /** Rows it looks at each time it runs; null for a step that reads no table. */
  readonly visited: number | null;
}

function stepOf(detail: string, { tables, spreads, aliases }: PlanContext): Step {
  const match = ACCESS.exec(detail);
  const name = match?.[2] ?? "";
  const named = (wanted: string) => tables.find((candidate) => candidate.table === wanted);
  const table = named(name) ?? named(aliases.get(name) ?? "");
  const none = { relation: null, alias: null, index: null, details: [], visited: null };
  if (match === null || table === undefined) {
    const sorts = detail.startsWith("USE TEMP B-TREE");
    return {
      ...none,
      kind: sorts ? "sort" : "other",
      type: sorts ? "Sort" : detail,
      details: sorts ? [detail] : [],
    };
  }
  const [, verb, first, alias, using, index, condition] = match;
  const access = {
    relation: table.table,
    alias: alias ?? (first === table.table ? null : (first ?? null)),
    index: index ?? null,
    details: condition === undefined ? [] : [`Search: (${condition})`],
  };
  if (verb === "SCAN") {
    const kind = using === "COVERING INDEX" ? "index-only" : "seq";
    return { ...access, kind, type: using === undefined ? "Scan" : "Index Scan", visited: table.rows };
  }
  const kind: PlanNodeKind = using === "COVERING INDEX" ? "index-only" : "index";
  return {
    ...access,
    kind,
    type: "Search",
    visited: searchRows(table, using, index, condition ?? "", spreads),
  };
}

function searchRows(
  table: TableStatistics,
  using: string | undefined,
  index: string | undefined,
  condition: string,
  spreads: IndexSpread,
): number {
  const equal = (condition.match(/=\?/g) ?? []).length - (condition.match(/[<>]=\?/g) ?? []).length;
  const range = /[<>]/.test(condition);
  if (using === "INTEGER PRIMARY KEY") return equal > 0 ? 1 : Math.max(1, table.rows / RANGE_SHARE);
  const spread = spreads.get(index ?? "") ?? [];
  const rows = equal === 0 ? table.rows : (spread[equal - 1] ?? Math.max(1, table.rows / 10));
  return Math.max(1, range ? rows / RANGE_SHARE : rows);
}

function sortWork(kind: PlanNodeKind, rows: number): number {
  return kind === "sort" ? rows * Math.log2(Math.max(2, rows)) * 0.1 : 0;
}

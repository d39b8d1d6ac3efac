import type { PlanNode } from "../../protocol/plan.ts";
import type { ColumnStatistics, TableStatistics } from "../statistics/statistics.ts";

type Comparison = "=" | "<" | "<=" | ">" | ">=" | "<>";

/** `(o.status)::text = $1`, `orders.id = ANY ($2)` as the planner writes conditions. */
const CONDITION =
  /(?:(?<alias>[\w$]+)\.)?(?:"(?<quoted>[^"]+)"|(?<plain>[a-z_][\w$]*))\)?(?:::[\w ]+?(?:\(\d+\))?(?:\[\])?)?\s(?<operator>=|<=|>=|<>|<|>)\s(?<any>ANY \()?\(*\$(?<number>\d+)/g;

const MANY = "{%}";

/**
 * A value for each placeholder that is typical of what it is compared with; null when one of them is compared with
 * nothing that is known. The values are made up or stand in the source: none was ever read from a database.
 */
export function typicalValues(
  sql: string,
  parameters: readonly string[],
  nodes: readonly PlanNode[],
  tables: readonly TableStatistics[],
): readonly string[] | null {
  const found = new Map<number, string>();
  for (const [number, value] of pageValues(sql)) found.set(number, value);
  for (const node of nodes) {
    const table = tables.find((candidate) => candidate.table === relationOf(node, nodes));
    for (const detail of node.details) {
      for (const { groups } of detail.matchAll(CONDITION)) {
        const number = Number(groups?.number);
        const name = groups?.quoted ?? groups?.plain;
        const column =
          table?.columns.find((candidate) => candidate.column === name) ??
          columnOf(groups?.alias, name, nodes, tables);
        if (found.has(number) || column === undefined) continue;
        const value = typicalValue(column, groups?.operator as Comparison);
        if (value === null) continue;
        found.set(number, groups?.any === undefined ? value : MANY.replace("%", `"${value}"`));
      }
    }
  }
  const values = parameters.map((_, index) => found.get(index + 1));
  return values.includes(undefined) ? null : values.filter((value) => value !== undefined);
}

/** A bitmap over an index names no table: the step above it does. */
function relationOf(node: PlanNode, nodes: readonly PlanNode[]): string | null {
  if (node.relation !== null || node.parent === null) return node.relation;
  const parent = nodes[node.parent];
  return node.kind === "bitmap" && parent !== undefined ? relationOf(parent, nodes) : null;
}

function columnOf(
  alias: string | undefined,
  name: string | undefined,
  nodes: readonly PlanNode[],
  tables: readonly TableStatistics[],
): ColumnStatistics | undefined {
  if (alias === undefined) return undefined;
  const scan = nodes.find((node) => node.relation !== null && (node.alias ?? bare(node.relation)) === alias);
  const table = tables.find((candidate) => candidate.table === scan?.relation);
  return table?.columns.find(({ column }) => column === name);
}

function bare(relation: string): string {
  return relation.slice(relation.lastIndexOf(".") + 1);
}

/** What pages are mostly asked for: the first, of twenty. */
function pageValues(sql: string): readonly (readonly [number, string])[] {
  return [...sql.matchAll(/\b(LIMIT|OFFSET|FETCH\s+(?:FIRST|NEXT))\s+\$(\d+)/gi)].map(([, word, number]) => [
    Number(number),
    /offset/i.test(word ?? "") ? "0" : "20",
  ]);
}

/** For ranges a bound that leaves the newest or smallest tenth: queries ask for what is recent or rare. */
function typicalValue({ common, histogram }: ColumnStatistics, operator: Comparison): string | null {
  const values = common?.values ?? [];
  if (operator === "=" || operator === "<>") {
    return values[Math.floor(values.length / 2)] ?? histogram?.[Math.floor(histogram.length / 2)] ?? null;
  }
  const bounds = histogram ?? [...values].sort();
  const share = operator === ">" || operator === ">=" ? 0.9 : 0.1;
  return bounds[Math.floor((bounds.length - 1) * share)] ?? null;
}

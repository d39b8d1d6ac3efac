import type { PlanNode, PlanNodeKind } from "../../protocol/plan.ts";
import type { EnginePlan } from "../lab.ts";

/** A node as `EXPLAIN (FORMAT JSON, VERBOSE)` writes it, as far as it is used. */
export interface PostgresPlanNode {
  readonly "Node Type": string;
  readonly "Total Cost": number;
  readonly "Startup Cost": number;
  readonly "Plan Rows": number;
  readonly "Plan Width": number;
  readonly Plans?: readonly PostgresPlanNode[];
  readonly [key: string]: unknown;
}

/** What is shown of a node besides its numbers, in this order. */
const DETAILS = [
  "Scan Direction",
  "CTE Name",
  "Function Name",
  "Subplan Name",
  "Index Cond",
  "Recheck Cond",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "Filter",
  "Order By",
  "Sort Key",
  "Presorted Key",
  "Group Key",
  "Conflict Arbiter Indexes",
] as const;

/** Says nothing that is worth a line. */
const USUAL = new Set(["Scan Direction: Forward"]);

const KINDS: Readonly<Record<string, PlanNodeKind>> = {
  "Seq Scan": "seq",
  "Sample Scan": "seq",
  "Index Scan": "index",
  "Index Only Scan": "index-only",
  "Bitmap Heap Scan": "bitmap",
  "Bitmap Index Scan": "bitmap",
  BitmapAnd: "bitmap",
  BitmapOr: "bitmap",
  "Nested Loop": "join",
  "Hash Join": "join",
  "Merge Join": "join",
  Sort: "sort",
  "Incremental Sort": "sort",
  Aggregate: "aggregate",
  WindowAgg: "aggregate",
  Group: "aggregate",
  Unique: "aggregate",
  Limit: "limit",
  ModifyTable: "write",
};

/** Reads the document of EXPLAIN into steps in order of drawing, with the share of the cost of each. */
export function readPostgresPlan(root: PostgresPlanNode): EnginePlan {
  const nodes: Omit<PlanNode, "hot" | "share">[] = [];
  const own: number[] = [];
  const visit = (node: PostgresPlanNode, parent: number | null, depth: number, runs: number): void => {
    const id = nodes.length;
    nodes.push(nodeOf(node, id, parent, depth));
    const children = node.Plans ?? [];
    own.push(Math.max(0, node["Total Cost"] * runs - costBelow(node, children, runs)));
    for (const child of children) visit(child, id, depth + 1, runs * runsOf(child, node));
  };
  visit(root, null, 0, 1);
  const sum = own.reduce((total, cost) => total + cost, 0);
  const hottest = own.indexOf(Math.max(...own));
  return {
    total_cost: root["Total Cost"],
    rows: root["Plan Rows"],
    nodes: nodes.map((node, index) => ({
      ...node,
      share: sum > 0 ? round((own[index] ?? 0) / sum) : 0,
      hot: index === hottest && sum > 0,
    })),
  };
}

/** Cost of the steps below, as far as it is part of this step's. A limit pays only for the rows it takes. */
function costBelow(node: PostgresPlanNode, children: readonly PostgresPlanNode[], runs: number): number {
  const below = children.reduce((sum, child) => sum + child["Total Cost"] * runs * runsOf(child, node), 0);
  return Math.min(below, node["Total Cost"] * runs);
}

/** How often a step runs each time the one above it does: the inner side of a nested loop once a row of the outer. */
function runsOf(child: PostgresPlanNode, parent: PostgresPlanNode): number {
  if (parent["Node Type"] !== "Nested Loop" || child["Parent Relationship"] !== "Inner") return 1;
  // What is kept after the first time is not computed again; the planner adds little for looking at it.
  if (child["Node Type"] === "Materialize" || child["Node Type"] === "Memoize") return 1;
  const outer = parent.Plans?.find((plan) => plan["Parent Relationship"] === "Outer");
  return Math.max(1, outer?.["Plan Rows"] ?? 1);
}

function nodeOf(
  node: PostgresPlanNode,
  id: number,
  parent: number | null,
  depth: number,
): Omit<PlanNode, "hot" | "share"> {
  const relation = textOf(node["Relation Name"]);
  const schema = textOf(node.Schema);
  const alias = textOf(node.Alias);
  return {
    id,
    parent,
    depth,
    kind: KINDS[node["Node Type"]] ?? "other",
    type: typeOf(node),
    relation:
      relation !== null && schema !== null && schema !== "public" ? `${schema}.${relation}` : relation,
    alias: alias === relation ? null : alias,
    index: textOf(node["Index Name"]),
    details: DETAILS.flatMap((key) => {
      const value = node[key];
      if (value === undefined) return [];
      const line = `${key}: ${Array.isArray(value) ? value.join(", ") : String(value)}`;
      return USUAL.has(line) ? [] : [line];
    }),
    rows: node["Plan Rows"],
    width: node["Plan Width"],
    startup_cost: node["Startup Cost"],
    total_cost: node["Total Cost"],
  };
}

/** The name people know: EXPLAIN's own text says "Hash Left Join" and "HashAggregate" too. */
function typeOf(node: PostgresPlanNode): string {
  const type = node["Node Type"];
  switch (type) {
    case "ModifyTable":
      return textOf(node.Operation) ?? type;
    case "Nested Loop":
    case "Hash Join":
    case "Merge Join": {
      const join = textOf(node["Join Type"]) ?? "Inner";
      if (join === "Inner") return type;
      return type === "Nested Loop" ? `${type} ${join} Join` : type.replace("Join", `${join} Join`);
    }
    case "Aggregate":
      return { Hashed: "Hash Aggregate", Sorted: "Group Aggregate" }[String(node.Strategy)] ?? type;
    default:
      return type;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

/** Names of the tables that the steps read or write, as the lab names them. */
export function tablesOfPlan(root: PostgresPlanNode): readonly string[] {
  const found = new Set<string>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const relation = textOf(node["Relation Name"]);
    const schema = textOf(node.Schema) ?? "public";
    if (relation !== null) found.add(schema === "public" ? relation : `${schema}.${relation}`);
    open.push(...(node.Plans ?? []));
  }
  return [...found].sort();
}

import type { PlanNode, PlanVariant, QueryPlan } from "../../protocol/plan.ts";

/** A plan as lines of text: what a prompt quotes and a terminal prints. The first variant in full, others when they differ. */
export function planText(plan: QueryPlan): string {
  const [first, ...others] = plan.variants;
  if (first === undefined) return "";
  const different = others.filter((variant) => shapeOf(variant) !== shapeOf(first));
  const same =
    others.length > different.length ? ["the plan without knowing the values has the same steps"] : [];
  return [
    `${plan.engine}; ${plan.tier}: ${plan.basis}`,
    ...variantLines(first, plan),
    ...different.flatMap((variant) => variantLines(variant, plan)),
    ...same,
    ...sizeLines(plan),
    ...plan.notes.map((note) => `note: ${note}`),
    ...buildLines(plan),
  ].join("\n");
}

/** Steps, tables and indexes without any number. */
function shapeOf({ nodes }: PlanVariant): string {
  return nodes.map(({ depth, type, relation, index }) => [depth, type, relation, index].join()).join(";");
}

function variantLines(variant: PlanVariant, plan: QueryPlan): readonly string[] {
  return [
    `${variantTitle(variant, plan)}: cost ${number(variant.total_cost)}, ${rowsText(variant.rows)}`,
    ...variant.nodes.flatMap(nodeLines),
  ];
}

function variantTitle({ kind }: PlanVariant, { parameters }: QueryPlan): string {
  switch (kind) {
    case "exact":
      return "plan";
    case "generic":
      return "plan without knowing the values";
    case "values":
      return `plan with typical values (${parameters.map(({ number: n, value }) => `$${n} = ${valueText(value)}`).join(", ")})`;
  }
}

function nodeLines(node: PlanNode): readonly string[] {
  const indent = "  ".repeat(node.depth);
  const hot = node.hot ? ", the hot spot" : "";
  return [
    `${indent}- ${nodeTitle(node)}: ${percent(node.share)} of the cost${hot}, ${rowsText(node.rows)}, cost ${number(node.total_cost)}`,
    ...node.details.map((detail) => `${indent}    ${detail}`),
  ];
}

/** One step without its costs: `  Index Scan using orders_pkey on orders o (Index Cond: (id = 1))`. */
export function stepText(node: PlanNode): string {
  const details = node.details.length === 0 ? "" : ` (${node.details.join("; ")})`;
  return `${"  ".repeat(node.depth)}${nodeTitle(node)}${details}`;
}

/** `Index Scan using orders_pkey on orders o`. */
export function nodeTitle({ type, relation, alias, index }: PlanNode): string {
  const using = index === null ? "" : ` using ${index}`;
  const on = relation === null ? "" : ` on ${relation}`;
  return `${type}${using}${on}${alias === null ? "" : ` ${alias}`}`;
}

function sizeLines({ tables }: QueryPlan): readonly string[] {
  return tables.map(
    ({ table, rows, rows_from: from }) =>
      `size of ${table}: ${rowsText(rows)}${from === "guess" ? ", guessed" : ", from statistics"}`,
  );
}

const SHOWN = 12;

/** What was changed about the tables of the plan; the rest of the schema is only counted. */
function buildLines({ schema, tables }: QueryPlan): readonly string[] {
  const changed = [
    ...schema.failures.map((failure) => `not built: ${failure}`),
    ...schema.repairs.map((repair) => `changed to build it: ${repair}`),
  ];
  const about = changed.filter((line) => tables.some(({ table }) => names(line, table))).slice(0, SHOWN);
  const others = changed.length - about.length;
  return [
    `schema: built from ${schema.source}, ${schema.tables} tables`,
    ...about,
    ...(others === 0 ? [] : [`${others} more changes in the schema concern other tables`]),
  ];
}

function names(line: string, table: string): boolean {
  return line.split(/[^\w$]+/).includes(table.slice(table.lastIndexOf(".") + 1));
}

function valueText(value: string | null): string {
  if (value === null) return "NULL";
  return /^-?\d+(?:\.\d+)?$/.test(value) ? value : `'${value}'`;
}

export function rowsText(rows: number): string {
  return `${number(rows)} ${rows === 1 ? "row" : "rows"}`;
}

export function percent(share: number): string {
  return share > 0 && share < 0.01 ? "<1%" : `${Math.round(share * 100)}%`;
}

/** Grouped by thousands, with two decimals at most; the same everywhere. */
export function costText(cost: number): string {
  return number(cost);
}

/** `about 6.7 MB`, without the word. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 0.1 ? `${Math.ceil(bytes / 1000)} kB` : `${megabytes.toFixed(1)} MB`;
}

function number(value: number): string {
  const [whole = "0", fraction] = (Math.round(value * 100) / 100).toString().split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

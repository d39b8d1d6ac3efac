import type { ColumnRef, Node } from "libpg-query";

/** A value without its casts; a cast of a column is no longer the column. */
export function bare(node: Node): Node {
  return "TypeCast" in node && node.TypeCast.arg !== undefined && !("ColumnRef" in node.TypeCast.arg)
    ? bare(node.TypeCast.arg)
    : node;
}

/** The text of a literal; null for anything else. */
export function constantText(node: Node): string | null {
  return "A_Const" in node ? (node.A_Const.sval?.sval ?? null) : null;
}

/** A literal as SQL; null for anything else. */
export function constantSql(node: Node): string | null {
  if (!("A_Const" in node)) return null;
  const { sval, ival, boolval } = node.A_Const;
  if (sval !== undefined) return `'${(sval.sval ?? "").replaceAll("'", "''")}'`;
  if (ival !== undefined) return String(ival.ival ?? 0);
  return boolval === undefined ? null : String(boolval.boolval ?? false);
}

/** Name of the column, without that of its table. */
export function lastName({ fields = [] }: ColumnRef): string {
  return fields.flatMap(textOf).at(-1) ?? "";
}

/** The text of a name's part; nothing for a star. */
export function textOf(node: Node): readonly string[] {
  return "String" in node && node.String.sval !== undefined ? [node.String.sval] : [];
}

/** Visits a node and those below it, until `visit` says not to go on. */
export function each(value: unknown, visit: (node: Node) => boolean): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) each(item, visit);
    return;
  }
  const deeper = isNode(value) ? visit(value) : true;
  if (deeper) for (const item of Object.values(value)) each(item, visit);
}

function isNode(value: object): value is Node {
  const [key, ...more] = Object.keys(value);
  return key !== undefined && more.length === 0 && /^[A-Z]/.test(key);
}

import type { PGlite } from "@electric-sql/pglite";
import type { ColumnStatistics, TableStatistics } from "../statistics/statistics.ts";
import type { VirtualSize } from "./virtual-sizes.ts";

const BLOCK = 8192;
const PAGE_SPACE = 8168;
const FILL = 0.9;
/** Bytes of an expression's value, of which nothing is known. */
const EXPRESSION_WIDTH = 16;
/** Wider values move out of the table's own pages. */
const WIDEST_ROW = 2_000;
const ALL_VISIBLE = 0.95;

/** Pages that a table of such rows fills. */
export function tableBlocks({ rows, columns }: TableStatistics): number {
  if (rows <= 0) return 0;
  const width = Math.min(
    WIDEST_ROW,
    columns.reduce((sum, column) => sum + column.averageWidth * (1 - column.nullFraction), 0),
  );
  const nullable = columns.some(({ nullFraction }) => nullFraction > 0);
  const header = nullable ? align(23 + Math.ceil(columns.length / 8)) : 24;
  const perPage = Math.max(1, Math.floor(PAGE_SPACE / (header + align(width) + 4)));
  return Math.max(1, Math.ceil(rows / perPage));
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Writes what the planner is to believe about a table: into the system's own tables, as ANALYZE would. */
export async function writeStatistics(database: PGlite, table: TableStatistics): Promise<void> {
  const [schema, name] = splitName(table.table);
  const blocks = tableBlocks(table);
  const relation = `'schemaname', ${literal(schema)}::text, 'relname', ${literal(name)}::text`;
  const statements = [
    `SELECT pg_restore_relation_stats(${relation}, 'relpages', ${blocks}::int, 'reltuples', ${table.rows}::real, 'relallvisible', ${Math.floor(blocks * ALL_VISIBLE)}::int)`,
    ...table.columns.map((column) => columnStatement(relation, column)),
  ];
  await database.exec(statements.join(";\n"));
}

function columnStatement(relation: string, column: ColumnStatistics): string {
  const parts = [
    relation,
    `'attname', ${literal(column.column)}::text, 'inherited', false, 'version', 180000`,
    `'null_frac', ${real(column.nullFraction)}, 'avg_width', ${Math.round(column.averageWidth)}::int`,
    `'n_distinct', ${real(column.distinct)}`,
  ];
  const { common, histogram, correlation } = column;
  if (common !== null && common.values.length > 0) {
    parts.push(
      `'most_common_vals', ${literal(arrayText(common.values))}::text`,
      `'most_common_freqs', ${literal(`{${common.fractions.join(",")}}`)}::real[]`,
    );
  }
  if (histogram !== null && histogram.length > 1) {
    parts.push(`'histogram_bounds', ${literal(arrayText(histogram))}::text`);
  }
  if (correlation !== null) parts.push(`'correlation', ${real(correlation)}`);
  return `SELECT pg_restore_attribute_stats(${parts.join(", ")})`;
}

interface RelationRow {
  readonly oid: number;
  readonly path: string | null;
  /** Null for the table itself. */
  readonly method: string | null;
  readonly keys: readonly (string | null)[] | null;
  readonly predicate: string | null;
}

const RELATIONS = `
SELECT c.oid::int, pg_relation_filepath(c.oid) AS path, NULL AS method, NULL::json AS keys, NULL AS predicate
FROM pg_class c WHERE c.oid = $1::regclass
UNION ALL
SELECT ic.oid::int, pg_relation_filepath(ic.oid), am.amname,
  (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
   LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0),
  pg_get_expr(i.indpred, i.indrelid)
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
WHERE i.indrelid = $1::regclass`;

/** Sizes of a table and of the indexes it has at this moment. Asked while it still has its real size. */
export async function virtualSizesOf(
  database: PGlite,
  table: TableStatistics,
): Promise<readonly (VirtualSize & { readonly predicate: string | null })[]> {
  const { rows } = await database.query<RelationRow>(RELATIONS, [quotedName(table.table)]);
  const heap = tableBlocks(table);
  return rows.flatMap(({ oid, path, method, keys, predicate }) => {
    if (path === null) return [];
    const blocks = method === null ? heap : indexBlocks(table, method, keys ?? [], heap);
    return [{ oid, path, blocks, predicate }];
  });
}

/** Bytes that an index of these keys is expected to take; null stands for an expression. A partial one takes less. */
export function indexBytes(table: TableStatistics, method: string, keys: readonly (string | null)[]): number {
  return indexBlocks(table, method, keys, tableBlocks(table)) * BLOCK;
}

function indexBlocks(
  table: TableStatistics,
  method: string,
  keys: readonly (string | null)[],
  heap: number,
): number {
  const widthOf = (key: string | null): number =>
    table.columns.find(({ column }) => column === key)?.averageWidth ?? EXPRESSION_WIDTH;
  const key = keys.reduce((sum, column) => sum + widthOf(column), 0);
  switch (method) {
    case "brin":
      return Math.max(3, Math.ceil(heap / 128 / 200) + 2);
    case "hash":
      return Math.ceil((table.rows * 20) / (BLOCK * 0.75)) + 2;
    case "gin":
      return Math.max(2, Math.ceil((table.rows * Math.max(8, key)) / 3 / BLOCK));
    default:
      return Math.ceil((table.rows * (align(key) + 12)) / (BLOCK * FILL)) + 1;
  }
}

/** `audit.log` → ["audit", "log"]; names without a schema stand in `public`. */
export function splitName(table: string): readonly [schema: string, name: string] {
  const dot = table.indexOf(".");
  return dot < 0 ? ["public", table] : [table.slice(0, dot), table.slice(dot + 1)];
}

export function quotedName(table: string): string {
  return splitName(table)
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

export function literal(text: string): string {
  return text.includes("\\")
    ? `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;
}

function real(value: number): string {
  return `${literal(String(value))}::real`;
}

function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

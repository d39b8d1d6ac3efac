import { messages, type PGlite } from "@electric-sql/pglite";
import { literal, quotedName } from "./table-statistics.ts";

interface FillColumn {
  readonly name: string;
  /** Base type, without length. */
  readonly type: string;
  readonly length: number | null;
  readonly nullable: boolean;
  readonly label: string | null;
  /** Definition of a check on this column alone, its own or that of its domain; null for none. */
  readonly check: string | null;
}

const COLUMNS = `
SELECT a.attname AS name, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) AS type,
  CASE WHEN t.oid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
  NOT a.attnotnull AS nullable,
  (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder LIMIT 1) AS label,
  (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
    WHERE k.contype = 'c' AND (k.conrelid = a.attrelid AND k.conkey = ARRAY[a.attnum] OR k.contypid = a.atttypid)
    ORDER BY k.oid LIMIT 1) AS check
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum`;

/**
 * Puts some rows into empty tables, so that a statement has something to read and to write. Foreign keys are not
 * looked at. Resolves to the tables that have got them; one whose checks refuse what was made up stays empty.
 */
export async function fillTables(
  database: PGlite,
  tables: readonly string[],
  rows: number,
): Promise<readonly string[]> {
  const filled: string[] = [];
  if (rows === 0) return filled;
  await database.exec("SET session_replication_role = replica");
  for (const table of tables) if (await fill(database, table, rows)) filled.push(table);
  await database.exec("RESET session_replication_role");
  return filled;
}

/** Takes the rows away again. Deleted and not truncated: the statistics of the table stay. */
export async function emptyTables(database: PGlite, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  const deletions = tables.map((table) => `DELETE FROM ${quotedName(table)}`);
  await database.exec(
    ["SET session_replication_role = replica", ...deletions, "RESET session_replication_role"].join("; "),
  );
}

async function fill(database: PGlite, table: string, rows: number): Promise<boolean> {
  const name = quotedName(table);
  const some = await database.query(`SELECT 1 FROM ${name} LIMIT 1`);
  if (some.rows.length > 0) return false;
  const { rows: columns } = await database.query<FillColumn>(COLUMNS, [name]);
  const needed = columns.filter(({ nullable }) => !nullable);
  for (const chosen of [columns, needed]) {
    if (await insert(database, name, chosen, rows)) return true;
  }
  return false;
}

async function insert(
  database: PGlite,
  name: string,
  columns: readonly FillColumn[],
  rows: number,
): Promise<boolean> {
  const into = columns.map((column) => `"${column.name.replaceAll('"', '""')}"`).join(", ");
  const values = columns.map(expressionFor).join(", ");
  const sql =
    columns.length === 0
      ? `INSERT INTO ${name} DEFAULT VALUES`
      : `INSERT INTO ${name} (${into}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM generate_series(1, ${rows}) g`;
  try {
    await database.exec(sql);
    return true;
  } catch (error) {
    if (error instanceof messages.DatabaseError) return false;
    throw error;
  }
}

/** A check that lists the values of a text: `= ANY (ARRAY['open'::text, …])`, `= 'open'::text`. */
const LISTED = /=\s*(?:ANY\s*\(+ARRAY\[)?\(?'((?:[^']|'')*)'/;

/** An expression that differs from row to row `g` where the type allows it. */
function expressionFor({ type, length, label, check }: FillColumn): string {
  if (label !== null) return literal(label);
  const listed = check === null ? undefined : LISTED.exec(check)?.[1];
  if (listed !== undefined) return literal(listed.replaceAll("''", "'"));
  if (type.endsWith("[]")) return "'{}'";
  switch (type) {
    case "smallint":
    case "integer":
    case "bigint":
    case "numeric":
    case "real":
    case "double precision":
    case "money":
      return "g";
    case "boolean":
      return "true";
    case "uuid":
      // The same for the same row of every table, as numbers and texts are: foreign keys then find their rows.
      return "('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid";
    case "date":
      return "current_date - g";
    case "timestamp without time zone":
    case "timestamp with time zone":
      return "now() - g * interval '1 minute'";
    case "time without time zone":
    case "time with time zone":
      return "'12:00'";
    case "interval":
      return "g * interval '1 minute'";
    case "json":
    case "jsonb":
      return "'{}'";
    case "inet":
    case "cidr":
      return "'10.0.0.1'";
    case "bytea":
      return "'\\x00'";
    case "text":
    case "citext":
    case "character varying":
    case "character":
    case "name":
      return `left(md5(g::text), ${length ?? 12})`;
    default:
      return "NULL";
  }
}

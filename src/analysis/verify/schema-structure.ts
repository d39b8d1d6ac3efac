import * as z from "zod/mini";
import type { LabClone } from "../../database/lab.ts";
import { AksaraError } from "../../errors.ts";

const itemSchema = z.object({
  /** Table that it belongs to, as the lab names it; null for what belongs to none. */
  table: z.nullable(z.string()),
  /** What it is, without its name where it has one of its own: `check on orders: CHECK ((total > 0))`. */
  what: z.string(),
  /** Its name, where it has one besides; null for others. */
  name: z.nullable(z.string()),
  /** Rows and queries are the same without it: a default, a constraint that its index stands for. */
  minor: z.boolean(),
});
/** One thing of a schema. */
export type StructureItem = z.infer<typeof itemSchema>;

const OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";
const NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END";
/** An object that an extension brought. */
const brought = (catalog: string, oid: string): string =>
  `EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const STRUCTURE = `
WITH t AS (
  SELECT c.oid, c.relkind, c.relrowsecurity, c.relnamespace, ${NAME} AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OWN} AND NOT ${brought("pg_class", "c.oid")}
)
SELECT name AS "table", 'table ' || name AS what, NULL AS name, false AS minor FROM t WHERE relkind IN ('r', 'p')
UNION ALL
SELECT name, 'row level security of ' || name, NULL, false FROM t WHERE relrowsecurity
UNION ALL
SELECT t.name, 'column ' || t.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
  || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || CASE a.attidentity WHEN '' THEN '' ELSE ' GENERATED AS IDENTITY' END
  || CASE a.attgenerated WHEN '' THEN '' ELSE ' GENERATED ALWAYS AS (' || pg_get_expr(v.adbin, v.adrelid) || ')' END, NULL, false
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef v ON v.adrelid = t.oid AND v.adnum = a.attnum WHERE t.relkind IN ('r', 'p')
UNION ALL
SELECT t.name, 'default of ' || t.name || '.' || a.attname || ': ' || pg_get_expr(v.adbin, v.adrelid), NULL, true
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attgenerated = '' JOIN pg_attrdef v ON v.adrelid = t.oid AND v.adnum = a.attnum
UNION ALL
SELECT t.name, CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' ELSE 'exclusion' END
  || ' on ' || t.name || ': ' || pg_get_constraintdef(k.oid), k.conname, false
FROM t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype IN ('c', 'f', 'x')
UNION ALL
SELECT t.name, CASE k.contype WHEN 'p' THEN 'primary key' ELSE 'unique constraint' END
  || ' of ' || t.name || ': ' || pg_get_constraintdef(k.oid), k.conname, k.contype = 'u'
FROM t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype IN ('p', 'u')
UNION ALL
SELECT t.name, CASE WHEN i.indisvalid THEN '' ELSE 'invalid ' END || CASE WHEN i.indisunique THEN 'unique ' ELSE '' END
  || 'index on ' || t.name || ': ' || substr(pg_get_indexdef(i.indexrelid), position(' USING ' IN pg_get_indexdef(i.indexrelid)) + 7), ic.relname, false
FROM t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class ic ON ic.oid = i.indexrelid
UNION ALL
SELECT t.name, 'trigger on ' || t.name || ': ' || pg_get_triggerdef(g.oid), NULL, false
FROM t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal
UNION ALL
SELECT t.name, 'policy on ' || t.name || ': ' || p.polname || coalesce(' ' || pg_get_expr(p.polqual, p.polrelid), ''), NULL, false
FROM t JOIN pg_policy p ON p.polrelid = t.oid
UNION ALL
SELECT name, CASE relkind WHEN 'v' THEN 'view ' ELSE 'materialized view ' END || name || ':' || pg_get_viewdef(oid), NULL, false
FROM t WHERE relkind IN ('v', 'm')
UNION ALL
SELECT NULL, 'sequence ' || name, NULL, false FROM t WHERE relkind = 'S'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
UNION ALL
SELECT NULL, 'type ' || y.typname || ': ' || CASE y.typtype
  WHEN 'e' THEN (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = y.oid)
  ELSE format_type(y.typbasetype, y.typtypmod) || coalesce((SELECT string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = y.oid), '') END, NULL, false
FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace
WHERE y.typtype IN ('e', 'd') AND ${OWN} AND NOT ${brought("pg_type", "y.oid")}
UNION ALL
SELECT NULL, 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || md5(coalesce(p.prosrc, '')), NULL, false
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN} AND NOT ${brought("pg_proc", "p.oid")}
ORDER BY 2, 3`;

const MOST_ITEMS = 200_000;

/** Everything of a PostgreSQL schema that rows, queries or people depend on, in a fixed order. */
export async function structureOf(lab: Pick<LabClone, "run">): Promise<readonly StructureItem[]> {
  const answer = await lab.run(STRUCTURE, { maxRows: MOST_ITEMS });
  if (answer.kind === "rejected")
    throw new AksaraError("RUNTIME_ERROR", `The lab does not describe its schema: ${answer.error.message}.`);
  const { columns, rows } = answer;
  return rows.map((row) =>
    itemSchema.parse(Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
  );
}

/** How one schema differs from another. */
export interface StructureDifference {
  readonly missing: readonly StructureItem[];
  readonly extra: readonly StructureItem[];
  /** The same under another name: what a later migration takes away by its name is not found. */
  readonly renamed: readonly { readonly what: string; readonly from: string; readonly to: string }[];
}

/** `is` against what it should be. Order of columns does not count; parts of a table that is missing are not listed. */
export function differenceOf(
  should: readonly StructureItem[],
  is: readonly StructureItem[],
): StructureDifference {
  const missing = without(should, is);
  const extra = without(is, should);
  return { missing: withoutParts(missing), extra: withoutParts(extra), renamed: renamedOf(should, is) };
}

/** Items of the first that have no partner in the second; what is there twice needs two. */
export function without(
  items: readonly StructureItem[],
  others: readonly StructureItem[],
): readonly StructureItem[] {
  const left = new Map<string, number>();
  for (const { what } of others) left.set(what, (left.get(what) ?? 0) + 1);
  return items.filter(({ what }) => {
    const count = left.get(what) ?? 0;
    left.set(what, count - 1);
    return count <= 0;
  });
}

function withoutParts(items: readonly StructureItem[]): readonly StructureItem[] {
  const whole = new Set(
    items.filter(({ what, table }) => what === `table ${table}`).map(({ table }) => table),
  );
  return items.filter(({ what, table }) => table === null || !whole.has(table) || what === `table ${table}`);
}

function renamedOf(
  should: readonly StructureItem[],
  is: readonly StructureItem[],
): StructureDifference["renamed"] {
  return should.flatMap(({ what, name: from }) => {
    if (from === null) return [];
    const same = is.filter((item) => item.what === what);
    const [other] = same;
    if (other === undefined || other.name === null || same.some(({ name }) => name === from)) return [];
    return [{ what, from, to: other.name }];
  });
}

/** Whether rows or queries can tell the two apart. */
export function differs({ missing, extra }: StructureDifference): boolean {
  return [...missing, ...extra].some(({ minor }) => !minor);
}

const SHOWN = 6;

/** The difference as people read it: `without check on orders: …; with column orders.old text left over`. */
export function differenceText({ missing, extra }: StructureDifference): string {
  const lines = [
    ...missing.filter(({ minor }) => !minor).map(({ what }) => `${what} is missing`),
    ...extra.filter(({ minor }) => !minor).map(({ what }) => `${what} is left over`),
  ];
  const more = lines.length > SHOWN ? `; and ${lines.length - SHOWN} more` : "";
  return `${lines.slice(0, SHOWN).join("; ")}${more}`;
}

/** What does not make a difference to rows and queries, and may to somebody else. */
export function minorNotes({ missing, extra, renamed }: StructureDifference): readonly string[] {
  return [
    ...missing.filter(({ minor }) => minor).map(({ what }) => `It ends without ${what}.`),
    ...extra.filter(({ minor }) => minor).map(({ what }) => `It ends with ${what}, too.`),
    ...renamed.map(({ what, from, to }) => `${what} is called ${to} in place of ${from}.`),
  ];
}

import type { PGlite } from "@electric-sql/pglite";
import type { LabTable } from "../lab.ts";

/** Schemas of the engine itself. */
const OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";

const TABLES = `
WITH tables AS (
  SELECT c.oid, CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND ${OWN}
)
SELECT json_build_object(
  'name', t.name,
  'columns', (SELECT coalesce(json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'nullable', NOT a.attnotnull,
      'labels', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]'::json) FROM pg_enum e WHERE e.enumtypid = a.atttypid)
    ) ORDER BY a.attnum), '[]'::json) FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'indexes', (SELECT coalesce(json_agg(json_build_object(
      'name', ic.relname,
      'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k(attnum, n)
                  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0),
      'unique', i.indisunique,
      'primary', i.indisprimary,
      'partial', i.indpred IS NOT NULL,
      'method', am.amname
    ) ORDER BY ic.relname), '[]'::json)
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam WHERE i.indrelid = t.oid),
  'foreignKeys', (SELECT coalesce(json_agg(json_build_object(
      'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, n)
                  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
      'target', target.name,
      'targetColumns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, n)
                        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)
    ) ORDER BY f.conname), '[]'::json)
    FROM pg_constraint f JOIN tables target ON target.oid = f.confrelid
    WHERE f.conrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0)
) AS facts
FROM tables t ORDER BY t.name COLLATE "C"`;

interface TableFacts extends Omit<LabTable, "primaryKey" | "uniqueKeys" | "indexes"> {
  readonly indexes: readonly (LabTable["indexes"][number] & { readonly primary: boolean })[];
}

/** The tables of the database, partitions and materialised views among them, in order of their names. */
export async function readTables(database: PGlite): Promise<readonly LabTable[]> {
  const { rows } = await database.query<{ facts: TableFacts }>(TABLES);
  return rows.map(({ facts }) => {
    const keys = facts.indexes.filter(({ unique, partial }) => unique && !partial);
    const named = (columns: readonly (string | null)[]): columns is readonly string[] =>
      !columns.includes(null);
    return {
      name: facts.name,
      columns: facts.columns,
      primaryKey: keys.find(({ primary }) => primary)?.columns.filter((column) => column !== null) ?? [],
      uniqueKeys: keys.map(({ columns }) => columns).filter(named),
      foreignKeys: facts.foreignKeys,
      indexes: facts.indexes.map(({ primary: _primary, ...index }) => index),
    };
  });
}

import * as z from "zod/mini";
import type { LabTrial } from "../../database/lab.ts";
import { AksaraError } from "../../errors.ts";

const indexSchema = z.object({
  oid: z.number(),
  /** Without a schema, as plans name it. */
  name: z.string(),
  /** As the lab names it: `orders`, `audit.log`. */
  table: z.string(),
  method: z.string(),
  unique: z.boolean(),
  /** Condition of a partial one, as the engine writes it; null when it covers all rows. */
  predicate: z.nullable(z.string()),
  /** Columns as written, expressions as the engine writes them; in the order of the index. */
  keys: z.array(z.string()),
  /** Columns that are only kept along, as written. */
  include: z.array(z.string()),
  /** Everything from the method on, as the engine writes it: two indexes with equal ones hold the same. */
  definition: z.string(),
});
/** An index of the schema as a trial has it at the moment. */
export type LabIndex = z.infer<typeof indexSchema>;

const INDEXES = `
SELECT i.indexrelid::int AS oid, ic.relname AS name,
  CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS "table",
  am.amname AS method, i.indisunique AS "unique", pg_get_expr(i.indpred, i.indrelid) AS predicate,
  (SELECT json_agg(pg_get_indexdef(i.indexrelid, k, false) ORDER BY k) FROM generate_series(1, i.indnkeyatts) AS k) AS keys,
  (SELECT coalesce(json_agg(pg_get_indexdef(i.indexrelid, k, false) ORDER BY k), '[]')
    FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS k) AS include,
  substr(pg_get_indexdef(i.indexrelid), position(' USING ' IN pg_get_indexdef(i.indexrelid)) + 7)
    || CASE WHEN i.indnullsnotdistinct THEN ' nulls not distinct' ELSE '' END AS definition
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_am am ON am.oid = ic.relam
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
ORDER BY i.indexrelid`;

const MOST_INDEXES = 100_000;

/** All indexes of PostgreSQL's own catalog, oldest first. */
export async function labIndexes(trial: LabTrial): Promise<readonly LabIndex[]> {
  const answer = await trial.run(INDEXES, { maxRows: MOST_INDEXES });
  if (answer.kind === "rejected") {
    throw new AksaraError("RUNTIME_ERROR", `The lab does not list its indexes: ${answer.error.message}.`);
  }
  const { columns, rows } = answer;
  return rows.map((row) =>
    indexSchema.parse(Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
  );
}

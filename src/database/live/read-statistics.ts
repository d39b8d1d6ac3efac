import type { StatisticsFile } from "../statistics/statistics-file.ts";
import type { LiveDatabase } from "./live-database.ts";

export interface ReadStatistics {
  readonly file: StatisticsFile;
  /** Tables that were never analysed, so that nobody knows their size. */
  readonly neverAnalysed: readonly string[];
  /** Tables whose columns the user of the connection may not look at. */
  readonly forbidden: readonly string[];
}

const NAME = "CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END";
const OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";

/** A partitioned table has the rows of its partitions. */
const TABLES = `
SELECT ${NAME} AS name, has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT') AS readable,
  CASE c.relkind WHEN 'p' THEN (SELECT sum(greatest(p.reltuples, 0)) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid)
    ELSE c.reltuples END::float8 AS rows,
  c.relpages::int AS pages
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND ${OWN} ORDER BY 1`;

/** Nothing but numbers: most common values and histograms stay where they are. */
const COLUMNS = `
SELECT ${NAME} AS name, s.attname AS column, s.null_frac::float8 AS nulls, s.avg_width::int AS width,
  s.n_distinct::float8 AS distinct, s.most_common_freqs::float8[] AS common, s.correlation::float8 AS correlation
FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname
JOIN pg_class c ON c.relname = s.tablename AND c.relnamespace = n.oid
WHERE ${OWN} AND s.inherited = (c.relkind = 'p') ORDER BY 1, 2`;

/** Reads sizes and spreads, without any value. `today`: the day to write into it. */
export async function readStatistics(database: LiveDatabase, today: string): Promise<ReadStatistics> {
  const tables = await database.query(TABLES);
  const columns = await database.query(COLUMNS);
  const byTable = Map.groupBy(columns, ({ name }) => String(name));
  const analysed = tables.filter(
    ({ rows, pages }) => Number(rows) > 0 || Number(pages) > 0 || Number(rows) === 0,
  );
  const known = analysed.filter(({ rows }) => Number(rows) >= 0);
  return {
    file: {
      version: 1,
      engine: database.engine,
      taken: today,
      tables: known.map(({ name, rows }) => ({
        table: String(name),
        rows: Math.round(Number(rows)),
        columns: (byTable.get(String(name)) ?? []).map(columnOf),
      })),
    },
    neverAnalysed: tables.filter((table) => !known.includes(table)).map(({ name }) => String(name)),
    forbidden: tables.filter(({ readable }) => readable !== true).map(({ name }) => String(name)),
  };
}

function columnOf(
  row: Readonly<Record<string, unknown>>,
): StatisticsFile["tables"][number]["columns"][number] {
  const common = Array.isArray(row.common) ? row.common.map(Number) : [];
  return {
    column: String(row.column),
    null_fraction: rounded(Number(row.nulls)),
    average_width: Number(row.width),
    distinct: rounded(Math.max(-1, Number(row.distinct))),
    common_fractions: common.map(rounded),
    correlation: row.correlation === null ? null : rounded(Number(row.correlation)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

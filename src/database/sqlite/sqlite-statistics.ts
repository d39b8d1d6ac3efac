import type { LabTable } from "../lab.ts";
import type { TableStatistics } from "../statistics/statistics.ts";

/** A row of `sqlite_stat1`: rows of the index, then rows for each more column that is given. */
export interface IndexStatistics {
  readonly table: string;
  readonly index: string | null;
  readonly spread: readonly number[];
}

/** What ANALYZE would write for tables of such rows. */
export function indexStatistics(table: LabTable, statistics: TableStatistics): readonly IndexStatistics[] {
  const rows = Math.max(1, Math.round(statistics.rows));
  const distinctOf = (column: string | null): number => {
    const facts = statistics.columns.find((candidate) => candidate.column === column);
    if (facts === undefined) return Math.max(1, rows / 10);
    return Math.max(1, facts.distinct < 0 ? -facts.distinct * rows : facts.distinct);
  };
  return [
    { table: table.name, index: null, spread: [rows] },
    ...table.indexes.map(({ name, columns, unique }) => {
      let left = rows;
      const spread = columns.map((column, at) => {
        left = Math.max(1, left / distinctOf(column));
        return unique && at === columns.length - 1 ? 1 : Math.ceil(left);
      });
      return { table: table.name, index: name, spread: [rows, ...spread] };
    }),
  ];
}

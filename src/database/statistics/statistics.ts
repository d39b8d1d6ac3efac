/** What the planner is told about one column. Values are text as the database writes them. */
export interface ColumnStatistics {
  readonly column: string;
  /** Share of rows without a value, 0 to 1. */
  readonly nullFraction: number;
  /** Average bytes of a value. */
  readonly averageWidth: number;
  /** Distinct values: a count when positive, a share of the rows when negative (-1: unique), as PostgreSQL keeps it. */
  readonly distinct: number;
  /** Most common values with the share of rows of each, in falling order; null when none stands out. */
  readonly common: { readonly values: readonly string[]; readonly fractions: readonly number[] } | null;
  /** Bounds of groups of equal size over the rest, ascending; null when not known. */
  readonly histogram: readonly string[] | null;
  /** How far the order on disk follows the order of values, -1 to 1; null when not known. */
  readonly correlation: number | null;
}

/** What the planner is told about one table. */
export interface TableStatistics {
  /** As the lab names it: `orders`, `audit.log`. */
  readonly table: string;
  readonly rows: number;
  readonly rowsFrom: "statistics" | "guess";
  /** `statistics`: columns were measured on real rows; `schema`: derived from types and keys. */
  readonly columnsFrom: "statistics" | "schema";
  readonly columns: readonly ColumnStatistics[];
}

/** Statistics of a person's database, as far as they are known. Whatever is missing is derived from the schema. */
export interface Statistics {
  /** Where they come from, for people: `.aksara/statistics.json of 2026-03-01`. */
  readonly source: string;
  /** Hash of the document: plans depend on it. */
  readonly hash: string;
  readonly tables: readonly KnownTable[];
}

export interface KnownTable {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly KnownColumn[];
}

/** Everything but the values themselves. */
export interface KnownColumn {
  readonly column: string;
  readonly nullFraction: number;
  readonly averageWidth: number;
  readonly distinct: number;
  /** Shares of the most common values, in falling order; the values stay in the database. */
  readonly commonFractions: readonly number[];
  readonly correlation: number | null;
}

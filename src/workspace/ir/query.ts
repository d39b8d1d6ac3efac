import type { CatalogEntry } from "./entry.ts";

export type SqlDialect = "postgresql" | "mysql" | "sqlite" | "unknown";

/** A query in the source: SQL text, or an ORM call. */
export interface Query extends CatalogEntry {
  readonly kind: "query";
  readonly form: "sql" | "orm";
  /** SQL as written (placeholders kept); for an ORM call the SQL it lowers to, or null when it was not lowered. */
  readonly sql: string | null;
  /** The source text of the call or literal. */
  readonly text: string;
  readonly dialect: SqlDialect;
  readonly operation: "select" | "insert" | "update" | "delete" | "ddl" | "other";
  /** Names of tables or models as written. */
  readonly tables: readonly string[];
  /** Catalog ids of the models among them. */
  readonly modelIds: readonly string[];
  /** Function or method the query stands in; null at the top level of a file. */
  readonly within: string | null;
  /** Why the SQL is not exact (interpolated variable, unknown lookup); null when it is. */
  readonly approximate: string | null;
}

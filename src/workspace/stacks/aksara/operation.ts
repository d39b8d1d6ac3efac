import type { MigratedIndex } from "./index-operation.ts";

/** What an operation of a migration does. */
export interface ReadOperation {
  readonly table: string | null;
  readonly columns: readonly string[];
  /** Null where the statements cannot be told; then `gap` says why. */
  readonly sql: readonly string[] | null;
  readonly reverseSql: readonly string[] | null;
  readonly reversible: boolean | null;
  readonly gap: string | null;
  /** Indexes that it makes, and the name of the one that it drops. */
  readonly makes: readonly MigratedIndex[];
  readonly drops: string | null;
}

/** Why most of what is not read is not. */
export const COMPUTED = "a name, a table or an option in it is computed";

/** An operation of which nothing is known. */
export const UNREAD: ReadOperation = {
  table: null,
  columns: [],
  sql: null,
  reverseSql: null,
  reversible: null,
  gap: COMPUTED,
  makes: [],
  drops: null,
};

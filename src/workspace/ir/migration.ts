import type { SourceRef } from "../source.ts";
import type { CatalogEntry } from "./entry.ts";

export interface MigrationOperation {
  /** The framework's own word (`AddField`, `op.create_index`) or the SQL verb (`ALTER TABLE`). */
  readonly name: string;
  /** One line for a person: "AddField orders.Order.note". */
  readonly summary: string;
  /** Table touched; null when it is not known (RunPython). */
  readonly table: string | null;
  /** Qualified model name; null for plain SQL. */
  readonly model: string | null;
  readonly columns: readonly string[];
  /** The operation as written. */
  readonly text: string;
  /** Statements it becomes, in order; null where it cannot be known without running code. */
  readonly sql: readonly string[] | null;
  /** Statements that undo it; null when there are none or they are not known. */
  readonly reverseSql: readonly string[] | null;
  /** Null when it cannot be told from the source. */
  readonly reversible: boolean | null;
  readonly source: SourceRef;
}

export interface Migration extends CatalogEntry {
  readonly kind: "migration";
  /** App or folder; "" when the project has one line of migrations. */
  readonly app: string;
  /** Ids of migrations that must run first, where they are in the workspace. */
  readonly dependencies: readonly string[];
  /** Dependencies that are not in the workspace, as written. */
  readonly externalDependencies: readonly string[];
  readonly operations: readonly MigrationOperation[];
  /** Runs in one transaction. */
  readonly transactional: boolean;
  readonly reversible: boolean | null;
  /** Catalog ids of models it touches. */
  readonly modelIds: readonly string[];
}

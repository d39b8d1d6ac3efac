import type { Constraint, FieldType, ReferentialAction } from "../../ir/model.ts";
import type { SourceRef } from "../../source.ts";

// A table while its history is replayed. Names are folded; `key` is what tells tables apart.

export interface ColumnState {
  name: string;
  type: FieldType;
  nullable: boolean;
  default: string | null;
  numbered: boolean;
  generated: string | null;
  comment: string | null;
  /** Qualified name of the table it comes from by INHERITS; null for its own. */
  inheritedFrom: string | null;
  source: SourceRef;
  readonly changes: SourceRef[];
}

export interface ForeignKeyState {
  /** Key of the other table; follows it through renames. */
  table: string;
  /** As written, for a table that is not there. */
  readonly written: string;
  columns: string[];
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
}

export interface ConstraintState {
  readonly kind: Constraint["kind"];
  name: string | null;
  columns: string[];
  readonly expression: string | null;
  readonly deferrable: boolean;
  readonly references: ForeignKeyState | null;
  /** The table's parent has it, and a foreign key of the parent is told there only. */
  readonly inherited: boolean;
  readonly source: SourceRef;
}

export interface IndexPartState {
  column: string | null;
  readonly expression: string | null;
  readonly order: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
  readonly opclass: string | null;
}

export interface IndexState {
  name: string | null;
  parts: IndexPartState[];
  include: string[];
  readonly method: string;
  readonly unique: boolean;
  readonly predicate: string | null;
  readonly source: SourceRef;
}

export interface TableState {
  key: string;
  name: string;
  /** As written last; null when no statement names one. */
  schema: string | null;
  readonly uri: string;
  readonly source: SourceRef;
  readonly nameSource: SourceRef;
  columns: ColumnState[];
  constraints: ConstraintState[];
  indexes: IndexState[];
  /** Keys of tables whose partition or heir it is. */
  parents: string[];
  isPartition: boolean;
  comment: string | null;
  /** Why its columns are not all known; null when they are. */
  unknown: string | null;
  /** Where it was changed after it was made. */
  readonly changes: SourceRef[];
}

export function columnOf(table: TableState, name: string): ColumnState | null {
  return (
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ??
    null
  );
}

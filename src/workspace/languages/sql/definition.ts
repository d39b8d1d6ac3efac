import type { FieldType, ReferentialAction } from "../../ir/model.ts";
import type { Span } from "../../source.ts";
import type { SqlName } from "./identifier.ts";

// What DDL statements say, JSON-serialisable. Identifiers are as written, quotes included: how they fold depends on the
// dialect, which one file alone may not show.

/** A range of the file and the hash of its text. */
export interface Place {
  readonly span: Span;
  readonly hash: string;
}

export interface ReferenceDefinition {
  readonly table: SqlName;
  /** Empty: the primary key of the table. */
  readonly columns: readonly string[];
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly notNull: boolean;
  /** As written; null when there is none. */
  readonly default: string | null;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** Numbered by the database: serial, identity, AUTO_INCREMENT. */
  readonly numbered: boolean;
  /** Expression of a generated column; null for a stored one. */
  readonly generated: string | null;
  readonly constraints: readonly ConstraintDefinition[];
  readonly comment: string | null;
  readonly place: Place;
}

export interface IndexPart {
  readonly column: string | null;
  readonly expression: string | null;
  readonly order: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
  readonly opclass: string | null;
}

export interface ConstraintDefinition {
  readonly kind: "primary-key" | "unique" | "foreign-key" | "check" | "exclusion";
  readonly name: string | null;
  readonly columns: readonly string[];
  /** Of a check or an exclusion, as written. */
  readonly expression: string | null;
  readonly references: ReferenceDefinition | null;
  readonly deferrable: boolean;
  /** Name of the index that `USING INDEX` makes a key of. */
  readonly usingIndex: string | null;
  readonly place: Place;
}

export interface IndexDefinition {
  readonly name: string | null;
  readonly parts: readonly IndexPart[];
  readonly include: readonly string[];
  /** In lower case; null when none is written. */
  readonly method: string | null;
  readonly unique: boolean;
  readonly predicate: string | null;
  readonly place: Place;
}

export interface TableDefinition {
  readonly k: "table";
  readonly name: SqlName;
  readonly nameSpan: Span;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly indexes: readonly IndexDefinition[];
  /** `LIKE t`: its columns, with `all` its defaults, keys and indexes too. */
  readonly likes: readonly { readonly table: SqlName; readonly all: boolean }[];
  readonly inherits: readonly SqlName[];
  readonly partitionOf: SqlName | null;
  /** Columns come from a query. */
  readonly fromQuery: boolean;
  readonly comment: string | null;
}

export type TableChange =
  | { readonly k: "add-column"; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
  | { readonly k: "drop-column"; readonly name: string }
  | { readonly k: "set-type"; readonly name: string; readonly type: FieldType }
  /** `default` is null when it is dropped. */
  | { readonly k: "set-default"; readonly name: string; readonly default: string | null }
  | { readonly k: "set-nullable"; readonly name: string; readonly nullable: boolean }
  | { readonly k: "set-numbered"; readonly name: string; readonly numbered: boolean }
  | { readonly k: "drop-expression"; readonly name: string }
  /** MySQL's MODIFY and CHANGE: the whole definition anew. */
  | { readonly k: "redefine"; readonly name: string; readonly column: ColumnDefinition }
  | { readonly k: "rename-column"; readonly name: string; readonly to: string }
  | { readonly k: "add-constraint"; readonly constraint: ConstraintDefinition }
  /** `kind` where the statement names it: MySQL's DROP FOREIGN KEY. */
  | { readonly k: "drop-constraint"; readonly name: string }
  | { readonly k: "drop-primary-key" }
  | { readonly k: "rename-constraint"; readonly name: string; readonly to: string }
  | { readonly k: "add-index"; readonly index: IndexDefinition }
  | { readonly k: "drop-index"; readonly name: string }
  | { readonly k: "rename-index"; readonly name: string; readonly to: string }
  | { readonly k: "rename-table"; readonly to: SqlName }
  | { readonly k: "set-schema"; readonly schema: string }
  | { readonly k: "inherit"; readonly parent: SqlName }
  | { readonly k: "attach-partition"; readonly partition: SqlName }
  | { readonly k: "set-comment"; readonly text: string }
  /** Something that leaves columns, keys and indexes as they are: OWNER TO, ENABLE ROW LEVEL SECURITY. */
  | { readonly k: "option"; readonly text: string }
  | { readonly k: "unknown"; readonly text: string };

/** Objects that DROP and RENAME name. */
export type ObjectKind = "table" | "index" | "type" | "view" | "schema" | "column";

export type Definition =
  | TableDefinition
  | {
      readonly k: "alter";
      readonly table: SqlName;
      readonly changes: readonly (TableChange & { readonly place: Place })[];
    }
  | {
      readonly k: "index";
      readonly table: SqlName;
      readonly ifNotExists: boolean;
      /** Of a partitioned table itself, not of its partitions. */
      readonly only: boolean;
      readonly index: IndexDefinition;
    }
  | {
      readonly k: "drop";
      readonly kind: ObjectKind;
      readonly names: readonly SqlName[];
      /** MySQL's `DROP INDEX i ON t`. */
      readonly table: SqlName | null;
      readonly cascade: boolean;
    }
  | { readonly k: "rename"; readonly kind: ObjectKind; readonly name: SqlName; readonly to: SqlName }
  | { readonly k: "enum"; readonly name: SqlName; readonly values: readonly string[] }
  | {
      readonly k: "enum-value";
      readonly name: SqlName;
      readonly value: string;
      /** Value it stands beside; null: at the end. */
      readonly beside: { readonly value: string; readonly before: boolean } | null;
    }
  | { readonly k: "enum-rename"; readonly name: SqlName; readonly value: string; readonly to: string }
  | { readonly k: "domain"; readonly name: SqlName; readonly type: FieldType; readonly notNull: boolean }
  | { readonly k: "composite"; readonly name: SqlName }
  | {
      readonly k: "comment";
      readonly table: SqlName;
      readonly column: string | null;
      readonly text: string | null;
    }
  | { readonly k: "view"; readonly name: SqlName; readonly materialized: boolean }
  | { readonly k: "search-path"; readonly schema: string | null };

import type { SourceRef } from "../source.ts";
import type { CatalogEntry } from "./entry.ts";

/** Database-independent meaning of a column's type. */
export type LogicalType =
  | "integer"
  | "bigint"
  | "smallint"
  | "decimal"
  | "float"
  | "boolean"
  | "string"
  | "text"
  | "uuid"
  | "date"
  | "time"
  | "datetime"
  | "duration"
  | "json"
  | "binary"
  | "enum"
  | "inet"
  | "vector"
  | "geometry"
  | "composite"
  | "unknown";

export interface FieldType {
  /** The framework's own word: `CharField`, `String`, `@db.VarChar`. */
  readonly declared: string;
  /** The database's type, e.g. `varchar(200)`; null where it depends on something the source does not say. */
  readonly native: string | null;
  readonly logical: LogicalType;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly array: boolean;
  /** Allowed values of an enumeration or of `choices`, in source order; empty when open. */
  readonly values: readonly string[];
}

export type FieldDefault =
  | { readonly kind: "literal"; readonly text: string }
  /** Computed by the application when a row is written: `uuid.uuid4`, `timezone.now`. */
  | { readonly kind: "application"; readonly text: string }
  /** Computed by the database: `now()`, `nextval`. */
  | { readonly kind: "database"; readonly text: string };

export interface Field {
  readonly name: string;
  /** Column name; null when the field has none (a many-to-many). */
  readonly column: string | null;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** A single-column index of its own (declared or implied by the framework). */
  readonly indexed: boolean;
  readonly default: FieldDefault | null;
  /** Filled by the database: serial, identity, generated column. */
  readonly generated: boolean;
  readonly documentation: string | null;
  /** Qualified name of the base it is inherited from; null when declared on the model itself. */
  readonly inheritedFrom: string | null;
  readonly source: SourceRef;
  /** Later statements that changed it, in order, where the definition is replayed from a history (SQL migrations). */
  readonly changes?: readonly SourceRef[];
}

export type RelationKind = "many-to-one" | "one-to-one" | "one-to-many" | "many-to-many";
export type ReferentialAction =
  | "cascade"
  | "restrict"
  | "set-null"
  | "set-default"
  | "no-action"
  | "application";

export interface Relation {
  /** Name on this model: the field, or the reverse accessor. */
  readonly name: string;
  readonly kind: RelationKind;
  readonly direction: "forward" | "reverse";
  /** Qualified name of the other model, or the text as written when it was not found. */
  readonly target: string;
  /** Catalog id of the other model; null when it is not in the workspace. */
  readonly targetId: string | null;
  /** Columns on this side; empty where the other side holds the key. */
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
  /** Qualified name of the through model or the name of the join table; null when there is none. */
  readonly through: string | null;
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
  /** Name of the relation on the other model; null when there is none. */
  readonly inverse: string | null;
  /** False when the database does not enforce it (no foreign key constraint). */
  readonly enforced: boolean;
  readonly source: SourceRef;
}

export interface IndexColumn {
  /** Column name; null for an expression. */
  readonly column: string | null;
  readonly expression: string | null;
  readonly order: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
  readonly opclass: string | null;
}

export interface Index {
  readonly name: string | null;
  readonly columns: readonly IndexColumn[];
  readonly include: readonly string[];
  /** Access method: `btree`, `gin`, `gist`, `hash`, `brin`, … */
  readonly method: string;
  readonly unique: boolean;
  /** Partial predicate as SQL or as the framework wrote it; null when it covers all rows. */
  readonly predicate: string | null;
  /** Why it exists: written as an index, or implied by a field option, a key or a unique constraint. */
  readonly origin: "declared" | "field" | "foreign-key" | "unique" | "primary-key";
  readonly source: SourceRef;
}

export interface Constraint {
  readonly kind: "unique" | "check" | "exclusion" | "primary-key" | "foreign-key";
  readonly name: string | null;
  readonly columns: readonly string[];
  /** Expression of a check, predicate of a partial unique; as written. */
  readonly expression: string | null;
  readonly deferrable: boolean;
  readonly source: SourceRef;
}

/** A table-like object: its columns, keys and relations as the source declares them. */
export interface Model extends CatalogEntry {
  readonly kind: "model";
  /** Name with its namespace: `catalog.Product`, `public.orders`. Unique within a stack. */
  readonly qualifiedName: string;
  /** App, module or schema that the model belongs to; "" when there is none. */
  readonly namespace: string;
  /** Table name; null for an abstract model. */
  readonly table: string | null;
  /** Documents of a collection that `table` names, not rows of a table: no SQL reaches them. */
  readonly documents?: true;
  readonly abstract: boolean;
  /** A model that shares the table of another (Django proxy). */
  readonly proxyOf: string | null;
  /** False when migrations do not create the table. */
  readonly managed: boolean;
  readonly bases: readonly string[];
  readonly documentation: string | null;
  readonly fields: readonly Field[];
  readonly relations: readonly Relation[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  /** Default order, as written: `-created_at`. */
  readonly ordering: readonly string[];
}

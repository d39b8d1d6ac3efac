import type { LogicalType } from "../../ir/model.ts";

/** What a field class of Aksara stores, and how its options change that. */
export interface FieldClass {
  /** A column, one that refers to another table, or none. `generic` stands for two columns. */
  readonly kind: "column" | "foreign-key" | "one-to-one" | "many-to-many" | "generic";
  readonly logical: LogicalType;
  /** PostgreSQL's type; `%(option)` is filled in from the call. */
  readonly native: string | null;
  /** Options that the type is made of, by position, each with its default. */
  readonly options: readonly (readonly [name: string, fallback: number])[];
  /** Takes NULL unless told otherwise. */
  readonly nullable: boolean;
}

function column(
  logical: LogicalType,
  native: string,
  options: FieldClass["options"] = [],
  nullable = false,
): FieldClass {
  return { kind: "column", logical, native, options, nullable };
}

function text(length: number): FieldClass {
  return column("string", "varchar(%(max_length))", [["max_length", length]]);
}

function reference(kind: FieldClass["kind"], nullable = false): FieldClass {
  return { kind, logical: "unknown", native: null, options: [], nullable };
}

const CLASSES: ReadonlyMap<string, FieldClass> = new Map([
  ["String", text(255)],
  ["Email", text(254)],
  ["Slug", text(50)],
  ["FilePath", text(100)],
  ["File", text(500)],
  ["Image", text(500)],
  ["Text", column("text", "text")],
  ["URL", column("text", "text")],
  ["Enum", column("enum", "text")],
  ["Integer", column("integer", "integer")],
  ["PositiveInteger", column("integer", "integer")],
  ["BigInteger", column("bigint", "bigint")],
  ["PositiveBigInteger", column("bigint", "bigint")],
  ["SmallInteger", column("smallint", "smallint")],
  ["PositiveSmallInteger", column("smallint", "smallint")],
  ["Float", column("float", "double precision")],
  [
    "Decimal",
    column("decimal", "numeric(%(max_digits), %(decimal_places))", [
      ["max_digits", 10],
      ["decimal_places", 2],
    ]),
  ],
  ["Boolean", column("boolean", "boolean")],
  ["DateTime", column("datetime", "timestamp with time zone")],
  ["Date", column("date", "date")],
  ["Time", column("time", "time")],
  ["Duration", column("duration", "interval")],
  ["UUID", column("uuid", "uuid")],
  ["JSON", column("json", "jsonb", [], true)],
  ["Array", column("text", "text[]", [], true)],
  ["Vector", column("vector", "vector")],
  ["IPAddress", column("inet", "inet")],
  ["GenericIPAddress", column("inet", "inet")],
  ["Binary", column("binary", "bytea")],
  ["ForeignKey", reference("foreign-key")],
  ["OneToOne", reference("one-to-one")],
  ["ManyToMany", reference("many-to-many", true)],
  ["GenericForeignKey", reference("generic", true)],
]);

/** Types of the items of an `Array`, by the Python type that is given. */
export const ARRAY_ITEMS: ReadonlyMap<string, readonly [LogicalType, string]> = new Map([
  ["str", ["text", "text"]],
  ["int", ["integer", "integer"]],
  ["float", ["float", "double precision"]],
  ["bool", ["boolean", "boolean"]],
  ["UUID", ["uuid", "uuid"]],
]);

/** The field class that an outside name stands for: `aksara.fields.String`, `aksara.fields.StringField`. */
export function fieldClassOf(external: string): FieldClass | null {
  const [, name] = /^aksara\.fields\.(\w+)$/.exec(external) ?? [];
  return name === undefined ? null : (CLASSES.get(name.replace(/Field(Type)?$/, "")) ?? null);
}

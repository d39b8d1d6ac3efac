import type { FieldType, LogicalType } from "../../ir/model.ts";

interface KnownType {
  /** Mongoose's own word for it. */
  readonly name: string;
  /** Alias of the BSON type; null where any may stand. */
  readonly native: string | null;
  readonly logical: LogicalType;
}

/** Types of a path by the names they are written with. Source: Mongoose's guide to schema types; BSON's type aliases. */
const TYPES: ReadonlyMap<string, KnownType> = new Map(
  [
    known("String", "string", "string"),
    known("Number", "double", "float"),
    known("Date", "date", "datetime"),
    known("Boolean", "bool", "boolean", ["Bool"]),
    known("ObjectId", "objectId", "unknown", ["ObjectID", "Oid"]),
    known("Buffer", "binData", "binary"),
    known("Decimal128", "decimal", "decimal"),
    known("BigInt", "long", "bigint"),
    known("Int32", "int", "integer"),
    known("Double", "double", "float"),
    known("UUID", "binData", "uuid"),
    known("Map", "object", "json"),
    known("Mixed", null, "json", ["Object", "any"]),
    known("Embedded", "object", "composite"),
    known("Array", "array", "json"),
  ].flat(),
);

function known(
  name: string,
  native: string | null,
  logical: LogicalType,
  others: readonly string[] = [],
): readonly (readonly [string, KnownType])[] {
  return [name, ...others].map((written) => [written, { name, native, logical }]);
}

/** Mongoose's name of a type as it is written: `ObjectID` and `Schema.Types.ObjectId` are `ObjectId`; null when unknown. */
export function typeNamed(written: string): string | null {
  const last = written.replace(/^.*\./, "");
  const upper = last.charAt(0).toUpperCase() + last.slice(1);
  return (TYPES.get(last) ?? TYPES.get(upper))?.name ?? null;
}

export function fieldType(name: string, array: boolean, values: readonly string[]): FieldType {
  const type = TYPES.get(name);
  return {
    declared: array ? `[${name}]` : name,
    native: array ? "array" : (type?.native ?? null),
    logical: values.length > 0 ? "enum" : (type?.logical ?? "unknown"),
    length: null,
    precision: null,
    scale: null,
    array,
    values,
  };
}

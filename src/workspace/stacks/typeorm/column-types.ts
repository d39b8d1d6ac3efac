import type { FieldType, LogicalType } from "../../ir/model.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { NO_TYPE } from "../../languages/sql/column-type.ts";
import { typeOfText } from "../../languages/sql/type-text.ts";

/** What a column is made from: the type that is written, its sizes, and the annotation of the property. */
export interface ColumnTypeSource {
  /** `varchar`, `timestamptz`, `simple-array`; null when none is written. */
  readonly written: string | null;
  /** TypeScript type of the property; null when there is none. */
  readonly annotation: string | null;
  readonly length: string | null;
  readonly precision: string | null;
  readonly scale: string | null;
  readonly array: boolean;
  readonly unsigned: boolean;
  readonly values: readonly string[];
  /** Name of the database's type of an enumeration. */
  readonly enumName: string;
}

/** What TypeORM takes for the types that TypeScript's metadata knows. Source: the drivers' `normalizeType`. */
const BY_CONSTRUCTOR: Readonly<Record<string, Readonly<Record<"postgresql" | "mysql" | "sqlite", string>>>> =
  {
    String: { postgresql: "varchar", mysql: "varchar(255)", sqlite: "varchar" },
    Number: { postgresql: "integer", mysql: "int", sqlite: "integer" },
    Boolean: { postgresql: "boolean", mysql: "tinyint", sqlite: "boolean" },
    Date: { postgresql: "timestamp", mysql: "datetime", sqlite: "datetime" },
    Buffer: { postgresql: "bytea", mysql: "blob", sqlite: "blob" },
  };
const SIMPLE: Readonly<Record<string, LogicalType>> = {
  "simple-array": "text",
  "simple-json": "json",
};

/** The type of a column, or null when neither the source nor its annotation says one. */
export function columnType(source: ColumnTypeSource, dialect: SqlDialect): FieldType | null {
  const declared = declaredText(source);
  if (source.written === "enum" || source.written === "simple-enum" || source.written === "set") {
    return { ...enumType(source, dialect), declared };
  }
  const simple = source.written === null ? undefined : SIMPLE[source.written];
  if (simple) return { ...NO_TYPE.type, declared, native: "text", logical: simple };
  const name = source.written ?? constructorOf(source.annotation);
  if (name === null) return null;
  const known = BY_CONSTRUCTOR[name];
  const key = dialect === "mysql" || dialect === "sqlite" ? dialect : "postgresql";
  const type = typeOfText(
    spelled(known?.[key] ?? name, source),
    dialect === "unknown" ? "postgresql" : dialect,
  );
  const isArray = source.array && !type.array;
  return {
    ...type,
    declared,
    logical: known && name === "Boolean" ? "boolean" : type.logical,
    native: isArray && type.native !== null ? `${type.native}[]` : type.native,
    array: type.array || source.array,
    values: source.values.length > 0 ? source.values : type.values,
  };
}

function enumType(source: ColumnTypeSource, dialect: SqlDialect): FieldType {
  const native =
    dialect === "mysql"
      ? `${source.written === "set" ? "set" : "enum"}(${source.values.map((value) => `'${value}'`).join(",")})`
      : dialect === "sqlite"
        ? "varchar"
        : source.enumName;
  return {
    ...NO_TYPE.type,
    native: source.array ? `${native}[]` : native,
    logical: "enum",
    array: source.array,
    values: source.values,
  };
}

/** What reflection keeps of an annotation: a constructor, without `null`. Null: it keeps nothing that a column could be. */
function constructorOf(annotation: string | null): string | null {
  if (annotation === null) return null;
  const parts = annotation
    .split("|")
    .map((part) => part.trim())
    .filter((part) => !/^(?:null|undefined)$/.test(part));
  const constructors = new Set(parts.map((part) => CONSTRUCTORS[part] ?? literalConstructor(part)));
  const [only] = constructors;
  return constructors.size === 1 && only !== undefined ? only : null;
}

const CONSTRUCTORS: Readonly<Record<string, string>> = {
  string: "String",
  String: "String",
  number: "Number",
  Number: "Number",
  boolean: "Boolean",
  Boolean: "Boolean",
  true: "Boolean",
  false: "Boolean",
  Date: "Date",
  Buffer: "Buffer",
};

function literalConstructor(part: string): string | null {
  if (/^["'`]/.test(part)) return "String";
  return /^-?\d/.test(part) ? "Number" : null;
}

function spelled(name: string, { length, precision, scale, unsigned }: ColumnTypeSource): string {
  const sizes =
    length !== null
      ? length
      : precision === null
        ? null
        : scale === null
          ? precision
          : `${precision},${scale}`;
  const bare = sizes === null ? name : name.replace(/\(.*?\)/, "");
  const [head = bare, ...tail] = bare.split(" ");
  const sized =
    sizes === null || /^(?:int|integer|smallint|bigint|text|json|jsonb)$/i.test(bare)
      ? bare
      : [`${head}${isWhole(bare) ? "" : `(${sizes})`}`, ...tail].join(" ") +
        (isWhole(bare) ? `(${sizes})` : "");
  return sized + (unsigned && !/unsigned/i.test(sized) ? " unsigned" : "");
}

/** Names of several words whose sizes stand at their end. */
function isWhole(name: string): boolean {
  return /^(?:character varying|double precision|bit varying|national)/i.test(name);
}

function declaredText({ written, annotation, values }: ColumnTypeSource): string {
  if (written === null) return annotation ?? "";
  return values.length > 0 && annotation !== null ? `${written} ${annotation}` : written;
}

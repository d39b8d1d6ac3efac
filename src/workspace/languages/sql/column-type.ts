import type { FieldType, LogicalType } from "../../ir/model.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { foldIdentifier } from "./identifier.ts";
import { stringValue } from "./string-value.ts";
import type { TokenCursor } from "./token-cursor.ts";

const CONTINUES = new Set(
  "PRECISION VARYING UNSIGNED SIGNED ZEROFILL LARGE OBJECT BIG YEAR TO MONTH DAY HOUR MINUTE SECOND".split(
    " ",
  ),
);
/** Words that the second one continues only after the first: `UNSIGNED BIG INT`, `NATIVE CHARACTER`. */
const CONTINUES_AFTER: Readonly<Record<string, ReadonlySet<string>>> = {
  BIG: new Set(["INT"]),
  UNSIGNED: new Set(["INT", "INTEGER", "BIGINT", "SMALLINT"]),
  NATIONAL: new Set(["CHARACTER", "CHAR", "VARCHAR"]),
  NATIVE: new Set(["CHARACTER"]),
  VARYING: new Set(["CHARACTER"]),
  LONG: new Set(["VARCHAR", "VARBINARY", "TEXT", "BLOB"]),
};

const ALIASES: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  bool: "boolean",
  float4: "real",
  float8: "double precision",
  float: "double precision",
  decimal: "numeric",
  dec: "numeric",
  timestamptz: "timestamp with time zone",
  timetz: "time with time zone",
  varbit: "bit varying",
  bpchar: "char",
  int: "integer",
};

/** Aliases that every dialect understands the same way. */
const COMMON_ALIASES: Readonly<Record<string, string>> = {
  "character varying": "varchar",
  "char varying": "varchar",
  character: "char",
};

const SERIALS: Readonly<Record<string, string>> = {
  serial: "integer",
  serial4: "integer",
  bigserial: "bigint",
  serial8: "bigint",
  smallserial: "smallint",
  serial2: "smallint",
};

const LOGICAL: readonly (readonly [LogicalType, string])[] = [
  ["integer", "integer int mediumint serial"],
  ["bigint", "bigint unsigned big int big int oid xid8"],
  ["smallint", "smallint tinyint year int1"],
  ["decimal", "numeric decimal dec fixed money number"],
  ["float", "real float double double precision"],
  ["boolean", "boolean bool bit"],
  [
    "string",
    "varchar char character nchar nvarchar national character national varchar citext name varying character native character",
  ],
  ["text", "text clob mediumtext longtext tinytext long varchar tsvector xml"],
  ["uuid", "uuid uniqueidentifier"],
  ["date", "date"],
  ["time", "time time with time zone"],
  ["datetime", "timestamp timestamp with time zone datetime datetime2 smalldatetime"],
  ["duration", "interval"],
  ["json", "json jsonb"],
  ["binary", "bytea blob tinyblob mediumblob longblob binary varbinary bit varying"],
  ["enum", "enum set"],
  ["inet", "inet cidr macaddr macaddr8"],
  ["vector", "vector halfvec sparsevec"],
  ["geometry", "geometry geography point line lseg box path polygon circle linestring multipolygon"],
];

const LOGICAL_OF: ReadonlyMap<string, LogicalType> = new Map(
  LOGICAL.flatMap(([logical, names]) => phrases(names).map((name) => [name, logical] as const)),
);

/** Splits the list above, where some names have two or three words. */
function phrases(names: string): readonly string[] {
  const several =
    /unsigned big int|big int|double precision|national character|national varchar|varying character|native character|long varchar|(?:time|timestamp) with time zone|bit varying/g;
  return [...(names.match(several) ?? []), ...names.replace(several, " ").split(/\s+/)].filter(
    (name) => name !== "",
  );
}

export interface ColumnType {
  readonly type: FieldType;
  /** `serial` and its sizes. */
  readonly numbered: boolean;
}

/** A column without a type: SQLite allows it. */
export const NO_TYPE: ColumnType = {
  numbered: false,
  type: {
    declared: "",
    native: null,
    logical: "unknown",
    length: null,
    precision: null,
    scale: null,
    array: false,
    values: [],
  },
};

/** Reads a type at the cursor: `varchar(20)`, `timestamp(3) with time zone[]`, `enum('a','b')`, `app.status`. */
export function readType(cursor: TokenCursor, dialect: SqlDialect): ColumnType | null {
  const start = cursor.offset;
  const name = cursor.name();
  if (!name) return null;
  const first = foldIdentifier(name.name, dialect);
  const words = [first.toLowerCase()];
  const quoted = first !== name.name && first.toLowerCase() !== name.name.toLowerCase();
  const isBuiltIn = !quoted && (name.schema === null || /^"?pg_catalog"?$/i.test(name.schema));
  if (isBuiltIn) continueName(cursor, words);
  const args = readArguments(cursor);
  if (isBuiltIn) continueName(cursor, words);
  if (isBuiltIn && cursor.accept("WITH", "TIME", "ZONE")) words.push("with time zone");
  else if (isBuiltIn) cursor.accept("WITHOUT", "TIME", "ZONE");
  const array = readArray(cursor);
  const declared = cursor.textSince(start).replace(/\s+/g, " ");
  if (!isBuiltIn) return userType(declared, first, array);
  return builtInType(declared, words.join(" "), args, array, dialect);
}

function continueName(cursor: TokenCursor, words: string[]): void {
  for (;;) {
    const after = CONTINUES_AFTER[(words.at(-1) ?? "").toUpperCase()];
    const word = cursor.word();
    if (!CONTINUES.has(word) && !after?.has(word)) return;
    words.push(word.toLowerCase());
    cursor.next();
  }
}

interface TypeArguments {
  readonly numbers: readonly number[];
  readonly values: readonly string[];
  readonly text: string;
}

function readArguments(cursor: TokenCursor): TypeArguments {
  const numbers: number[] = [];
  const values: string[] = [];
  const texts: string[] = [];
  for (const part of cursor.group()?.parts() ?? []) {
    const token = part.peek();
    if (token?.kind === "number") numbers.push(Number(part.textOf(token)));
    if (token?.kind === "string") values.push(stringValue(part.textOf(token)));
    texts.push(part.rest());
  }
  return { numbers, values, text: texts.length > 0 ? `(${texts.join(",")})` : "" };
}

function readArray(cursor: TokenCursor): boolean {
  let array = cursor.accept("ARRAY");
  while (cursor.isSymbol("[")) {
    array = true;
    cursor.skip();
  }
  return array;
}

/** A type with a schema or in quotes. One of an extension is called by its own name: `public.citext` is citext. */
function userType(declared: string, name: string, array: boolean): ColumnType {
  const logical = LOGICAL_OF.get(name);
  const written = declared.replace(/\s*\[[^\]]*\]/g, "");
  const native = logical === undefined ? written : written.replace(/^(?:public|extensions)\./i, "");
  const type = { ...NO_TYPE.type, declared, native: native + (array ? "[]" : ""), array };
  return { numbered: false, type: { ...type, logical: logical ?? "unknown" } };
}

function builtInType(
  declared: string,
  name: string,
  args: TypeArguments,
  array: boolean,
  dialect: SqlDialect,
): ColumnType {
  const serial = dialect === "mysql" ? (name === "serial" ? "bigint unsigned" : undefined) : SERIALS[name];
  const sign = / (?:unsigned|signed|zerofill)\b.*/.exec(name)?.[0] ?? "";
  const base = serial ?? name.slice(0, name.length - sign.length);
  const common = COMMON_ALIASES[base] ?? base;
  const canonical = dialect === "postgresql" ? (ALIASES[common] ?? common) : common;
  const logical = logicalOf(canonical, args, dialect);
  const [head, ...tail] = canonical.split(" with ");
  const native = `${head}${args.text}${sign}${tail.length > 0 ? ` with ${tail.join(" ")}` : ""}`;
  const [one = null, two = null] = args.numbers;
  const decimal = logical === "decimal";
  const sized = logical === "string" || logical === "binary" || logical === "text" || logical === "vector";
  return {
    numbered: serial !== undefined,
    type: {
      declared,
      native: native + (array ? "[]" : ""),
      logical,
      length: sized ? one : null,
      precision: decimal || logical === "datetime" || logical === "time" ? one : null,
      scale: decimal ? two : null,
      array,
      values: args.values,
    },
  };
}

function logicalOf(name: string, args: TypeArguments, dialect: SqlDialect): LogicalType {
  if (name === "tinyint" && args.numbers[0] === 1) return "boolean";
  if (name === "bit") return args.numbers[0] === undefined || args.numbers[0] === 1 ? "boolean" : "binary";
  const base = name.replace(/ (?:unsigned|signed)$/, "");
  const known = LOGICAL_OF.get(ALIASES[base] ?? base) ?? LOGICAL_OF.get(base);
  if (known) return known;
  if (base.startsWith("interval")) return "duration";
  return dialect === "sqlite" ? affinityOf(base) : "unknown";
}

/** SQLite reads any name of a type by the syllables in it. */
function affinityOf(name: string): LogicalType {
  if (name.includes("int")) return "integer";
  if (/char|clob|text/.test(name)) return "text";
  if (name.includes("blob")) return "binary";
  if (/real|floa|doub/.test(name)) return "float";
  return "unknown";
}

/** The name PostgreSQL itself gives a type: `int4` is integer, `decimal(10,2)` numeric(10,2). */
export function canonicalNative(native: string): string {
  const [, name = "", rest = ""] = /^([a-z0-9]+)(.*)$/.exec(native) ?? [];
  const canonical = ALIASES[name];
  if (canonical === undefined || (name === "float" && rest !== "")) return native;
  const [head, zone] = canonical.split(" with ");
  if (zone === undefined) return canonical + rest;
  const args = /^\(\d+\)/.exec(rest)?.[0] ?? "";
  return `${head}${args} with ${zone}${rest.slice(args.length)}`;
}

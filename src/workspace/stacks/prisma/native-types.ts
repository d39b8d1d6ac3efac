import type { LogicalType } from "../../ir/model.ts";

/** Providers of a datasource; "postgresql" where the schema does not say. */
export type Provider = "postgresql" | "cockroachdb" | "mysql" | "sqlite" | "sqlserver" | "mongodb";

export function providerOf(name: string | null): Provider {
  switch (name) {
    case "mysql":
    case "sqlite":
    case "sqlserver":
    case "cockroachdb":
    case "mongodb":
      return name;
    default:
      return "postgresql";
  }
}

/** What a scalar becomes without a native type attribute. Source: Prisma's connector reference. */
const DEFAULTS: Readonly<Record<Provider, Readonly<Record<string, string>>>> = {
  postgresql: {
    String: "text",
    Boolean: "boolean",
    Int: "integer",
    BigInt: "bigint",
    Float: "double precision",
    Decimal: "decimal(65,30)",
    DateTime: "timestamp(3)",
    Json: "jsonb",
    Bytes: "bytea",
  },
  cockroachdb: {
    String: "string",
    Boolean: "bool",
    Int: "int4",
    BigInt: "int8",
    Float: "float8",
    Decimal: "decimal(65,30)",
    DateTime: "timestamp(3)",
    Json: "jsonb",
    Bytes: "bytes",
  },
  mysql: {
    String: "varchar(191)",
    Boolean: "boolean",
    Int: "integer",
    BigInt: "bigint",
    Float: "double",
    Decimal: "decimal(65,30)",
    DateTime: "datetime(3)",
    Json: "json",
    Bytes: "longblob",
  },
  sqlite: {
    String: "text",
    Boolean: "boolean",
    Int: "integer",
    BigInt: "bigint",
    Float: "real",
    Decimal: "decimal",
    DateTime: "datetime",
    Json: "jsonb",
    Bytes: "blob",
  },
  sqlserver: {
    String: "nvarchar(1000)",
    Boolean: "bit",
    Int: "int",
    BigInt: "bigint",
    Float: "float(53)",
    Decimal: "decimal(32,16)",
    DateTime: "datetime2",
    Json: "nvarchar(max)",
    Bytes: "varbinary(max)",
  },
  mongodb: {},
};

/** Attributes whose SQL is not simply their name in lower case. */
const SPELLINGS: Readonly<Record<string, string>> = {
  DoublePrecision: "double precision",
  VarBit: "varbit",
  JsonB: "jsonb",
  ByteA: "bytea",
  UnsignedInt: "int unsigned",
  UnsignedBigInt: "bigint unsigned",
  UnsignedSmallInt: "smallint unsigned",
  UnsignedMediumInt: "mediumint unsigned",
  UnsignedTinyInt: "tinyint unsigned",
};

/** SQL of `@db.<name>(args)`. */
export function nativeSpelling(name: string, args: readonly string[]): string {
  const word = SPELLINGS[name] ?? name.toLowerCase();
  return args.length === 0 ? word : `${word}(${args.join(",")})`;
}

/** SQL of a scalar without attribute; null where the connector has no such notion. */
export function defaultNative(provider: Provider, scalar: string): string | null {
  return DEFAULTS[provider][scalar] ?? null;
}

const LOGICAL_BY_NATIVE: readonly (readonly [RegExp, LogicalType])[] = [
  [/^(?:smallint|int2|tinyint|year)/, "smallint"],
  [/^(?:bigint|int8)/, "bigint"],
  [/^(?:int|integer|mediumint|int4|oid)\b/, "integer"],
  [/^(?:decimal|numeric|money|smallmoney)/, "decimal"],
  [/^(?:real|float|double)/, "float"],
  [/^(?:bool|boolean)/, "boolean"],
  [/^(?:uuid|uniqueidentifier)/, "uuid"],
  [/^date$/, "date"],
  [/^(?:timestamp|datetime|smalldatetime)/, "datetime"],
  [/^time/, "time"],
  [/^interval/, "duration"],
  [/^json/, "json"],
  [/^(?:bytea|bytes|binary|varbinary|.*blob|image|bit|varbit)/, "binary"],
  [/^(?:inet|cidr|macaddr)/, "inet"],
  [/^(?:vector|halfvec|sparsevec)/, "vector"],
  [/^(?:geometry|geography|point|line|lseg|box|path|polygon|circle)/, "geometry"],
  [/^(?:varchar|char|nvarchar\(\d|nchar|catalogsinglechar|objectid|varchar\(\d)/, "string"],
  [/^(?:text|string|citext|xml|tinytext|mediumtext|longtext|ntext|nvarchar)/, "text"],
];

const LOGICAL_BY_SCALAR: Readonly<Record<string, LogicalType>> = {
  String: "text",
  Boolean: "boolean",
  Int: "integer",
  BigInt: "bigint",
  Float: "float",
  Decimal: "decimal",
  DateTime: "datetime",
  Json: "json",
  Bytes: "binary",
};

export function isScalar(type: string): boolean {
  return type in LOGICAL_BY_SCALAR;
}

/** Meaning of a native type; of the scalar where the native type does not say. */
export function logicalOf(native: string | null, scalar: string): LogicalType {
  // A bit and a tinyint are how some connectors keep a Boolean.
  if (scalar === "Boolean") return "boolean";
  const found = native === null ? undefined : LOGICAL_BY_NATIVE.find(([pattern]) => pattern.test(native));
  return found?.[1] ?? LOGICAL_BY_SCALAR[scalar] ?? "unknown";
}

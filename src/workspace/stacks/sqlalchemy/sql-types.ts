import type { LogicalType } from "../../ir/model.ts";

/** A column type as PostgreSQL has it. */
export interface SqlType {
  /** The word of the source: `String`, `JSONB`, `UTCDateTime`. */
  readonly declared: string;
  /** As SQLAlchemy writes it in a statement: `VARCHAR(50)`; null when it is not known. */
  readonly ddl: string | null;
  readonly logical: LogicalType;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly array: boolean;
  readonly values: readonly string[];
  /** Name of an enumeration type that the database has of its own; null for anything else. */
  readonly enumName: string | null;
  /** Why it is not known; null when it is. */
  readonly gap: string | null;
}

interface KnownType {
  /** `%` stands for the length with its brackets, `#` for precision and scale. */
  readonly ddl: string;
  readonly logical: LogicalType;
  readonly length?: number;
}

function known(ddl: string, logical: LogicalType, length?: number): KnownType {
  return length === undefined ? { ddl, logical } : { ddl, logical, length };
}

/** Types by name, of SQLAlchemy, its dialects, SQLAlchemy-Utils, pgvector, GeoAlchemy and SQLModel. */
export const KNOWN_TYPES: Readonly<Record<string, KnownType>> = {
  Integer: known("INTEGER", "integer"),
  INTEGER: known("INTEGER", "integer"),
  INT: known("INTEGER", "integer"),
  BigInteger: known("BIGINT", "bigint"),
  BIGINT: known("BIGINT", "bigint"),
  SmallInteger: known("SMALLINT", "smallint"),
  SMALLINT: known("SMALLINT", "smallint"),
  TINYINT: known("SMALLINT", "smallint"),
  String: known("VARCHAR%", "string"),
  VARCHAR: known("VARCHAR%", "string"),
  NVARCHAR: known("VARCHAR%", "string"),
  Unicode: known("VARCHAR%", "string"),
  AutoString: known("VARCHAR%", "string"),
  CHAR: known("CHAR%", "string"),
  NCHAR: known("CHAR%", "string"),
  Text: known("TEXT", "text"),
  TEXT: known("TEXT", "text"),
  UnicodeText: known("TEXT", "text"),
  CLOB: known("TEXT", "text"),
  MEDIUMTEXT: known("TEXT", "text"),
  LONGTEXT: known("TEXT", "text"),
  Date: known("DATE", "date"),
  DATE: known("DATE", "date"),
  Boolean: known("BOOLEAN", "boolean"),
  BOOLEAN: known("BOOLEAN", "boolean"),
  Float: known("FLOAT", "float"),
  FLOAT: known("FLOAT", "float"),
  REAL: known("REAL", "float"),
  Double: known("DOUBLE PRECISION", "float"),
  DOUBLE: known("DOUBLE PRECISION", "float"),
  DOUBLE_PRECISION: known("DOUBLE PRECISION", "float"),
  Numeric: known("NUMERIC#", "decimal"),
  NUMERIC: known("NUMERIC#", "decimal"),
  DECIMAL: known("DECIMAL#", "decimal"),
  MONEY: known("MONEY", "decimal"),
  Interval: known("INTERVAL", "duration"),
  INTERVAL: known("INTERVAL", "duration"),
  LargeBinary: known("BYTEA", "binary"),
  BYTEA: known("BYTEA", "binary"),
  BLOB: known("BYTEA", "binary"),
  BINARY: known("BYTEA", "binary"),
  VARBINARY: known("BYTEA", "binary"),
  PickleType: known("BYTEA", "binary"),
  JSON: known("JSON", "json"),
  JSONB: known("JSONB", "json"),
  HSTORE: known("HSTORE", "json"),
  Uuid: known("UUID", "uuid"),
  UUID: known("UUID", "uuid"),
  INET: known("INET", "inet"),
  CIDR: known("CIDR", "inet"),
  MACADDR: known("MACADDR", "string"),
  TSVECTOR: known("TSVECTOR", "unknown"),
  TSQUERY: known("TSQUERY", "unknown"),
  CITEXT: known("CITEXT", "text"),
  OID: known("OID", "integer"),
  BIT: known("BIT%", "unknown"),
  INT4RANGE: known("INT4RANGE", "unknown"),
  INT8RANGE: known("INT8RANGE", "unknown"),
  NUMRANGE: known("NUMRANGE", "unknown"),
  DATERANGE: known("DATERANGE", "unknown"),
  TSRANGE: known("TSRANGE", "unknown"),
  TSTZRANGE: known("TSTZRANGE", "unknown"),
  Vector: known("VECTOR%", "vector"),
  VECTOR: known("VECTOR%", "vector"),
  HALFVEC: known("HALFVEC%", "vector"),
  UUIDType: known("UUID", "uuid"),
  EmailType: known("VARCHAR%", "string", 255),
  URLType: known("TEXT", "text"),
  PhoneNumberType: known("VARCHAR%", "string", 20),
  CurrencyType: known("VARCHAR%", "string", 3),
  CountryType: known("VARCHAR%", "string", 2),
  LocaleType: known("VARCHAR%", "string", 10),
  TimezoneType: known("VARCHAR%", "string", 50),
  IPAddressType: known("VARCHAR%", "string", 50),
  ColorType: known("VARCHAR%", "string", 20),
  JSONType: known("JSON", "json"),
  TSVectorType: known("TSVECTOR", "unknown"),
  LtreeType: known("LTREE", "string"),
  ArrowType: known("TIMESTAMP WITHOUT TIME ZONE", "datetime"),
  ScalarListType: known("TEXT", "text"),
  GUID: known("UUID", "uuid"),
};

/** What the database calls the type: `double precision` for SQLAlchemy's FLOAT. */
export function nativeOf(ddl: string | null): string | null {
  if (ddl === null) return null;
  const lower = /^"/.test(ddl) ? ddl : ddl.toLowerCase();
  return lower.replace(/^float(?=$|\[)/, "double precision").replace(/^decimal/, "numeric");
}

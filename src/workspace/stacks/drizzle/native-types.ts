import type { SqlDialect } from "../../ir/query.ts";

/** Options of a column builder, as far as they are literals: `{length: 200, mode: "boolean"}`. */
export interface BuilderOptions {
  readonly [name: string]: string;
}

/** SQL of a column builder; null for a name that is none. Source: Drizzle's column type reference. */
export function nativeOf(dialect: SqlDialect, builder: string, options: BuilderOptions): string | null {
  switch (dialect) {
    case "mysql":
      return mysqlType(builder, options);
    case "sqlite":
      return sqliteType(builder, options);
    default:
      return postgresType(builder, options);
  }
}

/** What the database counts up by itself. */
export function isSerial(builder: string): boolean {
  return /^(?:small|big)?serial$/.test(builder);
}

const SQLITE = new Set(["integer", "real", "blob", "numeric"]);

function sqliteType(builder: string, options: BuilderOptions): string | null {
  if (builder === "text") return `text${sizes(options.length)}`;
  if (builder === "int") return "integer";
  return SQLITE.has(builder) ? builder : null;
}

const POSTGRES_PLAIN = new Set(
  `integer smallint bigint serial smallserial bigserial boolean text real uuid date json jsonb inet cidr macaddr macaddr8
   point line bytea`.split(/\s+/),
);
const POSTGRES_SIZED: Readonly<Record<string, string>> = {
  varchar: "varchar",
  char: "char",
  bit: "bit",
};
const POSTGRES_VECTORS = new Set(["vector", "halfvec", "sparsevec"]);

function postgresType(builder: string, options: BuilderOptions): string | null {
  if (POSTGRES_PLAIN.has(builder)) return builder;
  if (builder === "doublePrecision") return "double precision";
  const sized = POSTGRES_SIZED[builder];
  if (sized) return `${sized}${sizes(options.length ?? options.dimensions)}`;
  if (POSTGRES_VECTORS.has(builder)) return `${builder}${sizes(options.dimensions)}`;
  switch (builder) {
    case "numeric":
    case "decimal":
      return `numeric${sizes(options.precision, options.scale)}`;
    case "timestamp":
    case "time":
      return `${builder}${sizes(options.precision)}${options.withTimezone === "true" ? " with time zone" : ""}`;
    case "interval":
      return `interval${options.fields ? ` ${options.fields}` : ""}${sizes(options.precision)}`;
    case "geometry":
      return `geometry(${options.type ?? "point"}${options.srid ? `,${options.srid}` : ""})`;
    default:
      return null;
  }
}

const MYSQL_PLAIN = new Set(
  "boolean date json tinytext text mediumtext longtext year real blob tinyblob mediumblob longblob".split(
    " ",
  ),
);
const MYSQL_NUMBERS = new Set(["int", "tinyint", "smallint", "mediumint", "bigint"]);

function mysqlType(builder: string, options: BuilderOptions): string | null {
  const sign = options.unsigned === "true" ? " unsigned" : "";
  if (MYSQL_PLAIN.has(builder)) return builder;
  if (MYSQL_NUMBERS.has(builder)) return builder + sign;
  switch (builder) {
    case "serial":
      return "bigint unsigned";
    case "decimal":
    case "double":
    case "float":
      return `${builder}${sizes(options.precision, options.scale)}${sign}`;
    case "varchar":
    case "char":
    case "binary":
    case "varbinary":
      return `${builder}${sizes(options.length)}`;
    case "datetime":
    case "timestamp":
    case "time":
      return `${builder}${sizes(options.fsp)}`;
    default:
      return null;
  }
}

function sizes(...values: readonly (string | undefined)[]): string {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0 ? "" : `(${given.join(",")})`;
}

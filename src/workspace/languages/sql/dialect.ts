import type { SqlDialect } from "../../ir/query.ts";

export type KnownDialect = Exclude<SqlDialect, "unknown">;

/** How much speaks for each dialect: [postgresql, mysql, sqlite]. JSON-serialisable, added up over files. */
export type DialectEvidence = readonly [number, number, number];

export const NO_EVIDENCE: DialectEvidence = [0, 0, 0];

const ORDER: readonly KnownDialect[] = ["postgresql", "mysql", "sqlite"];

/** What only one of the dialects writes. Each pattern counts once a text, so that a long file says no more than a short one. */
const SIGNS: readonly (readonly [KnownDialect, number, RegExp])[] = [
  ["postgresql", 3, /\bLANGUAGE\s+['"]?(?:plpgsql|sql)\b|\bplpgsql\b/i],
  ["postgresql", 3, /\$\$|\$[A-Za-z_]\w*\$/],
  ["postgresql", 2, /[\w")\]']::\s*["A-Za-z_]/],
  ["postgresql", 2, /\b(?:big|small)?serial\b(?!\s*\()|\bserial[248]\b/i],
  [
    "postgresql",
    2,
    /\b(?:jsonb|timestamptz|timestamp with(?:out)? time zone|bytea|tsvector|inet|citext|_?int[48])\b/i,
  ],
  ["postgresql", 2, /\bCREATE\s+(?:EXTENSION|TYPE|DOMAIN|POLICY|SEQUENCE|MATERIALIZED\s+VIEW)\b/i],
  ["postgresql", 2, /\bINDEX\s+CONCURRENTLY\b|\bUSING\s+(?:gin|gist|brin|btree|hash)\s*\(/i],
  [
    "postgresql",
    2,
    /\bgen_random_uuid\s*\(|\buuid_generate_v4\s*\(|\bnextval\s*\(|\bpg_catalog\.|\bset_config\s*\(/i,
  ],
  [
    "postgresql",
    2,
    /\bENABLE\s+ROW\s+LEVEL\s+SECURITY\b|\bOWNER\s+TO\b|\bNOT\s+VALID\b|\bILIKE\b|\bDISTINCT\s+ON\s*\(/i,
  ],
  ["postgresql", 1, /(?<![\w$])\$[1-9]\d?\b/],
  [
    "postgresql",
    1,
    /\bRETURNING\b|\bON\s+CONFLICT\b|\bFOR\s+UPDATE\s+SKIP\s+LOCKED\b|\bGENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b/i,
  ],
  [
    "postgresql",
    1,
    /\bALTER\s+COLUMN\b[^;]{0,200}?\b(?:TYPE|SET\s+NOT\s+NULL|DROP\s+NOT\s+NULL)\b|(?:->>|#>>|@>|<@)/i,
  ],
  ["postgresql", 1, /\buuid\b|\bdouble precision\b|\btext\s*\[\]|\bANY\s*\(/i],
  ["mysql", 3, /\)[^;]{0,200}?\bENGINE\s*=|\bAUTO_INCREMENT\b/i],
  [
    "mysql",
    2,
    /(?:\b(?:TABLE|EXISTS|INTO|FROM|UPDATE|JOIN|ON|SELECT|COLUMN|INDEX|KEY|REFERENCES)|[(,.])\s*`\w+`/i,
  ],
  [
    "mysql",
    2,
    /\b(?:tinyint|mediumint|mediumtext|longtext|longblob|mediumblob|tinytext)\b|\bunsigned\b|\bint\(\d+\)/i,
  ],
  [
    "mysql",
    2,
    /\bON\s+DUPLICATE\s+KEY\b|\bON\s+UPDATE\s+CURRENT_TIMESTAMP|\bCHARSET\s*=|\bCHARACTER\s+SET\b/i,
  ],
  ["mysql", 2, /^[ \t]*DELIMITER[ \t]+\S/im],
  ["mysql", 1, /\bINSERT\s+IGNORE\b|\bMODIFY\s+COLUMN\b|\bCHANGE\s+COLUMN\b|\bLOCK\s+TABLES\b|\/\*!\d{5}/i],
  ["sqlite", 4, /\bAUTOINCREMENT\b|\bWITHOUT\s+ROWID\b|\bsqlite_(?:master|schema|sequence)\b/i],
  ["sqlite", 3, /^[ \t]*PRAGMA\b/im],
  [
    "sqlite",
    2,
    /\bINSERT\s+OR\s+(?:IGNORE|REPLACE|ABORT)\b|\bstrftime\s*\(|\bdatetime\s*\(\s*'now'|\bunixepoch\s*\(|\bjulianday\s*\(/i,
  ],
  ["sqlite", 1, /\bINTEGER\s+PRIMARY\s+KEY\b/],
];

/** Evidence in SQL text. */
export function dialectEvidence(text: string): DialectEvidence {
  const sql = withoutComments(text);
  const scores: [number, number, number] = [0, 0, 0];
  for (const [dialect, weight, sign] of SIGNS) {
    if (!sign.test(sql)) continue;
    if (dialect === "postgresql") scores[0] += weight;
    else if (dialect === "mysql") scores[1] += weight;
    else scores[2] += weight;
  }
  // SQLite also takes backticks, which tools generate for it.
  if (scores[2] >= 3 && scores[1] === 2 && sql.includes("`")) scores[1] = 0;
  return scores;
}

/** Prose says nothing about a dialect, though it likes backticks. What MySQL runs in `/*! … *\/` is no prose. */
function withoutComments(text: string): string {
  let kept = "";
  let from = 0;
  const opening = /--(?!>)|\/\*(?!!)/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const close = match[0] === "--" ? text.indexOf("\n", match.index) : text.indexOf("*/", match.index + 2);
    kept += `${text.slice(from, match.index)} `;
    if (close < 0) return kept;
    from = match[0] === "--" ? close : close + 2;
    opening.lastIndex = from;
  }
  return kept + text.slice(from);
}

export function addEvidence(a: DialectEvidence, b: DialectEvidence): DialectEvidence {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function evidenceFor(dialect: KnownDialect, weight: number): DialectEvidence {
  return [
    dialect === "postgresql" ? weight : 0,
    dialect === "mysql" ? weight : 0,
    dialect === "sqlite" ? weight : 0,
  ];
}

/** The dialect that the evidence names; unknown when nothing speaks for one, or as much for another. */
export function judgeDialect(evidence: DialectEvidence): SqlDialect {
  const best = Math.max(...evidence);
  if (best === 0 || evidence.filter((score) => score === best).length > 1) return "unknown";
  return ORDER[evidence.indexOf(best)] ?? "unknown";
}

const NAMES: Readonly<Record<string, KnownDialect>> = {
  postgres: "postgresql",
  postgresql: "postgresql",
  pgsql: "postgresql",
  pg: "postgresql",
  psql: "postgresql",
  cockroach: "postgresql",
  cockroachdb: "postgresql",
  timescaledb: "postgresql",
  supabase: "postgresql",
  "pg-native": "postgresql",
  pglite: "postgresql",
  neon: "postgresql",
  mysql: "mysql",
  mysql2: "mysql",
  mariadb: "mysql",
  planetscale: "mysql",
  sqlite: "sqlite",
  sqlite3: "sqlite",
  "better-sqlite3": "sqlite",
  libsql: "sqlite",
  turso: "sqlite",
  d1: "sqlite",
};

/** Dialect of a provider's, driver's or folder's name as configuration files write it. */
export function dialectNamed(name: string): KnownDialect | null {
  return NAMES[name.toLowerCase()] ?? null;
}

/** Dialect that a path names: `migrations/mysql/001.sql`, `schema.postgres.sql`, `supabase/migrations`. */
export function dialectOfPath(uri: string): KnownDialect | null {
  for (const segment of uri
    .toLowerCase()
    .split(/[/._-]/)
    .reverse()) {
    const dialect = segment === "d1" || segment === "neon" || segment === "pg" ? null : dialectNamed(segment);
    if (dialect) return dialect;
  }
  return null;
}

const FOREIGN: readonly (readonly [string, RegExp])[] = [
  [
    "ClickHouse",
    /\bENGINE\s*=?\s*(?:\w*MergeTree|Distributed|Kafka)\b|\bLowCardinality\s*\(|\bON\s+CLUSTER\b|\bMATERIALIZE\s+PROJECTION\b|\bNullable\s*\(\w+\)/,
  ],
  ["SQL Server", /^[ \t]*GO[ \t]*\r?$|\bIDENTITY\s*\(\s*\d+\s*,\s*\d+\s*\)|\[dbo\]\.|\bnvarchar\s*\(max\)/im],
  ["Oracle", /\bVARCHAR2\s*\(|\bNUMBER\s*\(\s*\d+|^\/[ \t]*\r?$/im],
];

const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  clickhouse: "ClickHouse",
  h2: "H2",
  hsqldb: "HSQLDB",
  mssql: "SQL Server",
  sqlserver: "SQL Server",
  oracle: "Oracle",
  snowflake: "Snowflake",
  bigquery: "BigQuery",
  db2: "Db2",
  derby: "Derby",
};

/** Name of a database whose SQL is none of the three dialects; null for SQL that is read. */
export function foreignDialect(uri: string, sql: string): string | null {
  for (const segment of uri.toLowerCase().split(/[/._-]/)) {
    const named = FOREIGN_NAMES[segment];
    if (named) return named;
  }
  return FOREIGN.find(([, sign]) => sign.test(sql))?.[0] ?? null;
}

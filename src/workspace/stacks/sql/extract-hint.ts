import { dialectNamed, evidenceFor } from "../../languages/sql/dialect.ts";
import type { HintFacts } from "./facts.ts";

/** Names of drivers in a list of dependencies; an ORM that speaks several dialects says nothing. */
const DRIVERS: readonly (readonly [RegExp, string])[] = [
  [
    /"(?:pg|postgres|@neondatabase\/serverless|@electric-sql\/pglite|slonik|pg-promise)"\s*:|\b(?:psycopg2?|asyncpg|pg8000)\b|\btokio-postgres\b/,
    "postgresql",
  ],
  [/"(?:mysql2?|mariadb)"\s*:|\b(?:pymysql|aiomysql|mysqlclient|mysql-connector-python)\b/i, "mysql"],
  [/"(?:better-sqlite3|sqlite3?|@libsql\/client)"\s*:|\b(?:aiosqlite|rusqlite)\b/, "sqlite"],
];

/** Which database a configuration file names: schema.prisma, package.json, pyproject.toml, Supabase's config.toml. */
export function extractHint(uri: string, text: string): HintFacts | null {
  const file = uri.slice(uri.lastIndexOf("/") + 1);
  if (uri.endsWith(".prisma")) {
    const provider = /datasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"([\w-]+)"/.exec(text)?.[1];
    return hint(provider, 6);
  }
  if (file === "config.toml" && /(?:^|\/)supabase\/config\.toml$/.test(uri)) return hint("postgresql", 6);
  if (!/^(?:package\.json|pyproject\.toml|Cargo\.toml|Pipfile\.toml)$/.test(file)) return null;
  const named = DRIVERS.filter(([pattern]) => pattern.test(text));
  // Two drivers: a database for tests beside the real one, most often. The code says more.
  return named.length === 1 ? hint(named[0]?.[1], 3) : null;
}

/** Dialect in a configuration written as code: drizzle.config.ts, knexfile.js. */
export function hintInCode(uri: string, text: string): HintFacts | null {
  const file = uri.slice(uri.lastIndexOf("/") + 1);
  if (!/^(?:drizzle\.config|knexfile|ormconfig|mikro-orm\.config|data-source)\./.test(file)) return null;
  return hint(/\b(?:dialect|client|type|driver)\s*:\s*["'`]([\w-]+)["'`]/.exec(text)?.[1], 6);
}

function hint(name: string | undefined, weight: number): HintFacts | null {
  const dialect = name === undefined ? null : dialectNamed(name);
  return dialect && { k: "hint", evidence: evidenceFor(dialect, weight) };
}

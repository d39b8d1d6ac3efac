/**
 * Applies a folder of migrations to a real database, asks its catalogs what there is then, and prints it as one JSON
 * document:
 *
 *     node test/accuracy/sql-truth.ts TOOL FOLDER [--database URL] [--before FILE] [--app NAME] > truth.json
 *
 * TOOL is goose, sql-migrate, golang-migrate, dbmate, flyway, supabase, diesel, drizzle or prisma. With a URL the
 * database is an empty PostgreSQL, reached with `psql`, with `pglite` one in this process, otherwise SQLite. `--before` is a script with what a
 * server of the project has from the start. `--app` is the folder that migrations belong to, where there are several.
 * Names are those of the database, so compare with `--tables`. Views and what keeps exclusions are left out.
 */
import { spawnSync } from "node:child_process";
import { writeSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { ltree } from "@electric-sql/pglite/contrib/ltree";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";

interface Step {
  readonly name: string;
  readonly sql: string;
}

interface Table {
  readonly fields: Record<string, string>;
  readonly relations: Record<string, string>;
  readonly indexes: { readonly columns: readonly string[]; readonly unique: boolean }[];
}

const POSTGRES_TABLES = `
SELECT json_object_agg(shown, json_build_object('fields', fields, 'relations', relations, 'indexes', indexes))
FROM (
  SELECT
    regexp_replace(format('%s.%s', n.nspname, c.relname), '^public\\.', '') AS shown,
    (SELECT json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS fields,
    (SELECT coalesce(json_object_agg(
       (SELECT string_agg(a.attname, ', ' ORDER BY k.at) FROM unnest(f.conkey) WITH ORDINALITY k (number, at)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number),
       regexp_replace(format('%s.%s', rn.nspname, r.relname), '^public\\.', '') || '(' ||
       (SELECT string_agg(a.attname, ', ' ORDER BY k.at) FROM unnest(f.confkey) WITH ORDINALITY k (number, at)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number) || ')'), '{}')
     FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
     WHERE f.contype = 'f' AND f.conrelid = c.oid) AS relations,
    (SELECT coalesce(json_agg(json_build_object('unique', i.indisunique, 'columns',
       (SELECT json_agg(a.attname ORDER BY k.at) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, at)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.at <= i.indnkeyatts))), '[]')
     FROM pg_index i WHERE i.indrelid = c.oid AND NOT 0 = ANY (i.indkey::int2[]) AND NOT i.indisexclusion) AS indexes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
) tables`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { database: { type: "string" }, before: { type: "string" }, app: { type: "string" } },
});
const [tool, folder] = positionals;
if (tool === undefined || folder === undefined) throw new Error("Usage: sql-truth.ts TOOL FOLDER");
const steps = await stepsIn(tool, folder);
const before = values.before === undefined ? "" : await readFile(values.before, "utf8");
const models =
  values.database === undefined
    ? askSqlite(steps)
    : await askPostgres(
        values.database === "pglite" ? await embeddedServer() : serverAt(values.database),
        before,
        steps,
      );
const migrations = steps.map(({ name }) => (values.app ? `${values.app}.${name}` : name));
writeSync(1, JSON.stringify({ models, routes: [], migrations }, null, 1));

/** The migrations in the order in which the tool runs them, without their way back. */
async function stepsIn(of: string, root: string): Promise<readonly Step[]> {
  if (of === "drizzle") {
    const journal = JSON.parse(await readFile(path.join(root, "meta/_journal.json"), "utf8")) as {
      readonly entries: readonly { readonly idx: number; readonly tag: string }[];
    };
    const tags = [...journal.entries].sort((a, b) => a.idx - b.idx).map(({ tag }) => tag);
    return Promise.all(tags.map((tag) => step(tag, path.join(root, `${tag}.sql`), of)));
  }
  const names = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => (/^(?:diesel|prisma)$/.test(of) ? entry.isDirectory() : entry.isFile()))
    .map(({ name }) => name);
  switch (of) {
    case "diesel":
      return Promise.all(names.sort().map((name) => step(name, path.join(root, name, "up.sql"), of)));
    case "prisma":
      return Promise.all(names.sort().map((name) => step(name, path.join(root, name, "migration.sql"), of)));
    case "golang-migrate":
    case "goose":
    case "flyway": {
      const pattern = {
        "golang-migrate": /^(\d+_.*)\.up\./,
        goose: /^(\d+_.*)\.sql$/,
        flyway: /^(V.*)\.sql$/,
      }[of];
      const meant = names.flatMap((file) => {
        const name = pattern.exec(file)?.[1];
        return name === undefined ? [] : [{ name, file }];
      });
      const sorted = meant.sort((a, b) => compareNumbers(numbersIn(a.name), numbersIn(b.name)));
      return Promise.all(sorted.map(({ name, file }) => step(name, path.join(root, file), of)));
    }
    default: {
      const meant = names.filter((name) => name.endsWith(".sql")).sort();
      return Promise.all(meant.map((name) => step(name.slice(0, -4), path.join(root, name), of)));
    }
  }
}

async function step(name: string, file: string, of: string): Promise<Step> {
  const text = await readFile(file, "utf8");
  const down = {
    goose: /^--\s*\+goose\s+Down.*$/im,
    "sql-migrate": /^--\s*\+migrate\s+Down.*$/im,
    dbmate: /^--\s*migrate:down.*$/im,
  }[of];
  return { name, sql: down ? (text.split(down)[0] ?? "") : text };
}

/** Of `V1_12__name.sql` 1 and 12. */
function numbersIn(name: string): readonly number[] {
  return (/^V?([\d._]*\d)/.exec(name)?.[1] ?? "").split(/[._]/).map(Number);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}

function askSqlite(all: readonly Step[]): Record<string, Table> {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA foreign_keys = OFF");
  for (const { name, sql } of all) {
    const failure = applySqlite(database, sql);
    if (failure !== null) console.error(`${name}: ${failure}`);
  }
  const rows = (sql: string) => database.prepare(sql).all() as Record<string, string | number | null>[];
  const quoted = (name: unknown) => `"${String(name).replaceAll('"', '""')}"`;
  const found: Record<string, Table> = {};
  for (const { name } of rows(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )) {
    const table: Table = { fields: {}, relations: {}, indexes: [] };
    found[String(name)] = table;
    const columns = rows(`PRAGMA table_xinfo(${quoted(name)})`);
    const primary = columns.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
    for (const column of columns)
      table.fields[String(column.name)] =
        String(column.type) + (column.notnull === 1 || Number(column.pk) > 0 ? " not null" : "");
    if (primary.length > 0)
      table.indexes.push({ columns: primary.map((column) => String(column.name)), unique: true });
    for (const index of rows(`PRAGMA index_list(${quoted(name)})`)) {
      const parts = rows(`PRAGMA index_info(${quoted(index.name)})`).map((part) => part.name);
      if (index.origin === "pk" || parts.includes(null)) continue;
      table.indexes.push({ columns: parts.map(String), unique: index.unique === 1 });
    }
    const keys = Map.groupBy(rows(`PRAGMA foreign_key_list(${quoted(name)})`), ({ id }) => id);
    for (const parts of keys.values()) {
      const own = parts.map((part) => part.from).join(", ");
      table.relations[own] = `${parts[0]?.table}(${parts.map((part) => part.to).join(", ")})`;
    }
  }
  return found;
}

/** Runs a script whole or not at all; functions that only the application has give their argument back. */
function applySqlite(database: DatabaseSync, sql: string): string | null {
  const known = new Set<string>();
  for (;;) {
    try {
      database.exec(`SAVEPOINT step; ${sql}\n; RELEASE step`);
      return null;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const missing = /no such function: (\w+)/.exec(message)?.[1];
      if (database.isTransaction) database.exec("ROLLBACK");
      if (missing === undefined || known.has(missing)) return message;
      known.add(missing);
      database.function(missing, { varargs: true }, (first = null) => first);
    }
  }
}

/** A PostgreSQL that runs scripts: what it refuses comes back as its message. */
interface Server {
  /** `whole` runs all of it or nothing. */
  run(sql: string, whole: boolean): Promise<string | null>;
  ask(sql: string): Promise<string>;
}

/** A server of its own, reached with `psql`. */
function serverAt(url: string): Server {
  const psql = (sql: string, ...options: readonly string[]) =>
    spawnSync("psql", [url, "-X", "-q", "-A", "-t", ...options, "-f", "-"], {
      input: sql,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
  return {
    run: async (sql, whole) => {
      const { status, stderr } = psql(sql, "-v", "ON_ERROR_STOP=1", ...(whole ? ["-1"] : []));
      return status === 0 ? null : (stderr.split("\n").find((line) => /ERROR/.test(line)) ?? stderr);
    },
    ask: async (sql) => psql(sql).stdout,
  };
}

/** PostgreSQL in this process. */
async function embeddedServer(): Promise<Server> {
  const database = await PGlite.create({
    extensions: { btree_gin, btree_gist, citext, hstore, ltree, pg_trgm, pgcrypto, unaccent, uuid_ossp },
  });
  return {
    run: async (sql, whole) => {
      try {
        await database.exec(whole ? `BEGIN;\n${sql}\n;COMMIT;` : sql);
        return null;
      } catch (error) {
        await database.exec("ROLLBACK");
        return error instanceof Error ? error.message : String(error);
      }
    },
    ask: async (sql) => {
      const { rows } = await database.query<unknown[]>(sql, [], { rowMode: "array" });
      return rows.map(([value]) => (typeof value === "string" ? value : JSON.stringify(value))).join("\n");
    },
  };
}

async function askPostgres(
  server: Server,
  preparation: string,
  all: readonly Step[],
): Promise<Record<string, Table>> {
  const tables = async () =>
    (JSON.parse((await server.ask(POSTGRES_TABLES)) || "null") ?? {}) as Record<string, Table>;
  const extensions = (await server.ask("SELECT name FROM pg_available_extensions")).split("\n");
  const refusal = await server.run(preparation, false);
  if (refusal !== null) throw new Error(refusal);
  const given = Object.keys(await tables());
  for (const { name, sql: written } of all) {
    // Extensions that this server does not have are left out.
    const sql = written.replace(
      /^\s*(?:CREATE|COMMENT ON) EXTENSION(?: IF NOT EXISTS)? "?([\w-]+)"?[^;]*;/gim,
      (whole, extension: string) => (extensions.includes(extension) ? whole : ""),
    );
    if ((await server.run(sql, true)) === null) continue;
    // What cannot run in a transaction says so in the tool's own way.
    const failure = await server.run(sql, false);
    if (failure !== null) console.error(`${name}: ${failure}`);
  }
  return Object.fromEntries(Object.entries(await tables()).filter(([name]) => !given.includes(name)));
}

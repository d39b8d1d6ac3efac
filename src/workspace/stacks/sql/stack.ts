import type { Gap } from "../../ir/entry.ts";
import type { Migration } from "../../ir/migration.ts";
import type { Query } from "../../ir/query.ts";
import type { ModelUse } from "../../ir/reference.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import { folderOf } from "../../project-root.ts";
import type { SourceRef } from "../../source.ts";
import type { Contribution, FactsByUri, Stack } from "../stack.ts";
import { buildMigration } from "./build-migration.ts";
import { literalQuery, QueryIds, scriptQuery, usesOf } from "./build-query.ts";
import { type Database, databaseFor, findDatabases } from "./databases.ts";
import { extractHint } from "./extract-hint.ts";
import { extractPython } from "./extract-python.ts";
import { extractScript } from "./extract-script.ts";
import { extractTypeScript } from "./extract-typescript.ts";
import type { CodeFacts, ScriptFacts, SqlFacts } from "./facts.ts";
import { findMigrationFolders, type MigrationFolder } from "./migration-files.ts";
import { ProjectDialects } from "./project-dialects.ts";
import { sourceOf } from "./replay-context.ts";
import { descriptionSources, migrationSource, type SchemaSource, type Scripts } from "./schema-source.ts";

/** SQL written by hand: schemas, migrations, query files, and literals in Python and TypeScript. */
export const sqlStack: Stack<SqlFacts> = {
  id: "sql",
  title: "SQL",
  languages: ["sql", "python", "typescript", "prisma", "json", "toml"],
  version: 3,
  handsPlacesOn: true,
  marker:
    /^\s*(?:--[^\n]*\n\s*)*(?:--[^\n]*)?$|(?:SELECT|CREATE|ALTER|DROP|UPDATE|TRUNCATE|REFRESH|WITH|MERGE)\s|INSERT (?:INTO|OR|IGNORE)|DELETE FROM|REPLACE INTO|select\s[^;]{0,300}?\sfrom\s|insert into|delete from|update\s+[\w."]+\s+set\s|(?:create|alter|drop)\s+(?:table|index|unique|type|view|materialized|function|extension|schema|trigger|policy|sequence|domain|or replace|database|procedure|publication)|(?:Select|Create|Insert|Alter|Drop|Update)\s|(?:^|\n)[ \t]*(?:grant|revoke|comment|set|truncate|begin|commit|vacuum|refresh|call|do|merge|replace|copy|pragma|reindex|analyze|GRANT|REVOKE|COMMENT|SET|BEGIN|COMMIT|VACUUM|CALL|DO|COPY|PRAGMA|REINDEX|ANALYZE)\s[^\n]*;|["'`](?:BEGIN|COMMIT|ROLLBACK)\b|-- ?:?name|migrate:(?:up|down)|\+(?:goose|migrate)|provider\s*=|dialect\s*:|client\s*:\s*["'`]|psycopg|asyncpg|pymysql|aiomysql|sqlite3|"(?:pg|mysql2?|postgres|slonik)"/,
  extract(file) {
    switch (file.language) {
      case "sql":
        return extractScript(file.uri, file.text);
      case "python":
        return extractPython(file);
      case "typescript":
        return extractTypeScript(file);
      default:
        return extractHint(file.uri, file.text);
    }
  },
  resolve,
};

function resolve(facts: FactsByUri<SqlFacts>): Contribution {
  const scripts = new Map<string, ScriptFacts>();
  const code = new Map<string, CodeFacts>();
  for (const [uri, fact] of facts) {
    if (fact.k === "script") scripts.set(uri, fact);
    else if (fact.k === "code") code.set(uri, fact);
  }
  const dialects = new ProjectDialects(facts);
  const folders = findMigrationFolders(scripts);
  const inMigrations = new Set(
    folders.flatMap(({ entries }) => entries.flatMap(({ up, down }) => (down ? [up, down] : [up]))),
  );
  const histories = new Map(folders.map((folder) => [folder, migrationSource(folder, scripts, dialects)]));
  const descriptions = descriptionSources(scripts, inMigrations, dialects);
  const databases = findDatabases([...histories.values(), ...descriptions]);
  const { queries, uses } = queriesOf(scripts, code, inMigrations, dialects, databases);
  return {
    models: databases.flatMap(({ models }) => models),
    routes: [],
    queries,
    migrations: [...histories].flatMap(([folder, source]) =>
      migrationsOf(folder, source, folders.length, scripts, databases),
    ),
    uses,
    gaps: [...databases.flatMap(({ gaps }) => gaps), ...scriptGaps(scripts, inMigrations)],
  };
}

function migrationsOf(
  folder: MigrationFolder,
  source: SchemaSource,
  folders: number,
  scripts: Scripts,
  databases: readonly Database[],
): readonly Migration[] {
  const idOf = (name: string) => `migration:sql:${folder.path}#${name}`;
  const names = new Set(folder.entries.map(({ name }) => name));
  const database = databases.find((candidate) => candidate.includes(source));
  return folder.entries.flatMap((entry, index) => {
    const up = scripts.get(entry.up);
    if (!up) return [];
    const before = folder.entries[index - 1];
    const linear = before ? [before.name] : [];
    const needed = entry.tool === "sqitch" ? up.requires : linear;
    const touched = [...(source.touched.get(entry.up) ?? [])].map(
      ({ key }) => database?.idOfKey(key) ?? null,
    );
    return buildMigration({
      id: idOf(entry.name),
      app: folders > 1 ? folder.path : "",
      entry,
      up,
      down: entry.down === null ? null : (scripts.get(entry.down) ?? null),
      dialect: source.dialect,
      dependencies: needed.filter((name) => names.has(name)).map(idOf),
      externalDependencies: needed.filter((name) => !names.has(name)),
      modelIds: [...new Set(touched.filter((id) => id !== null))],
    });
  });
}

function queriesOf(
  scripts: Scripts,
  code: ReadonlyMap<string, CodeFacts>,
  inMigrations: ReadonlySet<string>,
  dialects: ProjectDialects,
  databases: readonly Database[],
): { readonly queries: readonly Query[]; readonly uses: readonly ModelUse[] } {
  const queries: Query[] = [];
  const uses: ModelUse[] = [];
  const ids = new QueryIds();
  const linksFor = (uri: string, tables: readonly SqlName[], evidence: CodeFacts["evidence"]) => {
    const database = databaseFor(databases, uri, tables);
    const judged = dialects.judge(uri, evidence);
    return {
      dialect: judged === "unknown" ? (database?.dialect ?? judged) : judged,
      modelIdOf: (name: SqlName) => database?.idOf(name) ?? null,
    };
  };
  for (const [uri, script] of scripts) {
    if (inMigrations.has(uri) || script.isDump) continue;
    for (const statement of script.statements) {
      const isQuery = statement.operation !== "ddl" && statement.operation !== "other" && !statement.isData;
      if (!isQuery && !statement.title) continue;
      const query = scriptQuery(uri, statement, linksFor(uri, statement.tables, script.evidence), ids);
      queries.push(query);
      uses.push(...usesOf(query, query.text.split("\n")[0] ?? ""));
    }
  }
  for (const [uri, { literals, evidence }] of code) {
    for (const literal of literals) {
      const query = literalQuery(uri, literal, linksFor(uri, literal.tables, evidence), ids);
      queries.push(query);
      uses.push(...usesOf(query, literal.line));
    }
  }
  return { queries, uses };
}

/** Scripts in other dialects, and statements outside of migrations and queries that were not understood. */
function scriptGaps(scripts: Scripts, inMigrations: ReadonlySet<string>): readonly Gap[] {
  const gaps: Gap[] = [];
  const foreign = new Map<string, { readonly dialect: string; readonly source: SourceRef; count: number }>();
  for (const [uri, script] of scripts) {
    if (script.foreign !== null) {
      const known = foreign.get(folderOf(uri));
      if (known) known.count++;
      else
        foreign.set(folderOf(uri), {
          dialect: script.foreign,
          source: sourceOf(uri, script.place),
          count: 1,
        });
    } else if (!inMigrations.has(uri)) gaps.push(...brokenStatements(uri, script));
  }
  for (const [folder, { dialect, source, count }] of foreign) {
    const what = count === 1 ? source.uri : `${count} scripts in ${folder || "the workspace"}`;
    gaps.push({ what, why: `SQL of ${dialect} is not read.`, source });
  }
  return gaps;
}

function brokenStatements(uri: string, { statements }: ScriptFacts): readonly Gap[] {
  return statements.flatMap(({ broken, verb, place }) =>
    broken === null
      ? []
      : [
          {
            what: `${verb || "statement"} in line ${place.span[0] + 1} of ${uri}`,
            why: broken,
            source: sourceOf(uri, place),
          },
        ],
  );
}

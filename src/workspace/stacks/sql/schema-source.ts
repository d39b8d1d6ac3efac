import type { SqlDialect } from "../../ir/query.ts";
import { addEvidence, NO_EVIDENCE } from "../../languages/sql/dialect.ts";
import { folderOf, projectRoot } from "../../project-root.ts";
import type { ScriptFacts } from "./facts.ts";
import type { MigrationFolder } from "./migration-files.ts";
import type { ProjectDialects } from "./project-dialects.ts";
import { SchemaReplay } from "./schema-replay.ts";
import type { TableState } from "./table-state.ts";

/** Files that together make a schema: a line of migrations, or what describes the result. */
export interface SchemaSource {
  readonly kind: "migrations" | "description";
  /** Folder of migrations; file or folder of a description. */
  readonly path: string;
  readonly root: string;
  readonly dialect: SqlDialect;
  readonly replay: SchemaReplay;
  /** Tables that the steps of a migration made, changed, used or dropped, by uri. */
  readonly touched: ReadonlyMap<string, ReadonlySet<TableState>>;
  /** Keys of tables that some statement made, also of those that a later one dropped. */
  readonly created: ReadonlySet<string>;
}

export type Scripts = ReadonlyMap<string, ScriptFacts>;

export function migrationSource(
  folder: MigrationFolder,
  scripts: Scripts,
  dialects: ProjectDialects,
): SchemaSource {
  return replaySource(
    "migrations",
    folder.path,
    folder.entries.map(({ up }) => up),
    scripts,
    dialects,
  );
}

/** Scripts outside of migrations that create tables: each dump by itself, other files by their folder. */
export function descriptionSources(
  scripts: Scripts,
  migrations: ReadonlySet<string>,
  dialects: ProjectDialects,
): readonly SchemaSource[] {
  const groups = new Map<string, string[]>();
  for (const [uri, facts] of scripts) {
    if (
      migrations.has(uri) ||
      !facts.statements.some(({ definitions }) => definitions.some(({ k }) => k === "table"))
    )
      continue;
    const path = facts.isDump ? uri : schemaFolder(uri);
    const group = groups.get(path) ?? [];
    groups.set(path, group);
    group.push(uri);
  }
  return [...groups].map(([path, uris]) => replaySource("description", path, uris, scripts, dialects));
}

/** A schema kept in several files: the outermost folder that is named after it, else the folder of the file. */
function schemaFolder(uri: string): string {
  const folder = folderOf(uri);
  const segments = folder.split("/");
  const at = segments.findIndex((segment) => /^(?:schemas?|ddl|tables)$/i.test(segment));
  return at < 0 ? folder : segments.slice(0, at + 1).join("/");
}

function replaySource(
  kind: SchemaSource["kind"],
  path: string,
  uris: readonly string[],
  scripts: Scripts,
  dialects: ProjectDialects,
): SchemaSource {
  const evidence = uris.reduce(
    (sum, uri) => addEvidence(sum, scripts.get(uri)?.evidence ?? NO_EVIDENCE),
    NO_EVIDENCE,
  );
  const dialect = dialects.judge(uris[0] ?? path, evidence);
  const replay = new SchemaReplay(dialect);
  const touched = new Map<string, ReadonlySet<TableState>>();
  const created = new Set<string>();
  for (const uri of uris) {
    replay.startFile();
    const tables = new Set<TableState>();
    for (const statement of scripts.get(uri)?.statements ?? []) {
      if (statement.section === "down") continue;
      for (const table of replay.apply(uri, statement)) tables.add(table);
      for (const definition of statement.definitions) {
        if (definition.k === "table") created.add(replay.keyOf(definition.name));
      }
    }
    touched.set(uri, tables);
  }
  const file = kind === "description" && scripts.has(path);
  return { kind, path, root: projectRoot(file ? folderOf(path) : path), dialect, replay, touched, created };
}

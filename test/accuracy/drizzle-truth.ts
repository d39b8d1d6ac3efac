/**
 * Asks Drizzle ORM what the tables of a project consist of, and prints it as one JSON document:
 *
 *     node test/accuracy/drizzle-truth.ts FOLDER PROJECT_FILE FILE… > truth.json
 *
 * FOLDER is one in which `npm i drizzle-orm drizzle-zod zod typescript@5` was run. PROJECT_FILE is the JSON of a
 * `DrizzleProject`; the files, from its root, are those that declare tables and relations. Names are those of the
 * database, so compare with `--tables`.
 */
import { writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { loadableProject, type ProjectToLoad } from "./load-project.ts";

interface DrizzleProject extends ProjectToLoad {
  /** What the client is set up with, for columns that have no name of their own. */
  readonly casing?: "snake_case" | "camelCase";
}

interface Column {
  readonly name: string;
  readonly primary: boolean;
  readonly notNull: boolean;
  readonly isUnique: boolean;
  /** Named like its key, because no name was given. */
  readonly keyAsName: boolean;
  getSQLType(): string;
}

interface TableConfig {
  readonly name: string;
  readonly schema?: string;
  readonly columns: readonly Column[];
  readonly primaryKeys: readonly { readonly columns: readonly Column[] }[];
  readonly uniqueConstraints: readonly { readonly columns: readonly Column[] }[];
  readonly indexes: readonly {
    readonly config: { readonly columns: readonly Partial<Column>[]; readonly unique?: boolean };
  }[];
  readonly foreignKeys: readonly {
    reference(): {
      readonly columns: readonly Column[];
      readonly foreignTable: object;
      readonly foreignColumns: readonly Column[];
    };
  }[];
}

interface ViewConfig {
  readonly name: string;
  readonly schema?: string;
  readonly selectedFields: Readonly<Record<string, Partial<Column>>>;
}

interface Core {
  getTableConfig(table: object): TableConfig;
  getViewConfig(view: object): ViewConfig;
  getMaterializedViewConfig?(view: object): ViewConfig;
}

type Class = abstract new (...args: never[]) => object;

const [folder, projectFile, ...files] = process.argv.slice(2);
if (folder === undefined || projectFile === undefined)
  throw new Error("Usage: drizzle-truth.ts FOLDER PROJECT FILE…");
const project = JSON.parse(await readFile(projectFile, "utf8")) as DrizzleProject;
const require = loadableProject(folder, project);
const orm = require("drizzle-orm") as {
  is(value: unknown, type: Class): boolean;
  getTableUniqueName(table: object): string;
  extractTablesRelationalConfig(
    schema: object,
    helpers: unknown,
  ): {
    readonly tables: Readonly<
      Record<
        string,
        { readonly dbName: string; readonly relations: Readonly<Record<string, { referencedTable: object }>> }
      >
    >;
  };
  readonly createTableRelationsHelpers: unknown;
};
const { toSnakeCase, toCamelCase } = require("drizzle-orm/casing") as Readonly<
  Record<"toSnakeCase" | "toCamelCase", (name: string) => string>
>;
const kinds = (
  [
    ["pg", "PgTable", "PgView", "PgMaterializedView"],
    ["mysql", "MySqlTable", "MySqlView", null],
    ["sqlite", "SQLiteTable", "SQLiteView", null],
  ] as const
).map(([dialect, table, view, materialized]) => {
  const core = require(`drizzle-orm/${dialect}-core`) as Core & Readonly<Record<string, Class>>;
  return { core, table: core[table], view: core[view], materialized: materialized && core[materialized] };
});

const tables = new Set<object>();
const models: Record<string, unknown> = {};
const declared: string[] = [];
const schema: Record<string, unknown> = {};
for (const file of files) {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = require(path.join(project.root, file)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    continue;
  }
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value !== "object" || value === null) continue;
    if (!tables.has(value)) schema[`${file}#${name}`] = value;
    add(value);
  }
}
for (const { dbName, relations } of Object.values(
  orm.extractTablesRelationalConfig(schema, orm.createTableRelationsHelpers).tables,
)) {
  for (const [name, { referencedTable }] of Object.entries(relations))
    declared.push(`${dbName}.${name} → ${tableName(referencedTable)}`);
}
writeSync(1, JSON.stringify({ models, declared, routes: [], migrations: [] }, null, 1));
process.exit(0);

function add(value: object): void {
  if (tables.has(value)) return;
  for (const { core, table, view, materialized } of kinds) {
    const viewConfig =
      view && orm.is(value, view)
        ? core.getViewConfig(value)
        : materialized && orm.is(value, materialized)
          ? core.getMaterializedViewConfig?.(value)
          : undefined;
    if (viewConfig) addModel(value, viewConfig, Object.values(viewConfig.selectedFields), [], {});
    if (table && orm.is(value, table)) addTable(value, core.getTableConfig(value));
  }
}

function addTable(value: object, config: TableConfig): void {
  const { columns, primaryKeys, uniqueConstraints, indexes, foreignKeys } = config;
  const primary = columns.filter((column) => column.primary);
  const found = [
    ...(primary.length > 0 ? [{ columns: primary, unique: true }] : []),
    ...primaryKeys.map((key) => ({ columns: key.columns, unique: true })),
    ...columns.filter(({ isUnique }) => isUnique).map((column) => ({ columns: [column], unique: true })),
    ...uniqueConstraints.map((key) => ({ columns: key.columns, unique: true })),
    ...indexes.map(({ config: index }) => ({ columns: index.columns, unique: index.unique ?? false })),
  ];
  const relations = Object.fromEntries(
    foreignKeys.map((key) => {
      const { columns: own, foreignTable, foreignColumns } = key.reference();
      return [named(own), `${tableName(foreignTable)}(${named(foreignColumns)})`];
    }),
  );
  addModel(value, config, columns, found, relations);
}

function addModel(
  value: object,
  { name, schema: namespace }: { readonly name: string; readonly schema?: string },
  columns: readonly Partial<Column>[],
  indexes: readonly { readonly columns: readonly Partial<Column>[]; readonly unique: boolean }[],
  relations: Readonly<Record<string, string>>,
): void {
  tables.add(value);
  models[namespace ? `${namespace}.${name}` : name] = {
    fields: Object.fromEntries(
      columns
        .filter(isColumn)
        .map((column) => [nameOf(column), `${column.getSQLType()}${column.notNull ? " not null" : ""}`]),
    ),
    relations,
    indexes: indexes
      .filter((index) => index.columns.every(isColumn))
      .map((index) => ({ columns: index.columns.filter(isColumn).map(nameOf), unique: index.unique })),
  };
}

/** Not an expression: those of an index hold the name alone, those of a table all. */
function isColumn(part: Partial<Column>): part is Column {
  return part.name !== undefined;
}

function named(columns: readonly Column[]): string {
  return columns.map(nameOf).join(", ");
}

function nameOf({ name, keyAsName }: Column): string {
  if (!keyAsName || !project.casing) return name;
  return project.casing === "snake_case" ? toSnakeCase(name) : toCamelCase(name);
}

function tableName(table: object): string {
  return orm.getTableUniqueName(table).replace(/^public\./, "");
}

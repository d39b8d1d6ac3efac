/**
 * Asks TypeORM what the entities of a project consist of, and prints it as one JSON document:
 *
 *     node test/accuracy/typeorm-truth.ts FOLDER PROJECT_FILE FILE… > truth.json
 *
 * FOLDER is one in which `npm i typeorm@0.3 reflect-metadata typescript@5` was run, and what the project's entities need
 * besides. PROJECT_FILE is the JSON of a `TypeormProject`; the files, from its root, are those that declare entities.
 * Names are those of the database, so compare with `--tables`. Tables that only join two others are left out: the
 * relations that need them are there.
 */
import { writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isStandIn, loadableProject, type ProjectToLoad } from "./load-project.ts";

interface TypeormProject extends ProjectToLoad {
  readonly type: "postgres" | "mysql" | "better-sqlite3";
  /** A naming strategy of the project: file and name of the class. */
  readonly naming?: readonly [file: string, name: string];
  readonly entityPrefix?: string;
  /** A file whose default export changes what the entities declare, before the metadata is built. */
  readonly prepare?: string;
}

interface Column {
  readonly databaseName: string;
  readonly isVirtual: boolean;
  readonly isNullable: boolean;
}

interface Keyed {
  readonly columns: readonly Column[];
}

interface EntityMetadata {
  readonly tablePath: string;
  readonly tableType: string;
  readonly columns: readonly Column[];
  readonly primaryColumns: readonly Column[];
  readonly indices: readonly (Keyed & { readonly isUnique: boolean })[];
  readonly uniques: readonly Keyed[];
  readonly foreignKeys: readonly {
    readonly columnNames: readonly string[];
    readonly referencedEntityMetadata: EntityMetadata;
    readonly referencedColumnNames: readonly string[];
  }[];
  readonly relations: readonly {
    readonly propertyPath: string;
    readonly inverseEntityMetadata: EntityMetadata;
  }[];
}

interface Driver {
  createFullType(column: object): string;
}

interface DataSource {
  readonly driver: Driver;
  readonly entityMetadatas: readonly EntityMetadata[];
  buildMetadatas(): Promise<void>;
}

interface Typeorm {
  readonly DataSource: new (options: object) => DataSource;
  readonly EntitySchema: new (...args: never[]) => object;
  getMetadataArgsStorage(): { readonly tables: readonly { readonly target: unknown }[] };
}

const [folder, projectFile, ...files] = process.argv.slice(2);
if (folder === undefined || projectFile === undefined)
  throw new Error("Usage: typeorm-truth.ts FOLDER PROJECT FILE…");
const project = JSON.parse(await readFile(projectFile, "utf8")) as TypeormProject;
const require = loadableProject(folder, project);
require("reflect-metadata");
const typeorm = require("typeorm") as Typeorm;
const { TableUtils } = require("typeorm/schema-builder/util/TableUtils") as {
  readonly TableUtils: { createTableColumnOptions(column: Column, driver: Driver): object };
};
const { TableColumn } = require("typeorm/schema-builder/table/TableColumn") as {
  readonly TableColumn: new (options: object) => object;
};
const { PlatformTools } = require("typeorm/platform/PlatformTools") as {
  readonly PlatformTools: { load(name: string): unknown };
};
// Nothing is connected to: drivers are asked for types only.
const driverless = { verbose: () => driverless };
PlatformTools.load = () => driverless;
const schemas = new Set<unknown>();
for (const file of files) {
  try {
    const exported = require(path.join(project.root, file)) as Readonly<Record<string, unknown>>;
    for (const value of Object.values(exported))
      if (value instanceof typeorm.EntitySchema) schemas.add(value);
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (project.prepare !== undefined)
  ((await import(path.resolve(project.prepare))) as { default(require: NodeJS.Require): void }).default(
    require,
  );
const classes = typeorm
  .getMetadataArgsStorage()
  .tables.map(({ target }) => target)
  .filter((target) => typeof target === "function" && !isStandIn(target));
const source = new typeorm.DataSource({
  type: project.type,
  database: ":memory:",
  entities: [...classes, ...schemas],
  entityPrefix: project.entityPrefix,
  namingStrategy: namingOf(project),
});
try {
  await source.buildMetadatas();
} catch (error) {
  // What is built is there before it is judged: a property without its type is none of ours.
  console.error(error instanceof Error ? error.message : String(error));
}

const models: Record<
  string,
  {
    fields: Record<string, string | null>;
    relations: Record<string, string>;
    indexes: { columns: readonly string[]; unique: boolean }[];
  }
> = {};
const declared = new Set<string>();
for (const metadata of source.entityMetadatas) {
  const { tablePath, tableType, columns, primaryColumns, indices, uniques, foreignKeys } = metadata;
  if (/junction/.test(tableType)) continue;
  // Entities that share a table add to it.
  models[tablePath] ??= { fields: {}, relations: {}, indexes: [] };
  const { fields, relations, indexes } = models[tablePath];
  for (const column of columns) fields[column.databaseName] ??= typeOf(column);
  for (const { columnNames, referencedEntityMetadata, referencedColumnNames } of foreignKeys)
    relations[columnNames.join(", ")] =
      `${referencedEntityMetadata.tablePath}(${referencedColumnNames.join(", ")})`;
  if (primaryColumns.length > 0) indexes.push(indexOf({ columns: primaryColumns }, true));
  for (const index of indices) indexes.push(indexOf(index, index.isUnique));
  for (const unique of uniques) indexes.push(indexOf(unique, true));
  for (const { propertyPath, inverseEntityMetadata } of metadata.relations)
    declared.add(`${tablePath}.${propertyPath} → ${inverseEntityMetadata.tablePath}`);
}
writeSync(1, JSON.stringify({ models, declared: [...declared], routes: [], migrations: [] }, null, 1));
process.exit(0);

function namingOf({ root, naming }: TypeormProject): object | undefined {
  if (!naming) return undefined;
  const [file, name] = naming;
  const exported = require(file.startsWith(".") ? path.join(root, file) : file) as Readonly<
    Record<string, new () => object>
  >;
  const Strategy = exported[name];
  if (!Strategy) throw new Error(`No ${name} in ${file}.`);
  return new Strategy();
}

/** Null where the type is one of the project's that is not at hand. */
function typeOf(column: Column): string | null {
  const type = source.driver.createFullType(
    new TableColumn(TableUtils.createTableColumnOptions(column, source.driver)),
  );
  return /function/.test(type) ? null : type + (column.isNullable ? "" : " not null");
}

function indexOf({ columns }: Keyed, unique: boolean) {
  return { columns: columns.map(({ databaseName }) => databaseName), unique };
}

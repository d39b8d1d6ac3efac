/**
 * Asks Mongoose what the schemas of a project consist of, and prints it as one JSON document:
 *
 *     node test/accuracy/mongoose-truth.ts FOLDER PROJECT_FILE FILE… > truth.json
 *
 * FOLDER is one in which `npm i mongoose @nestjs/mongoose@11 @nestjs/common @nestjs/core reflect-metadata rxjs
 * typescript@5` was run. PROJECT_FILE is the JSON of a `ProjectToLoad`; the files, from its root, are those that
 * declare schemas and models.
 */
import { writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { loadableProject, type ProjectToLoad } from "./load-project.ts";

interface SchemaType {
  readonly instance: string;
  readonly schema?: Schema;
  readonly embeddedSchemaType?: SchemaType;
  readonly caster?: SchemaType;
  readonly options: { readonly ref?: Reference; readonly type?: unknown };
}

interface Schema {
  readonly paths: Readonly<Record<string, SchemaType>>;
  eachPath(visit: (name: string, type: SchemaType) => void): void;
  indexes(): readonly (readonly [Readonly<Record<string, unknown>>, { readonly unique?: boolean }])[];
}

interface Model {
  readonly modelName: string;
  readonly baseModelName?: string;
  readonly schema: Schema;
}

interface Mongoose {
  readonly connections: readonly { readonly models: Readonly<Record<string, Model>> }[];
  connect: unknown;
}

type Reference = string | { readonly modelName?: string; readonly name: string };

const [folder, projectFile, ...files] = process.argv.slice(2);
if (folder === undefined || projectFile === undefined)
  throw new Error("Usage: mongoose-truth.ts FOLDER PROJECT FILE…");
const project = JSON.parse(await readFile(projectFile, "utf8")) as ProjectToLoad;
const require = loadableProject(folder, project);
const mongoose = require("mongoose") as Mongoose;
mongoose.connect = () => Promise.resolve(mongoose);
for (const file of files) {
  try {
    require(path.join(project.root, file));
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const models = mongoose.connections.flatMap(({ models: made }) => Object.values(made));
const byName = new Map(models.map((model) => [model.modelName, model]));
writeSync(
  1,
  JSON.stringify({ models: Object.fromEntries(models.map(described)), routes: [], migrations: [] }, null, 1),
);
process.exit(0);

function described(model: Model) {
  const fields: Record<string, string> = {};
  const relations: Record<string, string> = {};
  walk(model.schema, "", [keyOf(model.schema)], fields, relations);
  const base = byName.get(model.baseModelName ?? "");
  const indexes = new Map(
    [...(base?.schema.indexes() ?? []), ...model.schema.indexes()].map(([keys, { unique = false }]) => {
      const columns = Object.keys(keys);
      return [`${columns.join()} ${unique}`, { columns, unique }] as const;
    }),
  );
  return [
    model.modelName,
    { fields, relations, indexes: [{ columns: ["_id"], unique: true }, ...indexes.values()] },
  ] as const;
}

/** Paths, also those of the schemas inside; a schema that holds itself is gone through once. */
function walk(
  schema: Schema,
  prefix: string,
  open: readonly string[],
  fields: Record<string, string>,
  relations: Record<string, string>,
): void {
  schema.eachPath((name, type) => {
    if (name.includes("$*")) return;
    const item = type.embeddedSchemaType ?? type.caster;
    const ref = type.options.ref ?? item?.options.ref;
    fields[prefix + name] = type.instance;
    if (ref) relations[prefix + name] = typeof ref === "string" ? ref : (ref.modelName ?? ref.name);
    const inner = type.schema;
    if (inner && !open.includes(keyOf(inner)))
      walk(inner, `${prefix}${name}.`, [...open, keyOf(inner)], fields, relations);
  });
}

function keyOf(schema: Schema): string {
  return Object.keys(schema.paths).sort().join();
}

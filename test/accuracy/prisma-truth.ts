/**
 * Asks Prisma's own parser what a schema consists of (its DMMF), and prints it as one JSON document:
 *
 *     node test/accuracy/prisma-truth.ts FOLDER_WITH_INTERNALS SCHEMA_FILE… > truth.json
 *
 * The first argument is a folder in which `npm i @prisma/internals` was run; the package is too large to be one of
 * ours. Several files are one schema, as Prisma reads a folder.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

interface DmmfField {
  readonly name: string;
  readonly kind: "scalar" | "enum" | "object" | "unsupported";
  readonly dbName?: string | null;
  readonly type: string;
  readonly isList: boolean;
  readonly isId: boolean;
  readonly isUnique: boolean;
  readonly relationName?: string;
  readonly relationFromFields?: readonly string[];
}

interface DmmfModel {
  readonly name: string;
  readonly dbName: string | null;
  readonly fields: readonly DmmfField[];
}

interface DmmfIndex {
  readonly model: string;
  readonly type: "id" | "normal" | "unique" | "fulltext";
  readonly fields: readonly { readonly name: string }[];
}

interface Dmmf {
  readonly datamodel: { readonly models: readonly DmmfModel[]; readonly indexes: readonly DmmfIndex[] };
}

interface Internals {
  getDMMF(options: { datamodel: [string, string][] }): Promise<Dmmf>;
}

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined || files.length === 0) throw new Error("Usage: prisma-truth.ts FOLDER SCHEMA…");
const { getDMMF } = createRequire(path.join(path.resolve(folder), "index.js"))(
  "@prisma/internals",
) as Internals;
const datamodel = await Promise.all(
  files.map(async (file): Promise<[string, string]> => [file, await readFile(file, "utf8")]),
);
const { models, indexes } = (await getDMMF({ datamodel })).datamodel;
const byName = new Map(models.map((model) => [model.name, model]));

/** The side that holds the key; of an implicit many-to-many the side that its table calls A: the first by name. */
function isForward({ name }: DmmfModel, field: DmmfField): boolean {
  if ((field.relationFromFields ?? []).length > 0) return true;
  const back = byName
    .get(field.type)
    ?.fields.find(
      (other) => other.relationName === field.relationName && other.type === name && other !== field,
    );
  if (!field.isList || !back?.isList) return false;
  return name === field.type ? field.name < back.name : name < field.type;
}

const described = models.map((model) => {
  const columns = model.fields.filter(({ kind }) => kind !== "object");
  const column = (name: string) => columns.find((field) => field.name === name)?.dbName ?? name;
  return [
    model.name,
    {
      table: model.dbName ?? model.name,
      fields: Object.fromEntries(columns.map((field) => [field.name, { column: column(field.name) }])),
      relations: Object.fromEntries(
        model.fields
          .filter((field) => field.kind === "object" && isForward(model, field))
          .map((field) => [field.name, field.type]),
      ),
      indexes: indexes
        .filter((index) => index.model === model.name)
        .map(({ type, fields }) => ({
          columns: fields.map(({ name }) => column(name)),
          unique: type === "id" || type === "unique",
        })),
    },
  ] as const;
});
console.log(JSON.stringify({ models: Object.fromEntries(described), routes: [], migrations: [] }, null, 1));

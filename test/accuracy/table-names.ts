import type { Model } from "../../src/workspace/ir/model.ts";
import type { Names, Truth } from "./truth.ts";

/** Tables, columns, types and foreign keys of the catalog by what they are called in the database. */
export function tablesOfCatalog(models: readonly Model[], truth: Truth): Names {
  const tables = models.flatMap((model) =>
    model.table === null || model.abstract ? [] : [{ model, table: model.table }],
  );
  const byId = new Map(tables.map(({ model, table }) => [model.id, table]));
  const relations = tables.flatMap(({ model, table }) =>
    model.relations.map((relation) => {
      const target = byId.get(relation.targetId ?? "") ?? relation.target;
      return { ...relation, table, target, shown: `${table}.${relation.name} → ${target}` };
    }),
  );
  const columns = tables.flatMap(({ model, table }) =>
    model.fields.flatMap((field) =>
      field.column === null ? [] : [{ ...field, shown: `${table}.${field.column}` }],
    ),
  );
  const typed = new Set(typedColumns(truth).map(({ shown }) => shown));
  const indexes = tables.flatMap(({ model, table }) =>
    model.indexes
      // MySQL makes those of foreign keys by itself.
      .filter(({ origin }) => origin !== "foreign-key")
      .filter((index) => index.columns.every(({ column }) => column !== null))
      .map((index) =>
        indexName(
          table,
          index.columns.map(({ column }) => column),
          index.unique,
        ),
      ),
  );
  const foreignKeys = relations.filter(
    (relation) => relation.direction === "forward" && relation.enforced && relation.columns.length > 0,
  );
  return new Map([
    ["tables", new Set(tables.map(({ table }) => table))],
    ["columns", new Set(columns.map(({ shown }) => shown))],
    [
      "types",
      new Set(
        columns
          .filter(({ shown }) => typed.has(shown))
          .map(({ shown, type, nullable }) =>
            typeName(shown, `${type.native ?? "unknown"}${nullable ? "" : " not null"}`),
          ),
      ),
    ],
    [
      "foreign keys",
      new Set(
        foreignKeys.map((key) =>
          keyName(key.table, key.columns, `${key.target}(${key.targetColumns.join(", ")})`),
        ),
      ),
    ],
    ["indexes", new Set(indexes)],
    [
      // What a foreign key stands for has a name too, whether it was declared or not.
      "relations",
      new Set(
        relations
          .filter(({ enforced, shown }) => !enforced || truth.declared?.includes(shown))
          .map(({ shown }) => shown),
      ),
    ],
  ]);
}

/** The same names as the framework or the database has them. */
export function tablesOfTruth(truth: Truth): Names {
  const models = Object.entries(truth.models);
  return new Map([
    ["tables", new Set(models.map(([table]) => table))],
    [
      "columns",
      new Set(models.flatMap(([table, { fields }]) => Object.keys(fields).map((name) => `${table}.${name}`))),
    ],
    ["types", new Set(typedColumns(truth).map(({ shown, type }) => typeName(shown, type)))],
    [
      "foreign keys",
      new Set(
        models.flatMap(([table, { relations }]) =>
          Object.entries(relations).map(([own, target]) => keyName(table, own.split(", "), target)),
        ),
      ),
    ],
    [
      "indexes",
      new Set(
        models.flatMap(([table, { indexes }]) =>
          indexes.map(({ columns, unique }) => indexName(table, columns, unique)),
        ),
      ),
    ],
    ["relations", new Set(truth.declared ?? [])],
    ["migrations", new Set(truth.migrations)],
  ]);
}

/** Columns whose type the framework knows: one that is a name of the project's may not be at hand. */
function typedColumns({ models }: Truth): readonly { readonly shown: string; readonly type: string }[] {
  return Object.entries(models).flatMap(([table, { fields }]) =>
    Object.entries(fields).flatMap(([name, type]) =>
      typeof type === "string" ? [{ shown: `${table}.${name}`, type }] : [],
    ),
  );
}

function indexName(table: string, columns: readonly (string | null)[], unique: boolean): string {
  return `${table}(${columns.join(", ")})${unique ? " unique" : ""}`;
}

function keyName(table: string, columns: readonly string[], target: string): string {
  return `${table}(${columns.join(", ")}) → ${target}`;
}

/** Types have several ways of writing; what counts up by itself is a number, how texts are compared is none of it. */
function typeName(column: string, type: string): string {
  const plain = type
    .toLowerCase()
    .replace(/\bbigserial\b/, "bigint")
    .replace(/\bsmallserial\b/, "smallint")
    .replace(/\b(?:serial|int)\b/, "integer")
    .replace(/\bcharacter varying\b/, "varchar")
    .replace(/\b(?:character|bpchar)\b/, "char")
    .replace(/\bdecimal\b/, "numeric")
    .replace(/ collate \w+/, "")
    .replace(/ without time zone/, "")
    .replaceAll('"', "")
    .replace(/ array\b/, "[]")
    .replace(/\s*([(),])\s*/g, "$1");
  return `${column}: ${plain}`;
}

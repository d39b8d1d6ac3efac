/**
 * Compares what the catalog of a project says with what its framework says of it, by name:
 *
 *     npm run aksara -- catalog --workspace DIR --format json > catalog.json
 *     node test/accuracy/compare.ts truth.json catalog.json [--show] [--under FOLDER] [--tables] [--stack STACK]
 *
 * Prints for each kind how many names both have, recall and precision; `--show` lists the names that one of them lacks.
 * `--under` and `--stack` leave out what the catalog found elsewhere and with another reader. `--tables` compares by the
 * names of the database instead of those of the classes: tables, columns with their types, foreign keys. Of the routes, those whose handler lies outside of the project count for neither.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Migration } from "../../src/workspace/ir/migration.ts";
import type { Model } from "../../src/workspace/ir/model.ts";
import type { Route } from "../../src/workspace/ir/route.ts";

/** What a framework was asked: see the programs beside this one. Names are the framework's own. */
interface Truth {
  readonly models: Readonly<
    Record<
      string,
      {
        /** With `--tables` the type in SQL, followed by ` not null`. */
        readonly fields: Readonly<Record<string, unknown>>;
        /** With `--tables` the columns of a foreign key, and `table(columns)`. */
        readonly relations: Readonly<Record<string, string>>;
        readonly indexes: readonly { readonly columns: readonly string[]; readonly unique: boolean }[];
      }
    >
  >;
  readonly routes: readonly {
    readonly path: readonly string[];
    readonly methods: readonly string[];
    /** Whether the handler is the project's own. */
    readonly own: boolean | null;
  }[];
  readonly migrations: readonly string[];
  /** Relations by name that need not be foreign keys: `posts.author → users`. */
  readonly declared?: readonly string[];
}

interface Listing {
  readonly models: readonly Model[];
  readonly routes: readonly Route[];
  readonly migrations: readonly Migration[];
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

function namesOfTruth(truth: Truth): Names {
  const models = Object.entries(truth.models);
  return new Map([
    ["models", new Set(models.map(([name]) => name))],
    [
      "fields",
      new Set(models.flatMap(([name, { fields }]) => Object.keys(fields).map((field) => `${name}.${field}`))),
    ],
    [
      "relations",
      new Set(
        models.flatMap(([name, { relations }]) =>
          Object.entries(relations).map(([field, target]) => `${name}.${field} → ${target}`),
        ),
      ),
    ],
    [
      "indexes",
      new Set(
        models.flatMap(([name, { indexes }]) =>
          indexes.map(({ columns, unique }) => `${name}(${columns.join(", ")})${unique ? " unique" : ""}`),
        ),
      ),
    ],
    [
      "routes",
      new Set(
        truth.routes
          .filter(({ own }) => own)
          .flatMap(({ path, methods }) => methods.map((method) => `${method} ${plainPath(path)}`)),
      ),
    ],
    ["migrations", new Set(truth.migrations)],
  ]);
}

function namesOfCatalog({ models, routes, migrations }: Listing): Names {
  const concrete = models.filter(({ abstract }) => !abstract);
  return new Map([
    ["models", new Set(concrete.map(({ qualifiedName }) => qualifiedName))],
    [
      "fields",
      new Set(
        concrete.flatMap(({ qualifiedName, fields }) =>
          fields.filter(({ column }) => column !== null).map(({ name }) => `${qualifiedName}.${name}`),
        ),
      ),
    ],
    [
      "relations",
      new Set(
        concrete.flatMap(({ qualifiedName, relations }) =>
          relations
            .filter(({ direction }) => direction === "forward")
            .map(({ name, target }) => `${qualifiedName}.${name} → ${target}`),
        ),
      ),
    ],
    [
      "indexes",
      new Set(
        concrete.flatMap(({ qualifiedName, indexes }) =>
          indexes
            .filter(({ columns }) => columns.every(({ column }) => column !== null))
            .map(
              ({ columns, unique }) =>
                `${qualifiedName}(${columns.map(({ column }) => column).join(", ")})${unique ? " unique" : ""}`,
            ),
        ),
      ),
    ],
    [
      "routes",
      new Set(
        routes
          .filter(({ handlerSource }) => handlerSource !== null)
          .map(({ method, path }) => `${method} ${plainPath([path])}`),
      ),
    ],
    ["migrations", new Set(migrations.map(({ app, name }) => (app ? `${app}.${name}` : name)))],
  ]);
}

/** Tables, columns, types and foreign keys by what they are called in the database. */
function tablesOfCatalog(models: readonly Model[], { declared = [] }: Truth): Names {
  const tables = models.flatMap((model) =>
    model.table === null || model.abstract ? [] : [{ model, table: model.table }],
  );
  const byId = new Map(tables.map(({ model, table }) => [model.id, table]));
  const columns = tables.flatMap(({ model, table }) =>
    model.fields.flatMap((field) =>
      field.column === null ? [] : [{ field, name: `${table}.${field.column}` }],
    ),
  );
  const relations = tables.flatMap(({ model, table }) =>
    model.relations.map((relation) => ({
      relation,
      table,
      target: byId.get(relation.targetId ?? "") ?? relation.target,
    })),
  );
  return new Map([
    ["tables", new Set(tables.map(({ table }) => table))],
    ["columns", new Set(columns.map(({ name }) => name))],
    [
      "types",
      new Set(
        columns.map(
          ({ field, name }) =>
            `${name}: ${plainType(`${field.type.native ?? "?"}${field.nullable ? "" : " not null"}`)}`,
        ),
      ),
    ],
    [
      "foreign keys",
      new Set(
        relations
          .filter(
            ({ relation }) =>
              relation.direction === "forward" && relation.enforced && relation.columns.length > 0,
          )
          .map(
            ({ relation, table, target }) =>
              `${table}(${relation.columns.join(", ")}) → ${target}(${relation.targetColumns.join(", ")})`,
          ),
      ),
    ],
    [
      "indexes",
      new Set(
        tables.flatMap(({ model, table }) =>
          model.indexes
            .filter(
              ({ columns: parts, origin }) =>
                origin !== "foreign-key" && parts.every(({ column }) => column !== null),
            )
            .map((index) =>
              indexName(
                table,
                index.columns.map(({ column }) => column),
                index.unique,
              ),
            ),
        ),
      ),
    ],
    // What a foreign key stands for has a name too, whether it was declared or not.
    [
      "relations",
      new Set(
        relations
          .map(({ relation, table, target }) => ({ name: `${table}.${relation.name} → ${target}`, relation }))
          .filter(({ name, relation }) => !relation.enforced || declared.includes(name))
          .map(({ name }) => name),
      ),
    ],
  ]);
}

function tablesOfTruth(truth: Truth): Names {
  const models = Object.entries(truth.models);
  const columns = models.flatMap(([table, { fields }]) =>
    Object.entries(fields).map(([name, type]) => ({ name: `${table}.${name}`, type })),
  );
  return new Map([
    ["tables", new Set(models.map(([table]) => table))],
    ["columns", new Set(columns.map(({ name }) => name))],
    ["types", new Set(columns.map(({ name, type }) => `${name}: ${plainType(String(type))}`))],
    [
      "foreign keys",
      new Set(
        models.flatMap(([table, { relations }]) =>
          Object.entries(relations).map(([own, target]) => `${table}(${own}) → ${target}`),
        ),
      ),
    ],
    [
      "indexes",
      new Set(
        models.flatMap(([table, { indexes }]) =>
          indexes.map(({ columns: parts, unique }) => indexName(table, parts, unique)),
        ),
      ),
    ],
    ["relations", new Set(truth.declared ?? [])],
    ["migrations", new Set(truth.migrations)],
  ]);
}

function indexName(table: string, columns: readonly (string | null)[], unique: boolean): string {
  return `${table}(${columns.join(", ")})${unique ? " unique" : ""}`;
}

/** A type without the ways of writing it: what counts up by itself is a number, how texts are compared is none of it. */
function plainType(type: string): string {
  return type
    .replace(
      /\b(small|big)?serial\b/i,
      (_whole, size = "") => ({ big: "bigint", small: "smallint" })[size as string] ?? "integer",
    )
    .replace(/ collate \w+/i, "")
    .toLowerCase()
    .replace(/\s*([(),])\s*/g, "$1")
    .replace(/ without time zone/g, "");
}

/** A path in one notation, whatever writes it: parameters as `<name>`, without anchors and converters. */
function plainPath(parts: readonly string[]): string {
  const text = parts
    .map((part) => part.replace(/^\^+/, "").replace(/\$$|\\Z$/, ""))
    .join("")
    .replace(/^\/*/, "/");
  return withoutGroups(text)
    .replace(/<\w+:(\w+)>/g, "<$1>")
    .replace(/\\([.\-/])/g, "$1")
    .replaceAll("(?:", "(");
}

/** `(?P<name>…)` as `<name>`, with parentheses inside it. */
function withoutGroups(text: string): string {
  const start = text.indexOf("(?P<");
  if (start === -1) return text;
  let depth = 0;
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === "\\") end += 1;
    else if (text[end] === "(") depth += 1;
    else if (text[end] === ")") depth -= 1;
    if (depth > 0) continue;
    const name = /^\(\?P(<\w+>)/.exec(text.slice(start))?.[1] ?? "";
    return text.slice(0, start) + name + withoutGroups(text.slice(end + 1));
  }
  return text;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    show: { type: "boolean", default: false },
    tables: { type: "boolean", default: false },
    under: { type: "string", multiple: true, default: [""] },
    stack: { type: "string", default: "" },
  },
});
const [truthFile, catalogFile] = positionals;
if (truthFile === undefined || catalogFile === undefined)
  throw new Error("Usage: compare.ts TRUTH CATALOG [--show]");
const answer = JSON.parse(await readFile(truthFile, "utf8")) as Truth;
const truth = values.tables ? tablesOfTruth(answer) : namesOfTruth(answer);
const listing = JSON.parse(await readFile(catalogFile, "utf8")) as Listing;
const isMeant = ({ uri, stack }: { readonly uri: string; readonly stack: string }) =>
  values.under.some((folder) => uri.startsWith(folder)) && (values.stack === "" || stack === values.stack);
const models = listing.models.filter(isMeant);
const migrations = listing.migrations.filter(isMeant);
const named = namesOfCatalog({ models, routes: listing.routes.filter(isMeant), migrations });
const catalog = values.tables ? new Map([...named, ...tablesOfCatalog(models, answer)]) : named;
for (const [kind, expected] of truth) {
  const found = catalog.get(kind) ?? new Set<string>();
  const missing = [...expected].filter((name) => !found.has(name)).sort();
  const extra = [...found].filter((name) => !expected.has(name)).sort();
  const both = expected.size - missing.length;
  const share = (whole: number) => (whole === 0 ? "–" : (both / whole).toFixed(3));
  console.log(
    `${kind.padEnd(11)} expected ${String(expected.size).padStart(5)}  recall ${share(expected.size)}  precision ${share(found.size)}`,
  );
  if (!values.show) continue;
  for (const name of missing) console.log(`  missing  ${name}`);
  for (const name of extra) console.log(`  extra    ${name}`);
}

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
import { tablesOfCatalog, tablesOfTruth } from "./table-names.ts";
import type { Names, Truth } from "./truth.ts";

interface Listing {
  readonly models: readonly Model[];
  readonly routes: readonly Route[];
  readonly migrations: readonly Migration[];
}

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
  // What was not asked for cannot be too much.
  if (!values.show || expected.size === 0) continue;
  for (const name of missing) console.log(`  missing  ${name}`);
  for (const name of extra) console.log(`  extra    ${name}`);
}

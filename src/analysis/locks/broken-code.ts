import type { BrokenUse } from "../../protocol/migration-locks.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { TableChange } from "./table-change.ts";

/** Places that are named; the first of them say enough. */
const MOST_USES = 30;

/** What of the workspace refers to something that a migration takes away, or does not fill what it demands. */
export function brokenUses(catalog: Catalog, changes: readonly TableChange[]): readonly BrokenUse[] {
  const found = changes.flatMap((change): readonly BrokenUse[] => {
    switch (change.kind) {
      case "drop-column":
        return usesOfColumn(
          catalog,
          change.table,
          change.column,
          `${change.table}.${change.column} is dropped`,
        );
      case "rename-column":
        return usesOfColumn(
          catalog,
          change.table,
          change.column,
          `${change.table}.${change.column} is renamed to ${change.to}`,
        );
      case "drop-table":
        return usesOfTable(catalog, change.table, `${change.table} is dropped`);
      case "rename-table":
        return usesOfTable(catalog, change.table, `${change.table} is renamed to ${change.to}`);
      case "add-column":
        return demandsValue(change, changes)
          ? insertsWithout(
              catalog,
              change.table,
              change.column,
              `${change.table}.${change.column} demands a value`,
            )
          : [];
      default:
        return [];
    }
  });
  return found.slice(0, MOST_USES);
}

/** A new column that must have a value, with no default at the end of the migration. */
export function demandsValue(
  { table, column, notNull, hasDefault }: Extract<TableChange, { kind: "add-column" }>,
  changes: readonly TableChange[],
): boolean {
  const dropped = changes.some(
    (change) => change.kind === "drop-default" && change.table === table && change.column === column,
  );
  const required =
    notNull ||
    changes.some(
      (change) => change.kind === "set-not-null" && change.table === table && change.column === column,
    );
  return required && (!hasDefault || dropped);
}

function usesOfColumn(catalog: Catalog, table: string, column: string, change: string): readonly BrokenUse[] {
  const models = modelsOf(catalog, table);
  const word = wordOf(column);
  const queries = queriesOn(catalog, table, models)
    .filter(({ sql, text }) => word.test(sql ?? text))
    .map((query) => ({
      change,
      what: `query ${query.name}`,
      uri: query.uri,
      line: query.range.start.line + 1,
    }));
  const fields = models.flatMap((model) =>
    model.fields
      .filter((field) => field.column === column)
      .map((field) => ({
        change,
        what: `${model.qualifiedName}.${field.name}`,
        uri: field.source.uri,
        line: field.source.range.start.line + 1,
      })),
  );
  const names = new Set([
    column,
    column.replace(/_id$/, ""),
    ...models.flatMap((model) =>
      model.fields.filter((field) => field.column === column).map(({ name }) => name),
    ),
  ]);
  const lines = models.flatMap((model) =>
    catalog
      .usesOf(model.id)
      .filter((use) => [...names].some((name) => wordOf(name).test(use.line)))
      .map((use) => ({ change, what: use.line, uri: use.uri, line: use.range.start.line + 1 })),
  );
  return once([...fields, ...queries, ...lines]);
}

function usesOfTable(catalog: Catalog, table: string, change: string): readonly BrokenUse[] {
  const models = modelsOf(catalog, table);
  const declared = models.map((model) => ({
    change,
    what: model.qualifiedName,
    uri: model.uri,
    line: model.range.start.line + 1,
  }));
  const queries = queriesOn(catalog, table, models).map((query) => ({
    change,
    what: `query ${query.name}`,
    uri: query.uri,
    line: query.range.start.line + 1,
  }));
  return once([...declared, ...queries]);
}

function insertsWithout(
  catalog: Catalog,
  table: string,
  column: string,
  change: string,
): readonly BrokenUse[] {
  const word = wordOf(column);
  const inserts = queriesOn(catalog, table, modelsOf(catalog, table))
    .filter(({ operation, sql }) => operation === "insert" && sql !== null && !word.test(sql))
    .map((query) => ({
      change,
      what: `query ${query.name}`,
      uri: query.uri,
      line: query.range.start.line + 1,
    }));
  return once(inserts);
}

function modelsOf(catalog: Catalog, table: string): readonly Model[] {
  const bare = table.slice(table.lastIndexOf(".") + 1);
  return catalog.models.filter((model) => model.table === table || model.table === bare);
}

function queriesOn(catalog: Catalog, table: string, models: readonly Model[]) {
  const bare = table.slice(table.lastIndexOf(".") + 1).toLowerCase();
  return catalog.queries.filter(
    ({ tables, modelIds }) =>
      tables.some((name) => name.slice(name.lastIndexOf(".") + 1).toLowerCase() === bare) ||
      models.some(({ id }) => modelIds.includes(id)),
  );
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`, "i");
}

/** A place is named once for a change. */
function once(uses: readonly BrokenUse[]): readonly BrokenUse[] {
  const seen = new Set<string>();
  return uses.filter(({ uri, line, change }) => {
    const key = `${change}\0${uri}\0${line}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

import type { Gap } from "../../ir/entry.ts";
import type { Constraint, Index } from "../../ir/model.ts";
import { isTrue, listItems } from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import { plainIndex } from "../sqlalchemy/indexes.ts";
import { columnOf, isPrimaryKey, option } from "./fields.ts";
import { givenName } from "./names.ts";
import type { AksaraRegistry, ModelInfo } from "./registry.ts";

/** Indexes that the migrations of the workspace make, by table. */
export type MigratedIndexes = ReadonlyMap<string, readonly Index[]>;

interface TableObjects {
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
}

/** Indexes and constraints of a table: keys, unique columns, what `class Meta` lists, and what migrations add. */
export function objectsOf(
  registry: AksaraRegistry,
  info: ModelInfo,
  migrated: MigratedIndexes,
  gaps: Gap[],
): TableObjects {
  const indexes: Index[] = [];
  const constraints: Constraint[] = [];
  const table = info.table ?? "";
  const inMigrations = migrated.get(table) ?? [];
  const add = (
    kind: "primary-key" | "unique",
    name: string | null,
    columns: readonly string[],
    at: SourceRef,
  ) => {
    indexes.push(plainIndex(name, columns, kind, at));
    constraints.push({ kind, name, columns, expression: null, deferrable: false, source: at });
  };
  /** Aksara's `makemigrations` writes no index for an option of a model: only a migration written by hand does. */
  const promise = (
    what: string,
    columns: readonly string[],
    origin: "field" | "declared" | "unique",
    at: SourceRef,
  ) => {
    if (inMigrations.some((index) => serves(index, columns, origin === "unique"))) return;
    if (origin === "unique") add("unique", null, columns, at);
    else indexes.push(plainIndex(null, columns, origin, at, false));
    gaps.push({
      what,
      why: "makemigrations of Aksara writes no operation for it, and no migration of the workspace makes it: the database may not have it",
      source: at,
    });
  };
  for (const field of info.fields) {
    const column = columnOf(registry, field);
    if (column === null) continue;
    const { kind } = field.fieldClass;
    if (isPrimaryKey(field)) add("primary-key", givenName(table, "pkey"), [column], field.source);
    else if (kind === "one-to-one" || isTrue(option(field, "unique")?.expression ?? null))
      add("unique", givenName(table, column, "key"), [column], field.source);
    else if (isTrue(option(field, "db_index")?.expression ?? null))
      promise(`index of ${field.name}`, [column], "field", field.source);
    if (kind === "foreign-key" || kind === "one-to-one")
      constraints.push({
        kind: "foreign-key",
        name: givenName("fk", table, column),
        columns: [column],
        expression: null,
        deferrable: false,
        source: field.source,
      });
  }
  for (const [optionName, origin] of [
    ["indexes", "declared"],
    ["unique_together", "unique"],
  ] as const) {
    const list = registry.metaOption(info.ref, optionName);
    const items = list && registry.project.items(list);
    for (const item of items ?? []) {
      const columns = columnsIn(registry, info, item);
      const text = `Meta.${optionName} (${columns?.join(", ") ?? "?"})`;
      const source = metaSource(registry, info, optionName);
      if (columns) promise(text, columns, origin, source);
      else gaps.push({ what: text, why: "its columns are computed", source });
    }
  }
  return { indexes: [...indexes, ...inMigrations], constraints };
}

/** An index of all rows on these columns, and a unique one where that is asked for. */
function serves(index: Index, columns: readonly string[], unique: boolean): boolean {
  return (
    index.predicate === null &&
    (index.unique || !unique) &&
    index.columns.map(({ column }) => column).join() === columns.join()
  );
}

/** Names of fields or of columns in a tuple of `class Meta`, as columns. */
function columnsIn(registry: AksaraRegistry, info: ModelInfo, item: Written): readonly string[] | null {
  const names = (listItems(item.expression) ?? [item.expression]).map((expression) =>
    registry.project.text({ ...item, expression }),
  );
  if (names.length === 0 || names.some((name) => name === null)) return null;
  return names.flatMap((name) => {
    const field = info.fields.find((each) => each.name === name);
    return (field && columnOf(registry, field)) ?? name ?? [];
  });
}

function metaSource(registry: AksaraRegistry, info: ModelInfo, name: string): SourceRef {
  const meta = registry.project.classes.get(info.ref.uri, `${info.ref.qualname}.Meta`);
  const item = meta?.declaration.assignments.findLast(({ target }) => target === name);
  if (!item) return info.source;
  const [line, character, endLine, endCharacter] = item.span;
  return {
    uri: info.ref.uri,
    range: { start: { line, character }, end: { line: endLine, character: endCharacter } },
    hash: item.hash,
  };
}

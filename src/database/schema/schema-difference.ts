import type { Field, Index, Model } from "../../workspace/ir/model.ts";
import { compareText } from "../../workspace/source.ts";
import type { LabColumn, LabTable } from "../lab.ts";

type LabIndex = LabTable["indexes"][number];
type LabKey = LabTable["foreignKeys"][number];

/** What leads one table from what migrations make of it to what its model describes. */
export interface TableDifference {
  readonly model: Model;
  /** As the model describes it. */
  readonly table: LabTable;
  /** Null when migrations do not make it. */
  readonly before: LabTable | null;
  readonly addedColumns: readonly ColumnOf[];
  readonly droppedColumns: readonly LabColumn[];
  readonly changedColumns: readonly (ColumnOf & { readonly before: LabColumn })[];
  readonly addedIndexes: readonly { readonly index: LabIndex; readonly declared: Index | null }[];
  readonly droppedIndexes: readonly LabIndex[];
  readonly addedKeys: readonly LabKey[];
  readonly droppedKeys: readonly LabKey[];
}

export interface ColumnOf {
  readonly column: LabColumn;
  /** Null for a column that no field of the model names. */
  readonly field: Field | null;
}

export interface SchemaDifference {
  readonly tables: readonly TableDifference[];
  /** Tables that migrations make and no model describes: nobody drops them on a guess. */
  readonly unclaimed: readonly string[];
}

/** Compares what migrations make with what models describe, table by table, for tables that models own. */
export function schemaDifference(
  made: readonly LabTable[],
  described: readonly LabTable[],
  models: readonly Model[],
): SchemaDifference {
  const owned = models.filter(
    ({ table, abstract, proxyOf, managed, documents }) =>
      table !== null && !abstract && proxyOf === null && managed && !documents,
  );
  const byTable = Map.groupBy(owned, ({ table }) => bare(table ?? ""));
  const tables: TableDifference[] = [];
  for (const table of described) {
    const [model] = byTable.get(table.name) ?? [];
    if (!model) continue;
    const before = made.find(({ name }) => name === table.name) ?? null;
    const difference = tableDifference(model, table, before);
    if (before === null || !isEmpty(difference)) tables.push(difference);
  }
  const known = new Set(described.map(({ name }) => name));
  return {
    tables: tables.sort((a, b) => compareText(a.table.name, b.table.name)),
    unclaimed: made.map(({ name }) => name).filter((name) => !known.has(name)),
  };
}

function tableDifference(model: Model, table: LabTable, before: LabTable | null): TableDifference {
  const was = new Map(before?.columns.map((column) => [column.name, column]));
  const is = new Map(table.columns.map((column) => [column.name, column]));
  const fieldOf = (column: LabColumn) => model.fields.find((field) => field.column === column.name) ?? null;
  const kept = before === null ? [] : table.columns.filter(({ name }) => was.has(name));
  const isWhole = model.confidence !== "partial";
  return {
    model,
    table,
    before,
    addedColumns: table.columns
      .filter(({ name }) => !was.has(name))
      .map((column) => ({ column, field: fieldOf(column) })),
    // A model that was understood in part says nothing about what it has not.
    droppedColumns: isWhole ? (before?.columns ?? []).filter(({ name }) => !is.has(name)) : [],
    changedColumns: kept.flatMap((column) => {
      const old = was.get(column.name);
      return old && !isSameColumn(old, column, model.stack === "prisma")
        ? [{ column, field: fieldOf(column), before: old }]
        : [];
    }),
    addedIndexes: indexesOf(table)
      .filter((index) => !indexesOf(before).some((other) => isSameIndex(other, index)))
      .map((index) => ({ index, declared: model.indexes.find((each) => declares(each, index)) ?? null })),
    droppedIndexes: isWhole
      ? indexesOf(before).filter(
          (index) =>
            index.columns.every((column) => column !== null && is.has(column)) &&
            // Django's own second index on a text, which comes and goes with the first.
            !index.name.endsWith("_like") &&
            !indexesOf(table).some((other) => String(other.columns) === String(index.columns)) &&
            String(index.columns) !== String(table.primaryKey),
        )
      : [],
    addedKeys: table.foreignKeys.filter((key) => !before?.foreignKeys.some((other) => isSameKey(other, key))),
    droppedKeys: isWhole
      ? (before?.foreignKeys ?? []).filter(
          (key) =>
            key.columns.every((column) => is.has(column)) &&
            // A key to what no model here describes (another app's, a proxy) is there, only not drawn.
            !model.relations.some(
              ({ direction, columns }) => direction === "forward" && String(columns) === String(key.columns),
            ) &&
            !table.foreignKeys.some((other) => isSameKey(other, key)),
        )
      : [],
  };
}

/** Indexes besides that of the primary key. */
function indexesOf(table: LabTable | null): readonly LabIndex[] {
  const key = String(table?.primaryKey);
  return (table?.indexes ?? []).filter((index) => !(index.unique && String(index.columns) === key));
}

function isEmpty(difference: TableDifference): boolean {
  const { model: _model, table: _table, before: _before, ...changes } = difference;
  return Object.values(changes).every(({ length }) => length === 0);
}

/** Prisma makes lists that take NULL, and never writes one. */
function isSameColumn(a: LabColumn, b: LabColumn, listsTakeNull: boolean): boolean {
  const isList = listsTakeNull && a.type.endsWith("[]");
  return a.type === b.type && (isList || a.nullable === b.nullable) && String(a.labels) === String(b.labels);
}

/** Names do not count, but where an expression hides what is indexed. */
function isSameIndex(a: LabIndex, b: LabIndex): boolean {
  if (a.unique !== b.unique || a.method !== b.method || a.partial !== b.partial) return false;
  if (String(a.columns) !== String(b.columns)) return false;
  return !a.columns.includes(null) || a.name === b.name;
}

function declares(declared: Index, index: LabIndex): boolean {
  return (
    declared.unique === index.unique &&
    (declared.predicate !== null) === index.partial &&
    String(declared.columns.map(({ column }) => column)) === String(index.columns) &&
    (!index.columns.includes(null) || declared.name === index.name)
  );
}

function isSameKey(a: LabKey, b: LabKey): boolean {
  return String(a.columns) === String(b.columns) && bare(a.target) === bare(b.target);
}

function bare(table: string): string {
  return table.replace(/^public\./, "");
}

/** What a difference comes to, one line each, for people. */
export function differenceLines({ tables }: SchemaDifference): readonly string[] {
  return tables.flatMap((each) => {
    const { name } = each.table;
    if (each.before === null) return [`create table ${name} (${each.table.columns.length} columns)`];
    return [
      ...each.addedColumns.map(({ column }) => `add ${name}.${column.name} ${typeText(column)}`),
      ...each.droppedColumns.map((column) => `drop ${name}.${column.name} ${typeText(column)}`),
      ...each.changedColumns.map(
        ({ column, before }) =>
          `change ${name}.${column.name} from ${typeText(before)} to ${typeText(column)}`,
      ),
      ...each.addedIndexes.map(({ index }) => `add ${indexText(index)} on ${name}`),
      ...each.droppedIndexes.map((index) => `drop ${indexText(index)} ${index.name} on ${name}`),
      ...each.addedKeys.map((key) => `add foreign key ${name} (${key.columns.join(", ")}) to ${key.target}`),
      ...each.droppedKeys.map(
        (key) => `drop foreign key ${name} (${key.columns.join(", ")}) to ${key.target}`,
      ),
    ];
  });
}

function typeText({ type, nullable }: LabColumn): string {
  return nullable ? type : `${type} NOT NULL`;
}

function indexText({ columns, unique, partial }: LabIndex): string {
  return `${unique ? "unique " : ""}${partial ? "partial " : ""}index (${columns.map((column) => column ?? "expression").join(", ")})`;
}

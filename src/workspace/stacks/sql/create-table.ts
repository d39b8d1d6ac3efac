import type { ColumnDefinition, TableDefinition } from "../../languages/sql/definition.ts";
import { nameText, type SqlName } from "../../languages/sql/identifier.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { type ReplayContext, sourceOf } from "./replay-context.ts";
import { addConstraint, addIndex } from "./table-changes.ts";
import type { ColumnState, TableState } from "./table-state.ts";

/** Builds the table that a CREATE TABLE makes. */
export function createTable(
  replay: ReplayContext,
  uri: string,
  source: SourceRef,
  definition: TableDefinition,
): TableState {
  const { name } = definition;
  const table: TableState = {
    key: replay.keyOf(name),
    name: replay.fold(name.name),
    schema: name.schema === null ? null : replay.fold(name.schema),
    uri,
    source,
    nameSource: { uri, range: rangeOf(definition.nameSpan), hash: "" },
    columns: [],
    constraints: [],
    indexes: [],
    parents: [],
    isPartition: definition.partitionOf !== null,
    comment: definition.comment,
    unknown: definition.fromQuery ? "Its columns come from a query." : null,
    changes: [],
  };
  for (const { table: from, all } of definition.likes) copyLike(replay, table, from, all, source);
  for (const parent of definition.inherits) inherit(replay, table, parent, source);
  if (definition.partitionOf) inherit(replay, table, definition.partitionOf, source);
  for (const column of definition.columns) addColumn(replay, table, column, sourceOf(uri, column.place));
  for (const constraint of definition.constraints) {
    addConstraint(replay, table, constraint, sourceOf(uri, constraint.place));
  }
  for (const index of definition.indexes) addIndex(replay, table, index, sourceOf(uri, index.place), false);
  return table;
}

/** Adds a column and what its definition implies: keys, checks, references. */
export function addColumn(
  replay: ReplayContext,
  table: TableState,
  column: ColumnDefinition,
  source: SourceRef,
): void {
  const state = columnState(replay, column, source);
  const at = table.columns.findIndex(({ name }) => name === state.name);
  // A partition may repeat a column of its parent to give it a default.
  if (at >= 0) table.columns[at] = state;
  else table.columns.push(state);
  for (const constraint of column.constraints) {
    addConstraint(replay, table, constraint, sourceOf(source.uri, constraint.place));
  }
}

export function columnState(replay: ReplayContext, column: ColumnDefinition, source: SourceRef): ColumnState {
  return {
    name: replay.fold(column.name),
    type: column.type,
    nullable: !column.notNull,
    default: column.default !== null && /^null$/i.test(column.default) ? null : column.default,
    numbered: column.numbered || isSequence(column.default),
    generated: column.generated,
    comment: column.comment,
    inheritedFrom: null,
    source,
    changes: [],
  };
}

/** `DEFAULT nextval('…')` is what serial becomes. */
export function isSequence(expression: string | null): boolean {
  return expression !== null && /^\(*\s*nextval\s*\(/i.test(expression);
}

function copyLike(
  replay: ReplayContext,
  table: TableState,
  from: SqlName,
  all: boolean,
  source: SourceRef,
): void {
  const model = replay.find(from);
  if (!model) {
    table.unknown = `Its columns are those of ${nameText(from, replay.dialect)}, which is not in the workspace.`;
    return;
  }
  const everything = all || replay.dialect === "mysql";
  for (const column of model.columns) {
    table.columns.push({
      ...column,
      default: everything ? column.default : null,
      numbered: everything && column.numbered,
      source,
      changes: [],
    });
  }
  if (!everything) return;
  copyKeys(replay, table, model, source, false);
}

/** Columns, and for a partition keys and indexes, of the parent. */
export function inherit(replay: ReplayContext, table: TableState, parent: SqlName, source: SourceRef): void {
  const from = replay.find(parent);
  if (!from) {
    table.unknown = `Its columns are those of ${nameText(parent, replay.dialect)}, which is not in the workspace.`;
    return;
  }
  replay.addParent(table, from);
  const inheritedFrom = from.schema === null ? from.name : `${from.schema}.${from.name}`;
  for (const column of from.columns) {
    if (table.columns.some(({ name }) => name === column.name)) continue;
    table.columns.push({ ...column, inheritedFrom, source: column.source, changes: [...column.changes] });
  }
  if (table.isPartition) copyKeys(replay, table, from, source, true);
}

function copyKeys(
  replay: ReplayContext,
  table: TableState,
  from: TableState,
  source: SourceRef,
  inherited: boolean,
): void {
  for (const constraint of from.constraints) {
    if (!inherited && constraint.kind === "foreign-key") continue;
    table.constraints.push({
      ...constraint,
      name: null,
      columns: [...constraint.columns],
      inherited,
      source,
    });
  }
  for (const index of from.indexes) {
    const parts = index.parts.map((part) => ({ ...part }));
    table.indexes.push({
      ...index,
      name: replay.indexName(table, parts),
      parts,
      include: [...index.include],
      source,
    });
  }
}

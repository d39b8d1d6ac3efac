import type { TableChange } from "../../languages/sql/definition.ts";
import type { SourceRef } from "../../source.ts";
import { addColumn, columnState, inherit, isSequence } from "./create-table.ts";
import type { ReplayContext } from "./replay-context.ts";
import { addConstraint, addIndex, dropColumn, renameColumn } from "./table-changes.ts";
import { type ColumnState, columnOf, type TableState } from "./table-state.ts";

/** Applies one action of an ALTER TABLE; its columns change in partitions and heirs too. */
export function alterTable(
  replay: ReplayContext,
  table: TableState,
  change: TableChange,
  source: SourceRef,
): void {
  switch (change.k) {
    case "add-column": {
      const name = replay.fold(change.column.name);
      if (change.ifNotExists && columnOf(table, name)) return;
      addColumn(replay, table, change.column, source);
      for (const child of replay.childrenOf(table)) alterTable(replay, child, change, source);
      return;
    }
    case "drop-column": {
      const column = columnOf(table, replay.fold(change.name));
      if (!column) {
        missingColumn(replay, table, change.name, source);
        return;
      }
      dropColumn(table, column.name);
      for (const child of replay.childrenOf(table)) {
        if (columnOf(child, column.name)) alterTable(replay, child, change, source);
      }
      return;
    }
    case "rename-column": {
      const column = columnOf(table, replay.fold(change.name));
      if (!column) {
        missingColumn(replay, table, change.name, source);
        return;
      }
      column.changes.push(source);
      renameColumn(replay, table, column.name, replay.fold(change.to));
      for (const child of replay.childrenOf(table)) alterTable(replay, child, change, source);
      return;
    }
    case "redefine":
      redefine(replay, table, change, source);
      return;
    case "set-type":
    case "set-default":
    case "set-nullable":
    case "set-numbered":
    case "drop-expression":
      changeColumn(replay, table, change, source);
      return;
    case "add-constraint":
      addConstraint(replay, table, change.constraint, source);
      return;
    case "drop-constraint": {
      const name = replay.fold(change.name);
      table.constraints = table.constraints.filter((constraint) => constraint.name !== name);
      return;
    }
    case "drop-primary-key":
      table.constraints = table.constraints.filter(({ kind }) => kind !== "primary-key");
      return;
    case "rename-constraint": {
      const name = replay.fold(change.name);
      for (const constraint of table.constraints) {
        if (constraint.name === name) constraint.name = replay.fold(change.to);
      }
      return;
    }
    case "add-index":
      addIndex(replay, table, change.index, source, false);
      return;
    case "drop-index": {
      const name = replay.fold(change.name);
      table.indexes = table.indexes.filter((index) => index.name !== name);
      table.constraints = table.constraints.filter(
        ({ name: own, kind }) => own !== name || kind !== "unique",
      );
      return;
    }
    case "rename-index": {
      const name = replay.fold(change.name);
      for (const index of table.indexes) if (index.name === name) index.name = replay.fold(change.to);
      return;
    }
    case "rename-table":
      replay.renameTable(table, change.to);
      return;
    case "set-schema":
      replay.renameTable(table, { schema: change.schema, name: `"${table.name.replaceAll('"', '""')}"` });
      return;
    case "inherit":
      inherit(replay, table, change.parent, source);
      return;
    case "attach-partition": {
      const partition = replay.find(change.partition);
      if (!partition) return;
      partition.isPartition = true;
      // The columns, keys and indexes that a partition must have, it has of its own when it is attached.
      replay.addParent(partition, table);
      return;
    }
    case "set-comment":
      table.comment = change.text;
      return;
    case "option":
      return;
    case "unknown":
      replay.gap(
        `change of table ${table.name}: ${shorten(change.text)}`,
        "This kind of ALTER TABLE is not known.",
        source,
      );
  }
}

function changeColumn(
  replay: ReplayContext,
  table: TableState,
  change: Extract<
    TableChange,
    { k: "set-type" | "set-default" | "set-nullable" | "set-numbered" | "drop-expression" }
  >,
  source: SourceRef,
): void {
  const column = columnOf(table, replay.fold(change.name));
  if (!column) {
    missingColumn(replay, table, change.name, source);
    return;
  }
  column.changes.push(source);
  applyToColumn(column, change);
  for (const child of replay.childrenOf(table)) {
    if (columnOf(child, column.name)) changeColumn(replay, child, change, source);
  }
}

function applyToColumn(column: ColumnState, change: Parameters<typeof changeColumn>[2]): void {
  switch (change.k) {
    case "set-type":
      column.type = change.type;
      return;
    case "set-default":
      column.default = change.default !== null && /^null$/i.test(change.default) ? null : change.default;
      column.numbered = isSequence(change.default);
      return;
    case "set-nullable":
      column.nullable = change.nullable;
      return;
    case "set-numbered":
      column.numbered = change.numbered;
      if (change.numbered) column.nullable = false;
      return;
    case "drop-expression":
      column.generated = null;
  }
}

function redefine(
  replay: ReplayContext,
  table: TableState,
  change: Extract<TableChange, { k: "redefine" }>,
  source: SourceRef,
): void {
  const column = columnOf(table, replay.fold(change.name));
  if (!column) {
    missingColumn(replay, table, change.name, source);
    return;
  }
  const { name, ...definition } = columnState(replay, change.column, column.source);
  const { changes } = column;
  if (name !== column.name) renameColumn(replay, table, column.name, name);
  Object.assign(column, definition, { changes });
  changes.push(source);
  for (const constraint of change.column.constraints) addConstraint(replay, table, constraint, source);
}

function missingColumn(replay: ReplayContext, table: TableState, name: string, source: SourceRef): void {
  // Of a table whose columns are not known this is said once.
  if (table.unknown) return;
  replay.gap(
    `column ${name} of table ${table.name}`,
    "A statement changes it, but none before creates it.",
    source,
  );
}

function shorten(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 80);
}

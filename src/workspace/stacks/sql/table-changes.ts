import type { ConstraintDefinition, IndexDefinition } from "../../languages/sql/definition.ts";
import { nameText } from "../../languages/sql/identifier.ts";
import type { SourceRef } from "../../source.ts";
import { impliedConstraintName } from "./implied-names.ts";
import type { ReplayContext } from "./replay-context.ts";
import type { ConstraintState, ForeignKeyState, IndexState, TableState } from "./table-state.ts";

export function addConstraint(
  replay: ReplayContext,
  table: TableState,
  definition: ConstraintDefinition,
  source: SourceRef,
): void {
  const columns = definition.columns.map((column) => replay.fold(column));
  if (definition.usingIndex !== null) {
    const wanted = replay.fold(definition.usingIndex);
    const index = table.indexes.find(({ name }) => name === wanted);
    columns.push(...(index?.parts.map(({ column }) => column).filter((column) => column !== null) ?? []));
    table.indexes = table.indexes.filter((candidate) => candidate !== index);
  }
  const draft: Omit<ConstraintState, "name"> = {
    kind: definition.kind,
    columns,
    expression: definition.expression,
    deferrable: definition.deferrable,
    references: referenceOf(replay, definition),
    inherited: false,
    source,
  };
  // A table has one key: a second one takes the place of the first, and its name.
  if (draft.kind === "primary-key") {
    for (const column of table.columns) if (columns.includes(column.name)) column.nullable = false;
    table.constraints = table.constraints.filter(({ kind }) => kind !== "primary-key");
  }
  const written = definition.name ?? definition.usingIndex;
  const name = written === null ? impliedConstraintName(table, draft, replay.dialect) : replay.fold(written);
  table.constraints.push({ ...draft, name });
  if (draft.kind === "foreign-key") return;
  for (const child of replay.childrenOf(table)) {
    if (child.isPartition)
      child.constraints.push({ ...draft, columns: [...columns], name: null, inherited: true });
  }
}

function referenceOf(replay: ReplayContext, definition: ConstraintDefinition): ForeignKeyState | null {
  const { references } = definition;
  if (!references) return null;
  return {
    table: replay.find(references.table)?.key ?? replay.keyOf(references.table),
    written: nameText(references.table, replay.dialect),
    columns: references.columns.map((column) => replay.fold(column)),
    onDelete: references.onDelete,
    onUpdate: references.onUpdate,
  };
}

export function addIndex(
  replay: ReplayContext,
  table: TableState,
  definition: IndexDefinition,
  source: SourceRef,
  only: boolean,
): void {
  const parts = definition.parts.map((part) => ({
    ...part,
    column: part.column === null ? null : replay.fold(part.column),
  }));
  const index: IndexState = {
    name: definition.name === null ? replay.indexName(table, parts) : replay.fold(definition.name),
    parts,
    include: definition.include.map((column) => replay.fold(column)),
    method: definition.method ?? "btree",
    unique: definition.unique,
    predicate: definition.predicate,
    source,
  };
  table.indexes.push(index);
  if (only) return;
  for (const child of replay.childrenOf(table)) {
    if (!child.isPartition) continue;
    const own = parts.map((part) => ({ ...part }));
    child.indexes.push({ ...index, parts: own, name: replay.indexName(child, own) });
  }
}

/** A column goes with every key, check and index that speaks of it. */
export function dropColumn(table: TableState, name: string): void {
  const mentions = (expression: string | null) => expression?.split(/\W+/).includes(name) ?? false;
  table.columns = table.columns.filter((column) => column.name !== name);
  table.constraints = table.constraints.filter(
    ({ columns, expression }) => !columns.includes(name) && !mentions(expression),
  );
  table.indexes = table.indexes.filter(
    ({ parts, include, predicate }) =>
      !include.includes(name) &&
      !mentions(predicate) &&
      !parts.some(({ column, expression }) => column === name || mentions(expression)),
  );
}

/** Renames a column in its table and in the keys of others that refer to it. */
export function renameColumn(replay: ReplayContext, table: TableState, name: string, to: string): void {
  const renamed = (column: string) => (column === name ? to : column);
  for (const column of table.columns) column.name = renamed(column.name);
  for (const constraint of table.constraints) constraint.columns = constraint.columns.map(renamed);
  for (const index of table.indexes) {
    index.include = index.include.map(renamed);
    for (const part of index.parts) if (part.column !== null) part.column = renamed(part.column);
  }
  for (const other of replay.tables.values()) {
    for (const { references } of other.constraints) {
      if (references?.table === table.key) references.columns = references.columns.map(renamed);
    }
  }
}

import type { Gap } from "../../ir/entry.ts";
import type { Constraint, Field, FieldDefault, FieldType, Index, Model, Relation } from "../../ir/model.ts";
import { canonicalNative } from "../../languages/sql/column-type.ts";
import type { SchemaReplay } from "./schema-replay.ts";
import type { ConstraintState, IndexState, TableState } from "./table-state.ts";

/** How tables of one database are called in the catalog. */
export interface ModelNames {
  idOf(table: TableState): string;
}

export function qualifiedNameOf(table: TableState): string {
  return table.schema === null ? table.name : `${table.schema}.${table.name}`;
}

/** Name of a table as SQL must write it with an ordinary search path. */
export function tableNameOf(table: TableState): string {
  return table.schema === null || /^(?:public|main)$/i.test(table.schema)
    ? table.name
    : qualifiedNameOf(table);
}

/** The model of a table, with the relations it declares; `addReverseRelations` adds the other side. */
export function buildModel(replay: SchemaReplay, table: TableState, names: ModelNames): Model {
  const keys = uniqueKeys(table);
  const indexes = indexesOf(replay, table);
  const gaps: Gap[] = [];
  if (table.unknown)
    gaps.push({ what: `columns of ${table.name}`, why: table.unknown, source: table.source });
  return {
    kind: "model",
    id: names.idOf(table),
    name: table.name,
    qualifiedName: qualifiedNameOf(table),
    namespace: table.schema ?? "",
    uri: table.uri,
    range: table.source.range,
    nameRange: table.nameSource.range,
    hash: table.source.hash,
    stack: "sql",
    confidence: table.unknown ? "partial" : "certain",
    reason:
      table.changes.length > 0
        ? `CREATE TABLE and ${count(table.changes.length, "later change")}`
        : "CREATE TABLE",
    gaps,
    table: tableNameOf(table),
    abstract: false,
    proxyOf: null,
    managed: true,
    bases: table.parents.map((parent) => {
      const found = replay.tables.get(parent);
      return found ? qualifiedNameOf(found) : parent;
    }),
    documentation: table.comment,
    fields: fieldsOf(replay, table, keys, indexes),
    relations: relationsOf(replay, table, keys, names),
    indexes,
    constraints: table.constraints.map(constraintOf),
    ordering: [],
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

interface UniqueKeys {
  readonly primary: readonly string[];
  /** Columns of unique keys over all rows, the primary key included. */
  readonly all: readonly (readonly string[])[];
}

function uniqueKeys(table: TableState): UniqueKeys {
  const primary = table.constraints.find(({ kind }) => kind === "primary-key")?.columns ?? [];
  const constraints = table.constraints.filter(({ kind }) => kind === "unique").map(({ columns }) => columns);
  const indexes = table.indexes
    .filter(({ unique, predicate }) => unique && predicate === null)
    .map(({ parts }) => parts.map(({ column }) => column))
    .filter((columns): columns is string[] => columns.every((column) => column !== null));
  return { primary, all: [primary, ...constraints, ...indexes].filter((columns) => columns.length > 0) };
}

function isKey(keys: UniqueKeys, columns: readonly string[]): boolean {
  return keys.all.some(
    (key) => key.length === columns.length && key.every((column) => columns.includes(column)),
  );
}

function fieldsOf(
  replay: SchemaReplay,
  table: TableState,
  keys: UniqueKeys,
  indexes: readonly Index[],
): readonly Field[] {
  const single = new Set(
    indexes
      .filter(({ columns, predicate }) => columns.length === 1 && predicate === null)
      .map(({ columns }) => columns[0]?.column),
  );
  const [rowid] = keys.primary;
  return table.columns.map((column) => {
    const primaryKey = keys.primary.includes(column.name);
    const type = typeOf(replay, column.type);
    // In SQLite `INTEGER PRIMARY KEY` is the row's own number.
    const isRowid =
      replay.dialect === "sqlite" &&
      rowid === column.name &&
      keys.primary.length === 1 &&
      type.native === "integer";
    return {
      name: column.name,
      column: column.name,
      type,
      nullable: column.nullable && !primaryKey,
      primaryKey,
      unique: isKey(keys, [column.name]),
      indexed: single.has(column.name),
      default: defaultOf(column.default),
      generated: column.numbered || column.generated !== null || isRowid,
      documentation: column.comment,
      inheritedFrom: column.inheritedFrom,
      source: column.source,
      ...(column.changes.length > 0 ? { changes: column.changes } : {}),
    };
  });
}

/** A type with what is known of its enumeration or domain, by the name its database gives it. */
function typeOf(replay: SchemaReplay, type: FieldType): FieldType {
  if (type.native === null) return type;
  if (type.logical !== "unknown") {
    // One file of a history may not show its dialect.
    return replay.dialect === "postgresql" ? { ...type, native: canonicalNative(type.native) } : type;
  }
  const known = replay.types.get(replay.typeKey(type.native));
  const name = known && `${known.name.replace(/^public\./, "")}${type.array ? "[]" : ""}`;
  switch (known?.kind) {
    case "enum":
      return { ...type, native: name ?? type.native, logical: "enum", values: known.values };
    case "domain": {
      const { logical, length, precision, scale, values } = typeOf(replay, known.type);
      return { ...type, native: name ?? type.native, logical, length, precision, scale, values };
    }
    case "composite":
      return { ...type, native: name ?? type.native, logical: "composite" };
    default:
      return type;
  }
}

const LITERAL =
  /^(?:[eEnN]?'(?:[^']|'')*'|"[^"]*"|[-+]?\d[\d.eE+-]*|true|false)(?:\s*::\s*["\w. ]+(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?)?$/i;

function defaultOf(expression: string | null): FieldDefault | null {
  if (expression === null) return null;
  const bare = expression.replace(/^\((.*)\)$/s, "$1").trim();
  return { kind: LITERAL.test(bare) ? "literal" : "database", text: expression };
}

function constraintOf(constraint: ConstraintState): Constraint {
  const { kind, name, columns, expression, deferrable, source } = constraint;
  return { kind, name, columns, expression, deferrable, source };
}

function indexesOf(replay: SchemaReplay, table: TableState): readonly Index[] {
  const declared = table.indexes.map(indexOf);
  const implied = table.constraints.flatMap((constraint) => {
    if (constraint.kind !== "primary-key" && constraint.kind !== "unique") return [];
    if (constraint.columns.length === 0) return [];
    return [impliedIndex(constraint, constraint.kind)];
  });
  if (replay.dialect !== "mysql") return [...implied, ...declared];
  // InnoDB makes an index for a foreign key that none of the others begins with.
  const present = [...implied, ...declared];
  for (const constraint of table.constraints) {
    if (constraint.kind !== "foreign-key") continue;
    const led = present.some(({ columns }) =>
      constraint.columns.every((name, at) => columns[at]?.column === name),
    );
    if (!led) present.push(impliedIndex(constraint, "foreign-key"));
  }
  return present;
}

function indexOf(index: IndexState): Index {
  const { name, parts, include, method, unique, predicate, source } = index;
  return {
    name,
    columns: parts.map((part) => ({ ...part })),
    include,
    method,
    unique,
    predicate,
    origin: "declared",
    source,
  };
}

function impliedIndex(constraint: ConstraintState, origin: Index["origin"]): Index {
  return {
    name: constraint.name,
    columns: constraint.columns.map((column) => ({
      column,
      expression: null,
      order: "asc",
      nulls: null,
      opclass: null,
    })),
    include: [],
    method: "btree",
    unique: origin !== "foreign-key",
    predicate: null,
    origin,
    source: constraint.source,
  };
}

function relationsOf(
  replay: SchemaReplay,
  table: TableState,
  keys: UniqueKeys,
  names: ModelNames,
): readonly Relation[] {
  const relations: Relation[] = [];
  for (const constraint of table.constraints) {
    const { references, columns, source } = constraint;
    if (!references || constraint.inherited) continue;
    const target = replay.tables.get(references.table);
    const primary = target?.constraints.find(({ kind }) => kind === "primary-key")?.columns ?? [];
    relations.push({
      name: columns.join("_"),
      kind: isKey(keys, columns) ? "one-to-one" : "many-to-one",
      direction: "forward",
      target: target ? qualifiedNameOf(target) : references.written,
      targetId: target ? names.idOf(target) : null,
      columns,
      targetColumns: references.columns.length > 0 ? references.columns : primary,
      through: null,
      onDelete: references.onDelete ?? "no-action",
      onUpdate: references.onUpdate ?? "no-action",
      inverse: null,
      enforced: true,
      source,
    });
  }
  return relations;
}

/** Gives every relation its other side: named by the table that refers, and by its columns where it refers twice. */
export function addReverseRelations(models: readonly Model[]): readonly Model[] {
  const reverse = new Map<string, Relation[]>();
  const inverseNames = new Map<Relation, string>();
  for (const model of models) {
    for (const relation of model.relations) {
      if (relation.targetId === null) continue;
      const twins = model.relations.filter(({ targetId }) => targetId === relation.targetId);
      const name = twins.length > 1 ? `${model.name}_${relation.name}` : model.name;
      inverseNames.set(relation, name);
      const list = reverse.get(relation.targetId) ?? [];
      reverse.set(relation.targetId, list);
      list.push({
        ...relation,
        name,
        kind: relation.kind === "one-to-one" ? "one-to-one" : "one-to-many",
        direction: "reverse",
        target: model.qualifiedName,
        targetId: model.id,
        columns: [],
        targetColumns: relation.columns,
        onDelete: null,
        onUpdate: null,
        inverse: relation.name,
      });
    }
  }
  return models.map((model) => ({
    ...model,
    relations: [
      ...model.relations.map((relation) => ({ ...relation, inverse: inverseNames.get(relation) ?? null })),
      ...(reverse.get(model.id) ?? []),
    ],
  }));
}

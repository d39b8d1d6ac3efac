import type { Field, Model } from "../../ir/model.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import { rangeOf } from "../../source.ts";
import { columnsOf, type FoundColumn } from "./columns.ts";
import { type Entity, type EntityTable, modelIdOf, qualifiedNameOf } from "./entities.ts";
import { JoinTable, joinedColumn } from "./joins.ts";
import { keysOf } from "./keys.ts";
import { relationsOf } from "./relations.ts";

/** Models of all entities. A class that only passes its columns on is no model: TypeORM makes no table of it. */
export function modelsOf(table: EntityTable): readonly Model[] {
  const columns = new Map(table.entities.map((entity) => [entity, columnsOf(table, entity)]));
  const joins = new JoinTable(table, new Map([...columns].map(([entity, found]) => [entity, found.columns])));
  const own = new Map(
    [...columns].map(([entity, found]) => [entity, withJoined(entity, found.columns, joins)]),
  );
  const shared = sharedColumns(own);
  return [...columns].map(([entity, found]) => {
    const whole = [...(own.get(entity) ?? []), ...(shared.get(entity) ?? [])].map((column) =>
      entity.parent ? inSharedTable(entity.parent, own, column) : column,
    );
    const { indexes, constraints } = keysOf(table, entity, whole, joins.joinsOf(entity));
    const gaps = [...entity.gaps, ...found.gaps];
    const { fact } = entity;
    return {
      kind: "model",
      id: modelIdOf(entity),
      name: entity.name,
      qualifiedName: qualifiedNameOf(entity),
      namespace: entity.namespace,
      uri: entity.uri,
      range: rangeOf(fact.span),
      nameRange: rangeOf(fact.nameSpan),
      hash: fact.hash,
      stack: "typeorm",
      confidence: gaps.length === 0 ? "certain" : "partial",
      reason: entity.parent ? `${entity.reason} in the table of ${entity.parent.name}` : entity.reason,
      gaps,
      table: entity.namespace === "" ? entity.table : `${entity.namespace}.${entity.table}`,
      abstract: false,
      proxyOf: entity.parent ? qualifiedNameOf(entity.parent) : null,
      managed: entity.synchronized && !entity.isView,
      bases: entity.bases,
      documentation: entity.documentation,
      fields: whole.map((column) => fieldOf(column, indexes)),
      relations: relationsOf(table, joins, entity),
      indexes,
      constraints,
      ordering: orderingOf(entity),
    };
  });
}

type Columns = ReadonlyMap<Entity, readonly FoundColumn[]>;

/** What entities bring into the table of another: rows of the others have nothing there. */
function sharedColumns(own: Columns): Columns {
  const shared = new Map<Entity, FoundColumn[]>();
  for (const [{ parent }, columns] of own) {
    if (!parent) continue;
    const present = [...(own.get(parent) ?? []), ...(shared.get(parent) ?? [])].map(({ name }) => name);
    const added = columns
      .filter(({ name }) => !present.includes(name))
      .map((column) => inSharedTable(parent, own, column));
    shared.set(parent, [...(shared.get(parent) ?? []), ...added]);
  }
  return shared;
}

function inSharedTable(parent: Entity, own: Columns, column: FoundColumn): FoundColumn {
  const isOfAll = own.get(parent)?.some(({ name }) => name === column.name) ?? false;
  return isOfAll ? column : { ...column, field: { ...column.field, nullable: true } };
}

/** Columns in the order of the table: those of properties, then those that relations bring in. */
function withJoined(
  entity: Entity,
  columns: readonly FoundColumn[],
  joins: JoinTable,
): readonly FoundColumn[] {
  const made = joins
    .joinsOf(entity)
    .flatMap((join) =>
      join.columns
        .filter(({ own }) => own === null)
        .map((column) => joinedColumn(join.relation, column, join.nullable)),
    );
  const names = new Set(columns.map(({ name }) => name));
  // A column that a relation uses for its key gets the type of what it refers to.
  const referenced = new Map(
    joins
      .joinsOf(entity)
      .flatMap((join) => join.columns.map((column) => [column.own, column.referenced.field] as const)),
  );
  const typed = columns.map((column) => {
    const target = referenced.get(column);
    const type = target && { ...target.type, declared: column.field.type.declared };
    return type ? { ...column, field: { ...column.field, type } } : column;
  });
  return [...typed, ...made.filter((column) => !names.has(column.name))];
}

/** What keys written beside the columns say of a column. */
function fieldOf({ field, name }: FoundColumn, indexes: Model["indexes"]): Field {
  const alone = indexes.filter(
    (index) => index.columns.length === 1 && index.columns[0]?.column === name && index.predicate === null,
  );
  return {
    ...field,
    unique: field.unique || alone.some(({ unique }) => unique),
    indexed: field.indexed || alone.length > 0,
  };
}

function orderingOf({ ordering }: Entity): readonly string[] {
  return [...dictOf(ordering)].map(([name, value]) =>
    value.k === "string" && value.value.toUpperCase() === "DESC" ? `-${name}` : name,
  );
}

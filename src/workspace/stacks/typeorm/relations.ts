import type { Relation } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { RelationDeclaration } from "./declarations.ts";
import { type Entity, type EntityTable, modelIdOf, qualifiedNameOf } from "./entities.ts";
import type { Join, JoinTable } from "./joins.ts";

/** Relations of an entity as its properties declare them. */
export function relationsOf(table: EntityTable, joins: JoinTable, entity: Entity): readonly Relation[] {
  const own = new Map(joins.joinsOf(entity).map((join) => [join.relation, join]));
  return entity.relations.map((relation) => {
    const target = table.entityOf(relation.uri, relation.target);
    const inverse = target ? inverseOf(table, entity, relation, target) : null;
    const join = own.get(relation) ?? null;
    const shared = {
      name: relation.property,
      target: target ? qualifiedNameOf(target) : writtenTarget(table, relation),
      targetId: target ? modelIdOf(target) : null,
      inverse: inverse?.property ?? (target ? null : relation.inverse),
      source: relation.source,
    };
    if (relation.kind === "many-to-many") return manyToMany(table, entity, relation, target, inverse, shared);
    if (join) return forward(relation, join, shared);
    const other =
      target && inverse ? joins.joinsOf(target).find((candidate) => candidate.relation === inverse) : null;
    return {
      ...shared,
      kind: relation.kind,
      direction: relation.kind === "many-to-one" ? "forward" : "reverse",
      columns: [],
      targetColumns: other?.columns.map(({ name }) => name) ?? [],
      through: null,
      onDelete: null,
      onUpdate: null,
      enforced: other?.enforced ?? false,
    };
  });
}

type Shared = Pick<Relation, "name" | "target" | "targetId" | "inverse" | "source">;

function forward(relation: RelationDeclaration, join: Join, shared: Shared): Relation {
  return {
    ...shared,
    kind: relation.kind,
    direction: "forward",
    columns: join.columns.map(({ name }) => name),
    targetColumns: join.columns.map(({ referenced }) => referenced.name),
    through: null,
    onDelete: join.onDelete,
    onUpdate: join.onUpdate,
    enforced: join.enforced,
  };
}

function manyToMany(
  table: EntityTable,
  entity: Entity,
  relation: RelationDeclaration,
  target: Entity | null,
  inverse: RelationDeclaration | null,
  shared: Shared,
): Relation {
  const isOwner = relation.joinTable !== null;
  const owner = isOwner ? relation : inverse;
  const [from, to] = isOwner ? [entity, target] : [target, entity];
  const named = owner?.joinTable ? table.values.textOf(owner.uri, owner.joinTable.get("name")) : null;
  const through =
    owner?.joinTable && from
      ? (named ?? from.naming.joinTableName(from.table, to?.table ?? "", owner.property))
      : null;
  return {
    ...shared,
    kind: "many-to-many",
    direction: isOwner ? "forward" : "reverse",
    columns: [],
    targetColumns: [],
    through,
    onDelete: "cascade",
    onUpdate: "cascade",
    enforced: true,
  };
}

/** The relation of the other entity that is this one seen from there. */
function inverseOf(
  table: EntityTable,
  entity: Entity,
  relation: RelationDeclaration,
  target: Entity,
): RelationDeclaration | null {
  if (relation.inverse !== null) {
    const named = target.relations.find(({ property }) => property === relation.inverse);
    if (named) return named;
  }
  const tree =
    /^(?:many-to-one|one-to-many)$/.test(relation.kind) && target === entity && relation.inverse === null;
  return (
    target.relations.find(
      (other) =>
        other !== relation &&
        (other.inverse === relation.property ||
          (tree && other.kind !== relation.kind && other.inverse === null)) &&
        table.entityOf(other.uri, other.target) === entity,
    ) ?? null
  );
}

function writtenTarget(table: EntityTable, { uri, target }: RelationDeclaration): string {
  const value: Expression =
    (target.k === "function" ? table.values.resultOf(uri, target)?.value : target) ?? target;
  return value.k === "string" ? value.value : (dottedName(value) ?? "…");
}

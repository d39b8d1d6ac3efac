import type { ReferentialAction, Relation, RelationKind } from "../../ir/model.ts";
import type { PrismaField, PrismaModel } from "../../languages/prisma/schema.ts";
import { compareText, rangeOf } from "../../source.ts";
import { argumentOf, attributeOf, fieldReferences, mappedName, textOf } from "./attributes.ts";
import { isUniqueOver } from "./keys.ts";
import { modelId, type Placed, qualifiedName, type SchemaProject } from "./schema-project.ts";

/** Both sides of every relation of a model, as the schema declares them. */
export function relationsOf(project: SchemaProject, placed: Placed<PrismaModel>): readonly Relation[] {
  const relations: Relation[] = [];
  for (const field of placed.declaration.fields) {
    const target = project.models.get(field.type);
    if (target) relations.push(relationOf(project, placed, field, target));
  }
  return relations;
}

/** Fields of this side of a relation that hold the key; empty on the other side. */
export function keyFields(field: PrismaField): readonly string[] {
  return fieldReferences(argumentOf(attributeOf(field, "relation"), "fields")).map(({ name }) => name);
}

function relationOf(
  project: SchemaProject,
  placed: Placed<PrismaModel>,
  field: PrismaField,
  target: Placed<PrismaModel>,
): Relation {
  const model = placed.declaration;
  const attribute = attributeOf(field, "relation");
  const inverse = inverseOf(model, field, target.declaration);
  const own = keyFields(field);
  const kind = kindOf(model, field, own, inverse);
  const forward = own.length > 0;
  const isImplicit = kind === "many-to-many" && !forward;
  const [onDelete, onUpdate] = isImplicit
    ? (["cascade", "cascade"] as const)
    : actions(project, model, field, own);
  return {
    name: field.name,
    kind,
    direction:
      forward || (isImplicit && isFirstSide(model, field, target.declaration, inverse))
        ? "forward"
        : "reverse",
    target: qualifiedName(project, target.declaration),
    targetId: modelId(project, target.declaration.name),
    columns: columns(model, own),
    targetColumns: columns(
      target.declaration,
      fieldReferences(argumentOf(attribute, "references")).map(({ name }) => name),
    ),
    through: isImplicit ? joinTable(model, field, target.declaration) : null,
    onDelete: forward || isImplicit ? onDelete : null,
    onUpdate: forward || isImplicit ? onUpdate : null,
    inverse: inverse?.name ?? null,
    enforced: project.enforcesRelations,
    source: { uri: placed.uri, range: rangeOf(field.span), hash: field.hash },
  };
}

function kindOf(
  model: PrismaModel,
  field: PrismaField,
  own: readonly string[],
  inverse: PrismaField | null,
): RelationKind {
  if (own.length > 0) {
    if (field.list) return "many-to-many";
    return isUniqueOver(model, own) ? "one-to-one" : "many-to-one";
  }
  if (!field.list) return "one-to-one";
  return inverse?.list ? "many-to-many" : "one-to-many";
}

/** The field of the other model that is the same relation seen from there. */
function inverseOf(model: PrismaModel, field: PrismaField, target: PrismaModel): PrismaField | null {
  const name = relationName(field);
  const candidates = target.fields.filter(
    (other) =>
      other.type === model.name && relationName(other) === name && !(target === model && other === field),
  );
  // Without a name there may be several relations between two models in a schema being written: only one can fit.
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

function relationName(field: PrismaField): string | null {
  return textOf(argumentOf(attributeOf(field, "relation"), "name", 0));
}

/** The side whose key is column "A" of the join table: the first by model name, or by field name of a self relation. */
function isFirstSide(
  model: PrismaModel,
  field: PrismaField,
  target: PrismaModel,
  inverse: PrismaField | null,
): boolean {
  if (model.name !== target.name) return compareText(model.name, target.name) < 0;
  return inverse === null || compareText(field.name, inverse.name) < 0;
}

function joinTable(model: PrismaModel, field: PrismaField, target: PrismaModel): string {
  const [first, second] = [model.name, target.name].sort(compareText);
  return `_${relationName(field) ?? `${first}To${second}`}`;
}

function columns(model: PrismaModel, names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const field = model.fields.find((candidate) => candidate.name === name);
    return field ? mappedName(field) : name;
  });
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  Cascade: "cascade",
  Restrict: "restrict",
  NoAction: "no-action",
  SetNull: "set-null",
  SetDefault: "set-default",
};

/** What is written, or Prisma's defaults: ON DELETE SET NULL where the key may be null, else RESTRICT; ON UPDATE CASCADE. */
function actions(
  project: SchemaProject,
  model: PrismaModel,
  field: PrismaField,
  own: readonly string[],
): readonly [onDelete: ReferentialAction, onUpdate: ReferentialAction] {
  const attribute = attributeOf(field, "relation");
  const written = (name: string) => ACTIONS[textOf(argumentOf(attribute, name)) ?? ""];
  const required = model.fields.some((key) => own.includes(key.name) && !key.optional);
  const optional = field.optional && !required;
  const restrict: ReferentialAction = project.provider === "sqlserver" ? "no-action" : "restrict";
  const onDelete = written("onDelete") ?? (optional ? "set-null" : restrict);
  return [onDelete, written("onUpdate") ?? "cascade"];
}

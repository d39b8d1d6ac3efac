import type { Constraint, Index, IndexColumn } from "../../ir/model.ts";
import type { PrismaModel } from "../../languages/prisma/schema.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { argumentOf, attributeOf, type FieldReference, mappedName, textOf } from "./attributes.ts";
import { type KeyDeclaration, keysOf } from "./keys.ts";
import type { Provider } from "./native-types.ts";
import { keyFields } from "./relations.ts";
import { type Placed, type SchemaProject, tableOf } from "./schema-project.ts";

const NAME_LIMITS: Readonly<Record<Provider, number>> = {
  postgresql: 63,
  cockroachdb: 63,
  mysql: 64,
  sqlite: 10_000,
  sqlserver: 128,
  mongodb: 127,
};

export function indexesOf(project: SchemaProject, placed: Placed<PrismaModel>): readonly Index[] {
  const model = placed.declaration;
  const indexes = keysOf(model).map((key) => indexOf(project, placed, key));
  if (project.provider !== "mysql" || !project.enforcesRelations) return indexes;
  // InnoDB makes an index for a foreign key that has none; Prisma and the other databases do not.
  for (const { columns, name, source } of foreignKeys(project, placed)) {
    const covered = indexes.some((index) =>
      columns.every((column, at) => index.columns[at]?.column === column),
    );
    if (covered) continue;
    indexes.push({
      name,
      columns: columns.map((column) => plainColumn(column)),
      include: [],
      method: "btree",
      unique: false,
      predicate: null,
      origin: "foreign-key",
      source,
    });
  }
  return indexes;
}

/** Primary and foreign keys. What is unique is a unique index in Prisma's databases, not a constraint. */
export function constraintsOf(project: SchemaProject, placed: Placed<PrismaModel>): readonly Constraint[] {
  const model = placed.declaration;
  const constraints: Constraint[] = [];
  for (const key of keysOf(model)) {
    if (key.kind !== "id") continue;
    constraints.push({
      kind: "primary-key",
      name: keyName(project, model, key),
      columns: key.fields.map((field) => columnOf(model, field.name)),
      expression: null,
      deferrable: false,
      source: sourceOf(placed, key.attribute),
    });
  }
  if (!project.enforcesRelations) return constraints;
  for (const { columns, name, source } of foreignKeys(project, placed)) {
    constraints.push({ kind: "foreign-key", name, columns, expression: null, deferrable: false, source });
  }
  return constraints;
}

interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly source: SourceRef;
}

function foreignKeys(project: SchemaProject, placed: Placed<PrismaModel>): readonly ForeignKey[] {
  const model = placed.declaration;
  return model.fields.flatMap((field) => {
    const fields = keyFields(field);
    if (fields.length === 0 || !project.models.has(field.type)) return [];
    const columns = fields.map((name) => columnOf(model, name));
    const given = textOf(argumentOf(attributeOf(field, "relation"), "map"));
    const name = given ?? defaultName(project, model, columns, "fkey");
    return [{ name, columns, source: sourceOf(placed, field) }];
  });
}

function indexOf(project: SchemaProject, placed: Placed<PrismaModel>, key: KeyDeclaration): Index {
  const model = placed.declaration;
  return {
    name: keyName(project, model, key),
    columns: key.fields.map((field) => indexColumn(model, field)),
    include: [],
    method: methodOf(key),
    unique: key.kind === "id" || key.kind === "unique",
    predicate: predicateOf(key),
    origin:
      key.kind === "id"
        ? "primary-key"
        : key.kind === "unique"
          ? key.onField
            ? "field"
            : "unique"
          : "declared",
    source: sourceOf(placed, key.attribute),
  };
}

function indexColumn(model: PrismaModel, field: FieldReference): IndexColumn {
  return { ...plainColumn(columnOf(model, field.name)), order: field.sort, opclass: field.ops };
}

function plainColumn(column: string): IndexColumn {
  return { column, expression: null, order: "asc", nulls: null, opclass: null };
}

function columnOf(model: PrismaModel, name: string): string {
  const field = model.fields.find((candidate) => candidate.name === name);
  return field ? mappedName(field) : name;
}

function methodOf(key: KeyDeclaration): string {
  if (key.kind === "fulltext") return "fulltext";
  return (textOf(argumentOf(key.attribute, "type")) ?? "btree").toLowerCase();
}

function predicateOf(key: KeyDeclaration): string | null {
  const where = argumentOf(key.attribute, "where");
  return where?.k === "call" ? textOf(where.args[0]?.value ?? null) : textOf(where);
}

/** The name that Prisma gives in the database; null where the database does not name it. */
function keyName(project: SchemaProject, model: PrismaModel, key: KeyDeclaration): string | null {
  if (key.map !== null) return key.map;
  if (key.kind === "id") {
    if (project.provider === "mysql" || project.provider === "sqlite") return null;
    return limited(project, tableOf(model), "_pkey");
  }
  const columns = key.fields.map((field) => columnOf(model, field.name.replaceAll(".", "_")));
  return defaultName(project, model, columns, key.kind === "unique" ? "key" : "idx");
}

function defaultName(
  project: SchemaProject,
  model: PrismaModel,
  columns: readonly string[],
  suffix: string,
): string {
  return limited(project, [tableOf(model), ...columns].join("_"), `_${suffix}`);
}

/** A name that is too long loses the end of what is before the suffix. */
function limited(project: SchemaProject, name: string, suffix: string): string {
  return name.slice(0, NAME_LIMITS[project.provider] - suffix.length) + suffix;
}

function sourceOf(
  placed: Placed<PrismaModel>,
  part: { readonly span: KeyDeclaration["attribute"]["span"]; readonly hash: string },
): SourceRef {
  return { uri: placed.uri, range: rangeOf(part.span), hash: part.hash };
}

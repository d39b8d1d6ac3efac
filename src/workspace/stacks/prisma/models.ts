import type { Gap } from "../../ir/entry.ts";
import type { Field, FieldDefault, FieldType, Model } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { PrismaField, PrismaModel } from "../../languages/prisma/schema.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { argumentOf, attributeOf, mappedName, textOf } from "./attributes.ts";
import { constraintsOf, indexesOf } from "./indexes.ts";
import { keysOf } from "./keys.ts";
import { defaultNative, isScalar, logicalOf, nativeSpelling } from "./native-types.ts";
import { relationsOf } from "./relations.ts";
import {
  modelId,
  namespaceOf,
  type Placed,
  qualifiedName,
  type SchemaProject,
  tableOf,
} from "./schema-project.ts";

/** Models and views of one schema. Relation fields are relations, not fields: they have no column. */
export function modelsOf(project: SchemaProject): readonly Model[] {
  return [...project.models.values()].map((placed) => modelOf(project, placed));
}

function modelOf(project: SchemaProject, placed: Placed<PrismaModel>): Model {
  const { uri, declaration } = placed;
  const isView = declaration.kind === "view";
  const gaps: Gap[] = [];
  const fields = declaration.fields
    .filter((field) => !project.models.has(field.type))
    .map((field) => fieldOf(project, placed, field, gaps));
  return {
    kind: "model",
    id: modelId(project, declaration.name),
    name: declaration.name,
    qualifiedName: qualifiedName(project, declaration),
    namespace: namespaceOf(declaration),
    uri,
    range: rangeOf(declaration.span),
    nameRange: rangeOf(declaration.nameSpan),
    hash: declaration.hash,
    stack: "prisma",
    confidence: gaps.length === 0 ? "certain" : "partial",
    reason: `${declaration.kind} block of a Prisma schema`,
    gaps: [...gaps, ...prefixGaps(placed)],
    table: tableOf(declaration),
    abstract: false,
    proxyOf: null,
    managed: !isView,
    bases: [],
    documentation: declaration.documentation,
    fields,
    relations: relationsOf(project, placed),
    indexes: indexesOf(project, placed),
    constraints: constraintsOf(project, placed),
    ordering: [],
  };
}

function fieldOf(
  project: SchemaProject,
  placed: Placed<PrismaModel>,
  field: PrismaField,
  gaps: Gap[],
): Field {
  const model = placed.declaration;
  const keys = keysOf(model);
  const primary = keys.find((key) => key.kind === "id");
  const alone = keys.filter((key) => key.fields.length === 1 && key.fields[0]?.name === field.name);
  const type = typeOf(project, field);
  const source: SourceRef = { uri: placed.uri, range: rangeOf(field.span), hash: field.hash };
  if (type.logical === "unknown" && field.unsupported === null) {
    gaps.push({
      what: `field \`${field.name}\`: type ${field.type}`,
      why: "no model, enum or type of this name is in the schema",
      source,
    });
  }
  return {
    name: field.name,
    column: mappedName(field),
    type,
    nullable: field.optional,
    primaryKey: primary?.fields.some((reference) => reference.name === field.name) ?? false,
    unique: alone.some((key) => key.kind === "id" || key.kind === "unique"),
    indexed: alone.length > 0,
    default: defaultOf(field),
    generated: isGenerated(field),
    documentation: field.documentation,
    inheritedFrom: null,
    source,
  };
}

function typeOf(project: SchemaProject, field: PrismaField): FieldType {
  const attribute = field.attributes.find((candidate) => candidate.name.includes("."));
  const args = (attribute?.args ?? []).map(({ value }) => textOf(value) ?? "");
  const declared = attribute ? `${field.type} @${attribute.name}${shown(args)}` : field.type;
  const enumeration = project.enums.get(field.type)?.declaration;
  const base = { declared, array: field.list, length: null, precision: null, scale: null, values: [] };
  if (enumeration) {
    const values = enumeration.values.map((value) => mappedName(value));
    const native =
      project.provider === "mysql"
        ? `enum(${values.map((value) => `'${value}'`).join(",")})`
        : project.provider === "postgresql" || project.provider === "cockroachdb"
          ? mappedName(enumeration)
          : defaultNative(project.provider, "String");
    return { ...base, native, logical: "enum", values };
  }
  if (project.compositeTypes.has(field.type)) return { ...base, native: null, logical: "composite" };
  const native =
    field.unsupported ??
    (attribute
      ? nativeSpelling(attribute.name.slice(attribute.name.lastIndexOf(".") + 1), args)
      : defaultNative(project.provider, field.type));
  if (field.unsupported === null && !isScalar(field.type))
    return { ...base, native: null, logical: "unknown" };
  const sizes = (/\(([\d\s,]+)\)/.exec(native ?? "")?.[1] ?? "").split(",").map(Number);
  const logical = logicalOf(native?.toLowerCase() ?? null, field.type);
  const size = native?.includes("(") ? (sizes[0] ?? null) : null;
  const text = logical === "string" || logical === "text" || logical === "binary" || logical === "vector";
  return {
    ...base,
    native: native !== null && field.list ? `${native}[]` : native,
    logical,
    length: text && size ? size : null,
    precision: text ? null : size,
    scale: logical === "decimal" && native?.includes("(") ? (sizes[1] ?? 0) : null,
  };
}

function shown(args: readonly string[]): string {
  return args.length === 0 ? "" : `(${args.join(", ")})`;
}

function defaultOf(field: PrismaField): FieldDefault | null {
  const value = argumentOf(attributeOf(field, "default"), "value", 0);
  if (!value) return attributeOf(field, "updatedAt") ? { kind: "application", text: "@updatedAt" } : null;
  if (value.k !== "call") return { kind: "literal", text: literal(value) };
  const name = dottedName(value.callee) ?? "";
  const argument = textOf(value.args[0]?.value ?? null);
  switch (name) {
    case "autoincrement":
    case "sequence":
    case "now":
      return { kind: "database", text: `${name}()` };
    case "dbgenerated":
      return { kind: "database", text: argument ?? "dbgenerated()" };
    default:
      return { kind: "application", text: `${name}(${argument ?? ""})` };
  }
}

function isGenerated(field: PrismaField): boolean {
  const value = argumentOf(attributeOf(field, "default"), "value", 0);
  const name = value?.k === "call" ? dottedName(value.callee) : null;
  return name === "autoincrement" || name === "sequence";
}

function literal(value: Expression): string {
  if (value.k === "string") return JSON.stringify(value.value);
  if (value.k === "list") return `[${value.items.map(literal).join(", ")}]`;
  return textOf(value) ?? "";
}

/** Index prefixes (MySQL) have no place in the catalog's indexes. */
function prefixGaps(placed: Placed<PrismaModel>): readonly Gap[] {
  return keysOf(placed.declaration).flatMap((key) =>
    key.fields
      .filter((field) => field.length !== null)
      .map((field) => ({
        what: `index over \`${field.name}\` covers the first ${field.length} characters only`,
        why: "lengths of index prefixes are not part of the catalog",
        source: { uri: placed.uri, range: rangeOf(key.attribute.span), hash: key.attribute.hash },
      })),
  );
}

import type { PrismaAttribute, PrismaField, PrismaModel } from "../../languages/prisma/schema.ts";
import { argumentOf, attributeOf, type FieldReference, fieldReferences, textOf } from "./attributes.ts";

/** A key, unique or plain index of a model, from an attribute of a field or of the model. */
export interface KeyDeclaration {
  readonly kind: "id" | "unique" | "index" | "fulltext";
  readonly fields: readonly FieldReference[];
  /** Name in the database as given by `map`; null for the default one. */
  readonly map: string | null;
  readonly attribute: PrismaAttribute;
  /** Written on a field. */
  readonly onField: boolean;
}

const KINDS = ["id", "unique", "index", "fulltext"] as const;

export function keysOf(model: PrismaModel): readonly KeyDeclaration[] {
  const keys: KeyDeclaration[] = [];
  for (const field of model.fields) {
    for (const kind of ["id", "unique"] as const) {
      const attribute = attributeOf(field, kind);
      if (attribute) keys.push({ ...fieldKey(field, attribute), kind });
    }
  }
  for (const attribute of model.attributes) {
    const kind = KINDS.find((candidate) => candidate === attribute.name);
    if (!kind) continue;
    const fields = fieldReferences(argumentOf(attribute, "fields", 0));
    if (fields.length === 0) continue;
    keys.push({ kind, fields, map: textOf(argumentOf(attribute, "map")), attribute, onField: false });
  }
  return keys;
}

/** Names of the fields of the primary key; empty when there is none. */
export function primaryKey(model: PrismaModel): readonly string[] {
  const key = keysOf(model).find((candidate) => candidate.kind === "id");
  return key?.fields.map((field) => field.name) ?? [];
}

/** The fields together are a key: at most one row has given values. */
export function isUniqueOver(model: PrismaModel, fields: readonly string[]): boolean {
  return keysOf(model).some(
    (key) =>
      (key.kind === "id" || key.kind === "unique") &&
      key.fields.length === fields.length &&
      key.fields.every((field) => fields.includes(field.name)),
  );
}

function fieldKey(field: PrismaField, attribute: PrismaAttribute): Omit<KeyDeclaration, "kind"> {
  const sort = textOf(argumentOf(attribute, "sort")) === "Desc" ? "desc" : "asc";
  const length = textOf(argumentOf(attribute, "length"));
  return {
    fields: [{ name: field.name, sort, ops: null, length }],
    map: textOf(argumentOf(attribute, "map")),
    attribute,
    onField: true,
  };
}

import type { FieldType } from "../../ir/model.ts";
import { externalKeyType } from "./external-models.ts";
import { DJANGO_FIELDS } from "./field-classes.ts";
import type { FieldSpec } from "./field-spec.ts";
import type { ModelInfo, ModelRegistry, OwnedField } from "./model-registry.ts";
import { stringSetting } from "./settings.ts";

/** The key of a model: a field it has, the link to its parent, or the `id` that Django adds. */
export type PrimaryKey =
  | { readonly kind: "field"; readonly name: string; readonly column: string; readonly field: OwnedField }
  | {
      readonly kind: "parent";
      readonly name: string;
      readonly column: string;
      readonly parent: ModelInfo | string;
    }
  | { readonly kind: "implicit"; readonly name: "id"; readonly column: "id"; readonly declared: string };

/** Column of a field; null when it has none in the model's own table. */
export function columnOf(spec: FieldSpec): string | null {
  const { kind } = spec.fieldClass;
  if (kind === "many-to-many" || kind === "generic-key" || kind === "generic-relation") return null;
  if (spec.djangoClass === "CompositePrimaryKey") return null;
  return spec.column ?? (kind === "column" ? spec.name : `${spec.name}_id`);
}

/** Name of the one-to-one link that a child has to its parent's table. */
export function parentLinkName(parent: ModelInfo | string): string {
  const name = typeof parent === "string" ? parent.slice(parent.lastIndexOf(".") + 1) : parent.name;
  return `${name.toLowerCase()}_ptr`;
}

export function primaryKeyOf(registry: ModelRegistry, info: ModelInfo): PrimaryKey | null {
  const concrete = concreteOf(info);
  if (concrete !== info) return primaryKeyOf(registry, concrete);
  const declared =
    info.fields.find(({ spec }) => spec.primaryKey) ??
    info.fields.find(({ spec }) => spec.relation?.parentLink);
  const column = declared && (columnOf(declared.spec) ?? declared.spec.name);
  if (declared && column) return { kind: "field", name: declared.spec.name, column, field: declared };
  const [parent] = info.parents;
  if (parent) {
    const name = parentLinkName(parent);
    return { kind: "parent", name, column: `${name}_id`, parent };
  }
  if (info.abstract) return null;
  return { kind: "implicit", name: "id", column: "id", declared: autoFieldOf(registry, info) };
}

/** The model whose table a proxy shares; any other model is its own. */
export function concreteOf(info: ModelInfo): ModelInfo {
  const [parent] = info.parents;
  return info.meta.proxy && parent && typeof parent !== "string" ? concreteOf(parent) : info;
}

function autoFieldOf(registry: ModelRegistry, info: ModelInfo): string {
  const { project } = registry;
  const dotted =
    info.app.autoField ??
    stringSetting(project, project.settingsFor(info.ref.uri), "DEFAULT_AUTO_FIELD") ??
    "django.db.models.AutoField";
  const name = dotted.slice(dotted.lastIndexOf(".") + 1);
  if (DJANGO_FIELDS.has(name)) return name;
  const found = project.names.resolvePath(dotted, info.ref.uri);
  const ref = found.kind === "definition" ? project.classes.get(found.uri, found.name) : null;
  for (const step of ref ? project.classes.linearize(ref) : []) {
    const base = step.name.slice(step.name.lastIndexOf(".") + 1);
    if (step.kind === "external" && DJANGO_FIELDS.has(base)) return base;
  }
  return "BigAutoField";
}

/** Type of a column that refers to a model's key, or to one of its fields. */
export function referringType(
  registry: ModelRegistry,
  target: ModelInfo | string,
  toField: string | null,
  depth = 0,
): Pick<FieldType, "native" | "logical" | "length"> {
  if (depth > 10) return UNKNOWN;
  if (typeof target === "string") {
    const native = externalKeyType(target);
    return native ? { native, logical: native === "integer" ? "integer" : "string", length: null } : UNKNOWN;
  }
  const key = primaryKeyOf(registry, target);
  const owned =
    toField && toField !== key?.name
      ? concreteOf(target).fields.find(({ spec }) => spec.name === toField)
      : null;
  if (owned) return typeOfField(registry, target, owned, depth);
  switch (key?.kind) {
    case "field":
      return typeOfField(registry, target, key.field, depth);
    case "parent":
      return referringType(registry, key.parent, null, depth + 1);
    case "implicit":
      return autoType(key.declared);
    case undefined:
      return UNKNOWN;
  }
}

const UNKNOWN = { native: null, logical: "unknown", length: null } as const;

export function autoType(declared: string): Pick<FieldType, "native" | "logical" | "length"> {
  const known = DJANGO_FIELDS.get(declared);
  return known ? { native: known.native, logical: known.logical, length: null } : UNKNOWN;
}

/** Type of a field, of the key it refers to for a relation. */
export function typeOfField(
  registry: ModelRegistry,
  model: ModelInfo,
  { spec }: OwnedField,
  depth = 0,
): FieldType {
  const { relation, type } = spec;
  if (!relation || spec.fieldClass.kind === "many-to-many" || relation.target.kind === "any") return type;
  if (spec.fieldClass.kind === "generic-relation") return type;
  return {
    ...type,
    ...referringType(registry, registry.target(relation.target, model), relation.toField, depth + 1),
  };
}

import type { Gap } from "../../ir/entry.ts";
import type { Field, FieldDefault, FieldType } from "../../ir/model.ts";
import { dottedName } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  isNone,
  isTrue,
  listItems,
  render,
} from "../../languages/python/expressions.ts";
import { enumMembers } from "../python/enum-members.ts";
import type { Written } from "../python/project.ts";
import { literalText } from "../sqlalchemy/sql-expression.ts";
import { ARRAY_ITEMS } from "./field-classes.ts";
import type { AksaraRegistry, ModelInfo, OwnedField } from "./registry.ts";
import { targetOf } from "./targets.ts";

/** A field as the catalog has it; what about it is not known goes to `gaps`. */
export function buildField(registry: AksaraRegistry, info: ModelInfo, field: OwnedField, gaps: Gap[]): Field {
  const { kind } = field.fieldClass;
  const isKey = isPrimaryKey(field);
  const unique = isKey || kind === "one-to-one" || isTrue(option(field, "unique")?.expression ?? null);
  const { type, why } = typeOf(registry, info, field);
  if (why !== null) gaps.push({ what: `field ${field.name}`, why, source: field.source });
  return {
    name: field.name,
    column: columnOf(registry, field),
    type,
    nullable: !isKey && isNullable(registry, field),
    primaryKey: isKey,
    unique,
    indexed: unique || isTrue(option(field, "db_index")?.expression ?? null),
    default: defaultOf(registry, field),
    generated: false,
    documentation: textOption(registry, field, "ai_description"),
    inheritedFrom: field.inheritedFrom,
    source: field.source,
  };
}

export function option({ call }: OwnedField, name: string): Written | null {
  const value = argumentOf(call.expression, name);
  return value && { ...call, expression: value };
}

export function textOption(registry: AksaraRegistry, field: OwnedField, name: string): string | null {
  const value = option(field, name);
  return value && registry.project.text(value);
}

export function isPrimaryKey(field: OwnedField): boolean {
  return isTrue(option(field, "primary_key")?.expression ?? null);
}

export function isNullable(registry: AksaraRegistry, field: OwnedField): boolean {
  const given = option(field, "nullable");
  const value = given && booleanValue(registry.project.constant(given).expression);
  return value ?? field.fieldClass.nullable;
}

/** Column of a field; null where it has none. */
export function columnOf(registry: AksaraRegistry, field: OwnedField): string | null {
  switch (field.fieldClass.kind) {
    case "column":
      return field.name;
    case "foreign-key":
    case "one-to-one":
      return textOption(registry, field, "column_name") ?? `${field.name}_id`;
    case "many-to-many":
    case "generic":
      return null;
  }
}

/** The column that is the key of a model: one that says so, else `id`. */
export function primaryKeyOf(info: ModelInfo): OwnedField | null {
  return info.fields.find(isPrimaryKey) ?? info.fields.find(({ name }) => name === "id") ?? null;
}

interface Typed {
  readonly type: FieldType;
  /** Why the type is not known; null when it is. */
  readonly why: string | null;
}

function typeOf(registry: AksaraRegistry, info: ModelInfo, field: OwnedField, depth = 0): Typed {
  const { fieldClass, declared } = field;
  const base = { declared, length: null, precision: null, scale: null, array: false, values: [] } as const;
  if (fieldClass.kind === "foreign-key" || fieldClass.kind === "one-to-one") {
    const target = targetOf(registry, info, field);
    const key = typeof target === "string" ? null : primaryKeyOf(target);
    if (!key || typeof target === "string" || depth > 4)
      // The keys of Aksara are UUIDs unless a model says otherwise.
      return { type: { ...base, native: "uuid", logical: "uuid" }, why: null };
    const { type, why } = typeOf(registry, target, key, depth + 1);
    return { type: { ...type, declared }, why };
  }
  if (declared === "Array" || declared === "ArrayField") return arrayType(field, base);
  const { logical } = fieldClass;
  const numbers = new Map<string, number | null>();
  fieldClass.options.forEach(([name, fallback], position) => {
    const given = argumentAt(field.call.expression, position, name);
    numbers.set(name, given ? registry.project.number({ ...field.call, expression: given }) : fallback);
  });
  const missing = [...numbers].find(([, value]) => value === null)?.[0];
  const dimensions = /^Vector/.test(declared) ? argumentAt(field.call.expression, 0, "dimensions") : null;
  const size = dimensions && registry.project.number({ ...field.call, expression: dimensions });
  const native =
    missing !== undefined
      ? null
      : `${(fieldClass.native ?? "").replace(/%\((\w+)\)/g, (_, name: string) => String(numbers.get(name)))}${size === null ? "" : `(${size})`}`;
  const values = choicesOf(registry, field);
  return {
    type: {
      ...base,
      native: native || null,
      logical: logical === "string" && values.length > 0 ? "enum" : logical,
      length: numbers.get("max_length") ?? null,
      precision: numbers.get("max_digits") ?? null,
      scale: numbers.get("decimal_places") ?? null,
      values,
    },
    why:
      missing !== undefined
        ? `${missing} is computed`
        : field.custom
          ? `${declared} is a class of the project: the type is that of the field of Aksara it derives from`
          : null,
  };
}

function arrayType(field: OwnedField, base: Omit<FieldType, "native" | "logical">): Typed {
  const given = option(field, "item_type");
  const name = given ? (dottedName(given.expression) ?? "").replace(/^.*\./, "") : "str";
  const item = ARRAY_ITEMS.get(name);
  const [logical, native] = item ?? ["unknown" as const, null];
  return {
    type: { ...base, array: true, logical, native: native && `${native}[]` },
    why: item ? null : `the type of its items, ${given ? render(given.expression) : "?"}, is not known`,
  };
}

/** Allowed values: members of the enumeration, or `choices` as a list of values or of pairs. */
function choicesOf(registry: AksaraRegistry, field: OwnedField): readonly string[] {
  const { project } = registry;
  if (field.fieldClass.logical === "enum") {
    const given = argumentAt(field.call.expression, 0, "enum_class");
    const members = given && enumMembers(project, { ...field.call, expression: given });
    return (members ?? []).map(({ value }) => value);
  }
  const choices = option(field, "choices");
  return ((choices && project.items(choices)) ?? []).flatMap((item) => {
    const found = project.constant(item);
    const value = listItems(found.expression)?.[0] ?? found.expression;
    return project.text({ ...found, expression: value }) ?? (value.k === "number" ? value.value : []);
  });
}

function defaultOf(registry: AksaraRegistry, field: OwnedField): FieldDefault | null {
  const given = option(field, "default");
  if (given && !isNone(given.expression)) {
    const found = registry.project.constant(given).expression;
    const literal = literalText(found);
    return literal === null
      ? { kind: "application", text: render(given.expression) }
      : { kind: "literal", text: literal };
  }
  if (isPrimaryKey(field) && field.fieldClass.logical === "uuid")
    return { kind: "database", text: "gen_random_uuid()" };
  if (isTrue(option(field, "auto_now_add")?.expression ?? null))
    return { kind: "database", text: "CURRENT_TIMESTAMP" };
  if (isTrue(option(field, "auto_now")?.expression ?? null)) return { kind: "application", text: "auto_now" };
  return null;
}

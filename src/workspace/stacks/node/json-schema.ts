import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { PlacedExpression, Program } from "./program.ts";

export type ShapeField = ShapeRef["fields"][number];

const DEPTH = 8;

/**
 * Fields of an object described by a JSON schema that is written out (`{ type: "object", properties: … }`) or by
 * TypeBox (`Type.Object({ … })`); null for anything else.
 */
export function jsonSchemaFields(
  program: Program,
  placed: PlacedExpression,
  depth = 0,
): readonly ShapeField[] | null {
  const found = depth > DEPTH ? null : program.settled(placed);
  if (!found) return null;
  if (found.value.k === "dict") return writtenFields(program, found, depth);
  if (found.value.k === "call") return typeBoxFields(program, found, depth);
  return null;
}

function writtenFields(
  program: Program,
  schema: PlacedExpression,
  depth: number,
): readonly ShapeField[] | null {
  const all = program.dictProperty(schema, "allOf");
  if (all?.value.k === "list") {
    const parts = all.value.items.map((item) =>
      jsonSchemaFields(program, { ...all, value: item }, depth + 1),
    );
    return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
  }
  const properties = program.dictProperty(schema, "properties");
  if (properties?.value.k !== "dict") return null;
  const required = new Set(textItems(program.dictProperty(schema, "required")));
  return entriesOf(program, properties, depth).map(([name, value]) => ({
    name,
    type: typeOf(program, value),
    required: required.has(name),
    readOnly: program.property(value, "readOnly")?.value.k === "name",
  }));
}

/** Entries of an object, also of those spread into it. */
function entriesOf(
  program: Program,
  dict: PlacedExpression,
  depth: number,
): readonly (readonly [string, PlacedExpression])[] {
  if (dict.value.k !== "dict" || depth > DEPTH) return [];
  return dict.value.entries.flatMap(([key, value]): readonly (readonly [string, PlacedExpression])[] => {
    const placed = { ...dict, value };
    if (key.k === "string") return [[key.value, program.settled(placed) ?? placed]];
    const spread = key.k === "name" && key.value === "..." ? program.settled(placed) : null;
    return spread ? entriesOf(program, spread, depth + 1) : [];
  });
}

function typeOf(program: Program, { uri, scope, value }: PlacedExpression): string | null {
  const placed = { uri, scope, value };
  const type = program.property(placed, "type")?.value;
  const format = program.property(placed, "format")?.value;
  const names = type?.k === "string" ? [type.value] : textItems(type ? { uri, scope, value: type } : null);
  if (names.length === 0) return program.property(placed, "enum") ? "enum" : null;
  return `${names.join(" | ")}${format?.k === "string" ? ` (${format.value})` : ""}`;
}

function textItems(placed: PlacedExpression | null): readonly string[] {
  if (placed?.value.k !== "list") return [];
  return placed.value.items.flatMap((item) => (item.k === "string" ? [item.value] : []));
}

/** `Type.Object`, `Type.Partial`, `Type.Pick`, `Type.Omit`, `Type.Composite` and `Type.Intersect`. */
function typeBoxFields(
  program: Program,
  placed: PlacedExpression,
  depth: number,
): readonly ShapeField[] | null {
  const { uri, scope, value } = placed;
  if (value.k !== "call" || !isTypeBox(program, placed, value.callee)) return null;
  const [first, second] = value.args.map((argument) => ({ uri, scope, value: argument.value }));
  if (!first) return null;
  const name = nameOf(value.callee);
  const inner = () => jsonSchemaFields(program, first, depth + 1);
  switch (name) {
    case "Object": {
      const dict = program.settled(first);
      if (dict?.value.k !== "dict") return null;
      return entriesOf(program, dict, depth).map(([field, type]) => ({
        name: field,
        type: typeBoxType(type.value),
        required: !isOptional(type.value),
        readOnly: false,
      }));
    }
    case "Partial":
      return inner()?.map((field) => ({ ...field, required: false })) ?? null;
    case "Required":
      return inner()?.map((field) => ({ ...field, required: true })) ?? null;
    case "Pick":
    case "Omit": {
      const names = new Set(textItems(second ? program.settled(second) : null));
      return inner()?.filter((field) => names.has(field.name) === (name === "Pick")) ?? null;
    }
    case "Composite":
    case "Intersect": {
      const list = program.settled(first);
      if (list?.value.k !== "list") return null;
      const parts = list.value.items.map((item) =>
        jsonSchemaFields(program, { ...list, value: item }, depth + 1),
      );
      return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
    }
    default:
      return null;
  }
}

function isTypeBox(program: Program, { uri, scope }: PlacedExpression, callee: Expression): boolean {
  const origin = program.origin(uri, scope, callee);
  return origin?.kind === "package" && /typebox/i.test(origin.module);
}

function nameOf(callee: Expression): string {
  const text = dottedName(callee) ?? "";
  return text.slice(text.lastIndexOf(".") + 1);
}

function isOptional(value: Expression): boolean {
  return value.k === "call" && nameOf(value.callee) === "Optional";
}

/** `String` of `Type.Optional(Type.String({ … }))`. */
function typeBoxType(value: Expression): string | null {
  if (value.k !== "call") return null;
  const [first] = value.args;
  return isOptional(value) && first ? typeBoxType(first.value) : nameOf(value.callee);
}

import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { jsonSchemaFields, type ShapeField } from "./json-schema.ts";
import type { PlacedExpression, Program } from "./program.ts";

const DEPTH = 8;
const SCHEMA_MODULES = /^(?:zod|zod\/v\d|@hono\/zod-openapi|joi|@hapi\/joi|yup|celebrate)$/;
/** Parts of a request in `validate({ body: schema, query: … })`. */
const BODY_KEYS = ["body", "Body", "BODY"];

/** The shape that a schema asks for: of zod, Joi, yup, TypeBox or JSON schema; null when it is not understood. */
export function schemaBehind(program: Program, placed: PlacedExpression): ShapeRef | null {
  if (placed.value.k === "dict") {
    const body = BODY_KEYS.map((key) => program.property(placed, key)).find((value) => value !== null);
    if (body) return schemaBehind(program, body);
  }
  const found = objectFields(program, placed, 0);
  if (!found) {
    const fields = jsonSchemaFields(program, placed);
    return fields && shapeOf(program, placed, fields);
  }
  const body = found.find((field) => field.name === "body" && field.inner !== null);
  // `z.object({ body: z.object({…}), params: … })`: a schema of the whole request.
  if (
    body?.inner &&
    found.every((field) => ["body", "params", "query", "headers", "cookies"].includes(field.name))
  ) {
    return schemaBehind(program, body.inner) ?? null;
  }
  return shapeOf(
    program,
    placed,
    found.map(({ name, type, required }) => ({ name, type, required, readOnly: false })),
  );
}

function shapeOf(program: Program, placed: PlacedExpression, fields: readonly ShapeField[]): ShapeRef {
  return {
    name: dottedName(placed.value) ?? "schema",
    fields,
    modelId: null,
    source: program.settingSource(placed.uri, placed.scope, placed.value),
  };
}

/** How the names of a schema are followed. */
export type SchemaNames = Pick<Program, "origin" | "setting">;

export interface FoundField extends ShapeField {
  readonly inner: PlacedExpression | null;
}

/** Fields of `z.object({…})` and what is called on it, of `Joi.object({…})`, of `yup.object({…})`. */
export function objectFields(
  program: SchemaNames,
  placed: PlacedExpression,
  depth: number,
): readonly FoundField[] | null {
  if (depth > DEPTH) return null;
  const { uri, scope, value } = placed;
  if (value.k === "name" || (value.k === "member" && value.name !== "shape")) {
    const next = program.setting(placed);
    return next && objectFields(program, next, depth + 1);
  }
  if (value.k === "member") return objectFields(program, { uri, scope, value: value.of }, depth + 1);
  if (value.k !== "call" || value.callee.k !== "member") return null;
  const { name, of } = value.callee;
  const argument = value.args[0]?.value ?? null;
  if (isLibrary(program, placed, of)) {
    return /^(?:object|strictObject|looseObject)$/.test(name) && argument?.k === "dict"
      ? dictFields(program, { uri, scope, value: argument }, libraryOf(program, placed, of))
      : null;
  }
  const base = objectFields(program, { uri, scope, value: of }, depth + 1);
  if (!base) return null;
  return changed(program, base, name, argument && { uri, scope, value: argument }, depth);
}

function changed(
  program: SchemaNames,
  fields: readonly FoundField[],
  method: string,
  argument: PlacedExpression | null,
  depth: number,
): readonly FoundField[] {
  const keys = argument?.value.k === "dict" ? keysOf(argument.value) : null;
  switch (method) {
    case "partial":
      return fields.map((field) => (!keys || keys.has(field.name) ? { ...field, required: false } : field));
    case "required":
      return fields.map((field) => (!keys || keys.has(field.name) ? { ...field, required: true } : field));
    case "pick":
      return keys ? fields.filter((field) => keys.has(field.name)) : fields;
    case "omit":
      return keys ? fields.filter((field) => !keys.has(field.name)) : fields;
    case "extend":
    case "safeExtend":
    case "keys":
    case "shape":
    case "append": {
      if (argument?.value.k !== "dict") return fields;
      const added = dictFields(program, argument, method === "keys" || method === "append" ? "joi" : "zod");
      return override(fields, added);
    }
    case "merge":
    case "and":
    case "concat": {
      const other = argument && objectFields(program, argument, depth + 1);
      return other ? override(fields, other) : fields;
    }
    default:
      return fields;
  }
}

function override(fields: readonly FoundField[], added: readonly FoundField[]): readonly FoundField[] {
  const names = new Set(added.map((field) => field.name));
  return [...fields.filter((field) => !names.has(field.name)), ...added];
}

function dictFields(
  program: SchemaNames,
  dict: PlacedExpression,
  library: "zod" | "joi",
): readonly FoundField[] {
  if (dict.value.k !== "dict") return [];
  return dict.value.entries.flatMap(([key, value]) => {
    if (key.k === "name" && key.value === "...") {
      return objectFields(program, { ...dict, value }, 1) ?? [];
    }
    if (key.k !== "string") return [];
    const links = chain(value);
    const isOptional =
      library === "zod"
        ? links.some((link) => ["optional", "nullish", "default", "catch", "prefault"].includes(link))
        : !links.includes("required");
    return [
      {
        name: key.value,
        type: rendered(value),
        required: !isOptional,
        readOnly: false,
        inner: { ...dict, value },
      },
    ];
  });
}

/** Names called in a chain, from the outside in: `optional`, `email`, `string`. */
export function chain(value: Expression): readonly string[] {
  const names: string[] = [];
  let at = value;
  while (at.k === "call" && at.callee.k === "member") {
    names.push(at.callee.name);
    at = at.callee.of;
  }
  return names;
}

function keysOf(dict: Extract<Expression, { k: "dict" }>): ReadonlySet<string> {
  return new Set(dict.entries.flatMap(([key]) => (key.k === "string" ? [key.value] : [])));
}

function isLibrary(program: SchemaNames, placed: PlacedExpression, of: Expression): boolean {
  const origin = of.k === "name" ? program.origin(placed.uri, placed.scope, of) : null;
  return origin?.kind === "package" && SCHEMA_MODULES.test(origin.module);
}

function libraryOf(program: SchemaNames, placed: PlacedExpression, of: Expression): "zod" | "joi" {
  const origin = program.origin(placed.uri, placed.scope, of);
  return origin?.kind === "package" && /\bzod\b/.test(origin.module) ? "zod" : "joi";
}

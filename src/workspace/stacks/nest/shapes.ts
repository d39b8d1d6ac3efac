import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import { itemsOf } from "../../languages/typescript/value-table.ts";
import { rangeOf } from "../../source.ts";
import { objectFields } from "../node/shapes.ts";
import type { FieldFact } from "./facts.ts";
import type { NestProgram, PlacedClass } from "./program.ts";

const DEPTH = 8;
const ZOD: Origin = { kind: "package", module: "zod", name: "z" };
const MAPPED = /^(?:PartialType|PickType|OmitType|IntersectionType)$/;
/** What a type is wrapped in without being another shape. */
const WRAPPERS = /^(?:Promise|Observable|Array|Partial|Readonly|Required|ReadonlyArray)$/;

/** The shape that a type annotation names: `CreateBookDto`, `Promise<BookDto[]>`; null when it names no class of the workspace. */
export function shapeOfType(program: NestProgram, uri: string, type: string | null): ShapeRef | null {
  const name = type === null ? null : innermost(type);
  const placed = name === null ? null : program.classNamed(uri, name);
  if (!placed) return null;
  const { fact } = placed;
  return {
    name: fact.name,
    fields: fieldsOf(program, placed, 0).map((field) => ({ ...field, readOnly: false })),
    modelId: isEntity(program, placed) ? `model:typeorm:${fact.name}` : null,
    source: { uri: placed.uri, range: rangeOf(fact.span), hash: fact.hash },
  };
}

/**
 * The shape of a schema of zod, Joi or yup that a pipe checks: `@Body(new ZodValidationPipe(createBookSchema))`; null for
 * any other pipe.
 */
export function shapeOfPipe(program: NestProgram, uri: string, pipe: Expression): ShapeRef | null {
  for (const { value } of pipe.k === "call" ? pipe.args : []) {
    const fields = schemaFields(program, uri, value);
    if (fields) return { name: dottedName(value) ?? "schema", fields, modelId: null, source: null };
  }
  return null;
}

function schemaFields(program: NestProgram, uri: string, value: Expression): ShapeRef["fields"] | null {
  const { values } = program;
  const found = objectFields(
    {
      // A module of the workspace may pass zod on under its usual name.
      origin: (from, _scope, name) =>
        values.originOf(from, name) ?? (name.k === "name" && name.value === "z" ? ZOD : null),
      setting: ({ uri: from, scope, value: name }) => {
        const set = values.valueOf(from, name);
        return set && set.value !== name ? { ...set, scope } : null;
      },
    },
    { uri, scope: -1, value },
    0,
  );
  return found?.map(({ name, type, required }) => ({ name, type, required, readOnly: false })) ?? null;
}

/** A class that TypeORM makes a table of. */
export function isEntity(program: NestProgram, { uri, fact }: PlacedClass): boolean {
  return program
    .decorators(uri, fact.decorators)
    .some(({ module, name }) => module === "typeorm" && (name === "Entity" || name === "ChildEntity"));
}

/** Fields of a class with those of its bases, also through `PartialType(…)` and its relatives. */
function fieldsOf(program: NestProgram, placed: PlacedClass, depth: number): readonly FieldFact[] {
  if (depth > DEPTH) return [];
  const { uri, fact } = placed;
  const inherited = fact.extends ? fieldsOfExpression(program, uri, fact.extends, depth + 1) : [];
  return overridden(inherited, fact.fields);
}

function fieldsOfExpression(
  program: NestProgram,
  uri: string,
  value: Expression,
  depth: number,
): readonly FieldFact[] {
  if (depth > DEPTH) return [];
  if (value.k === "call" && MAPPED.test(dottedName(value.callee)?.replace(/^.*\./, "") ?? "")) {
    const name = dottedName(value.callee)?.replace(/^.*\./, "");
    const [first, second] = value.args.map((argument) => argument.value);
    const fields = first ? fieldsOfExpression(program, uri, first, depth + 1) : [];
    const keys = new Set(
      itemsOf(second && program.values.valueOf(uri, second)?.value).flatMap(
        (item) => program.values.textOf(uri, item) ?? [],
      ),
    );
    switch (name) {
      case "PartialType":
        return fields.map((field) => ({ ...field, required: false }));
      case "PickType":
        return fields.filter((field) => keys.has(field.name));
      case "OmitType":
        return fields.filter((field) => !keys.has(field.name));
      default:
        return value.args
          .slice(1)
          .reduce(
            (all, argument) => overridden(all, fieldsOfExpression(program, uri, argument.value, depth + 1)),
            fields,
          );
    }
  }
  // `class BookDto extends createZodDto(bookSchema) {}`.
  const [schema] =
    value.k === "call" && /(?:^|\.)createZodDto$/.test(dottedName(value.callee) ?? "") ? value.args : [];
  if (schema) return schemaFields(program, uri, schema.value) ?? [];
  const placed = program.classOf(uri, value);
  return placed ? fieldsOf(program, placed, depth + 1) : [];
}

function overridden(fields: readonly FieldFact[], added: readonly FieldFact[]): readonly FieldFact[] {
  const names = new Set(added.map(({ name }) => name));
  return [...fields.filter(({ name }) => !names.has(name)), ...added];
}

/** The class in `Promise<Page<BookDto>[]>`: the outermost that is no mere wrapper. */
export function innermost(type: string): string | null {
  const text = type
    .replace(/\[\]/g, "")
    .split("|")
    .map((part) => part.trim())
    .find((part) => !/^(?:null|undefined|void)$/.test(part));
  const match = /^([A-Za-z_$][\w$.]*)(?:<(.*)>)?$/s.exec(text ?? "");
  if (!match) return null;
  const [, name = "", inner] = match;
  if (inner !== undefined && WRAPPERS.test(name)) return innermost(inner);
  return name;
}

import type * as z from "zod";

/** A name in snake_case as it is written in camelCase. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** A name in camelCase as it is written in snake_case. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What of a schema is looked at here; zod keeps it under `def`. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  /** Of a literal. */
  readonly values?: readonly unknown[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function definitionOf(schema: z.ZodType): Definition {
  return (schema as unknown as { readonly def: Definition }).def;
}

/**
 * A value with the names of its members as a schema has them. Names are the caller's own below a record, and where the
 * schema says nothing. Where both spellings are given, camelCase counts and the other one stays, for the schema to refuse.
 */
export function inSpellingOf(schema: z.ZodType, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  const { type, innerType, element, valueType, options, shape, in: source } = definitionOf(schema);
  if (innerType) return inSpellingOf(innerType, value);
  if (type === "pipe" && source) return inSpellingOf(source, value);
  if (options) {
    const possible = options.filter((option) => takesObjects(option) === !Array.isArray(value));
    const fitting = possible.find((option) => hasTagsOf(option, value)) ?? possible[0];
    return fitting ? inSpellingOf(fitting, value) : value;
  }
  if (Array.isArray(value)) return element ? value.map((item) => inSpellingOf(element, item)) : value;
  if (valueType)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, inSpellingOf(valueType, item)]),
    );
  if (!shape) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const camel = camelCase(key);
      const name = !Object.hasOwn(shape, key) && Object.hasOwn(shape, camel) && !Object.hasOwn(value, camel);
      const known = shape[name ? camel : key];
      return [name ? camel : key, known ? inSpellingOf(known, member) : member];
    }),
  );
}

/** Whether the members that a branch of a union fixes have these values here. */
function hasTagsOf(schema: z.ZodType, value: object): boolean {
  const { shape = {} } = definitionOf(schema);
  return Object.entries(shape).every(([name, member]) => {
    const { type, values } = definitionOf(member);
    return type !== "literal" || values?.includes((value as Readonly<Record<string, unknown>>)[name]);
  });
}

function takesObjects(schema: z.ZodType): boolean {
  const { type, innerType, options, in: source } = definitionOf(schema);
  if (innerType) return takesObjects(innerType);
  if (type === "pipe" && source) return takesObjects(source);
  if (options) return options.some(takesObjects);
  return type === "object" || type === "record";
}

/** Schemas, stores and other things with a class of their own are left as they are. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Frozen with everything plain in it. */
export function deeplyFrozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || !isPlain(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deeplyFrozen(member);
  return value;
}

type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : Name;

/** A type whose members may be written in camelCase or in snake_case, here and below. */
export type EitherSpelling<Value> = Value extends (...args: never[]) => unknown
  ? Value
  : Value extends z.ZodType
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly EitherSpelling<Item>[]
      : Value extends object
        ?
            | { readonly [Name in keyof Value]: EitherSpelling<Value[Name]> }
            | {
                readonly [Name in keyof Value as Name extends string ? Snake<Name> : Name]: EitherSpelling<
                  Value[Name]
                >;
              }
        : Value;

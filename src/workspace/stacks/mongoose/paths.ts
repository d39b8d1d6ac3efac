import type { Gap } from "../../ir/entry.ts";
import type { FieldDefault } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { dictOf, type PlacedValue } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { entryOf, nodeOfValue, valueOfNode } from "./definition-nodes.ts";
import type { ClassFact, DefinitionEntry, DefinitionNode } from "./facts.ts";
import { annotatedNode } from "./property-types.ts";
import type { FoundSchema, SchemaTable } from "./schema-table.ts";
import { typeNamed } from "./schema-types.ts";

/** A path of the documents of a schema: `address.street`; of an array of documents also what these have inside. */
export interface PathDeclaration {
  readonly name: string;
  /** Mongoose's own name: `String`, `ObjectId`, `Embedded`. */
  readonly type: string;
  readonly array: boolean;
  /** An array stands around it or before it: a document has any number of values there. */
  readonly repeated: boolean;
  readonly required: boolean;
  /** Options as written: `index`, `unique`, `ref`. */
  readonly options: DefinitionNode | null;
  readonly values: readonly string[];
  readonly default: FieldDefault | null;
  /** File that names in the options are to be read in. */
  readonly uri: string;
  readonly documentation: string | null;
  /** Base class that it is inherited from; null for its own. */
  readonly inheritedFrom: string | null;
  readonly source: SourceRef;
}

export interface FoundPaths {
  readonly paths: readonly PathDeclaration[];
  readonly gaps: readonly Gap[];
}

interface Context {
  readonly uri: string;
  readonly prefix: string;
  readonly repeated: boolean;
  readonly source: SourceRef;
  readonly documentation: string | null;
  readonly inheritedFrom: string | null;
  readonly depth: number;
}

const DEPTH = 7;

/** The paths of a schema in the order in which they are written, without those that Mongoose adds to a whole document. */
export function pathsOf(table: SchemaTable, schema: FoundSchema): FoundPaths {
  const reader = new PathReader(table);
  reader.schema(schema, {
    uri: schema.uri,
    prefix: "",
    repeated: false,
    source: sourceOf(schema),
    documentation: null,
    inheritedFrom: null,
    depth: 0,
  });
  return reader;
}

export function sourceOf({ uri, declared: { fact } }: FoundSchema): SourceRef {
  return { uri, range: rangeOf(fact.span), hash: fact.hash };
}

class PathReader implements FoundPaths {
  readonly paths: PathDeclaration[] = [];
  readonly gaps: Gap[] = [];
  readonly #table: SchemaTable;
  readonly #open = new Set<string>();

  constructor(table: SchemaTable) {
    this.#table = table;
  }

  schema(schema: FoundSchema, context: Context): void {
    if (this.#open.has(schema.key) || context.depth > DEPTH) return;
    this.#open.add(schema.key);
    const start = this.paths.length;
    const inner = { ...context, uri: schema.uri, depth: context.depth + 1 };
    if (schema.declared.k === "class") this.#classPaths(schema.uri, schema.declared.fact, inner);
    else if (schema.declared.fact.definition) this.#definition(schema.declared.fact.definition, inner);
    for (const { uri, fact } of schema.statements) {
      if (fact.method !== "add" || !fact.definition) continue;
      const source = { uri, range: rangeOf(fact.span), hash: fact.hash };
      this.#definition(fact.definition, {
        ...inner,
        uri,
        source: context.prefix === "" ? source : context.source,
      });
    }
    this.#implied(schema, context, start);
    this.#open.delete(schema.key);
  }

  /** `_id`, and the times that `timestamps` keeps. */
  #implied(schema: FoundSchema, context: Context, start: number): void {
    const has = (name: string) =>
      this.paths.slice(start).some((path) => path.name === `${context.prefix}${name}`);
    const id = this.#table.optionOf(schema, "_id");
    if (!has("_id") && !isFalse(id?.value))
      this.paths.splice(start, 0, implied(context, "_id", "ObjectId", "ObjectId"));
    const times = this.#table.optionOf(schema, "timestamps");
    if (!times || isFalse(times.value)) return;
    const names = dictOf(times.value);
    for (const name of ["createdAt", "updatedAt"]) {
      const given = names.get(name);
      if (isFalse(given)) continue;
      const called = (given && this.#table.values.textOf(times.uri, given)) ?? name;
      if (!has(called)) this.paths.push(implied(context, called, "Date", "timestamps"));
    }
  }

  #classPaths(uri: string, fact: ClassFact, context: Context): void {
    const base = fact.extends && this.#table.schemaOf(uri, fact.extends);
    if (base?.declared.k === "class" && context.depth <= DEPTH) {
      const from = context.inheritedFrom ?? base.declared.fact.name;
      this.#classPaths(base.uri, base.declared.fact, {
        ...context,
        uri: base.uri,
        inheritedFrom: from,
        depth: context.depth + 1,
      });
    }
    for (const property of fact.properties) {
      const own = context.prefix === "";
      const source = { uri, range: rangeOf(property.span), hash: property.hash };
      const inner = {
        ...context,
        uri,
        source: own ? source : context.source,
        documentation: own ? property.documentation : null,
      };
      // What a class declares again replaces what it inherits.
      const name = context.prefix + property.name;
      const inherited = this.paths.findIndex((path) => path.name === name);
      if (inherited >= 0) this.paths.splice(inherited, 1);
      this.#path(property.name, annotatedNode(this.#table, uri, property), inner);
    }
  }

  #definition(node: DefinitionNode, context: Context): void {
    if (node.k === "object") {
      for (const entry of node.entries) this.#entry(entry, context);
      return;
    }
    if (node.k === "list" || context.depth > DEPTH) return;
    const { uri } = context;
    const spread = node.value.k === "member" && node.value.name === "obj" ? node.value.of : node.value;
    const schema = this.#table.schemaOf(uri, spread);
    if (schema?.declared.k === "object" && schema.declared.fact.definition) {
      this.#definition(schema.declared.fact.definition, {
        ...context,
        uri: schema.uri,
        depth: context.depth + 1,
      });
      return;
    }
    const found = this.#table.values.valueOf(uri, node.value);
    if (found?.value.k === "dict") {
      this.#definition(nodeOfValue(found.value), { ...context, uri: found.uri, depth: context.depth + 1 });
      return;
    }
    this.gaps.push({
      what: `paths of \`${rendered(node.value)}\``,
      why: "what is put into the schema there was not found",
      source: context.source,
    });
  }

  #entry({ name, key, node, span, hash }: DefinitionEntry, context: Context): void {
    const { uri } = context;
    const source = span && context.source.uri === uri ? { uri, range: rangeOf(span), hash } : context.source;
    const inner = { ...context, source };
    const called = name ?? (key && this.#table.values.textOf(uri, key));
    if (called !== null) this.#path(called, node, inner);
    else if (!key) this.#definition(node, inner);
    else {
      this.gaps.push({
        what: `path \`${context.prefix}[${rendered(key)}]\``,
        why: "its name is computed, and not written out in the workspace",
        source,
      });
    }
  }

  #path(name: string, node: DefinitionNode, context: Context): void {
    // `_id: false` says that there is none.
    if (name === "_id" && isFalse(valueOfNode(node))) return;
    if (node.k === "list") this.#array(name, node.items[0] ?? null, null, context);
    else if (node.k === "value") this.#typed(name, node, null, context);
    else if (node.entries.length === 0) this.#add(name, "Mixed", false, null, context);
    else if (isTyped(node)) this.#typed(name, entryOf(node, "type") ?? node, node, context);
    else {
      // An object without a type is no path of its own: its members are.
      for (const entry of node.entries)
        this.#entry(entry, { ...context, prefix: `${context.prefix}${name}.`, depth: context.depth });
    }
  }

  /** A path whose type is written: `String`, `"String"`, a schema, a list, an object. */
  #typed(name: string, type: DefinitionNode, options: DefinitionNode | null, context: Context): void {
    if (type.k === "list") {
      this.#array(name, type.items[0] ?? null, options, context);
      return;
    }
    if (type.k === "object") {
      if (type.entries.length === 0) this.#add(name, "Mixed", false, options, context);
      else this.#embedded(name, type, false, options, context);
      return;
    }
    const { uri } = context;
    const schema = this.#table.schemaOf(uri, type.value);
    if (schema) {
      this.#add(name, "Embedded", false, options, context);
      this.schema(schema, { ...context, prefix: `${context.prefix}${name}.` });
      return;
    }
    const known = this.#typeName(uri, type.value);
    if (known === "Array") this.#add(name, "Mixed", true, options, context);
    else if (known !== null) this.#add(name, known, false, options, context);
    else this.#referred(name, type.value, options, context);
  }

  /** A name that stands for a definition: an object, a list, a type under another name. */
  #referred(name: string, value: Expression, options: DefinitionNode | null, context: Context): void {
    const found = this.#table.values.valueOf(context.uri, value);
    const isOther =
      found && (found.value.k === "dict" || found.value.k === "list" || found.value.k === "string");
    if (isOther && context.depth <= DEPTH) {
      const inner = { ...context, uri: found.uri, depth: context.depth + 1 };
      const node = nodeOfValue(found.value);
      if (options === null) this.#path(name, node, inner);
      else this.#typed(name, node, options, inner);
      return;
    }
    this.#add(name, "Mixed", false, options, context);
    this.gaps.push({
      what: `path \`${context.prefix}${name}\`: type ${rendered(value)}`,
      why: "it is no type or schema that is known",
      source: context.source,
    });
  }

  #array(name: string, item: DefinitionNode | null, options: DefinitionNode | null, context: Context): void {
    if (item?.k === "value") this.#arrayOf(name, item.value, options, context);
    else if (item?.k === "list") this.#add(name, "Array", true, options, context);
    else if (!item || item.entries.length === 0) this.#add(name, "Mixed", true, options, context);
    // `[{ type: ObjectId, ref: "User" }]`: what is said of an item is said of the path.
    else if (isTyped(item)) this.#array(name, entryOf(item, "type"), joined(options, item), context);
    else this.#embedded(name, item, true, options, context);
  }

  #arrayOf(name: string, item: Expression, options: DefinitionNode | null, context: Context): void {
    const schema = this.#table.schemaOf(context.uri, item);
    if (schema) {
      this.#add(name, "Embedded", true, options, context);
      this.schema(schema, { ...context, prefix: `${context.prefix}${name}.`, repeated: true });
      return;
    }
    const known = this.#typeName(context.uri, item);
    if (known !== null) {
      // Also of `[Array]`, an array of arrays.
      this.#add(name, known, true, options, context);
      return;
    }
    const found = this.#table.values.valueOf(context.uri, item);
    if (found?.value.k === "dict" && context.depth <= DEPTH) {
      const inner = { ...context, uri: found.uri, depth: context.depth + 1 };
      this.#array(name, nodeOfValue(found.value), options, inner);
      return;
    }
    this.#add(name, "Mixed", true, options, context);
    this.gaps.push({
      what: `path \`${context.prefix}${name}\`: type [${rendered(item)}]`,
      why: "it is no type or schema that is known",
      source: context.source,
    });
  }

  /** An object that stands where a type does is a schema of its own, with an `_id`. */
  #embedded(
    name: string,
    node: Extract<DefinitionNode, { k: "object" }>,
    array: boolean,
    options: DefinitionNode | null,
    context: Context,
  ): void {
    this.#add(name, "Embedded", array, options, context);
    const inner = {
      ...context,
      prefix: `${context.prefix}${name}.`,
      repeated: context.repeated || array,
      depth: context.depth + 1,
    };
    if (!entryOf(node, "_id")) this.paths.push(implied(inner, "_id", "ObjectId", "ObjectId"));
    for (const entry of node.entries) this.#entry(entry, inner);
  }

  /** Mongoose's name of a type; null for what is none. */
  #typeName(uri: string, value: Expression): string | null {
    if (value.k === "string") return value.value.toLowerCase() === "array" ? "Array" : typeNamed(value.value);
    if (value.k !== "name" && value.k !== "member") return null;
    const origin = this.#table.values.originOf(uri, value);
    const name = origin?.name ?? dottedName(value) ?? "";
    if (origin?.kind === "workspace" && origin.uri !== uri) return null;
    return name === "Array" ? "Array" : typeNamed(name);
  }

  #add(name: string, type: string, array: boolean, options: DefinitionNode | null, context: Context): void {
    this.paths.push({
      ...plain(context, name, type),
      array,
      repeated: context.repeated || array,
      required: isRequired(entryOf(options ?? { k: "list", items: [] }, "required")),
      options,
      values: this.#values(context.uri, options && entryOf(options, "enum")),
      default: this.#default(context.uri, options && entryOf(options, "default")),
    });
  }

  /** `default: Role.Reader` is what the member stands for. */
  #default(uri: string, node: DefinitionNode | null): FieldDefault | null {
    const value = valueOfNode(node);
    const isNamed = value?.k === "name" || value?.k === "member";
    const found = isNamed ? this.#table.values.valueOf(uri, value)?.value : undefined;
    return defaultOf(found?.k === "string" || found?.k === "number" ? { k: "value", value: found } : node);
  }

  /** `enum: ["a", "b"]`, `enum: Role`, `enum: Object.values(Role)`, `enum: { values: […] }`. */
  #values(uri: string, node: DefinitionNode | null): readonly string[] {
    if (!node) return [];
    const { values } = this.#table;
    if (node.k === "list") {
      return node.items.flatMap((item) =>
        item.k === "value" ? this.#enumValues(uri, item.value, values.textOf(uri, item.value)) : [],
      );
    }
    if (node.k === "object") return this.#values(uri, entryOf(node, "values"));
    return this.#enumValues(uri, node.value, null);
  }

  #enumValues(uri: string, value: Expression, text: string | null): readonly string[] {
    if (text !== null) return [text];
    const of = value.k === "binary" && value.op === "..." ? value.right : value;
    const isValues = of.k === "call" && /^Object\.values$/.test(dottedName(of.callee) ?? "");
    const target = isValues && of.k === "call" ? of.args[0]?.value : of;
    const named = target && this.#table.values.valueOf(uri, target);
    const found = named && unfrozen(named);
    const items =
      found?.value.k === "dict"
        ? [...dictOf(found.value).values()]
        : found?.value.k === "list"
          ? found.value.items
          : [];
    return items.flatMap((item) => (found && this.#table.values.textOf(found.uri, item)) ?? []);
  }
}

/** `Object.freeze({…})` is what stands inside. */
function unfrozen({ uri, value }: PlacedValue): PlacedValue {
  const isFrozen = value.k === "call" && /^Object\.freeze$/.test(dottedName(value.callee) ?? "");
  return { uri, value: (isFrozen && value.k === "call" && value.args[0]?.value) || value };
}

function plain(context: Context, name: string, type: string): PathDeclaration {
  return {
    name: context.prefix + name,
    type,
    array: false,
    repeated: context.repeated,
    required: false,
    options: null,
    values: [],
    default: null,
    uri: context.uri,
    documentation: context.documentation,
    inheritedFrom: context.inheritedFrom,
    source: context.source,
  };
}

/** What Mongoose adds to a schema and always fills in. */
function implied(context: Context, name: string, type: string, by: string): PathDeclaration {
  return { ...plain(context, name, type), required: true, default: { kind: "application", text: by } };
}

/** Has a type of its own; a member that is called `type` and has one is a path like any other. */
function isTyped(node: DefinitionNode): boolean {
  const type = entryOf(node, "type");
  return type !== null && !(type.k === "object" && entryOf(type, "type") !== null);
}

function joined(options: DefinitionNode | null, item: DefinitionNode): DefinitionNode {
  if (options?.k !== "object" || item.k !== "object") return item;
  return {
    k: "object",
    entries: [...options.entries, ...item.entries.filter(({ name }) => name !== "type")],
  };
}

/** `true`, `[true, "message"]`; a function decides for each document. */
function isRequired(node: DefinitionNode | null): boolean {
  if (node?.k === "list") return isRequired(node.items[0] ?? null);
  const value = valueOfNode(node);
  return value?.k === "name" ? value.value === "true" : value?.k === "string";
}

function defaultOf(node: DefinitionNode | null): FieldDefault | null {
  if (!node) return null;
  if (node.k === "list") return { kind: "literal", text: "[]" };
  if (node.k === "object") return { kind: "literal", text: "{}" };
  const { value } = node;
  if (value.k === "name" && value.value === "undefined") return null;
  const isLiteral =
    value.k === "string" ||
    value.k === "number" ||
    value.k === "binary" ||
    (value.k === "name" && /^(?:true|false|null)$/.test(value.value));
  if (isLiteral)
    return {
      kind: "literal",
      text: value.k === "binary" ? `${value.op}${rendered(value.right)}` : rendered(value),
    };
  return { kind: "application", text: value.k === "function" ? "function" : rendered(value) };
}

function isFalse(value: Expression | null | undefined): boolean {
  return value?.k === "name" && value.value === "false";
}

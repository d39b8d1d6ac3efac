import { dottedName, type Expression } from "../../languages/expression.ts";
import { nodeOfValue } from "./definition-nodes.ts";
import type { DefinitionEntry, DefinitionNode, PropertyFact } from "./facts.ts";
import type { SchemaTable } from "./schema-table.ts";

const SCALARS: ReadonlyMap<string, string> = new Map([
  ["string", "String"],
  ["number", "Number"],
  ["boolean", "Boolean"],
  ["bigint", "BigInt"],
  ["Date", "Date"],
  ["Buffer", "Buffer"],
]);

/**
 * What `@Prop` says of a property; where it names no type, the annotation says it, as far as Nest can see it at run
 * time: an array is one of anything.
 */
export function annotatedNode(table: SchemaTable, uri: string, property: PropertyFact): DefinitionNode {
  const written = rawOf(property.definition);
  if (written?.k === "list" || written?.k === "value") return seenByNest(table, uri, written);
  if (written?.entries.some(({ name }) => name === "type" || name === null)) {
    return {
      k: "object",
      entries: written.entries.map((entry) => (entry.name === "type" ? called(table, uri, entry) : entry)),
    };
  }
  // `raw({ street: String })`: an object of paths.
  if (written && property.definition?.k === "value") return written;
  const type = ofAnnotation(table, uri, property.type);
  const entry: DefinitionEntry = { name: "type", key: null, node: type, span: null, hash: "" };
  return { k: "object", entries: [entry, ...(written?.entries ?? [])] };
}

/** `type: () => Address` is `type: Address`. */
function called(table: SchemaTable, uri: string, entry: DefinitionEntry): DefinitionEntry {
  const value = entry.node.k === "value" ? entry.node.value : null;
  const result = value?.k === "function" ? table.values.resultOf(uri, value) : null;
  return { ...entry, node: seenByNest(table, uri, result ? nodeOfValue(result.value) : entry.node) };
}

/**
 * Nest takes a class that is none of its own for a document without properties: of `Types.ObjectId`, the class of
 * values, it makes a path of anything, where `Schema.Types.ObjectId` would be a type.
 */
function seenByNest(table: SchemaTable, uri: string, node: DefinitionNode): DefinitionNode {
  if (node.k === "list")
    return {
      k: "list",
      items: node.items.map((item) => (item.k === "value" ? seenByNest(table, uri, item) : item)),
    };
  if (node.k !== "value") return node;
  const origin = table.values.originOf(uri, node.value);
  const isValueClass =
    origin?.kind === "package" &&
    /(?:^|\.)Types\.\w+$/.test(origin.name) &&
    !/Schema\.Types/.test(origin.name);
  return isValueClass ? named("Mixed") : node;
}

function rawOf(node: DefinitionNode | null): DefinitionNode | null {
  const value = node?.k === "value" ? node.value : null;
  const isRaw = value?.k === "call" && /(?:^|\.)raw$/.test(dottedName(value.callee) ?? "");
  const argument = isRaw ? value.args[0]?.value : undefined;
  return argument ? nodeOfValue(argument) : node;
}

function ofAnnotation(table: SchemaTable, uri: string, type: string | null): DefinitionNode {
  const parts = (type ?? "")
    .split("|")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !/^(?:null|undefined)$/.test(part));
  const [first = "any"] = parts;
  if (parts.length > 0 && parts.every((part) => /^["'`]/.test(part))) return named("String");
  if (parts.length > 1) return named("Mixed");
  if (/\[\]$|^(?:Readonly)?Array\s*</.test(first)) return { k: "list", items: [] };
  if (/^Map\b/.test(first)) return named("Map");
  const scalar = SCALARS.get(first);
  if (scalar) return named(scalar);
  if (/(?:^|\.)ObjectId$/.test(first)) return named("ObjectId");
  const value = nameOf(first);
  if (table.schemaOf(uri, value)) return { k: "value", value };
  const values = table.values.valueOf(uri, value)?.value;
  // An enumeration is a string or a number by what its members are.
  if (values?.k === "dict") return named(values.entries[0]?.[1].k === "number" ? "Number" : "String");
  return named("Mixed");
}

function named(type: string): DefinitionNode {
  return { k: "value", value: { k: "string", value: type, span: [0, 0, 0, 0] } };
}

function nameOf(written: string): Expression {
  const [first = "", ...rest] = written.replace(/<.*$/s, "").split(".");
  return rest.reduce<Expression>((of, name) => ({ k: "member", of, name, span: [0, 0, 0, 0] }), {
    k: "name",
    value: first,
    span: [0, 0, 0, 0],
  });
}

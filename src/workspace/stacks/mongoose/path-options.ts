import type { FieldDefault } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { entryOf, valueOfNode } from "./definition-nodes.ts";
import type { DefinitionNode } from "./facts.ts";

/** Has a type of its own; a member that is called `type` and has one is a path like any other. */
export function isTyped(node: DefinitionNode): boolean {
  const type = entryOf(node, "type");
  return type !== null && !(type.k === "object" && entryOf(type, "type") !== null);
}

export function joined(options: DefinitionNode | null, item: DefinitionNode): DefinitionNode {
  if (options?.k !== "object" || item.k !== "object") return item;
  return {
    k: "object",
    entries: [...options.entries, ...item.entries.filter(({ name }) => name !== "type")],
  };
}

/** `true`, `[true, "message"]`; a function decides for each document. */
export function isRequired(node: DefinitionNode | null): boolean {
  if (node?.k === "list") return isRequired(node.items[0] ?? null);
  const value = valueOfNode(node);
  return value?.k === "name" ? value.value === "true" : value?.k === "string";
}

export function defaultOf(node: DefinitionNode | null): FieldDefault | null {
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

export function isFalse(value: Expression | null | undefined): boolean {
  return value?.k === "name" && value.value === "false";
}

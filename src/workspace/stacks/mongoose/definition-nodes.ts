import { hashText } from "../../hash.ts";
import type { Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";
import type { DefinitionEntry, DefinitionNode } from "./facts.ts";

const DEPTH = 10;
const ITEMS = 80;

/** A definition with the places of its entries. `local` puts what a name of a function stands for in its place. */
export function definitionNode(
  module: TypeScriptModule,
  value: Expression,
  local: (value: Expression) => Expression,
  depth = 0,
): DefinitionNode {
  const known = local(value);
  if (known.k === "list" && depth < DEPTH) {
    const items = known.items.slice(0, ITEMS);
    return { k: "list", items: items.map((item) => definitionNode(module, item, local, depth + 1)) };
  }
  if (known.k !== "dict" || depth >= DEPTH) return { k: "value", value: compact(known) };
  const entries = known.entries.map(([key, part]): DefinitionEntry => {
    const span = isSpread(key)
      ? part.span
      : ([key.span[0], key.span[1], part.span[2], part.span[3]] as const);
    return {
      name: key.k === "string" ? key.value : null,
      key: computed(key),
      node: definitionNode(module, part, local, depth + 1),
      span,
      hash: hashText(module.lines.slice(span)),
    };
  });
  return { k: "object", entries };
}

/** A definition that a name stands for: its entries are placed where the name is. */
export function nodeOfValue(value: Expression): DefinitionNode {
  switch (value.k) {
    case "list":
      return { k: "list", items: value.items.map(nodeOfValue) };
    case "dict":
      return {
        k: "object",
        entries: value.entries.map(([key, part]) => ({
          name: key.k === "string" ? key.value : null,
          key: computed(key),
          node: nodeOfValue(part),
          span: null,
          hash: "",
        })),
      };
    default:
      return { k: "value", value };
  }
}

/** The entry of that name; null where there is none. What is spread in is not looked into. */
export function entryOf(node: DefinitionNode, name: string): DefinitionNode | null {
  if (node.k !== "object") return null;
  return node.entries.find((entry) => entry.name === name)?.node ?? null;
}

/** The written value; null for an object or a list. */
export function valueOfNode(node: DefinitionNode | null): Expression | null {
  return node?.k === "value" ? node.value : null;
}

function isSpread(key: Expression): boolean {
  return key.k === "name" && key.value === "...";
}

function computed(key: Expression): Expression | null {
  return key.k === "string" || isSpread(key) ? null : compact(key);
}

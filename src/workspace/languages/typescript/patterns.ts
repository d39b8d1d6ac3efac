import type { Node } from "@babel/types";
import type { Expression } from "../expression.ts";
import type { ExpressionConverter } from "./convert.ts";
import { keyName } from "./nodes.ts";

interface BoundName {
  readonly name: string;
  readonly node: Node;
  /** What the name stands for, seen from the value of the whole pattern. */
  readonly value: Expression;
}

/** The names that a binding pattern introduces: `{a: b, ...c}` of `v` gives `b` for `v.a` and `c` for `v`. */
export function flattenPattern(
  pattern: Node,
  value: Expression,
  converter: ExpressionConverter,
): readonly BoundName[] {
  switch (pattern.type) {
    case "Identifier":
      return [{ name: pattern.name, node: pattern, value }];
    case "AssignmentPattern":
      return flattenPattern(pattern.left, value, converter);
    case "RestElement":
      return flattenPattern(pattern.argument, value, converter);
    case "ArrayPattern":
      return pattern.elements.flatMap((element, index) =>
        element ? flattenPattern(element, item(value, index), converter) : [],
      );
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => {
        if (property.type === "RestElement") return flattenPattern(property.argument, value, converter);
        const name = keyName(property.key, property.computed);
        if (name === null) return [];
        const span = converter.span(property);
        return flattenPattern(property.value, { k: "member", of: value, name, span }, converter);
      });
    default:
      return [];
  }
}

/** `for (const item of list)`: the name stands for any item, written as a subscript without an index. */
export function eachOf(
  loop: Extract<Node, { type: "ForOfStatement" }>,
  converter: ExpressionConverter,
): readonly BoundName[] {
  const declarator = loop.left.type === "VariableDeclaration" ? loop.left.declarations[0] : undefined;
  if (!declarator) return [];
  const of = converter.convert(loop.right);
  return flattenPattern(declarator.id, { k: "subscript", of, index: [], span: of.span }, converter);
}

function item(value: Expression, index: number): Expression {
  if (value.k === "list") return value.items[index] ?? value;
  const { span } = value;
  return { k: "subscript", of: value, index: [{ k: "number", value: String(index), span }], span };
}

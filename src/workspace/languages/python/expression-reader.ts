import type { Span } from "../../source.ts";
import type { Argument, Expression } from "../expression.ts";
import { childOf, type SyntaxNode } from "../syntax-node.ts";
import type { TextLines } from "../text-lines.ts";
import { readStringLiteral } from "./string-literal.ts";

const PUNCTUATION: ReadonlySet<string> = new Set(["(", ")", "[", "]", "{", "}", ",", ":"]);

type Read = (node: SyntaxNode) => Expression;

/** Deeper than any declaration; a bound, because facts are serialised recursively. */
const MAX_DEPTH = 200;

/**
 * Reduces Python syntax to expressions. Tuples, sets and bare `a, b` are lists; `await x`, `not x`, `*x` are unary;
 * `x := 1` is binary; `**x` in a dictionary has the name `**` as its key; parentheses vanish.
 */
export class ExpressionReader {
  readonly #text: string;
  readonly #lines: TextLines;

  constructor(text: string, lines: TextLines) {
    this.#text = text;
    this.#lines = lines;
  }

  textOf(node: SyntaxNode): string {
    return this.#text.slice(node.start, node.end);
  }

  spanOf(node: SyntaxNode): Span {
    return this.#lines.span(node.start, node.end);
  }

  /** `opaque` collects the nodes that became `other` or `template`: what is inside of them is not in the result. */
  read(node: SyntaxNode, opaque: SyntaxNode[] = [], depth = 0): Expression {
    if (depth > MAX_DEPTH) return this.#other(node, opaque);
    const next: Read = (child) => this.read(child, opaque, depth + 1);
    switch (node.type) {
      case "identifier":
      case "none":
      case "true":
      case "false":
      case "ellipsis":
      case "dotted_name":
        return { k: "name", value: this.textOf(node), span: this.spanOf(node) };
      case "integer":
      case "float":
        return { k: "number", value: this.textOf(node), span: this.spanOf(node) };
      case "string":
      case "concatenated_string":
        return this.#string(node, opaque);
      case "type":
      case "parenthesized_expression": {
        const inner = itemsOf(node);
        return inner[0] && inner.length === 1 ? next(inner[0]) : this.#other(node, opaque);
      }
      case "attribute":
      case "member_type":
        return this.#member(node, opaque, next);
      case "call":
        return this.#call(node, opaque, next);
      case "list":
      case "tuple":
      case "set":
      case "expression_list":
      case "pattern_list":
      case "tuple_pattern":
      case "list_pattern":
        return { k: "list", items: itemsOf(node).map(next), span: this.spanOf(node) };
      case "dictionary":
        return this.#dictionary(node, opaque, next);
      case "subscript": {
        const of = childOf(node, "value");
        const index = node.children.filter((child) => child.field === "subscript");
        if (!of) return this.#other(node, opaque);
        return { k: "subscript", of: next(of), index: index.map(next), span: this.spanOf(node) };
      }
      case "generic_type": {
        const [of, parameters] = node.children;
        if (!of || !parameters) return this.#other(node, opaque);
        return {
          k: "subscript",
          of: next(of),
          index: itemsOf(parameters).map(next),
          span: this.spanOf(node),
        };
      }
      default:
        return this.#operation(node, opaque, next);
    }
  }

  /** Arguments of a call or of a class statement. */
  arguments(list: SyntaxNode, read: Read = (node) => this.read(node)): readonly Argument[] {
    if (list.type !== "argument_list") return [{ name: null, value: read(list) }];
    return itemsOf(list).map((item) => {
      const last = item.children.at(-1);
      if (item.type === "list_splat" && last) return { name: "*", value: read(last) };
      if (item.type === "dictionary_splat" && last) return { name: "**", value: read(last) };
      const name = childOf(item, "name");
      const value = childOf(item, "value");
      if (item.type === "keyword_argument" && name && value)
        return { name: this.textOf(name), value: read(value) };
      return { name: null, value: read(item) };
    });
  }

  #string(node: SyntaxNode, opaque: SyntaxNode[]): Expression {
    const parts = node.type === "string" ? [node] : node.children.filter((child) => child.type === "string");
    const literals = parts.map((part) => readStringLiteral(this.textOf(part)));
    if (literals.some((literal) => literal.formatted)) {
      opaque.push(node);
      return { k: "template", value: this.textOf(node), span: this.spanOf(node) };
    }
    return { k: "string", value: literals.map((literal) => literal.value).join(""), span: this.spanOf(node) };
  }

  #member(node: SyntaxNode, opaque: SyntaxNode[], next: Read): Expression {
    const of = childOf(node, "object") ?? node.children[0];
    const name = childOf(node, "attribute") ?? node.children.at(-1);
    if (!of || !name || of === name) return this.#other(node, opaque);
    return { k: "member", of: next(of), name: this.textOf(name), span: this.spanOf(node) };
  }

  #call(node: SyntaxNode, opaque: SyntaxNode[], next: Read): Expression {
    const callee = childOf(node, "function");
    const list = childOf(node, "arguments");
    if (!callee || !list) return this.#other(node, opaque);
    return { k: "call", callee: next(callee), args: this.arguments(list, next), span: this.spanOf(node) };
  }

  #dictionary(node: SyntaxNode, opaque: SyntaxNode[], next: Read): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    for (const item of itemsOf(node)) {
      const key = childOf(item, "key");
      const value = childOf(item, "value");
      const last = item.children.at(-1);
      if (item.type === "pair" && key && value) entries.push([next(key), next(value)]);
      else if (item.type === "dictionary_splat" && last) {
        entries.push([{ k: "name", value: "**", span: this.spanOf(item) }, next(last)]);
      } else return this.#other(node, opaque);
    }
    return { k: "dict", entries, span: this.spanOf(node) };
  }

  #operation(node: SyntaxNode, opaque: SyntaxNode[], next: Read): Expression {
    const [first, second, third] = node.children;
    const span = this.spanOf(node);
    switch (node.type) {
      case "binary_operator":
      case "boolean_operator":
      case "union_type":
      case "named_expression":
        if (!first || !second || !third || node.children.length !== 3) break;
        return { k: "binary", op: this.textOf(second), left: next(first), right: next(third), span };
      case "comparison_operator":
        return this.#comparison(node, opaque, next);
      case "not_operator":
      case "unary_operator":
      case "await":
      case "list_splat":
      case "splat_type":
        if (!first || !second || node.children.length !== 2) break;
        return { k: "binary", op: this.textOf(first), left: null, right: next(second), span };
    }
    return this.#other(node, opaque);
  }

  /** `a < b < c` means `a < b and b < c`. */
  #comparison(node: SyntaxNode, opaque: SyntaxNode[], next: Read): Expression {
    let result: Expression | null = null;
    for (let at = 0; at + 2 < node.children.length; at += 2) {
      const [left, operator, right] = node.children.slice(at, at + 3);
      if (!left || !operator || !right) break;
      const op = this.textOf(operator).replace(/\s+/g, " ");
      const span = this.#lines.span(left.start, right.end);
      const pair: Expression = { k: "binary", op, left: next(left), right: next(right), span };
      result = result ? { k: "binary", op: "and", left: result, right: pair, span: this.spanOf(node) } : pair;
    }
    return result ?? this.#other(node, opaque);
  }

  #other(node: SyntaxNode, opaque: SyntaxNode[]): Expression {
    opaque.push(node);
    return { k: "other", text: this.textOf(node), span: this.spanOf(node) };
  }
}

/** Children without brackets and commas. */
export function itemsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => !PUNCTUATION.has(child.type));
}

import type { Node } from "@babel/types";
import type { Span } from "../../source.ts";
import type { Argument, Expression } from "../expression.ts";
import type { LineIndex } from "../line-index.ts";

const OTHER_LIMIT = 400;

/** Turns syntax nodes into expressions; each node once, so that an inner call and its outer one share it. */
export class ExpressionConverter {
  readonly #lines: LineIndex;
  readonly #known = new Map<Node, Expression>();

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  convert(node: Node): Expression {
    const known = this.#known.get(node);
    if (known) return known;
    const expression = this.#convert(node);
    this.#known.set(node, expression);
    return expression;
  }

  span(node: Node): Span {
    return this.#lines.span(node.start ?? 0, node.end ?? 0);
  }

  text(node: Node): string {
    return this.#lines.text.slice(node.start ?? 0, node.end ?? 0);
  }

  #convert(node: Node): Expression {
    const span = this.span(node);
    switch (node.type) {
      case "StringLiteral":
      case "DirectiveLiteral":
        return { k: "string", value: node.value, span };
      case "TemplateLiteral":
        return this.#template(node, span);
      case "NumericLiteral":
      case "BigIntLiteral":
        return { k: "number", value: this.text(node), span };
      case "BooleanLiteral":
        return { k: "name", value: String(node.value), span };
      case "NullLiteral":
        return { k: "name", value: "null", span };
      case "Identifier":
        return { k: "name", value: node.name, span };
      case "PrivateName":
        return { k: "name", value: `#${node.id.name}`, span };
      case "ThisExpression":
        return { k: "name", value: "this", span };
      case "Super":
        return { k: "name", value: "super", span };
      case "MemberExpression":
      case "OptionalMemberExpression":
        return this.#member(node.object, node.property, node.computed, span);
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
        return { k: "call", callee: this.convert(node.callee), args: this.#args(node.arguments), span };
      case "ImportExpression":
        return {
          k: "call",
          callee: { k: "name", value: "import", span },
          args: this.#args([node.source]),
          span,
        };
      case "TaggedTemplateExpression":
        return {
          k: "tagged",
          tag: this.convert(node.tag),
          strings: node.quasi.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw),
          values: node.quasi.expressions.map((value) => this.convert(value)),
          span,
        };
      case "ArrayExpression":
        return {
          k: "list",
          items: node.elements.map((item) =>
            item ? this.convert(item) : { k: "name", value: "undefined", span },
          ),
          span,
        };
      case "SpreadElement":
        return { k: "binary", op: "...", left: null, right: this.convert(node.argument), span };
      case "ObjectExpression":
        return { k: "dict", entries: node.properties.map((property) => this.#entry(property)), span };
      case "ArrowFunctionExpression":
      case "FunctionExpression":
      case "FunctionDeclaration":
      case "ObjectMethod":
      case "ClassMethod":
        return { k: "function", parameters: node.params.map((parameter) => this.text(parameter)), span };
      case "BinaryExpression":
      case "LogicalExpression":
        return {
          k: "binary",
          op: node.operator,
          left: this.convert(node.left),
          right: this.convert(node.right),
          span,
        };
      case "UnaryExpression":
        return { k: "binary", op: node.operator, left: null, right: this.convert(node.argument), span };
      case "AssignmentExpression":
        return this.convert(node.right);
      case "SequenceExpression": {
        const last = node.expressions.at(-1);
        return last ? this.convert(last) : this.#other(node, span);
      }
      // What changes the type or the time, but not what is meant.
      case "AwaitExpression":
        return this.convert(node.argument);
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
      case "Decorator":
        return this.convert(node.expression);
      default:
        return this.#other(node, span);
    }
  }

  #template(node: Extract<Node, { type: "TemplateLiteral" }>, span: Span): Expression {
    const pieces = node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw);
    if (node.expressions.length === 0) return { k: "string", value: pieces[0] ?? "", span };
    const parts: Expression[] = [];
    node.quasis.forEach((quasi, index) => {
      const piece = pieces[index] ?? "";
      if (piece !== "") parts.push({ k: "string", value: piece, span: this.span(quasi) });
      const value = node.expressions[index];
      if (value) parts.push(this.convert(value));
    });
    return { k: "template", value: this.text(node), parts, span };
  }

  #member(object: Node, property: Node, computed: boolean, span: Span): Expression {
    const of = this.convert(object);
    if (!computed && property.type === "Identifier") return { k: "member", of, name: property.name, span };
    if (property.type === "PrivateName") return { k: "member", of, name: `#${property.id.name}`, span };
    if (property.type === "StringLiteral") return { k: "member", of, name: property.value, span };
    return { k: "subscript", of, index: [this.convert(property)], span };
  }

  #args(nodes: readonly Node[]): readonly Argument[] {
    return nodes.map((node) =>
      node.type === "SpreadElement"
        ? { name: "*", value: this.convert(node.argument) }
        : { name: null, value: this.convert(node) },
    );
  }

  #entry(property: Node): readonly [Expression, Expression] {
    const span = this.span(property);
    if (property.type === "SpreadElement") {
      return [{ k: "name", value: "...", span }, this.convert(property.argument)];
    }
    if (property.type === "ObjectProperty") {
      return [this.#key(property.key, property.computed), this.convert(property.value)];
    }
    if (property.type === "ObjectMethod") {
      return [this.#key(property.key, property.computed), this.convert(property)];
    }
    return [this.#other(property, span), this.#other(property, span)];
  }

  #key(key: Node, computed: boolean): Expression {
    if (!computed && key.type === "Identifier") return { k: "string", value: key.name, span: this.span(key) };
    if (!computed && key.type === "NumericLiteral") {
      return { k: "string", value: String(key.value), span: this.span(key) };
    }
    return this.convert(key);
  }

  #other(node: Node, span: Span): Expression {
    return { k: "other", text: this.text(node).slice(0, OTHER_LIMIT), span };
  }
}

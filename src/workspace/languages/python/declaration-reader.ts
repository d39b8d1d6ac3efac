import { hashText } from "../../hash.ts";
import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";
import { childOf, type SyntaxNode } from "../syntax-node.ts";
import { type ExpressionReader, itemsOf } from "./expression-reader.ts";
import { readFunctionBody } from "./function-body.ts";
import type { PythonAssignment, PythonClass, PythonFunction, PythonLoop, PythonParameter } from "./module.ts";
import { type DefinitionStatement, docstringOf, statementsOf } from "./statements.ts";

/** Reads classes, functions and assignments. */
export class DeclarationReader {
  readonly #expressions: ExpressionReader;

  constructor(expressions: ExpressionReader) {
    this.#expressions = expressions;
  }

  class(statement: DefinitionStatement): PythonClass {
    const { definition } = statement;
    const header = childOf(definition, "superclasses");
    const bases: Expression[] = [];
    const keywords: { name: string; value: Expression }[] = [];
    for (const { name, value } of header ? this.#expressions.arguments(header) : []) {
      if (name === null) bases.push(value);
      else if (name === "*") bases.push({ k: "binary", op: "*", left: null, right: value, span: value.span });
      else keywords.push({ name, value });
    }
    const body = childOf(definition, "body");
    const assignments: PythonAssignment[] = [];
    const methods: PythonFunction[] = [];
    const classes: PythonClass[] = [];
    for (const inner of body ? statementsOf(body, this.#expressions) : []) {
      if (inner.kind === "assignment") assignments.push(...this.assignment(inner.node));
      else if (inner.kind === "function") methods.push(this.function(inner));
      else if (inner.kind === "class") classes.push(this.class(inner));
    }
    return {
      ...this.#identity(statement),
      decorators: this.#decorators(statement.node),
      bases,
      keywords,
      documentation: docstringOf(body, this.#expressions),
      assignments,
      methods,
      classes,
    };
  }

  function(statement: DefinitionStatement): PythonFunction {
    const { definition } = statement;
    const parameters = childOf(definition, "parameters");
    const returns = childOf(definition, "return_type");
    const body = childOf(definition, "body");
    return {
      ...this.#identity(statement),
      decorators: this.#decorators(statement.node),
      parameters: parameters ? itemsOf(parameters).flatMap((item) => this.#parameter(item)) : [],
      returns: returns ? this.#expressions.read(returns) : null,
      documentation: docstringOf(body, this.#expressions),
      isAsync: definition.children.some((child) => child.type === "async"),
      ...readFunctionBody(body, this.#expressions, this),
    };
  }

  /**
   * `a = b = 1` gives two assignments, `a, b = 1, 2` one for each pair; a pattern that cannot be paired keeps its text
   * as target. Of the augmented assignments only `+=` is read.
   */
  assignment(node: SyntaxNode): readonly PythonAssignment[] {
    const operator = node.type === "augmented_assignment" ? "+=" : "=";
    const written = childOf(node, "operator");
    if (operator === "+=" && (!written || this.#expressions.textOf(written) !== "+=")) return [];

    const place = this.#place(node);
    const targets: { target: SyntaxNode; annotation: SyntaxNode | null }[] = [];
    let value: SyntaxNode | null = node;
    while (value?.type === "assignment" || value?.type === "augmented_assignment") {
      const target = childOf(value, "left") ?? childOf(value, "name");
      if (target) targets.push({ target, annotation: childOf(value, "type") });
      value = childOf(value, "right");
    }
    return targets.flatMap(({ target, annotation }) => {
      const pairs = annotation || !value ? null : pairsOf(target, value);
      if (pairs) return pairs.map(([left, right]) => this.#assigned(left, null, right, operator, place));
      return [this.#assigned(target, annotation, value, operator, place)];
    });
  }

  /** `name := value` as an assignment. */
  walrus(node: SyntaxNode): readonly PythonAssignment[] {
    const name = childOf(node, "name");
    const value = childOf(node, "value");
    return name && value ? [this.#assigned(name, null, value, "=", this.#place(node))] : [];
  }

  /** The header of a `for` statement. */
  loop(node: SyntaxNode): readonly PythonLoop[] {
    const target = childOf(node, "left");
    const list = childOf(node, "right");
    if (!target || !list) return [];
    return [
      {
        target: this.#expressions.read(target),
        list: this.#expressions.read(list),
        span: this.#expressions.spanOf(node),
      },
    ];
  }

  #assigned(
    target: SyntaxNode,
    annotation: SyntaxNode | null,
    value: SyntaxNode | null,
    operator: "=" | "+=",
    place: { readonly span: Span; readonly hash: string },
  ): PythonAssignment {
    return {
      target: this.#expressions.textOf(target).replace(/\s+/g, " "),
      annotation: annotation ? this.#expressions.read(annotation) : null,
      value: value ? this.#expressions.read(value) : null,
      operator,
      ...place,
    };
  }

  #parameter(node: SyntaxNode): readonly PythonParameter[] {
    if (node.type === "keyword_separator" || node.type === "positional_separator") return [];
    const name = childOf(node, "name") ?? (node.type === "typed_parameter" ? node.children[0] : node);
    if (!name) return [];
    const annotation = childOf(node, "type");
    const value = childOf(node, "value");
    return [
      {
        name: this.#expressions.textOf(name),
        annotation: annotation ? this.#expressions.read(annotation) : null,
        default: value ? this.#expressions.read(value) : null,
      },
    ];
  }

  #decorators(node: SyntaxNode): readonly Expression[] {
    return node.children.flatMap((child) => {
      const expression = child.type === "decorator" ? child.children[1] : undefined;
      return expression ? [this.#expressions.read(expression)] : [];
    });
  }

  #identity({ node, definition }: DefinitionStatement): {
    readonly name: string;
    readonly nameSpan: Span;
    readonly span: Span;
    readonly hash: string;
  } {
    const name = childOf(definition, "name") ?? definition;
    return {
      name: name === definition ? "" : this.#expressions.textOf(name),
      nameSpan: this.#expressions.spanOf(name),
      ...this.#place(node),
    };
  }

  #place(node: SyntaxNode): { readonly span: Span; readonly hash: string } {
    return { span: this.#expressions.spanOf(node), hash: hashText(this.#expressions.textOf(node)) };
  }
}

const PATTERNS: ReadonlySet<string> = new Set(["pattern_list", "tuple_pattern", "list_pattern"]);
const SEQUENCES: ReadonlySet<string> = new Set(["expression_list", "tuple", "list"]);

/** The pairs of `a, b = x, y`; null when the sides do not match one to one. */
function pairsOf(
  target: SyntaxNode,
  value: SyntaxNode,
): readonly (readonly [SyntaxNode, SyntaxNode])[] | null {
  if (!PATTERNS.has(target.type) || !SEQUENCES.has(value.type)) return null;
  const left = itemsOf(target);
  const right = itemsOf(value);
  if (left.length !== right.length) return null;
  if ([...left, ...right].some((item) => item.type.startsWith("list_splat"))) return null;
  return left.flatMap((item, at) => {
    const other = right[at];
    return other ? [[item, other] as const] : [];
  });
}

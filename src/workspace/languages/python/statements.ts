import { childOf, type SyntaxNode } from "../syntax-node.ts";
import type { ExpressionReader } from "./expression-reader.ts";
import { cleanDocstring } from "./string-literal.ts";

/** A class or function statement; `node` spans its decorators too. */
export interface DefinitionStatement {
  readonly kind: "class" | "function";
  readonly node: SyntaxNode;
  readonly definition: SyntaxNode;
}

export type Statement =
  | DefinitionStatement
  | { readonly kind: "import" | "assignment" | "expression"; readonly node: SyntaxNode };

/** Statements that only decide whether or how often what is in them runs; for declarations they are transparent. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  "ERROR",
  "block",
  "module",
  "if_statement",
  "elif_clause",
  "else_clause",
  "try_statement",
  "except_clause",
  "except_group_clause",
  "finally_clause",
  "with_statement",
  "for_statement",
  "while_statement",
  "match_statement",
  "case_clause",
]);

/**
 * Statements of a body in source order, those under conditions, loops and `try` included. Classes and functions that
 * only a type checker sees are left out; what it imports is not. Iterative.
 */
export function* statementsOf(body: SyntaxNode, expressions: ExpressionReader): Iterable<Statement> {
  const stack: SyntaxNode[] = [body];
  const unreal = new Set<SyntaxNode>();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (unreal.has(node)) {
      for (const child of node.children.toReversed())
        if (!/^(class_definition|function_definition|decorated_definition)$/.test(child.type))
          stack.push(child);
      continue;
    }
    if (TRANSPARENT.has(node.type)) {
      const condition = node.type === "if_statement" ? childOf(node, "condition") : null;
      const consequence = condition && childOf(node, "consequence");
      if (consequence && /^(typing\.|t\.)?TYPE_CHECKING$/.test(expressions.textOf(condition)))
        unreal.add(consequence);
      for (let at = node.children.length - 1; at >= 0; at--) {
        const child = node.children[at];
        if (child) stack.push(child);
      }
      continue;
    }
    const statement = asStatement(node);
    if (statement) yield statement;
  }
}

/** `for` statements of a body that stand in no function or class. Iterative. */
export function* loopsOf(body: SyntaxNode): Iterable<SyntaxNode> {
  const stack: SyntaxNode[] = [body];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!TRANSPARENT.has(node.type)) continue;
    if (node.type === "for_statement") yield node;
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (child) stack.push(child);
    }
  }
}

function asStatement(node: SyntaxNode): Statement | null {
  switch (node.type) {
    case "import_statement":
    case "import_from_statement":
    case "future_import_statement":
      return { kind: "import", node };
    case "decorated_definition": {
      const definition = childOf(node, "definition");
      return definition ? asDefinition(node, definition) : null;
    }
    case "class_definition":
    case "function_definition":
      return asDefinition(node, node);
    case "assignment":
    case "augmented_assignment":
      return { kind: "assignment", node };
    case "expression_statement": {
      const inner = node.children[0];
      if (!inner) return null;
      const assigns = inner.type === "assignment" || inner.type === "augmented_assignment";
      return { kind: assigns ? "assignment" : "expression", node: inner };
    }
    default:
      return null;
  }
}

/** The class or function statement at a node, if it is one. */
export function asDefinition(node: SyntaxNode, definition: SyntaxNode): DefinitionStatement | null {
  if (definition.type === "class_definition") return { kind: "class", node, definition };
  if (definition.type === "function_definition") return { kind: "function", node, definition };
  return null;
}

/** The docstring of a module, class or function body; null when there is none. */
export function docstringOf(body: SyntaxNode | null, expressions: ExpressionReader): string | null {
  const first = body?.children[0];
  const literal = first?.type === "expression_statement" ? first.children[0] : null;
  if (literal?.type !== "string" && literal?.type !== "concatenated_string") return null;
  const value = expressions.read(literal);
  return value.k === "string" ? cleanDocstring(value.value) : null;
}

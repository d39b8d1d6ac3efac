import { dottedName, type Expression } from "../expression.ts";
import { childOf, type SyntaxNode } from "../syntax-node.ts";
import type { ExpressionReader } from "./expression-reader.ts";
import { readImports } from "./imports.ts";
import type { PythonAssignment, PythonFunction, PythonImport, PythonLoop } from "./module.ts";
import { asDefinition, type DefinitionStatement } from "./statements.ts";

/** How statements of a body are read; given by the reader of declarations. */
interface StatementReader {
  assignment(node: SyntaxNode): readonly PythonAssignment[];
  function(statement: DefinitionStatement): PythonFunction;
  walrus(node: SyntaxNode): readonly PythonAssignment[];
  loop(node: SyntaxNode): readonly PythonLoop[];
}

interface Visit {
  readonly node: SyntaxNode;
  /** In a function or class inside of this one: its calls count, its assignments and returns do not. */
  readonly nested: boolean;
  /** In a call that is already listed. */
  readonly inCall: boolean;
}

/**
 * What a function does, in source order. A call inside of something that expressions do not describe (a lambda, a
 * comprehension, an f-string) is listed by itself even when that stands in the argument of another call. Iterative.
 */
export function readFunctionBody(
  body: SyntaxNode | null,
  expressions: ExpressionReader,
  reader: StatementReader,
): Pick<PythonFunction, "calls" | "assignments" | "returned" | "loops" | "imports" | "functions"> {
  const calls: Expression[] = [];
  const assignments: PythonAssignment[] = [];
  const returned: Expression[] = [];
  const loops: PythonLoop[] = [];
  const imports: PythonImport[] = [];
  const inner: DefinitionStatement[] = [];
  const hidden = new Set<SyntaxNode>();
  const stack: Visit[] = body ? [{ node: body, nested: false, inCall: false }] : [];

  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node } = visit;
    let { nested, inCall } = visit;
    if (hidden.has(node)) inCall = false;
    switch (node.type) {
      case "string":
        if (node.children.length === 0) continue;
        break;
      case "import_statement":
      case "import_from_statement":
        imports.push(...readImports(expressions, node));
        continue;
      case "decorated_definition": {
        const definition = node.children.at(-1);
        const statement = !nested && definition ? asDefinition(node, definition) : null;
        if (statement?.kind === "function") inner.push(statement);
        break;
      }
      case "function_definition":
        if (!nested && node.field !== "definition") inner.push({ kind: "function", node, definition: node });
        nested = true;
        break;
      case "class_definition":
        nested = true;
        break;
      case "assignment":
      case "augmented_assignment":
        // The inner part of `a = b = 1` is read with the outer one.
        if (!nested && node.field !== "right") assignments.push(...reader.assignment(node));
        break;
      case "for_statement":
        if (!nested) loops.push(...reader.loop(node));
        break;
      case "named_expression":
        if (!nested) assignments.push(...reader.walrus(node));
        break;
      case "return_statement": {
        const value = node.children[1];
        if (!nested && value) returned.push(expressions.read(value));
        break;
      }
      case "call":
        if (!inCall) {
          const opaque: SyntaxNode[] = [];
          calls.push(expressions.read(node, opaque));
          for (const part of opaque) hidden.add(part);
          inCall = true;
        }
        break;
    }
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (child) stack.push({ node: child, nested, inCall });
    }
  }
  const names = new Set(returned.map(dottedName));
  const functions = inner
    .filter(({ node, definition }) => node !== definition || names.has(nameOf(definition, expressions)))
    .map((statement) => reader.function(statement));
  return { calls, assignments, returned, loops, imports, functions };
}

function nameOf(definition: SyntaxNode, expressions: ExpressionReader): string | null {
  const name = childOf(definition, "name");
  return name && expressions.textOf(name);
}

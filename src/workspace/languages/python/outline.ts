import type { SyntaxNode } from "../syntax-node.ts";
import { TextLines } from "../text-lines.ts";
import { DeclarationReader } from "./declaration-reader.ts";
import { ExpressionReader } from "./expression-reader.ts";
import { readImports } from "./imports.ts";
import type { PythonAssignment, PythonClass, PythonFunction, PythonImport, PythonModule } from "./module.ts";
import type { PythonParser } from "./parser.ts";
import { findReferences } from "./references.ts";
import { docstringOf, loopsOf, statementsOf } from "./statements.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The outline of a Python file. Never fails on bad source: what the parser recovers is read, the rest is in `errors`.
 * Positions relate to the text without a byte order mark, as an editor shows it.
 */
export function parsePython(parser: Pick<PythonParser, "parse">, source: string): PythonModule {
  const text = source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source;
  const { root, errors } = parser.parse(text);
  const lines = new TextLines(text);
  const expressions = new ExpressionReader(text, lines);
  const declarations = new DeclarationReader(expressions);

  const imports: PythonImport[] = [];
  const classes: PythonClass[] = [];
  const functions: PythonFunction[] = [];
  const assignments: PythonAssignment[] = [];
  const calls: SyntaxNode[] = [];
  for (const statement of statementsOf(root, expressions)) {
    switch (statement.kind) {
      case "import":
        imports.push(...readImports(expressions, statement.node));
        break;
      case "class":
        classes.push(declarations.class(statement));
        break;
      case "function":
        functions.push(declarations.function(statement));
        break;
      case "assignment":
        assignments.push(...declarations.assignment(statement.node));
        break;
      case "expression": {
        const call = statement.node.type === "await" ? statement.node.children.at(-1) : statement.node;
        if (call?.type === "call") calls.push(call);
        break;
      }
    }
  }
  return {
    documentation: docstringOf(root, expressions),
    imports,
    classes,
    functions,
    assignments,
    calls: calls.map((call) => expressions.read(call)),
    loops: [...loopsOf(root)].flatMap((node) => declarations.loop(node)),
    references: findReferences(root, expressions, lines),
    errors: errors.map(({ start, end }) => lines.span(start, end)),
  };
}

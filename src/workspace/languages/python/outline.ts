import type { Parser } from "web-tree-sitter";
import { AksaraError } from "../../../errors.ts";
import type { Span } from "../../source.ts";
import { copyTree, type SyntaxNode } from "../syntax-node.ts";
import { TextLines } from "../text-lines.ts";
import { DeclarationReader } from "./declaration-reader.ts";
import { ExpressionReader } from "./expression-reader.ts";
import { readImports } from "./imports.ts";
import type { PythonAssignment, PythonClass, PythonFunction, PythonImport, PythonModule } from "./module.ts";
import { findReferences } from "./references.ts";
import { docstringOf, statementsOf } from "./statements.ts";
import { isFormatted } from "./string-literal.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The outline of a Python file. Never fails on bad source: what the parser recovers is read, the rest is in `errors`.
 * Positions relate to the text without a byte order mark, as an editor shows it.
 */
export function parsePython(parser: Parser, source: string): PythonModule {
  const text = source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source;
  const root = syntaxOf(parser, text);
  const lines = new TextLines(text);
  const expressions = new ExpressionReader(text, lines);
  const declarations = new DeclarationReader(expressions);

  const imports: PythonImport[] = [];
  const classes: PythonClass[] = [];
  const functions: PythonFunction[] = [];
  const assignments: PythonAssignment[] = [];
  const calls: SyntaxNode[] = [];
  for (const statement of statementsOf(root)) {
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
    references: findReferences(root, expressions, lines),
    errors: findErrors(root, expressions),
  };
}

function syntaxOf(parser: Parser, text: string): SyntaxNode {
  parser.reset();
  const tree = parser.parse(text);
  if (!tree) throw new AksaraError("RUNTIME_ERROR", "The Python parser gave no tree: it has no grammar.");
  try {
    return copyTree(tree, (type, start) => isLeaf(type, text, start));
  } finally {
    tree.delete();
  }
}

/** A string without interpolation says all by its text. */
function isLeaf(type: string, text: string, start: number): boolean {
  return type === "string" ? !isFormatted(text.slice(start, start + 4)) : type === "dotted_name";
}

function findErrors(root: SyntaxNode, expressions: ExpressionReader): readonly Span[] {
  const errors: Span[] = [];
  const stack: SyntaxNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "ERROR" || node.missing) errors.push(expressions.spanOf(node));
    else for (let at = node.children.length - 1; at >= 0; at--) pushIfAny(stack, node.children[at]);
  }
  return errors;
}

function pushIfAny(stack: SyntaxNode[], node: SyntaxNode | undefined): void {
  if (node) stack.push(node);
}

import { childOf, type SyntaxNode } from "../syntax-node.ts";
import type { TextLines } from "../text-lines.ts";
import type { ExpressionReader } from "./expression-reader.ts";
import type { PythonReference } from "./module.ts";

const CAPITALISED = /^\p{Lu}/u;
const MAX_LINE = 160;

/** Nodes whose own identifiers bind a name and do not refer to one. */
const BINDERS: ReadonlySet<string> = new Set([
  "parameters",
  "lambda_parameters",
  "typed_parameter",
  "list_splat_pattern",
  "dictionary_splat_pattern",
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "global_statement",
  "nonlocal_statement",
]);

interface Visit {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | null;
  readonly within: string | null;
}

/** Every mention of a capitalised name outside of imports and class headers, in source order. Iterative. */
export function findReferences(
  root: SyntaxNode,
  expressions: ExpressionReader,
  lines: TextLines,
): readonly PythonReference[] {
  const found: PythonReference[] = [];
  const stack: Visit[] = [{ node: root, parent: null, within: null }];

  const report = (start: SyntaxNode, end: SyntaxNode, name: string, within: string | null): void => {
    const span = lines.span(start.start, end.end);
    found.push({ name, span, within, line: lines.line(span[0]).trim().slice(0, MAX_LINE) });
  };

  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node, parent, within } = visit;
    switch (node.type) {
      case "import_statement":
      case "import_from_statement":
      case "future_import_statement":
        continue;
      case "identifier": {
        const name = expressions.textOf(node);
        if (CAPITALISED.test(name) && !binds(node, parent)) report(node, node, name, within);
        continue;
      }
      case "attribute": {
        const chain = chainOf(node);
        if (!chain) {
          const object = childOf(node, "object");
          if (object) stack.push({ node: object, parent: node, within });
          continue;
        }
        const names = chain.map((part) => expressions.textOf(part));
        const at = names.findIndex((name) => CAPITALISED.test(name));
        const first = chain[0];
        const last = chain[at];
        if (first && last) report(first, last, names.slice(0, at + 1).join("."), within);
        continue;
      }
    }
    const scope = scopeOf(node, within, expressions);
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (!child || child.field === "type_parameters") continue;
      if (node.type === "class_definition" && child.field !== "body") continue;
      stack.push({ node: child, parent: node, within: scope });
    }
  }
  return found;
}

/** A decorator belongs to what it decorates, so the scope opens at `decorated_definition`. */
function scopeOf(node: SyntaxNode, within: string | null, expressions: ExpressionReader): string | null {
  const definition = node.type === "decorated_definition" ? childOf(node, "definition") : node;
  if (definition?.type !== "class_definition" && definition?.type !== "function_definition") return within;
  const name = childOf(definition, "name");
  if (!name || node.field === "definition") return within;
  const own = expressions.textOf(name);
  return within === null ? own : `${within}.${own}`;
}

/** Whether an identifier names a parameter, an argument or the target of an assignment. */
function binds(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  if (node.field === "name") return true;
  if (node.field === "left") return parent?.type === "assignment";
  return parent !== null && BINDERS.has(parent.type);
}

/** The identifiers of `a.b.c`; null when something else than names is in it. */
function chainOf(attribute: SyntaxNode): readonly SyntaxNode[] | null {
  const parts: SyntaxNode[] = [];
  for (let node: SyntaxNode | null = attribute; node; node = childOf(node, "object")) {
    if (node.type === "identifier") return [node, ...parts.reverse()];
    const name = childOf(node, "attribute");
    if (node.type !== "attribute" || !name) return null;
    parts.push(name);
  }
  return null;
}

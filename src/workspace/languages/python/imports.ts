import { childOf, childOfType, type SyntaxNode } from "../syntax-node.ts";
import type { ExpressionReader } from "./expression-reader.ts";
import type { PythonImport } from "./module.ts";

/** What one import statement brings in. */
export function readImports(expressions: ExpressionReader, node: SyntaxNode): readonly PythonImport[] {
  if (node.type === "import_statement") {
    return importedNames(expressions, node).map(({ name, alias }) => ({
      module: name,
      name: null,
      alias: alias ?? name,
    }));
  }
  const source = childOf(node, "module_name");
  const module =
    node.type === "future_import_statement" ? "__future__" : source ? withoutSpace(expressions, source) : "";
  if (childOfType(node, "wildcard_import")) return [{ module, name: "*", alias: "*" }];
  return importedNames(expressions, node).map(({ name, alias }) => ({ module, name, alias: alias ?? name }));
}

function importedNames(
  expressions: ExpressionReader,
  node: SyntaxNode,
): readonly { readonly name: string; readonly alias: string | null }[] {
  const names = node.children.filter((child) => child.field === "name");
  return names.map((child) => {
    const name = child.type === "aliased_import" ? childOf(child, "name") : child;
    const alias = childOf(child, "alias");
    return {
      name: withoutSpace(expressions, name ?? child),
      alias: alias ? expressions.textOf(alias) : null,
    };
  });
}

/** `a . b` may be written with spaces. */
function withoutSpace(expressions: ExpressionReader, node: SyntaxNode): string {
  return expressions.textOf(node).replace(/[\s\\]+/g, "");
}

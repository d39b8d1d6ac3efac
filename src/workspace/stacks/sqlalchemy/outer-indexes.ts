import { dottedName, type Expression } from "../../languages/expression.ts";
import { calledName, childrenOf } from "../../languages/python/expressions.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";

/** Gives `Index("by_title", Book.title)`, which stands outside of a class, to the model whose columns it names. */
export function tieOuterIndexes(registry: ModelRegistry): void {
  for (const [uri, { calls, assignments }] of registry.project.facts) {
    const assigned = assignments.flatMap(({ value }) =>
      value && calledName(value) === "Index" ? [value] : [],
    );
    for (const expression of [...calls, ...assigned])
      ownerOf(registry, uri, expression)?.extras.push({ uri, scope: "", expression });
  }
}

/** A child without a table of its own adds to that of its parent. */
function tableOwner(info: ModelInfo): ModelInfo {
  return info.isSingleTable && info.parent ? tableOwner(info.parent) : info;
}

/** The model that a column in the call belongs to: `Book.title`, `Book.__table__.c.title`, `books.c.title`. */
function ownerOf(registry: ModelRegistry, uri: string, expression: Expression): ModelInfo | null {
  const dotted = dottedName(expression);
  const owner = dotted && /^(.+?)(?:\.__table__)?(?:\.c|\.columns)?\.\w+$/.exec(dotted)?.[1];
  const found = owner ? registry.find(uri, owner) : null;
  if (found) return tableOwner(found);
  for (const child of childrenOf(expression)) {
    const inner = ownerOf(registry, uri, child);
    if (inner) return inner;
  }
  return null;
}

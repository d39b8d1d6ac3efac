import type { Expression } from "../../languages/expression.ts";
import { childrenOf } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";

/** Larger values are data, not declarations. */
const MAX_NODES = 4000;

/** A function without its body. */
export function headOf(item: PythonFunction): PythonFunction {
  return {
    ...item,
    documentation: null,
    decorators: [],
    parameters: [],
    returns: null,
    calls: [],
    assignments: [],
    returned: [],
    loops: [],
    imports: [],
    functions: [],
  };
}

/** A class of which only the name, the bases and the classes inside of it matter. */
export function nameOnly(item: PythonClass): PythonClass {
  return {
    ...item,
    documentation: null,
    decorators: [],
    keywords: [],
    assignments: [],
    methods: [],
    classes: item.classes.map(nameOnly),
  };
}

export function isSmall(value: Expression | null): boolean {
  return value === null || countNodes(value, MAX_NODES) < MAX_NODES;
}

function countNodes(expression: Expression, limit: number): number {
  let count = 1;
  for (const child of childrenOf(expression)) {
    if (count >= limit) break;
    count += countNodes(child, limit - count);
  }
  return count;
}

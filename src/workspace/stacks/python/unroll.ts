import type { Expression } from "../../languages/expression.ts";
import { calledName, childrenOf } from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonLoop } from "../../languages/python/module.ts";
import type { Span } from "../../source.ts";
import { substitute } from "./substitute.ts";

/** More rounds than this are data, not declarations. */
const MAX_ROUNDS = 100;

/** Where a statement stands: the loops around it and what is assigned in them. */
export interface Around {
  readonly loops: readonly PythonLoop[];
  readonly assignments: readonly PythonAssignment[];
}

/**
 * A call in a loop over a list that is written out, once for each item with the item in the place of the name. Any
 * other call is given back as it is.
 */
export function unrolled(
  call: Expression,
  around: Around,
  itemsOf: (list: Expression) => readonly Expression[] | null,
): readonly Expression[] {
  const enclosing = around.loops.filter(({ span }) => isInside(call.span, span));
  if (enclosing.length === 0) return [call];
  const inner = new Map<string, Expression>();
  for (const { target, value, span } of around.assignments)
    if (value && enclosing.some((loop) => isInside(span, loop.span))) inner.set(target, value);
  let calls: readonly Expression[] = [substitute(call, inner)];
  // From the innermost outwards: the list of an inner loop may hold the name of an outer one.
  for (const { target, list } of enclosing.toReversed()) {
    const names = namesOf(target);
    calls = calls.flatMap((each) => {
      if (!names.some((name) => mentions(each, name))) return [each];
      const rounds = roundsOf(names, list, itemsOf);
      return rounds ? rounds.map((values) => substitute(each, values)) : [each];
    });
    if (calls.length > MAX_ROUNDS) return [call];
  }
  return calls;
}

/** What the names of a loop stand for in each of its rounds; null where the list is not known. */
export function roundsOf(
  names: readonly string[],
  list: Expression,
  itemsOf: (list: Expression) => readonly Expression[] | null,
): readonly ReadonlyMap<string, Expression>[] | null {
  const isPairs = calledName(list) === "items" && list.k === "call" && list.callee.k === "member";
  const items = itemsOf(isPairs && list.callee.k === "member" ? list.callee.of : list);
  if (!items || items.length > MAX_ROUNDS || names.length === 0) return null;
  const [only] = names;
  if (names.length === 1 && only !== undefined) return items.map((item) => new Map([[only, item]]));
  const rounds = items.flatMap((item) => {
    if (item.k !== "list" || item.items.length !== names.length) return [];
    return [
      new Map(
        names.flatMap((name, at) => {
          const value = item.items[at];
          return value ? [[name, value] as const] : [];
        }),
      ),
    ];
  });
  return rounds.length === items.length ? rounds : null;
}

export function namesOf(target: Expression): readonly string[] {
  if (target.k === "name") return [target.value];
  return target.k === "list" ? target.items.flatMap((item) => (item.k === "name" ? [item.value] : [])) : [];
}

function mentions(expression: Expression, name: string): boolean {
  if (expression.k === "name") return expression.value === name;
  if (expression.k === "template") return new RegExp(`\\{\\s*${name}\\b`).test(expression.value);
  return childrenOf(expression).some((child) => mentions(child, name));
}

function isInside(inner: Span, outer: Span): boolean {
  const [row, column, endRow, endColumn] = inner;
  const after = row > outer[0] || (row === outer[0] && column >= outer[1]);
  const before = endRow < outer[2] || (endRow === outer[2] && endColumn <= outer[3]);
  return after && before;
}

import type { Expression } from "../../languages/expression.ts";
import { calledName } from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonLoop } from "../../languages/python/module.ts";
import { isInside } from "../../source.ts";
import { substitute } from "./substitute.ts";

/** More rounds than this are data, not declarations. */
const MAX_ROUNDS = 100;

/** Where a statement stands: the loops around it and what is assigned in them. */
export interface Around {
  readonly loops: readonly PythonLoop[];
  readonly assignments: readonly PythonAssignment[];
}

/**
 * What stands in loops over lists that are written out, once for each round with the item in the place of the name;
 * once where it stands in no loop, null where a list is not known. What is assigned in the loop is put in its place.
 */
export function unrolled(
  expression: Expression,
  around: Around,
  itemsOf: (list: Expression) => readonly Expression[] | null,
): readonly Expression[] | null {
  const enclosing = around.loops.filter(({ span }) => isInside(expression.span, span));
  if (enclosing.length === 0) return [expression];
  const inner = new Map<string, Expression>();
  for (const { target, value, span } of around.assignments)
    if (value && enclosing.some((loop) => isInside(span, loop.span))) inner.set(target, value);
  let found: readonly Expression[] = [substitute(expression, inner)];
  // From the innermost outwards: the list of an inner loop may hold the name of an outer one.
  for (const { target, list } of enclosing.toReversed()) {
    const rounds = roundsOf(namesOf(target), list, itemsOf);
    if (!rounds || rounds.length * found.length > MAX_ROUNDS) return null;
    found = rounds.flatMap((values) => found.map((each) => substitute(each, values)));
  }
  return found;
}

/** What the names of a loop stand for in each of its rounds; null where the list is not known. */
function roundsOf(
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

/** The names that a loop gives to an item. */
export function namesOf(target: Expression): readonly string[] {
  if (target.k === "name") return [target.value];
  return target.k === "list" ? target.items.flatMap((item) => (item.k === "name" ? [item.value] : [])) : [];
}

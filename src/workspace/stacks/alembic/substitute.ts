import type { Expression } from "../../languages/expression.ts";

const DEPTH = 12;

/** An expression with local names replaced by what they stand for. */
export function substitute(
  expression: Expression,
  locals: ReadonlyMap<string, Expression>,
  depth = 0,
): Expression {
  if (locals.size === 0 || depth > DEPTH) return expression;
  const inner = (part: Expression) => substitute(part, locals, depth + 1);
  switch (expression.k) {
    case "name": {
      const value = locals.get(expression.value);
      return value && value !== expression
        ? substitute(value, withoutName(locals, expression.value), depth + 1)
        : expression;
    }
    case "call":
      return {
        ...expression,
        callee:
          expression.callee.k === "member"
            ? { ...expression.callee, of: inner(expression.callee.of) }
            : expression.callee,
        args: expression.args.map(({ name, value }) => ({ name, value: inner(value) })),
      };
    case "list":
      return { ...expression, items: expression.items.map(inner) };
    case "dict":
      return {
        ...expression,
        entries: expression.entries.map(([key, value]) => [inner(key), inner(value)] as const),
      };
    case "binary":
      return {
        ...expression,
        left: expression.left && inner(expression.left),
        right: inner(expression.right),
      };
    default:
      return expression;
  }
}

function withoutName(locals: ReadonlyMap<string, Expression>, name: string): ReadonlyMap<string, Expression> {
  const rest = new Map(locals);
  rest.delete(name);
  return rest;
}

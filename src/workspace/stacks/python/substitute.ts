import type { Expression } from "../../languages/expression.ts";
import { readFormatted } from "../../languages/python/formatted-string.ts";

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
    case "member": {
      const of = inner(expression.of);
      return of === expression.of ? expression : { ...expression, of };
    }
    case "subscript": {
      const of = inner(expression.of);
      const index = expression.index.map(inner);
      return itemOf(of, index[0]) ?? { ...expression, of, index };
    }
    case "template":
      return filled(expression, locals);
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

/** `row[0]`, `row["path"]` of a list or a dictionary that is known; null for anything else. */
function itemOf(of: Expression, index: Expression | undefined): Expression | null {
  if (of.k === "list" && index?.k === "number") return of.items[Number(index.value)] ?? null;
  if (of.k !== "dict" || index?.k !== "string") return null;
  return of.entries.find(([key]) => key.k === "string" && key.value === index.value)?.[1] ?? null;
}

/** An f-string whose holes are known, as a sum of its parts; as it is where none is. */
function filled(
  expression: Extract<Expression, { k: "template" }>,
  locals: ReadonlyMap<string, Expression>,
): Expression {
  const parts = readFormatted(expression.value);
  const isHole = (part: (typeof parts)[number]) => typeof part !== "string" && locals.has(part.code.trim());
  if (!parts.some(isHole)) return expression;
  const { span } = expression;
  return parts
    .map((part): Expression => {
      if (typeof part === "string") return { k: "string", value: part, span };
      const local = locals.get(part.code.trim());
      return local ?? { k: "template", value: `f"{${part.code}}"`, span };
    })
    .reduce((left, right) => ({ k: "binary", op: "+", left, right, span }));
}

function withoutName(locals: ReadonlyMap<string, Expression>, name: string): ReadonlyMap<string, Expression> {
  const rest = new Map(locals);
  rest.delete(name);
  return rest;
}

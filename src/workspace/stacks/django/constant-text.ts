import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  calledName,
  listItems,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import { readFormatted } from "../../languages/python/formatted-string.ts";
import type { DjangoProject } from "./project.ts";
import { constantOf, type Written } from "./values.ts";

const DEPTH = 8;

/**
 * A text as far as the source says it: literals, constants, sums, f-strings and joined lists of these. `unknown` says
 * what stands for a name in an f-string that leads to no constant; null gives the text up. Null for anything else.
 */
export function constantText(
  project: DjangoProject,
  written: Written,
  unknown: (code: string, uri: string) => string | null = () => null,
  depth = 0,
): string | null {
  if (depth > DEPTH) return null;
  const found = constantOf(project, written);
  const inner = (expression: Expression) =>
    constantText(project, { ...found, expression }, unknown, depth + 1);
  const { expression } = found;
  const literal = stringValue(expression);
  if (literal !== null) return literal;
  if (expression.k === "binary" && expression.op === "+" && expression.left)
    return joined([inner(expression.left), inner(expression.right)]);
  if (expression.k === "template") {
    const { span } = expression;
    const parts = readFormatted(expression.value).map((part) =>
      typeof part === "string" ? part : (inner(nameOf(part.code, span)) ?? unknown(part.code, found.uri)),
    );
    return joined(parts);
  }
  if (expression.k === "call" && expression.callee.k === "member" && calledName(expression) === "join") {
    const [list] = positionalArguments(expression);
    const items = list && listItems(constantOf(project, { ...found, expression: list }).expression);
    const between = stringValue(expression.callee.of);
    return items && between !== null ? joined(items.map(inner), between) : null;
  }
  return null;
}

function joined(parts: readonly (string | null)[], between = ""): string | null {
  return parts.includes(null) ? null : parts.join(between);
}

/** What stands between the braces of an f-string, if it is a name or a path of names. */
function nameOf(code: string, span: Expression["span"]): Expression {
  const [head = "", ...rest] = code.trim().split(".");
  let expression: Expression = { k: "name", value: /^\w+$/.test(head) ? head : "", span };
  for (const name of rest) expression = { k: "member", of: expression, name, span };
  return dottedName(expression) === code.trim() ? expression : { k: "name", value: "", span };
}

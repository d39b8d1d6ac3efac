import type { Expression } from "../../languages/expression.ts";
import type { Span } from "../../source.ts";

const NOWHERE: Span = [0, 0, 0, 0];
const DEPTH = 8;
const ENTRIES = 80;
const TEXT = 60;

/**
 * An expression as facts keep it: without the spans that nothing asks for (those of calls and functions stay) and
 * without what stands too deep to lead to a router, a handler, a schema or a path.
 */
export function compact(value: Expression, depth = 0): Expression {
  if (depth > DEPTH) return { k: "other", text: "", span: NOWHERE };
  const inside = (part: Expression) => compact(part, depth + 1);
  switch (value.k) {
    case "name":
    case "number":
      return { ...value, span: NOWHERE };
    case "string":
      return { k: "string", value: value.value.slice(0, 200), span: NOWHERE };
    case "member":
      return { k: "member", of: inside(value.of), name: value.name, span: NOWHERE };
    case "call":
      return {
        k: "call",
        callee: inside(value.callee),
        args: value.args.map((argument) => ({ name: argument.name, value: inside(argument.value) })),
        span: value.span,
      };
    case "list":
      return { k: "list", items: value.items.slice(0, ENTRIES).map(inside), span: NOWHERE };
    case "dict":
      return {
        k: "dict",
        entries: value.entries.slice(0, ENTRIES).map(([key, entry]) => [inside(key), inside(entry)] as const),
        span: NOWHERE,
      };
    case "binary":
      return { ...value, left: value.left && inside(value.left), right: inside(value.right), span: NOWHERE };
    case "template":
      return value.parts
        ? { k: "template", value: "", parts: value.parts.map(inside), span: NOWHERE }
        : { k: "template", value: value.value.slice(0, TEXT), span: NOWHERE };
    case "function":
      return { k: "function", parameters: [], span: value.span };
    case "other":
      return { k: "other", text: value.text.slice(0, TEXT), span: NOWHERE };
    case "tagged":
    case "subscript":
      return { k: "other", text: "", span: NOWHERE };
  }
}

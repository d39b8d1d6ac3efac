import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";

const NOWHERE: Span = [0, 0, 0, 0];
const DEPTH = 8;
const ENTRIES = 80;
const TEXT = 60;

/** How much of an expression facts keep. */
export interface CompactOptions {
  /** Tagged templates keep their text: of no use to routing, needed where SQL is written in one. */
  readonly tagged?: boolean;
  /** Levels of nesting that are kept. */
  readonly depth?: number;
  /** Entries of a list or an object that are kept. */
  readonly entries?: number;
}

/**
 * An expression as facts keep it: without the spans that nothing asks for (those of calls and functions stay) and
 * without what stands too deep to lead to a declaration, a router, a handler, a schema or a path.
 */
export function compact(value: Expression, options: CompactOptions = {}): Expression {
  return compactAt(value, options, 0);
}

function compactAt(value: Expression, options: CompactOptions, depth: number): Expression {
  if (depth > (options.depth ?? DEPTH)) return { k: "other", text: "", span: NOWHERE };
  const inside = (part: Expression) => compactAt(part, options, depth + 1);
  const entries = options.entries ?? ENTRIES;
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
      return { k: "list", items: value.items.slice(0, entries).map(inside), span: NOWHERE };
    case "dict":
      return {
        k: "dict",
        entries: value.entries.slice(0, entries).map(([key, entry]) => [inside(key), inside(entry)] as const),
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
      return options.tagged
        ? { ...value, tag: inside(value.tag), values: value.values.map(inside), span: NOWHERE }
        : { k: "other", text: "", span: NOWHERE };
    case "subscript":
      // Without an index it stands for any item of a list that is gone through, with a number for one of its items.
      return value.index.every((index) => index.k === "number")
        ? { k: "subscript", of: inside(value.of), index: value.index.map(inside), span: NOWHERE }
        : { k: "other", text: "", span: NOWHERE };
  }
}

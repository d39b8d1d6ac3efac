import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TextPart } from "./sql-text.ts";

/** Values that names have in a file, as far as they are written out. */
export interface Constants {
  /** The expression a name stands for where it is used; null when that is not plain. */
  valueOf(name: string): Expression | null;
  /** Source text of an expression. */
  textOf(expression: Expression): string;
  /** Parts of a template of the language, `value` being its source text. */
  templateParts(
    template: Extract<Expression, { k: "template" }>,
  ): readonly (string | Expression | { readonly code: string })[];
}

/** Functions around SQL text that leave it as it is: SQLAlchemy's text(), psycopg's sql.SQL(). */
const WRAPPERS = /^(?:text|SQL|sql|dedent|raw|trim)$/;
const MAX_DEPTH = 12;

/** The parts of a text that an expression makes; null when it makes none that is written out. */
export function textPartsOf(
  expression: Expression,
  constants: Constants,
  depth = 0,
): readonly TextPart[] | null {
  if (depth > MAX_DEPTH) return null;
  const inner = (part: Expression) => textPartsOf(part, constants, depth + 1);
  switch (expression.k) {
    case "string":
      return formatParts(expression.value);
    case "template":
      return merge(
        constants.templateParts(expression).flatMap((part): readonly TextPart[] => {
          if (typeof part === "string") return [{ text: part }];
          if ("code" in part) return holeOf(part.code, constants, depth);
          if (part.k === "string") return [{ text: part.value }];
          return inner(part) ?? [{ hole: constants.textOf(part), bound: false }];
        }),
      );
    case "tagged":
      return taggedParts(expression, constants, depth);
    case "binary":
      return binaryParts(expression, constants, depth);
    case "name": {
      const value = constants.valueOf(expression.value);
      return value && inner(value);
    }
    case "member": {
      const name = dottedName(expression);
      const value = name === null ? null : constants.valueOf(name.replace(/^(?:self|cls|this)\./, ""));
      return value && inner(value);
    }
    case "call": {
      const callee =
        dottedName(expression.callee) ?? (expression.callee.k === "member" ? expression.callee.name : "");
      const last = callee.slice(callee.lastIndexOf(".") + 1);
      const [argument] = expression.args;
      if (WRAPPERS.test(last) && argument) return inner(argument.value);
      const of = expression.callee.k === "member" ? expression.callee.of : null;
      // `"…{}…".format(x)`, `"…".strip()`: the text before it, whose braces are holes already.
      if (of && last === "join" && argument) return joinedParts(of, argument.value, inner);
      return of && /^(?:format|strip|trim|lstrip|rstrip)$/.test(last) ? inner(of) : null;
    }
    default:
      return null;
  }
}

/** `["…", "…"].join(" ")` and `" ".join(["…", "…"])`, when the list is written out. */
function joinedParts(
  of: Expression,
  argument: Expression,
  inner: (part: Expression) => readonly TextPart[] | null,
): readonly TextPart[] | null {
  const [list, separator] = of.k === "list" ? [of, argument] : [argument, of];
  if (list.k !== "list" || separator.k !== "string") return null;
  const items = list.items.map(inner);
  if (items.some((item) => item === null)) return null;
  return merge(
    items.flatMap((item, index) =>
      index === 0 ? (item ?? []) : [{ text: separator.value }, ...(item ?? [])],
    ),
  );
}

function holeOf(code: string, constants: Constants, depth: number): readonly TextPart[] {
  const name = code.trim().replace(/^(?:self|cls)\./, "");
  const value = /^\w+$/.test(name) ? constants.valueOf(name) : null;
  const known = value && textPartsOf(value, constants, depth + 1);
  return known ?? [{ hole: code.trim(), bound: false }];
}

function taggedParts(
  expression: Extract<Expression, { k: "tagged" }>,
  constants: Constants,
  depth: number,
): readonly TextPart[] {
  const parts: TextPart[] = [];
  expression.strings.forEach((text, index) => {
    parts.push({ text });
    const value = expression.values[index];
    if (!value) return;
    const fragment =
      value.k === "tagged" || value.k === "name" ? taggedFragment(value, constants, depth) : null;
    // `sql(columns)`, `sql.raw(x)`: a piece of the statement, not a parameter of it.
    const builds =
      value.k === "call" &&
      /(?:^|\.)(?:sql|raw|join|identifier|id|unsafe|ref)$|^sql\./.test(dottedName(value.callee) ?? "");
    parts.push(...(fragment ?? [{ hole: constants.textOf(value), bound: !builds }]));
  });
  return merge(parts);
}

/** A template inside of a template, also by its name, is a piece of it. */
function taggedFragment(value: Expression, constants: Constants, depth: number): readonly TextPart[] | null {
  const found = value.k === "name" ? constants.valueOf(value.value) : value;
  return found?.k === "tagged" && depth < MAX_DEPTH ? taggedParts(found, constants, depth + 1) : null;
}

function binaryParts(
  expression: Extract<Expression, { k: "binary" }>,
  constants: Constants,
  depth: number,
): readonly TextPart[] | null {
  const { op, left, right } = expression;
  if (!left) return null;
  const before = textPartsOf(left, constants, depth + 1);
  if (op === "%") {
    // `"… %s …" % x`: the text is put together before the driver sees it.
    const values = constants.textOf(right);
    return before?.flatMap((part) => ("text" in part ? percentHoles(part.text, values) : [part])) ?? null;
  }
  if (op !== "+") return null;
  const after = textPartsOf(right, constants, depth + 1);
  if (!before && !after) return null;
  return merge([
    ...(before ?? [{ hole: constants.textOf(left), bound: false }]),
    ...(after ?? [{ hole: constants.textOf(right), bound: false }]),
  ]);
}

function percentHoles(text: string, values: string): readonly TextPart[] {
  return text
    .split(/%(?:\(\w+\))?[sdr]/)
    .flatMap((piece, index) =>
      index === 0 ? [{ text: piece }] : [{ hole: values, bound: false }, { text: piece }],
    );
}

/** `{}` and `{name}` in a plain string wait for `.format`; braces in literals of SQL (JSON, arrays) are data. */
function formatParts(text: string): readonly TextPart[] {
  if (!/\{\w*\}/.test(text)) return [{ text }];
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{(\w*)\}/g)) {
    const before = text.slice(0, match.index);
    if ((before.split("'").length - 1) % 2 === 1) continue;
    parts.push({ text: text.slice(from, match.index) }, { hole: match[1] || "{}", bound: false });
    from = match.index + match[0].length;
  }
  return merge([...parts, { text: text.slice(from) }]);
}

function merge(parts: readonly TextPart[]): readonly TextPart[] {
  const merged: TextPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ("text" in part && last && "text" in last) merged[merged.length - 1] = { text: last.text + part.text };
    else merged.push(part);
  }
  return merged;
}

import { dottedName, type Expression } from "../expression.ts";

export type Call = Extract<Expression, { k: "call" }>;

/** Direct parts of an expression, in source order. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.k) {
    case "member":
      return [expression.of];
    case "call":
      return [expression.callee, ...expression.args.map((argument) => argument.value)];
    case "list":
      return expression.items;
    case "dict":
      return expression.entries.flat();
    case "binary":
      return expression.left ? [expression.left, expression.right] : [expression.right];
    case "subscript":
      return [expression.of, ...expression.index];
    case "string":
    case "template":
    case "number":
    case "name":
    case "tagged":
    case "function":
    case "other":
      return [];
  }
}

/** Value of a keyword argument; null when it is not given. */
export function argumentOf(call: Call, name: string): Expression | null {
  return call.args.find((argument) => argument.name === name)?.value ?? null;
}

/** Value of an argument that may be given by keyword or by position (counted among positional ones). */
export function argumentAt(call: Call, position: number, name: string): Expression | null {
  return argumentOf(call, name) ?? positionalArguments(call)[position] ?? null;
}

export function positionalArguments(call: Call): readonly Expression[] {
  return call.args.filter((argument) => argument.name === null).map((argument) => argument.value);
}

/** Last part of what is called: `models.CharField(…)` → "CharField". */
export function calledName(expression: Expression): string | null {
  if (expression.k !== "call") return null;
  return expression.callee.k === "member" ? expression.callee.name : dottedName(expression.callee);
}

/** The text of a string, also one marked for translation (`_("…")`); null for anything else. */
export function stringValue(expression: Expression | null): string | null {
  if (!expression) return null;
  if (expression.k === "string") return expression.value;
  if (
    expression.k !== "call" ||
    !/^(_|__|gettext(_lazy|_noop)?|ugettext(_lazy)?|pgettext_lazy)$/.test(calledName(expression) ?? "")
  ) {
    return null;
  }
  return stringValue(positionalArguments(expression).at(-1) ?? null);
}

/** `True` or `False`; null for anything else. */
export function booleanValue(expression: Expression | null): boolean | null {
  if (expression?.k !== "name") return null;
  return expression.value === "True" ? true : expression.value === "False" ? false : null;
}

export function isTrue(expression: Expression | null): boolean {
  return booleanValue(expression) === true;
}

/** An integer literal, with `_` and a minus sign; null for anything else. */
export function numberValue(expression: Expression | null): number | null {
  if (expression?.k === "binary" && expression.op === "-" && !expression.left) {
    const value = numberValue(expression.right);
    return value === null ? null : -value;
  }
  if (expression?.k === "binary" && expression.left)
    return arithmetic(expression.op, expression.left, expression.right);
  if (expression?.k !== "number") return null;
  const value = Number(expression.value.replaceAll("_", ""));
  return Number.isFinite(value) ? value : null;
}

function arithmetic(op: string, left: Expression, right: Expression): number | null {
  const a = numberValue(left);
  const b = numberValue(right);
  if (a === null || b === null) return null;
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "**":
      return a ** b;
    default:
      return null;
  }
}

export function isNone(expression: Expression | null): boolean {
  return expression?.k === "name" && expression.value === "None";
}

/** Items of a list, tuple or set, also through `list(…)`, `tuple(…)`, `set(…)` and `frozenset(…)`; null for anything else. */
export function listItems(expression: Expression | null): readonly Expression[] | null {
  if (!expression) return null;
  if (expression.k === "list") return expression.items;
  if (expression.k !== "call" || !/^(list|tuple|set|frozenset)$/.test(calledName(expression) ?? ""))
    return null;
  const [first = null] = positionalArguments(expression);
  return first === null ? [] : listItems(first);
}

/** Strings of a list; a lone string counts as a list of one. Items that are no strings are left out. */
export function stringList(expression: Expression | null): readonly string[] {
  const lone = stringValue(expression);
  if (lone !== null) return [lone];
  return (listItems(expression) ?? []).flatMap((item) => stringValue(item) ?? []);
}

/** A compact rendering of an expression for people; what it holds, not how it was laid out. */
export function render(expression: Expression): string {
  switch (expression.k) {
    case "string":
      return JSON.stringify(expression.value);
    case "template":
    case "number":
    case "name":
      return expression.value;
    case "member":
      return `${render(expression.of)}.${expression.name}`;
    case "call":
      return `${render(expression.callee)}(${expression.args.map(renderArgument).join(", ")})`;
    case "list":
      return `[${expression.items.map(render).join(", ")}]`;
    case "dict":
      return `{${expression.entries.map(([key, value]) => `${render(key)}: ${render(value)}`).join(", ")}}`;
    case "binary":
      if (!expression.left)
        return /\w/.test(expression.op)
          ? `${expression.op} ${render(expression.right)}`
          : `${expression.op}${render(expression.right)}`;
      return `${render(expression.left)} ${expression.op} ${render(expression.right)}`;
    case "subscript":
      return `${render(expression.of)}[${expression.index.map(render).join(", ")}]`;
    case "other":
      return expression.text;
    // Forms of TypeScript: no Python source has them.
    case "tagged":
    case "function":
      return "";
  }
}

function renderArgument(argument: Call["args"][number]): string {
  if (argument.name === null) return render(argument.value);
  if (argument.name.startsWith("*")) return `${argument.name}${render(argument.value)}`;
  return `${argument.name}=${render(argument.value)}`;
}

/** Value of a string key of a dictionary literal; null when it is not there. */
export function dictEntry(expression: Expression, key: string): Expression | null {
  if (expression.k !== "dict") return null;
  return expression.entries.find(([each]) => stringValue(each) === key)?.[1] ?? null;
}

/** A dotted name as an expression without a place. */
export function nameExpression(dotted: string): Expression {
  const span = [0, 0, 0, 0] as const;
  const [first = "", ...rest] = dotted.split(".");
  return rest.reduce<Expression>((of, name) => ({ k: "member", of, name, span }), {
    k: "name",
    value: first,
    span,
  });
}

import { dottedName, type Expression } from "../../languages/expression.ts";
import type { PlacedExpression, Program } from "./program.ts";

export interface FoundText {
  readonly text: string;
  /** Part of the text that could not be known; null when all of it is. */
  readonly unknown: string | null;
}

const DEPTH = 8;

/** The strings that an expression stands for: one, or each item of a list. */
export function textsOf(
  program: Program,
  uri: string,
  scope: number,
  value: Expression,
): readonly FoundText[] {
  const list = value.k === "list" ? { uri, scope, value } : listBehind(program, uri, scope, value);
  if (list?.value.k === "list") {
    return list.value.items.map((item) => textOf(program, list.uri, list.scope, item, 0));
  }
  return [textOf(program, uri, scope, value, 0)];
}

function listBehind(
  program: Program,
  uri: string,
  scope: number,
  value: Expression,
): PlacedExpression | null {
  if (value.k !== "name" && value.k !== "member") return null;
  const set = program.setting({ uri, scope, value });
  return set?.value.k === "list" ? set : null;
}

function textOf(program: Program, uri: string, scope: number, value: Expression, depth: number): FoundText {
  if (value.k === "string") return { text: value.value, unknown: null };
  if (value.k === "other" && value.text.startsWith("/")) return { text: value.text, unknown: null };
  if (value.k === "template" && value.parts) {
    return joined(value.parts.map((part) => textOf(program, uri, scope, part, depth)));
  }
  if (value.k === "binary" && value.op === "+" && value.left) {
    return joined([value.left, value.right].map((part) => textOf(program, uri, scope, part, depth)));
  }
  // `process.env.PREFIX || "/api"`: what holds where nothing is configured.
  if (value.k === "binary" && (value.op === "||" || value.op === "??")) {
    return textOf(program, uri, scope, value.right, depth);
  }
  if (depth < DEPTH && (value.k === "name" || value.k === "member")) {
    const set = program.setting({ uri, scope, value });
    if (set) return textOf(program, set.uri, set.scope, set.value, depth + 1);
  }
  const name = dottedName(value) ?? "…";
  return { text: `\${${name}}`, unknown: name };
}

function joined(parts: readonly FoundText[]): FoundText {
  return {
    text: parts.map((part) => part.text).join(""),
    unknown: parts.find((part) => part.unknown !== null)?.unknown ?? null,
  };
}

/** Joins a mount path and the path below it, as Express does; the root is "/". */
export function joinRoute(prefix: string, path: string): string {
  const whole = `${prefix}/${path}`.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  return whole === "" ? "/" : whole.startsWith("/") ? whole : `/${whole}`;
}

/** The path of a middleware covers a route: equal segments, whatever a parameter is called. */
export function covers(prefix: string, path: string): boolean {
  const own = segments(prefix);
  const other = segments(path);
  return own.every((segment, index) => {
    const candidate = other[index];
    if (/^[*{(]|\*$/.test(segment)) return true;
    return candidate !== undefined && (segment === candidate || segment.startsWith(":"));
  });
}

function segments(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Names of the parameters of a path; `:id?` and `{/:id}` are optional. */
export function pathParameters(
  path: string,
): readonly { readonly name: string; readonly required: boolean }[] {
  return [...path.matchAll(/(\{[^{}]*)?[:*]([A-Za-z_]\w*)(?:\([^)]*\))?(\?)?/g)].map((match) => ({
    name: match[2] ?? "",
    required: match[1] === undefined && match[3] === undefined,
  }));
}

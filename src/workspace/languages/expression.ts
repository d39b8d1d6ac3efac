import type { Span } from "../source.ts";

/**
 * A source expression reduced to what declarations are made of. Language-neutral and JSON-serialisable, so that
 * facts can be cached; anything else is `other` with its text.
 */
export type Expression =
  | { readonly k: "string"; readonly value: string; readonly span: Span }
  /**
   * A string with interpolation; `value` holds the source text with its quotes. `parts` are its pieces in order
   * (literal pieces as `string`), where the language's outline takes them apart.
   */
  | {
      readonly k: "template";
      readonly value: string;
      readonly parts?: readonly Expression[];
      readonly span: Span;
    }
  /** A tagged template, ``sql`…` ``: `strings` has one item more than `values`. */
  | {
      readonly k: "tagged";
      readonly tag: Expression;
      readonly strings: readonly string[];
      readonly values: readonly Expression[];
      readonly span: Span;
    }
  /** A function written in place; the module lists it, with this span, among its functions. */
  | { readonly k: "function"; readonly parameters: readonly string[]; readonly span: Span }
  | { readonly k: "number"; readonly value: string; readonly span: Span }
  /** An identifier or keyword constant: `x`, `True`, `None`, `null`. */
  | { readonly k: "name"; readonly value: string; readonly span: Span }
  | { readonly k: "member"; readonly of: Expression; readonly name: string; readonly span: Span }
  | {
      readonly k: "call";
      readonly callee: Expression;
      readonly args: readonly Argument[];
      readonly span: Span;
    }
  | { readonly k: "list"; readonly items: readonly Expression[]; readonly span: Span }
  | {
      readonly k: "dict";
      readonly entries: readonly (readonly [Expression, Expression])[];
      readonly span: Span;
    }
  /** `left op right`, also unary (`left` is null). */
  | {
      readonly k: "binary";
      readonly op: string;
      readonly left: Expression | null;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly k: "subscript";
      readonly of: Expression;
      readonly index: readonly Expression[];
      readonly span: Span;
    }
  | { readonly k: "other"; readonly text: string; readonly span: Span };

export interface Argument {
  /** Keyword; null for a positional argument. `*` and `**` for unpacking. */
  readonly name: string | null;
  readonly value: Expression;
}

/** `a.b.c` as text for a chain of names and members; null for anything else. */
export function dottedName(expression: Expression): string | null {
  if (expression.k === "name") return expression.value;
  if (expression.k !== "member") return null;
  const of = dottedName(expression.of);
  return of === null ? null : `${of}.${expression.name}`;
}

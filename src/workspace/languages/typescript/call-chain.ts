import { hashText } from "../../hash.ts";
import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "./module.ts";

export type Call = Extract<Expression, { k: "call" }>;

/** One call of a chain: `where` of `db.select().from(users).where(…)`. */
export interface Link {
  readonly name: string;
  readonly call: Call;
}

/** Where a call stands and what is written there. */
export interface CallPlace {
  /** `Class.method` or `function` it stands in; null at the top level. */
  readonly within: string | null;
  /** The call as written, at most 4,000 characters. */
  readonly text: string;
  /** The line of the name, trimmed. */
  readonly line: string;
  /** Span of the name that is called, with its hash. */
  readonly nameSpan: Span;
  readonly nameHash: string;
  readonly span: Span;
  readonly hash: string;
}

const TEXT_LIMIT = 4_000;

/** Calls of a chain, from the first to the last, and what the first of them is called on. */
export function chainOf(expression: Call): { readonly links: readonly Link[]; readonly root: Expression } {
  const links: Link[] = [];
  let at: Expression = expression;
  while (at.k === "call" && at.callee.k === "member") {
    links.push({ name: at.callee.name, call: at });
    at = at.callee.of;
  }
  return { links: links.reverse(), root: at };
}

/** The place of a call, told by the name of one call of its chain. */
export function placeOfCall(
  { lines }: TypeScriptModule,
  { expression, within }: TypeScriptCall,
  { name, call }: Link,
): CallPlace {
  const { span } = expression;
  const text = lines.slice(span);
  const callee = call.callee.span;
  return {
    within,
    text: text.slice(0, TEXT_LIMIT),
    line: lines.line(callee[2]),
    nameSpan: [callee[2], callee[3] - name.length, callee[2], callee[3]],
    nameHash: hashText(name),
    span,
    hash: hashText(text),
  };
}

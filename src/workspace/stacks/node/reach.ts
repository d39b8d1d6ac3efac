import type { Expression } from "../../languages/expression.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FoundFunction, Program } from "./program.ts";

const DEPTH = 5;
const LIMIT = 60;

/** Follows the calls of a handler into the workspace: services, repositories, whatever asks the database. */
export class Reach {
  readonly #program: Program;
  readonly #called = new Map<string, readonly FoundFunction[]>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** The functions that a function leads to, itself first, the nearest before the farther; at most sixty. */
  from(start: FoundFunction): readonly FoundFunction[] {
    const reached = new Map([[keyOf(start), start]]);
    let edge: readonly FoundFunction[] = [start];
    for (let depth = 0; depth < DEPTH && edge.length > 0 && reached.size < LIMIT; depth++) {
      const next: FoundFunction[] = [];
      for (const called of edge.flatMap((entry) => this.#calledBy(entry))) {
        const key = keyOf(called);
        if (reached.has(key) || reached.size >= LIMIT) continue;
        reached.set(key, called);
        next.push(called);
      }
      edge = next;
    }
    return [...reached.values()];
  }

  #calledBy(entry: FoundFunction): readonly FoundFunction[] {
    const key = keyOf(entry);
    const known = this.#called.get(key);
    if (known) return known;
    const called = entry.fact.calls.flatMap((call) => {
      const found = this.#program.functionOf(entry.uri, entry.index, expressionOf(call, entry));
      return found ?? [];
    });
    this.#called.set(key, called);
    return called;
  }
}

export function sourceOfFunction({ uri, fact }: FoundFunction): SourceRef {
  return { uri, range: rangeOf(fact.span), hash: fact.hash };
}

function keyOf({ uri, index }: FoundFunction): string {
  return `${uri}#${index}`;
}

function expressionOf(dotted: string, { fact }: FoundFunction): Expression {
  const [first = "", ...rest] = dotted.split(".");
  let value: Expression = { k: "name", value: first, span: fact.span };
  for (const name of rest) value = { k: "member", of: value, name, span: fact.span };
  return value;
}

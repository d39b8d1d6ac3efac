import type { Expressions } from "./expressions.ts";
import { asField, branch, type PlainNode } from "./node.ts";
import { takeToken } from "./take.ts";
import { NotPlain, type Tokens } from "./tokens.ts";

/** Reads what stands in brackets of its own: tuples, lists, sets, dictionaries, comprehensions. */
export class Displays {
  readonly #tokens: Tokens;
  readonly #expressions: Expressions;

  constructor(tokens: Tokens, expressions: Expressions) {
    this.#tokens = tokens;
    this.#expressions = expressions;
  }

  parenthesis(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.expect("(");
    if (this.#tokens.accept(")")) return branch("tuple", start, this.#tokens.passed, []);
    if (this.#tokens.is("yield")) {
      const value = this.#expressions.yield();
      this.#tokens.expect(")");
      return branch("parenthesized_expression", start, this.#tokens.passed, [value]);
    }
    const first = this.#expressions.aliased();
    if (this.isComprehension()) return this.comprehension("generator_expression", start, first, ")");
    const items = [first];
    let isTuple = false;
    while (this.#tokens.accept(",")) {
      isTuple = true;
      if (this.#tokens.is(")")) break;
      items.push(this.#expressions.aliased());
    }
    this.#tokens.expect(")");
    const type = isTuple ? "tuple" : "parenthesized_expression";
    return branch(type, start, this.#tokens.passed, items);
  }

  brackets(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.expect("[");
    const items: PlainNode[] = [];
    while (!this.#tokens.is("]")) {
      const item = this.#expressions.splatOrNamed();
      if (items.length === 0 && this.isComprehension()) {
        return this.comprehension("list_comprehension", start, item, "]");
      }
      items.push(item);
      if (!this.#tokens.accept(",")) break;
    }
    this.#tokens.expect("]");
    return branch("list", start, this.#tokens.passed, items);
  }

  braces(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.expect("{");
    const items: PlainNode[] = [];
    let isSet = false;
    while (!this.#tokens.is("}")) {
      const item = this.#entry();
      const isPair = item.type === "pair" || item.type === "dictionary_splat";
      if (items.length === 0) isSet = !isPair;
      else if (isSet === isPair) throw new NotPlain();
      if (items.length === 0 && this.isComprehension()) {
        return this.comprehension(isSet ? "set_comprehension" : "dictionary_comprehension", start, item, "}");
      }
      items.push(item);
      if (!this.#tokens.accept(",")) break;
    }
    this.#tokens.expect("}");
    return branch(isSet ? "set" : "dictionary", start, this.#tokens.passed, items);
  }

  #entry(): PlainNode {
    if (this.#tokens.is("**")) return this.#expressions.splat("dictionary_splat");
    const key = this.#expressions.splatOrNamed();
    if (!this.#tokens.accept(":")) return key;
    const value = asField(this.#expressions.expression(), "value");
    return branch("pair", key.start, value.end, [asField(key, "key"), value]);
  }

  comprehension(type: string, start: number, body: PlainNode, closing: string): PlainNode {
    const children = [asField(body, "body")];
    while (this.isComprehension() || this.#tokens.is("if")) {
      const { start: from } = this.#tokens;
      if (this.#tokens.accept("if")) {
        const condition = this.#tokens.is("lambda")
          ? this.#expressions.lambda()
          : this.#conditionOfComprehension();
        children.push(branch("if_clause", from, condition.end, [condition]));
        continue;
      }
      const words = this.#tokens.is("async") ? [takeToken(this.#tokens)] : [];
      this.#tokens.expect("for");
      const left = asField(this.#expressions.targets(), "left");
      const word = takeToken(this.#tokens);
      if (word.type !== "in") throw new NotPlain();
      const right = asField(this.#expressions.disjunction(), "right");
      children.push(branch("for_in_clause", from, right.end, [...words, left, word, right]));
    }
    this.#tokens.expect(closing);
    return branch(type, start, this.#tokens.passed, children);
  }

  #conditionOfComprehension(): PlainNode {
    const condition = this.#expressions.disjunction();
    if (!this.#tokens.is(":=")) return condition;
    throw new NotPlain();
  }

  isComprehension(): boolean {
    return this.#tokens.is("for") || this.#tokens.is("async");
  }
}

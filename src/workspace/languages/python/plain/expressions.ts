import { Displays } from "./displays.ts";
import { FormattedStrings } from "./formatted.ts";
import { asField, branch, leaf, type PlainNode } from "./node.ts";
import { asPattern, asType } from "./patterns.ts";
import { takeIdentifier, takeLeaf, takeToken } from "./take.ts";
import { NotPlain, type Tokens } from "./tokens.ts";

/** Deeper than anything that people write. */
const MAX_DEPTH = 150;

const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const BITWISE_OR = 5;
const UNARY = 11;
const POWER = 12;

const BINARY: ReadonlyMap<string, number> = new Map([
  ["or", OR],
  ["and", AND],
  ["in", COMPARISON],
  ["not", COMPARISON],
  ["is", COMPARISON],
  ["<", COMPARISON],
  [">", COMPARISON],
  ["==", COMPARISON],
  [">=", COMPARISON],
  ["<=", COMPARISON],
  ["!=", COMPARISON],
  ["|", BITWISE_OR],
  ["^", 6],
  ["&", 7],
  ["<<", 8],
  [">>", 8],
  ["+", 9],
  ["-", 9],
  ["*", 10],
  ["/", 10],
  ["//", 10],
  ["%", 10],
  ["@", 10],
  ["**", POWER],
]);

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["None", "none"],
  ["True", "true"],
  ["False", "false"],
]);

const CLOSING = /^(?:[)\]}=:;]|in|for|\+=|-=|\*=|\/=|\/\/=|%=|@=|&=|\|=|\^=|>>=|<<=|\*\*=)$/;

/** Reads expressions into the nodes that the grammar of tree-sitter has for them. */
export class Expressions {
  readonly #tokens: Tokens;
  readonly #formatted: FormattedStrings;
  readonly #displays: Displays;
  #depth = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#displays = new Displays(tokens, this);
    this.#formatted = new FormattedStrings(tokens, () => this.list("tuple"));
  }

  /** One expression, a conditional or a lambda included, `:=` not. */
  expression(): PlainNode {
    if (++this.#depth > MAX_DEPTH) throw new NotPlain();
    const node = this.#tokens.is("lambda") ? this.lambda() : this.#conditional();
    this.#depth--;
    return node;
  }

  /** An expression or `name := value`. */
  named(): PlainNode {
    const node = this.expression();
    if (!this.#tokens.is(":=")) return node;
    if (node.type !== "identifier") throw new NotPlain();
    const operator = takeToken(this.#tokens);
    const value = this.expression();
    return branch("named_expression", node.start, value.end, [
      asField(node, "name"),
      operator,
      asField(value, "value"),
    ]);
  }

  /** `a`, or `a, *b` as one node; `yield` where it may stand. */
  list(type = "expression_list"): PlainNode {
    const { items, isList } = this.items();
    const [first] = items;
    if (!first) throw new NotPlain();
    return isList ? branch(type, first.start, this.#tokens.passed, items) : first;
  }

  /** Expressions with commas between; a comma at the end makes a list of one. */
  items(): { readonly items: PlainNode[]; readonly isList: boolean } {
    if (this.#tokens.is("yield")) return { items: [this.yield()], isList: false };
    const items = [this.splatOrNamed()];
    let isList = false;
    while (this.#tokens.accept(",")) {
      isList = true;
      if (this.#isAtEnd()) break;
      items.push(this.splatOrNamed());
    }
    return { items, isList };
  }

  /** Targets of `for`: patterns, which end before `in`. */
  targets(): PlainNode {
    const items = [asPattern(this.target())];
    let isList = false;
    while (this.#tokens.accept(",")) {
      isList = true;
      if (this.#tokens.is("in")) break;
      items.push(asPattern(this.target()));
    }
    const [first] = items;
    if (!first) throw new NotPlain();
    return isList ? branch("pattern_list", first.start, this.#tokens.passed, items) : first;
  }

  /** What has neither `if` nor `lambda` outside of brackets, as after `in` or `if` of a comprehension. */
  disjunction(): PlainNode {
    return this.#binary(OR);
  }

  /** `open(x) as file`, in `with` and in `except`. */
  aliased(): PlainNode {
    const node = this.splatOrNamed();
    if (!this.#tokens.accept("as")) return node;
    const target = this.target();
    const alias = asField(branch("as_pattern_target", target.start, target.end, [target]), "alias");
    return branch("as_pattern", node.start, target.end, [node, alias]);
  }

  splatOrNamed(): PlainNode {
    return this.#tokens.is("*") ? this.splat("list_splat") : this.named();
  }

  yield(): PlainNode {
    const word = takeToken(this.#tokens);
    if (this.#tokens.accept("from")) {
      const value = this.expression();
      return branch("yield", word.start, value.end, [word, value]);
    }
    if (this.#isAtEnd()) return branch("yield", word.start, word.end, [word]);
    const value = this.list();
    return branch("yield", word.start, value.end, [word, value]);
  }

  /** The bracketed arguments of a call or a class. */
  arguments(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.expect("(");
    const items: PlainNode[] = [];
    while (!this.#tokens.is(")")) {
      const item = this.#argument();
      if (this.#displays.isComprehension()) {
        if (items.length > 0) throw new NotPlain();
        return this.#displays.comprehension("generator_expression", start, item, ")");
      }
      items.push(item);
      if (!this.#tokens.accept(",")) break;
    }
    this.#tokens.expect(")");
    return branch("argument_list", start, this.#tokens.passed, items);
  }

  /** `a, b: int = 1, *c` up to its end; brackets are the caller's. */
  parameters(end: string): PlainNode[] {
    const items: PlainNode[] = [];
    while (!this.#tokens.is(end)) {
      items.push(this.#parameter(end === ")"));
      if (!this.#tokens.accept(",")) break;
    }
    return items;
  }

  /** An annotation. */
  type(): PlainNode {
    const inner = this.#tokens.is("*") ? this.splat("list_splat") : asType(this.expression());
    return branch("type", inner.start, inner.end, [inner]);
  }

  #argument(): PlainNode {
    if (this.#tokens.is("*")) return this.splat("list_splat");
    if (this.#tokens.is("**")) return this.splat("dictionary_splat");
    const node = this.named();
    if (!this.#tokens.is("=")) return node;
    if (node.type !== "identifier") throw new NotPlain();
    this.#tokens.next();
    const value = this.expression();
    return branch("keyword_argument", node.start, value.end, [
      asField(node, "name"),
      asField(value, "value"),
    ]);
  }

  #parameter(mayBeTyped: boolean): PlainNode {
    const tokens = this.#tokens;
    const { start } = tokens;
    if (tokens.is("/")) {
      const mark = takeToken(this.#tokens);
      return branch("positional_separator", start, mark.end, [mark]);
    }
    let name: PlainNode;
    if (tokens.is("*") || tokens.is("**")) {
      const mark = takeToken(this.#tokens);
      if (mark.type === "*" && tokens.is(",")) return branch("keyword_separator", start, mark.end, [mark]);
      const own = takeIdentifier(this.#tokens);
      const type = mark.type === "*" ? "list_splat_pattern" : "dictionary_splat_pattern";
      name = branch(type, start, own.end, [mark, own]);
    } else name = takeIdentifier(this.#tokens);
    const type = mayBeTyped && tokens.accept(":") ? asField(this.type(), "type") : null;
    if (!tokens.accept("=")) {
      return type ? branch("typed_parameter", start, type.end, [name, type]) : name;
    }
    if (name.type !== "identifier") throw new NotPlain();
    const value = asField(this.expression(), "value");
    asField(name, "name");
    return type
      ? branch("typed_default_parameter", start, value.end, [name, type, value])
      : branch("default_parameter", start, value.end, [name, value]);
  }

  lambda(): PlainNode {
    const word = takeToken(this.#tokens);
    const children = [word];
    if (!this.#tokens.is(":")) {
      const { start } = this.#tokens;
      const parameters = this.parameters(":");
      children.push(
        asField(branch("lambda_parameters", start, this.#tokens.passed, parameters), "parameters"),
      );
    }
    this.#tokens.expect(":");
    const body = asField(this.expression(), "body");
    return branch("lambda", word.start, body.end, [...children, body]);
  }

  #conditional(): PlainNode {
    const value = this.#binary(OR);
    if (!this.#tokens.is("if")) return value;
    this.#tokens.next();
    const condition = this.#binary(OR);
    this.#tokens.expect("else");
    const other = this.expression();
    return branch("conditional_expression", value.start, other.end, [value, condition, other]);
  }

  /** Operators that bind at least as tightly as a level. */
  #binary(level: number): PlainNode {
    let left = this.#operand(level);
    for (;;) {
      const own = this.#tokens.kind === "op" ? BINARY.get(this.#tokens.text) : undefined;
      if (own === undefined || own < level) return left;
      if (own === COMPARISON) {
        left = this.#comparison(left);
        continue;
      }
      const operator = asField(takeToken(this.#tokens), "operator");
      const right = own === POWER ? this.#binary(UNARY) : this.#binary(own + 1);
      const type = own <= AND ? "boolean_operator" : "binary_operator";
      left = branch(type, left.start, right.end, [asField(left, "left"), operator, asField(right, "right")]);
    }
  }

  #comparison(first: PlainNode): PlainNode {
    const children = [first];
    while (this.#tokens.kind === "op" && BINARY.get(this.#tokens.text) === COMPARISON) {
      const { start, text } = this.#tokens;
      this.#tokens.next();
      if (text === "not") this.#tokens.expect("in");
      if (text === "is") this.#tokens.accept("not");
      const { passed } = this.#tokens;
      const type = text === "not" ? "not in" : text === "is" && passed > start + 2 ? "is not" : text;
      children.push(asField(leaf(type, start, passed), "operators"), this.#binary(BITWISE_OR));
    }
    return branch("comparison_operator", first.start, this.#tokens.passed, children);
  }

  #operand(level: number): PlainNode {
    const tokens = this.#tokens;
    if (tokens.kind === "op") {
      if (tokens.text === "not") {
        if (level > NOT) throw new NotPlain();
        const word = takeToken(this.#tokens);
        const argument = asField(this.#binary(NOT), "argument");
        return branch("not_operator", word.start, argument.end, [word, argument]);
      }
      if (tokens.text === "-" || tokens.text === "+" || tokens.text === "~") {
        if (++this.#depth > MAX_DEPTH) throw new NotPlain();
        const sign = asField(takeToken(this.#tokens), "operator");
        const argument = asField(this.#binary(UNARY), "argument");
        this.#depth--;
        return branch("unary_operator", sign.start, argument.end, [sign, argument]);
      }
    }
    return this.#primary();
  }

  #primary(): PlainNode {
    if (this.#tokens.is("await")) {
      const word = takeToken(this.#tokens);
      const value = this.#primary();
      return branch("await", word.start, value.end, [word, value]);
    }
    let node = this.#atom();
    for (;;) {
      if (this.#tokens.kind !== "op") return node;
      switch (this.#tokens.text) {
        case ".": {
          this.#tokens.next();
          const name = asField(takeIdentifier(this.#tokens), "attribute");
          node = branch("attribute", node.start, name.end, [asField(node, "object"), name]);
          break;
        }
        case "(": {
          const list = asField(this.arguments(), "arguments");
          node = branch("call", node.start, list.end, [asField(node, "function"), list]);
          break;
        }
        case "[":
          node = this.#subscript(node);
          break;
        default:
          return node;
      }
    }
  }

  #subscript(of: PlainNode): PlainNode {
    this.#tokens.expect("[");
    const children = [asField(of, "value")];
    do {
      if (this.#tokens.is("]")) break;
      children.push(asField(this.#slice(), "subscript"));
    } while (this.#tokens.accept(","));
    this.#tokens.expect("]");
    if (children.length === 1) throw new NotPlain();
    return branch("subscript", of.start, this.#tokens.passed, children);
  }

  #slice(): PlainNode {
    const { start } = this.#tokens;
    const parts: PlainNode[] = [];
    if (!this.#tokens.is(":")) {
      const only = this.splatOrNamed();
      if (!this.#tokens.is(":")) return only;
      parts.push(only);
    }
    for (let colons = 0; colons < 2 && this.#tokens.accept(":"); colons++) {
      if (!this.#tokens.is(":") && !this.#tokens.is("]") && !this.#tokens.is(","))
        parts.push(this.expression());
    }
    return branch("slice", start, this.#tokens.passed, parts);
  }

  #atom(): PlainNode {
    const tokens = this.#tokens;
    switch (tokens.kind) {
      case "name": {
        const constant = CONSTANTS.get(tokens.text);
        return takeLeaf(this.#tokens, constant ?? "identifier");
      }
      case "number":
        return takeLeaf(this.#tokens, "integer");
      case "string":
      case "formatted":
        return this.#formatted.read();
      case "op":
        break;
      default:
        throw new NotPlain();
    }
    switch (tokens.text) {
      case "(":
        return this.#displays.parenthesis();
      case "[":
        return this.#displays.brackets();
      case "{":
        return this.#displays.braces();
      case "...":
        return takeLeaf(this.#tokens, "ellipsis");
      default:
        throw new NotPlain();
    }
  }

  splat(type: string): PlainNode {
    const mark = takeToken(this.#tokens);
    const value = this.expression();
    return branch(type, mark.start, value.end, [mark, value]);
  }

  target(): PlainNode {
    if (this.#tokens.is("*")) {
      const mark = takeToken(this.#tokens);
      const value = this.#binary(BITWISE_OR);
      return branch("list_splat", mark.start, value.end, [mark, value]);
    }
    return this.#binary(BITWISE_OR);
  }

  #isAtEnd(): boolean {
    const { kind, text } = this.#tokens;
    return kind === "newline" || kind === "end" || (kind === "op" && CLOSING.test(text));
  }
}

import { Expressions } from "./expressions.ts";
import { asField, branch, leaf, type PlainNode } from "./node.ts";
import { asPattern } from "./patterns.ts";
import { takeIdentifier, takeToken } from "./take.ts";
import { NotPlain, Tokens } from "./tokens.ts";

const AUGMENTED = /^(?:\+|-|\*|\/|\/\/|%|@|&|\||\^|>>|<<|\*\*)=$/;
/** Names that begin a statement of their own, now or in the past; followed by anything but these they may be one. */
const SOFT_KEYWORDS: ReadonlySet<string> = new Set(["match", "type", "print", "exec"]);
const SURE_NAME = /[ \t]*(?:[=.,:)\]]|\((?!.*:[ \t]*(?:#.*)?$))/my;
const MAX_DEPTH = 60;

/** Reads statements into the nodes that the grammar of tree-sitter has for them. */
export class Statements {
  readonly #tokens: Tokens;
  readonly #expressions: Expressions;
  #depth = 0;
  /** End of the comment on the last line that was read, 0 without one: it belongs to the block of the line. */
  #remark = 0;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
    this.#expressions = new Expressions(this.#tokens);
  }

  module(): PlainNode {
    const children: PlainNode[] = [];
    while (this.#tokens.kind !== "end") this.#statement(children);
    return branch("module", 0, this.#tokens.source.length, children);
  }

  /** Reads one statement, or several on a line. */
  #statement(into: PlainNode[]): void {
    const compound = this.#compound();
    if (compound) {
      into.push(compound);
      return;
    }
    do {
      if (this.#tokens.isKind("newline")) throw new NotPlain();
      into.push(this.#simple());
    } while (this.#tokens.accept(";"));
    if (!this.#tokens.isKind("newline")) throw new NotPlain();
    this.#remark = this.#tokens.end;
    this.#tokens.next();
  }

  #compound(): PlainNode | null {
    const tokens = this.#tokens;
    if (tokens.kind !== "op") return null;
    switch (tokens.text) {
      case "@":
        return this.#decorated();
      case "def":
        return this.#function(null);
      case "class":
        return this.#class();
      case "if":
        return this.#if();
      case "for":
        return this.#for([]);
      case "while":
        return this.#while();
      case "try":
        return this.#try();
      case "with":
        return this.#with([]);
      case "async": {
        const word = takeToken(this.#tokens);
        if (tokens.is("def")) return this.#function(word);
        if (tokens.is("for")) return this.#for([word]);
        if (tokens.is("with")) return this.#with([word]);
        throw new NotPlain();
      }
      default:
        return null;
    }
  }

  #simple(): PlainNode {
    const tokens = this.#tokens;
    const { start } = tokens;
    if (tokens.kind === "op") {
      switch (tokens.text) {
        case "import":
          return this.#import();
        case "from":
          return this.#importFrom();
        case "pass":
        case "break":
        case "continue": {
          const word = takeToken(this.#tokens);
          return branch(`${word.type}_statement`, start, word.end, [word]);
        }
        case "return":
          return this.#withValue("return_statement", () => [this.#expressions.list()]);
        case "del":
          return this.#withValue("delete_statement", () => [this.#expressions.list()]);
        case "raise":
          return this.#withValue("raise_statement", () => this.#raised());
        case "assert":
          return this.#withValue("assert_statement", () => this.#expressions.items().items);
        case "global":
        case "nonlocal":
          return this.#names();
        case "yield": {
          const value = this.#expressions.yield();
          return branch("expression_statement", start, value.end, [value]);
        }
      }
    }
    if (tokens.kind === "name" && SOFT_KEYWORDS.has(tokens.text)) {
      SURE_NAME.lastIndex = tokens.end;
      if (!SURE_NAME.test(tokens.source)) throw new NotPlain();
    }
    const { items, isList } = this.#expressions.items();
    const assigned = this.#assigned(items, isList);
    const children = assigned ? [assigned] : items;
    return branch("expression_statement", start, tokens.passed, children);
  }

  /** What follows a first expression when it is assigned to; null when it stands for itself. */
  #assigned(items: readonly PlainNode[], isList: boolean): PlainNode | null {
    const tokens = this.#tokens;
    const [first] = items;
    if (!first || tokens.kind !== "op") return null;
    const { start } = first;
    if (tokens.text === ":") {
      if (isList) throw new NotPlain();
      tokens.next();
      const children = [asField(asPattern(first), "left"), asField(this.#expressions.type(), "type")];
      if (tokens.accept("=")) children.push(asField(this.#expressions.list(), "right"));
      return branch("assignment", start, tokens.passed, children);
    }
    const target = (): PlainNode => {
      const patterns = items.map(asPattern);
      const [only] = patterns;
      return asField(isList || !only ? branch("pattern_list", start, tokens.passed, patterns) : only, "left");
    };
    if (tokens.text === "=") {
      const left = target();
      tokens.next();
      const next = this.#expressions.items();
      const right = this.#assigned(next.items, next.isList) ?? this.#listOf(next.items, next.isList);
      if (right.type === "augmented_assignment") throw new NotPlain();
      return branch("assignment", start, tokens.passed, [left, asField(right, "right")]);
    }
    if (!AUGMENTED.test(tokens.text)) return null;
    if (isList) throw new NotPlain();
    const left = target();
    const operator = asField(takeToken(this.#tokens), "operator");
    const right = asField(this.#expressions.list(), "right");
    return branch("augmented_assignment", start, tokens.passed, [left, operator, right]);
  }

  #listOf(items: readonly PlainNode[], isList: boolean): PlainNode {
    const [first] = items;
    if (!first) throw new NotPlain();
    return isList ? branch("expression_list", first.start, this.#tokens.passed, items) : first;
  }

  #withValue(type: string, read: () => readonly PlainNode[]): PlainNode {
    const word = takeToken(this.#tokens);
    const isBare = this.#tokens.kind === "newline" || this.#tokens.is(";");
    if (isBare && (word.type === "del" || word.type === "assert")) throw new NotPlain();
    const values = isBare ? [] : read();
    return branch(type, word.start, this.#tokens.passed, [word, ...values]);
  }

  #raised(): readonly PlainNode[] {
    const value = this.#expressions.expression();
    return this.#tokens.accept("from") ? [value, asField(this.#expressions.expression(), "cause")] : [value];
  }

  #names(): PlainNode {
    const word = takeToken(this.#tokens);
    const children = [word, takeIdentifier(this.#tokens)];
    while (this.#tokens.accept(",")) children.push(takeIdentifier(this.#tokens));
    return branch(`${word.type}_statement`, word.start, this.#tokens.passed, children);
  }

  #import(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.next();
    const names = [asField(this.#imported(), "name")];
    while (this.#tokens.accept(",")) names.push(asField(this.#imported(), "name"));
    return branch("import_statement", start, this.#tokens.passed, names);
  }

  #importFrom(): PlainNode {
    const tokens = this.#tokens;
    const { start } = tokens;
    tokens.next();
    const from = tokens.start;
    let isRelative = false;
    while (tokens.accept(".") || tokens.accept("...")) isRelative = true;
    const module = tokens.is("import") ? null : this.#dottedName();
    if (!module && !isRelative) throw new NotPlain();
    const isFuture = !isRelative && tokens.source.slice(from, tokens.passed) === "__future__";
    const source = leaf(isRelative ? "relative_import" : "dotted_name", from, tokens.passed);
    const children = isFuture ? [] : [asField(source, "module_name")];
    tokens.expect("import");
    if (tokens.is("*")) {
      const mark = takeToken(this.#tokens);
      children.push(branch("wildcard_import", mark.start, mark.end, [mark]));
      return branch("import_from_statement", start, tokens.passed, children);
    }
    const isBracketed = tokens.accept("(");
    do {
      if (isBracketed && tokens.is(")")) break;
      children.push(asField(this.#imported(), "name"));
    } while (tokens.accept(","));
    if (isBracketed) tokens.expect(")");
    return branch(
      isFuture ? "future_import_statement" : "import_from_statement",
      start,
      tokens.passed,
      children,
    );
  }

  #imported(): PlainNode {
    const name = this.#dottedName();
    if (!this.#tokens.accept("as")) return name;
    const alias = asField(takeIdentifier(this.#tokens), "alias");
    return branch("aliased_import", name.start, alias.end, [asField(name, "name"), alias]);
  }

  #dottedName(): PlainNode {
    const { start } = this.#tokens;
    takeIdentifier(this.#tokens);
    while (this.#tokens.accept(".")) takeIdentifier(this.#tokens);
    return leaf("dotted_name", start, this.#tokens.passed);
  }

  #decorated(): PlainNode {
    const tokens = this.#tokens;
    const { start } = tokens;
    const children: PlainNode[] = [];
    while (tokens.is("@")) {
      const mark = takeToken(this.#tokens);
      const value = this.#expressions.named();
      children.push(branch("decorator", mark.start, value.end, [mark, value]));
      if (tokens.kind !== "newline") throw new NotPlain();
      tokens.next();
    }
    const definition = this.#compound();
    if (definition?.type !== "class_definition" && definition?.type !== "function_definition")
      throw new NotPlain();
    return branch("decorated_definition", start, definition.end, [
      ...children,
      asField(definition, "definition"),
    ]);
  }

  #function(async: PlainNode | null): PlainNode {
    const tokens = this.#tokens;
    const start = async?.start ?? tokens.start;
    tokens.next();
    const children = [...(async ? [async] : []), asField(takeIdentifier(this.#tokens), "name")];
    this.#typeParameters(children);
    const open = tokens.start;
    tokens.expect("(");
    const parameters = this.#expressions.parameters(")");
    tokens.expect(")");
    children.push(asField(branch("parameters", open, tokens.passed, parameters), "parameters"));
    if (tokens.accept("->")) children.push(asField(this.#expressions.type(), "return_type"));
    const body = this.#block();
    return branch("function_definition", start, body.end, [...children, asField(body, "body")]);
  }

  #class(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.next();
    const children = [asField(takeIdentifier(this.#tokens), "name")];
    this.#typeParameters(children);
    if (this.#tokens.is("(")) {
      const bases = this.#expressions.arguments();
      if (bases.type !== "argument_list") throw new NotPlain();
      children.push(asField(bases, "superclasses"));
    }
    const body = this.#block();
    return branch("class_definition", start, body.end, [...children, asField(body, "body")]);
  }

  /** `[T: int, *Ts]` after the name of a class or a function. */
  #typeParameters(into: PlainNode[]): void {
    const tokens = this.#tokens;
    const { start } = tokens;
    if (!tokens.accept("[")) return;
    const children: PlainNode[] = [];
    do {
      if (tokens.is("]")) break;
      if (!tokens.accept("*")) tokens.accept("**");
      children.push(takeIdentifier(this.#tokens));
      if (tokens.accept(":")) children.push(this.#expressions.type());
    } while (tokens.accept(","));
    tokens.expect("]");
    into.push(asField(branch("type_parameter", start, tokens.passed, children), "type_parameters"));
  }

  #if(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.next();
    const children = [asField(this.#expressions.named(), "condition"), asField(this.#block(), "consequence")];
    while (this.#tokens.is("elif")) {
      const { start: from } = this.#tokens;
      this.#tokens.next();
      const condition = asField(this.#expressions.named(), "condition");
      const block = asField(this.#block(), "consequence");
      children.push(asField(branch("elif_clause", from, block.end, [condition, block]), "alternative"));
    }
    this.#else(children);
    return branch("if_statement", start, children.at(-1)?.end ?? start, children);
  }

  #else(into: PlainNode[]): void {
    const { start } = this.#tokens;
    if (!this.#tokens.accept("else")) return;
    const body = asField(this.#block(), "body");
    into.push(asField(branch("else_clause", start, body.end, [body]), "alternative"));
  }

  #for(words: readonly PlainNode[]): PlainNode {
    const start = words[0]?.start ?? this.#tokens.start;
    this.#tokens.next();
    const left = asField(this.#expressions.targets(), "left");
    if (!this.#tokens.is("in")) throw new NotPlain();
    const word = takeToken(this.#tokens);
    const right = asField(this.#expressions.list(), "right");
    const children = [...words, left, word, right, asField(this.#block(), "body")];
    this.#else(children);
    return branch("for_statement", start, children.at(-1)?.end ?? start, children);
  }

  #while(): PlainNode {
    const word = takeToken(this.#tokens);
    const condition = asField(this.#expressions.named(), "condition");
    const children = [word, condition, asField(this.#block(), "body")];
    this.#else(children);
    return branch("while_statement", word.start, children.at(-1)?.end ?? word.end, children);
  }

  #try(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.next();
    const children = [asField(this.#block(), "body")];
    while (this.#tokens.is("except")) children.push(this.#except());
    this.#else(children);
    const { start: from } = this.#tokens;
    if (this.#tokens.is("finally")) {
      const word = takeToken(this.#tokens);
      const block = this.#block();
      children.push(branch("finally_clause", from, block.end, [word, block]));
    }
    if (children.length === 1) throw new NotPlain();
    return branch("try_statement", start, children.at(-1)?.end ?? start, children);
  }

  #except(): PlainNode {
    const { start } = this.#tokens;
    this.#tokens.next();
    const children: PlainNode[] = [];
    const isGroup = this.#tokens.accept("*");
    if (!this.#tokens.is(":")) children.push(asField(this.#expressions.aliased(), "value"));
    const block = this.#block();
    return branch(isGroup ? "except_group_clause" : "except_clause", start, block.end, [...children, block]);
  }

  #with(words: readonly PlainNode[]): PlainNode {
    const start = words[0]?.start ?? this.#tokens.start;
    this.#tokens.next();
    const { start: from } = this.#tokens;
    const items: PlainNode[] = [];
    do {
      const value = asField(this.#expressions.aliased(), "value");
      items.push(branch("with_item", value.start, value.end, [value]));
    } while (this.#tokens.accept(","));
    const clause = branch("with_clause", from, this.#tokens.passed, items);
    const body = asField(this.#block(), "body");
    return branch("with_statement", start, body.end, [...words, clause, body]);
  }

  /** The colon and what is under it, on the same line or indented. */
  #block(): PlainNode {
    const tokens = this.#tokens;
    tokens.expect(":");
    if (++this.#depth > MAX_DEPTH) throw new NotPlain();
    const children: PlainNode[] = [];
    let comment = 0;
    if (tokens.isKind("newline")) {
      tokens.next();
      if (!tokens.isKind("indent")) throw new NotPlain();
      tokens.next();
      while (!tokens.isKind("dedent")) {
        if (tokens.isKind("end")) throw new NotPlain();
        this.#statement(children);
      }
      comment = tokens.end;
      tokens.next();
    } else {
      if (this.#compoundBegins()) throw new NotPlain();
      this.#statement(children);
    }
    this.#depth--;
    const [first] = children;
    const last = children.at(-1);
    if (!first || !last) throw new NotPlain();
    return branch("block", first.start, Math.max(last.end, this.#remark, comment), children);
  }

  /** Only simple statements may follow a colon on its line. */
  #compoundBegins(): boolean {
    const { kind, text } = this.#tokens;
    return kind === "op" && /^(?:@|def|class|if|for|while|try|with|async)$/.test(text);
  }
}

import { hashText } from "../../hash.ts";
import type { Span } from "../../source.ts";
import type { Argument, Expression } from "../expression.ts";
import { LineIndex } from "../line-index.ts";
import { type PrismaToken, prismaTokens } from "./lexer.ts";
import type {
  PrismaAttribute,
  PrismaConfiguration,
  PrismaEnum,
  PrismaField,
  PrismaModel,
  PrismaSchemaFile,
} from "./schema.ts";

const BLOCKS = new Set(["model", "view", "type", "enum", "datasource", "generator"]);

/** Reads one file of a Prisma schema. Never throws: a line that is not understood is in `errors`. */
export function parsePrismaSchema(text: string): PrismaSchemaFile {
  return new SchemaParser(text.startsWith("\uFEFF") ? text.slice(1) : text).parse();
}

class SchemaParser {
  readonly #lines: LineIndex;
  readonly #tokens: readonly PrismaToken[];
  readonly #models: PrismaModel[] = [];
  readonly #enums: PrismaEnum[] = [];
  readonly #configurations: PrismaConfiguration[] = [];
  readonly #errors: { readonly span: Span; readonly hash: string }[] = [];
  #at = 0;

  constructor(text: string) {
    this.#lines = new LineIndex(text);
    this.#tokens = prismaTokens(text);
  }

  parse(): PrismaSchemaFile {
    let documentation: string[] = [];
    while (this.#token.kind !== "end") {
      const token = this.#token;
      if (token.kind === "documentation") {
        documentation.push(token.text);
        this.#at++;
      } else if (token.kind === "newline") this.#at++;
      else if (this.#startsBlock()) {
        this.#block(joined(documentation));
        documentation = [];
      } else {
        this.#skipLine();
        documentation = [];
      }
    }
    return {
      models: this.#models,
      enums: this.#enums,
      configurations: this.#configurations,
      errors: this.#errors,
    };
  }

  get #token(): PrismaToken {
    return this.#peek(0);
  }

  #peek(distance: number): PrismaToken {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#at + distance, last)] ?? { kind: "end", text: "", start: 0, end: 0 };
  }

  #is(sign: string): boolean {
    return this.#token.kind === "sign" && this.#token.text === sign;
  }

  #take(sign: string): boolean {
    if (!this.#is(sign)) return false;
    this.#at++;
    return true;
  }

  /** `model Name {`: also where the block before it was not closed. */
  #startsBlock(): boolean {
    const brace = this.#peek(2);
    return (
      this.#token.kind === "word" &&
      BLOCKS.has(this.#token.text) &&
      this.#peek(1).kind === "word" &&
      brace.kind === "sign" &&
      brace.text === "{"
    );
  }

  #block(documentation: string | null): void {
    const start = this.#token.start;
    const kind = this.#token.text;
    const name = this.#peek(1);
    this.#at += 3;
    const nameSpan = this.#lines.span(name.start, name.end);
    switch (kind) {
      case "model":
      case "view":
      case "type": {
        const body = this.#members((comment) => this.#field(comment));
        const rest = { documentation, nameSpan, ...this.#extent(start) };
        this.#models.push({
          kind,
          name: name.text,
          fields: body.members,
          attributes: body.attributes,
          ...rest,
        });
        return;
      }
      case "enum": {
        const body = this.#members((comment) => this.#enumValue(comment));
        const { span } = this.#extent(start);
        const { members: values, attributes } = body;
        this.#enums.push({ name: name.text, values, attributes, documentation, nameSpan, span });
        return;
      }
      case "datasource":
      case "generator": {
        const { members } = this.#members(() => this.#property());
        const { span } = this.#extent(start);
        this.#configurations.push({ kind, name: name.text, properties: members, span });
      }
    }
  }

  /** Range and hash from an offset to the last token that was taken. */
  #extent(start: number): { readonly span: Span; readonly hash: string } {
    const end = this.#tokens[this.#at - 1]?.end ?? start;
    return { span: this.#lines.span(start, end), hash: hashText(this.#lines.text.slice(start, end)) };
  }

  #members<T>(read: (documentation: string | null) => T | null): {
    readonly members: readonly T[];
    readonly attributes: readonly PrismaAttribute[];
  } {
    const members: T[] = [];
    const attributes: PrismaAttribute[] = [];
    let documentation: string[] = [];
    while (this.#token.kind !== "end") {
      if (this.#take("}")) break;
      if (this.#startsBlock() && this.#peek(-1).kind === "newline") break;
      if (this.#token.kind === "newline") this.#at++;
      else if (this.#token.kind === "documentation") {
        documentation.push(this.#token.text);
        this.#at++;
      } else if (this.#is("@@")) {
        attributes.push(this.#attribute());
        this.#restOfLine();
      } else {
        const member = read(joined(documentation));
        if (member) members.push(member);
        else this.#skipLine();
        documentation = [];
      }
    }
    return { members, attributes };
  }

  #field(documentation: string | null): PrismaField | null {
    const name = this.#token;
    if (name.kind !== "word" || this.#peek(1).kind !== "word") return null;
    this.#at++;
    const type = this.#token.text;
    this.#at++;
    let unsupported: string | null = null;
    if (type === "Unsupported" && this.#take("(")) {
      if (this.#token.kind === "string") unsupported = this.#token.text;
      while (!this.#atLineEnd() && !this.#take(")")) this.#at++;
    }
    const list = this.#take("[");
    if (list) this.#take("]");
    const optional = this.#take("?");
    if (this.#is("!")) this.#at++;
    const attributes: PrismaAttribute[] = [];
    while (this.#is("@")) attributes.push(this.#attribute());
    const extent = this.#extent(name.start);
    const trailing = this.#restOfLine();
    return {
      name: name.text,
      type,
      unsupported,
      list,
      optional,
      attributes,
      documentation: [documentation, trailing].filter((text) => text !== null).join("\n") || null,
      nameSpan: this.#lines.span(name.start, name.end),
      ...extent,
    };
  }

  #enumValue(documentation: string | null): PrismaEnum["values"][number] | null {
    const name = this.#token;
    if (name.kind !== "word") return null;
    this.#at++;
    const attributes: PrismaAttribute[] = [];
    while (this.#is("@")) attributes.push(this.#attribute());
    const { span } = this.#extent(name.start);
    const trailing = this.#restOfLine();
    return { name: name.text, attributes, documentation: documentation ?? trailing, span };
  }

  #property(): PrismaConfiguration["properties"][number] | null {
    const name = this.#token;
    const equals = this.#peek(1);
    if (name.kind !== "word" || equals.text !== "=") return null;
    this.#at += 2;
    const value = this.#expression();
    this.#restOfLine();
    return { name: name.text, value };
  }

  #attribute(): PrismaAttribute {
    const start = this.#token.start;
    this.#at++;
    let name = this.#token.text;
    if (this.#token.kind === "word") this.#at++;
    while (this.#is(".") && this.#peek(1).kind === "word") {
      name += `.${this.#peek(1).text}`;
      this.#at += 2;
    }
    const args = this.#is("(") ? this.#arguments() : [];
    return { name, args, ...this.#extent(start) };
  }

  /** Arguments in parentheses; they may run over several lines. */
  #arguments(): readonly Argument[] {
    const args: Argument[] = [];
    this.#at++;
    while (this.#token.kind !== "end") {
      this.#skipBlank();
      if (this.#take(")")) break;
      if (this.#take(",")) continue;
      const colon = this.#peek(1);
      if (this.#token.kind === "word" && colon.kind === "sign" && colon.text === ":") {
        const name = this.#token.text;
        this.#at += 2;
        this.#skipBlank();
        args.push({ name, value: this.#expression() });
      } else if (this.#canStartExpression()) args.push({ name: null, value: this.#expression() });
      else {
        // Not an argument: the line is given up, the fields after it are not.
        this.#restOfLine();
        break;
      }
    }
    return args;
  }

  #canStartExpression(): boolean {
    const { kind } = this.#token;
    return kind === "word" || kind === "string" || kind === "number" || this.#is("[") || this.#is("{");
  }

  #expression(): Expression {
    const token = this.#token;
    const { start } = token;
    if (token.kind === "sign" && (token.text === "[" || token.text === "{"))
      return this.#list(start, token.text);
    if (this.#atLineEnd()) return { k: "other", text: "", span: this.#lines.span(start, start) };
    this.#at++;
    const span = this.#lines.span(start, token.end);
    if (token.kind === "string") return { k: "string", value: token.text, span };
    if (token.kind === "number") return { k: "number", value: token.text, span };
    if (token.kind !== "word") return { k: "other", text: token.text, span };
    let value: Expression = { k: "name", value: token.text, span };
    while (this.#is(".") && this.#peek(1).kind === "word") {
      const name = this.#peek(1).text;
      this.#at += 2;
      value = { k: "member", of: value, name, span: this.#extent(start).span };
    }
    if (!this.#is("(")) return value;
    const args = this.#arguments();
    return { k: "call", callee: value, args, span: this.#extent(start).span };
  }

  /** `[a, b]`, or `{a: b}` as a list of one dictionary entry each. */
  #list(start: number, open: string): Expression {
    const close = open === "[" ? "]" : "}";
    const items: Expression[] = [];
    const entries: [Expression, Expression][] = [];
    this.#at++;
    while (this.#token.kind !== "end") {
      this.#skipBlank();
      if (this.#take(close)) break;
      if (this.#take(",")) continue;
      if (!this.#canStartExpression()) break;
      const item = this.#expression();
      this.#skipBlank();
      if (open === "{" && this.#take(":")) {
        this.#skipBlank();
        entries.push([item, this.#expression()]);
      } else items.push(item);
    }
    const { span } = this.#extent(start);
    return open === "[" ? { k: "list", items, span } : { k: "dict", entries, span };
  }

  #atLineEnd(): boolean {
    return this.#token.kind === "newline" || this.#token.kind === "end";
  }

  #skipBlank(): void {
    while (this.#token.kind === "newline" || this.#token.kind === "documentation") this.#at++;
  }

  /** Takes what is left of a line up to a closing brace; what is not documentation is an error. */
  #restOfLine(): string | null {
    let documentation: string | null = null;
    const start = this.#token.start;
    let end = start;
    while (!this.#atLineEnd() && !this.#is("}")) {
      if (this.#token.kind === "documentation") documentation = this.#token.text || null;
      else end = this.#token.end;
      this.#at++;
    }
    if (end > start) {
      this.#errors.push({
        span: this.#lines.span(start, end),
        hash: hashText(this.#lines.text.slice(start, end)),
      });
    }
    return documentation;
  }

  #skipLine(): void {
    const before = this.#at;
    this.#restOfLine();
    if (this.#at === before) this.#at++;
  }
}

function joined(lines: readonly string[]): string | null {
  const text = lines.join("\n").trim();
  return text === "" ? null : text;
}

import type { SqlName } from "./identifier.ts";
import type { SqlToken } from "./tokenize.ts";

/** Reads the tokens of one statement from left to right. Nothing throws: a reader that finds nothing returns null. */
export class TokenCursor {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  #at: number;
  readonly #stop: number;

  constructor(text: string, tokens: readonly SqlToken[], from = 0, stop = tokens.length) {
    this.text = text;
    this.tokens = tokens;
    this.#at = from;
    this.#stop = stop;
  }

  get index(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#stop;
  }

  /** Offset of the next token, or of the end of the last one. */
  get offset(): number {
    return this.peek()?.start ?? this.previousEnd;
  }

  get previousEnd(): number {
    return this.tokens[this.#at - 1]?.end ?? this.tokens[0]?.start ?? 0;
  }

  seek(index: number): void {
    this.#at = Math.min(index, this.#stop);
  }

  peek(ahead = 0): SqlToken | null {
    const index = this.#at + ahead;
    return index < this.#stop ? (this.tokens[index] ?? null) : null;
  }

  next(): SqlToken | null {
    const token = this.peek();
    if (token) this.#at++;
    return token;
  }

  textOf(token: SqlToken): string {
    return this.text.slice(token.start, token.end);
  }

  /** The next token as an upper-case keyword; "" when it is no word. */
  word(ahead = 0): string {
    const token = this.peek(ahead);
    return token?.kind === "word" ? this.textOf(token).toUpperCase() : "";
  }

  /** Whether the next tokens are these keywords. */
  isAt(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.word(ahead) === word);
  }

  /** Steps over these keywords when they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.isAt(...words)) return false;
    this.#at += words.length;
    return true;
  }

  acceptAny(words: ReadonlySet<string>): string | null {
    const word = this.word();
    if (!words.has(word)) return null;
    this.#at++;
    return word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token !== null && isSymbolKind(token) && this.textOf(token) === symbol;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at++;
    return true;
  }

  /** An identifier as written, quotes included. A string serves as a name where MySQL and SQLite let it. */
  identifier(): string | null {
    const token = this.peek();
    if (!token || (token.kind !== "word" && token.kind !== "identifier")) return null;
    this.#at++;
    return this.textOf(token);
  }

  /** `name`, `schema.name`, or the last two parts of `database.schema.name`. */
  name(): SqlName | null {
    const parts: string[] = [];
    for (;;) {
      const part = this.identifier();
      if (part === null) break;
      parts.push(part);
      if (!this.isSymbol(".")) break;
      this.#at++;
    }
    const name = parts.at(-1);
    return name === undefined ? null : { schema: parts.at(-2) ?? null, name };
  }

  names(): readonly SqlName[] {
    const names: SqlName[] = [];
    do {
      const name = this.name();
      if (!name) break;
      names.push(name);
    } while (this.acceptSymbol(","));
    return names;
  }

  /** A cursor over what stands between the next `(` and its `)`, which this one steps over; null when none comes. */
  group(): TokenCursor | null {
    if (!this.isSymbol("(")) return null;
    const close = this.closing(this.#at);
    const inner = new TokenCursor(this.text, this.tokens, this.#at + 1, close);
    this.#at = Math.min(close + 1, this.#stop);
    return inner;
  }

  /** Index of the bracket that closes the one at `open`; the end of the statement where it is missing. */
  closing(open: number): number {
    let depth = 0;
    for (let index = open; index < this.#stop; index++) {
      const token = this.tokens[index];
      if (token?.kind !== "punctuation") continue;
      const character = this.text.charAt(token.start);
      if (character === "(" || character === "[") depth++;
      else if ((character === ")" || character === "]") && --depth === 0) return index;
    }
    return this.#stop;
  }

  /** Cursors over the parts between commas of this level. */
  parts(): readonly TokenCursor[] {
    const parts: TokenCursor[] = [];
    let from = this.#at;
    for (let index = this.#at; index < this.#stop; index++) {
      const token = this.tokens[index];
      if (token?.kind !== "punctuation") continue;
      const character = this.text.charAt(token.start);
      if (character === "(" || character === "[") index = this.closing(index);
      else if (character === ",") {
        parts.push(new TokenCursor(this.text, this.tokens, from, index));
        from = index + 1;
      }
    }
    if (from < this.#stop) parts.push(new TokenCursor(this.text, this.tokens, from, this.#stop));
    return parts.filter((part) => !part.done);
  }

  /** Steps over one token, or a whole group when it opens one. */
  skip(): void {
    if (this.isSymbol("(") || this.isSymbol("[")) this.seek(this.closing(this.#at) + 1);
    else this.#at = Math.min(this.#at + 1, this.#stop);
  }

  /** Source text from an offset to the token before the cursor. */
  textSince(offset: number): string {
    return this.text.slice(offset, Math.max(offset, this.previousEnd));
  }

  /** Source text of all that is left; the cursor moves to the end. */
  rest(): string {
    const from = this.offset;
    this.#at = this.#stop;
    return this.textSince(from);
  }
}

function isSymbolKind(token: SqlToken): boolean {
  return token.kind === "punctuation" || token.kind === "operator" || token.kind === "end";
}

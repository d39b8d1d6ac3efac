/** What a token is. `op` is punctuation or a keyword, told by its text. */
export type TokenKind =
  | "name"
  | "number"
  | "string"
  | "formatted"
  | "op"
  | "newline"
  | "indent"
  | "dedent"
  | "end";

/** Thrown where a text is not plain Python: another parser, which recovers from anything, has to read it. */
export class NotPlain extends Error {}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);
const LONGEST_KEYWORD = 8;

const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[jJlL]?/y;
const WIDE_NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const PREFIX = /^(?:[rRbBuU]|[bB][rR]|[rR][bB])$/;
const FORMATTED_PREFIX = /^(?:[fFtT]|[fFtT][rR]|[rR][fFtT])$/;

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const QUOTE = 39;
const DOT = 46;
const BACKSLASH = 92;
const TAB_WIDTH = 8;

/** Kinds of characters, by code: 1 begins a name, 2 is a digit, 4 may go on with a name. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) CLASSES[code] = 1 | 4;
  else if (/[0-9]/.test(char)) CLASSES[code] = 2 | 4;
}

/**
 * The tokens of a Python text, one at a time: `kind`, `start`, `end` and `text` are those of the current one. The end
 * of a line or a block is where the comment ends that stands there, 0 without one.
 */
export class Tokens {
  readonly source: string;
  kind: TokenKind = "newline";
  start = 0;
  end = 0;
  /** Of a name, a keyword or punctuation. */
  text = "";
  /** Where the last token that was passed ended, line breaks and indentation aside. */
  passed = 0;
  /** Open brackets: within them lines mean nothing. */
  depth = 0;
  #at = 0;
  #isLineStart = true;
  readonly #indents: number[] = [0];
  /** Ends of the blocks that are over, as far as comments move them. */
  readonly #dedents: number[] = [];
  #comment = 0;

  constructor(source: string) {
    this.source = source;
    this.next();
  }

  isKind(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  is(text: string): boolean {
    return this.kind === "op" && this.text === text;
  }

  /** Passes a token when it is the one named. */
  accept(text: string): boolean {
    if (this.kind !== "op" || this.text !== text) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new NotPlain();
  }

  /** Goes on reading at an offset, as after a part that is no token. */
  resumeAt(offset: number): void {
    this.passed = offset;
    this.#at = offset;
    this.#read();
  }

  next(): void {
    if (this.kind !== "newline" && this.kind !== "indent" && this.kind !== "dedent") this.passed = this.end;
    this.#read();
  }

  #read(): void {
    const dedent = this.#dedents.shift();
    if (dedent !== undefined) {
      this.kind = "dedent";
      this.end = dedent;
      return;
    }
    if (this.#isLineStart && this.depth === 0 && this.#indent()) return;
    this.#skipBlanks();
    this.start = this.#at;
    const code = this.source.charCodeAt(this.#at);
    if (Number.isNaN(code)) {
      this.#finish();
      return;
    }
    if (code === LINE_FEED || code === CARRIAGE_RETURN) {
      this.#breakLine(code);
      return;
    }
    const kind = code < 128 ? (CLASSES[code] ?? 0) : 1;
    if ((kind & 1) !== 0) this.#name(code);
    else if ((kind & 2) !== 0 || (code === DOT && this.#isDigit(this.#at + 1))) this.#number();
    else if (code === DOUBLE_QUOTE || code === QUOTE) this.#string(this.#at);
    else this.#operator(code);
  }

  /** Within brackets a line break is a blank, so that one met here ends a statement. */
  #breakLine(code: number): void {
    if (this.depth > 0) throw new NotPlain();
    this.#at += code === CARRIAGE_RETURN ? 2 : 1;
    if (code === CARRIAGE_RETURN && this.source.charCodeAt(this.start + 1) !== LINE_FEED)
      throw new NotPlain();
    this.#endLine();
  }

  #endLine(): void {
    this.kind = "newline";
    this.end = this.#comment;
    this.#comment = 0;
    this.#isLineStart = true;
  }

  #finish(): void {
    if (this.depth > 0) throw new NotPlain();
    // A last line without a break ends all the same.
    if (this.#isLineStart) this.kind = "end";
    else this.#endLine();
  }

  /** Looks at the beginning of a line; true when it gave a token. */
  #indent(): boolean {
    let column = 0;
    let at = this.#at;
    const comments: { readonly column: number; readonly end: number }[] = [];
    for (;;) {
      const code = this.source.charCodeAt(at);
      if (code === SPACE) column++;
      else if (code === TAB) column += TAB_WIDTH;
      else if (code === FORM_FEED) column = 0;
      else if (
        code === LINE_FEED ||
        (code === CARRIAGE_RETURN && this.source.charCodeAt(at + 1) === LINE_FEED)
      )
        column = 0;
      else if (code === CARRIAGE_RETURN && this.source.charCodeAt(at + 1) !== LINE_FEED) throw new NotPlain();
      else if (code === HASH) {
        at = this.#endOfLine(at);
        comments.push({ column, end: at });
        at--;
      } else if (Number.isNaN(code)) {
        column = 0;
        break;
      } else if (code === BACKSLASH) throw new NotPlain();
      else break;
      if (code === CARRIAGE_RETURN) at++;
      at++;
    }
    this.#at = at;
    this.#isLineStart = Number.isNaN(this.source.charCodeAt(at));
    const current = this.#indents.at(-1) ?? 0;
    if (column === current) return false;
    if (column > current) {
      this.#indents.push(column);
      this.kind = "indent";
      return true;
    }
    let next = 0;
    for (let indent = current; indent > column; indent = this.#indents.at(-1) ?? 0) {
      this.#indents.pop();
      // Comments that are indented like a block stand in it.
      let end = 0;
      for (; (comments[next]?.column ?? -1) >= indent; next++) end = comments[next]?.end ?? 0;
      this.#dedents.push(end);
    }
    if ((this.#indents.at(-1) ?? 0) !== column) throw new NotPlain();
    this.#read();
    return true;
  }

  #skipBlanks(): void {
    for (;;) {
      const code = this.source.charCodeAt(this.#at);
      if (code === SPACE || code === TAB || code === FORM_FEED) this.#at++;
      else if (code === HASH) this.#skipComment();
      else if (code === BACKSLASH) this.#skipContinuation();
      else if (this.depth > 0 && (code === LINE_FEED || code === CARRIAGE_RETURN)) this.#at++;
      else return;
    }
  }

  #skipComment(): void {
    this.#at = this.#endOfLine(this.#at);
    if (this.depth === 0) this.#comment = this.#at;
  }

  #skipContinuation(): void {
    const after = this.source.charCodeAt(this.#at + 1);
    if (after === LINE_FEED) this.#at += 2;
    else if (after === CARRIAGE_RETURN && this.source.charCodeAt(this.#at + 2) === LINE_FEED) this.#at += 3;
    else throw new NotPlain();
  }

  #endOfLine(from: number): number {
    const end = this.source.indexOf("\n", from);
    if (end === -1) return this.source.length;
    return this.source.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
  }

  #isDigit(at: number): boolean {
    const code = this.source.charCodeAt(at);
    return code >= 48 && code <= 57;
  }

  #name(first: number): void {
    let at = this.#at;
    if (first < 128) {
      at++;
      for (let code = this.source.charCodeAt(at); code < 128 && ((CLASSES[code] ?? 0) & 4) !== 0; ) {
        code = this.source.charCodeAt(++at);
      }
    }
    if (this.source.charCodeAt(at) > 127) {
      WIDE_NAME.lastIndex = this.#at;
      const match = WIDE_NAME.exec(this.source);
      if (!match) throw new NotPlain();
      at = WIDE_NAME.lastIndex;
    }
    const after = this.source.charCodeAt(at);
    if ((after === DOUBLE_QUOTE || after === QUOTE) && at - this.#at <= 2) {
      const prefix = this.source.slice(this.#at, at);
      if (FORMATTED_PREFIX.test(prefix)) this.#formatted(at);
      else if (PREFIX.test(prefix)) this.#string(at);
      if (this.#at > at) return;
    }
    this.text = this.source.slice(this.#at, at);
    this.kind = at - this.#at <= LONGEST_KEYWORD && KEYWORDS.has(this.text) ? "op" : "name";
    this.end = at;
    this.#at = at;
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    if (!NUMBER.test(this.source)) throw new NotPlain();
    this.kind = "number";
    this.end = NUMBER.lastIndex;
    this.#at = this.end;
  }

  /** A string without interpolation, from its quote on. */
  #string(quoteAt: number): void {
    const quote = this.quoteAt(quoteAt);
    this.kind = "string";
    this.end = this.#endOfString(quoteAt + quote.length, quote);
    this.#at = this.end;
  }

  /** Only the beginning is read: what follows is text with expressions in it. `end` is where that begins. */
  #formatted(quoteAt: number): void {
    this.kind = "formatted";
    this.text = this.quoteAt(quoteAt);
    this.end = quoteAt + this.text.length;
    this.#at = this.end;
  }

  quoteAt(at: number): string {
    const char = this.source.charAt(at);
    return this.source.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
  }

  #endOfString(from: number, quote: string): number {
    const mark = quote.charCodeAt(0);
    for (let at = from; at < this.source.length; at++) {
      const code = this.source.charCodeAt(at);
      if (code === BACKSLASH) {
        if (this.source.charCodeAt(at + 1) === CARRIAGE_RETURN) at++;
        at++;
      } else if (code === mark && (quote.length === 1 || this.source.startsWith(quote, at))) {
        return at + quote.length;
      } else if (quote.length === 1 && (code === LINE_FEED || code === CARRIAGE_RETURN)) break;
    }
    throw new NotPlain();
  }

  #operator(code: number): void {
    const { source } = this;
    const char = source.charAt(this.#at);
    let length = 1;
    switch (char) {
      case "(":
      case "[":
      case "{":
        this.depth++;
        break;
      case ")":
      case "]":
      case "}":
        if (--this.depth < 0) throw new NotPlain();
        break;
      case ",":
      case ";":
      case "~":
        break;
      case ".":
        if (source.startsWith("...", this.#at)) length = 3;
        break;
      case "*":
      case "/":
      case "<":
      case ">":
        if (source.charAt(this.#at + 1) === char) length = 2;
        if (source.charAt(this.#at + length) === "=") length++;
        break;
      case "-":
        if (/[>=]/.test(source.charAt(this.#at + 1))) length = 2;
        break;
      case "+":
      case "%":
      case "@":
      case "&":
      case "|":
      case "^":
      case "=":
      case ":":
      case "!":
        if (source.charAt(this.#at + 1) === "=") length = 2;
        break;
      default:
        throw new NotPlain(`${code}`);
    }
    this.kind = "op";
    this.end = this.#at + length;
    this.text = length === 1 ? char : source.slice(this.#at, this.end);
    this.#at = this.end;
  }
}

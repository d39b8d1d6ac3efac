import type { SqlDialect } from "../../ir/query.ts";
import { findCommentEnd, findDollarEnd, findLineEnd, findQuoteEnd, type TokenEnd } from "./token-ends.ts";

export type SqlTokenKind =
  /** Keyword or unquoted identifier. */
  | "word"
  /** Quoted identifier, with its quotes. */
  | "identifier"
  | "string"
  | "number"
  | "placeholder"
  | "operator"
  /** One of `( ) [ ] , .`, and `;` where another delimiter is in force. */
  | "punctuation"
  /** Ends a statement: `;`, or what `DELIMITER` set. */
  | "end"
  | "comment"
  /** A line for the client, not the server: psql's `\connect`, `DELIMITER $$`. */
  | "directive"
  /** A line left by an unresolved merge: `<<<<<<< HEAD`. */
  | "conflict"
  /** Rows after `COPY … FROM stdin;`. */
  | "data"
  /** A character that no dialect knows. */
  | "unknown";

export interface SqlToken {
  readonly kind: SqlTokenKind;
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** False for a string, comment or quoted name that the text never ends. */
  readonly complete: boolean;
}

/** Words after which an operand must follow: there `?` is a placeholder, elsewhere it may be a JSONB operator. */
const BEFORE_OPERAND = new Set(
  `ALL AND ANY AS BETWEEN BY CASE CALL DATE DISTINCT ELSE ESCAPE EXCEPT EXECUTE FETCH FIRST FROM HAVING ILIKE IN INTERSECT
   INTERVAL INTO IS JOIN LIKE LIMIT NEXT NOT OFFSET ON OR OVER REGEXP RETURN RETURNING RLIKE SELECT SET SIMILAR SOME TABLE
   THEN TIME TIMESTAMP TIMESTAMPTZ TO UNION UPDATE USING VALUES WHEN WHERE XOR`.split(/\s+/),
);

const MAX_UNTERMINATED = 32;

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const WORD = /[A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /(?:0[xX][0-9A-Fa-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const STRING_PREFIX = /(?:[eEbBxXnN]|[uU]&)(?=')/y;
const QUOTED_PREFIX = /[uU]&(?=")/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const CONFLICT_LINE = /(?:<{7}|>{7}|\|{7})(?: [^\r\n]*)?(?=[\r\n]|$)|={7}(?=[\r\n]|$)/y;
const DELIMITER_LINE = /delimiter[ \t]+(\S+)[^\r\n]*/iy;
const OPERATOR_RUN = /[-+*/<>=~!@#%^&|`]+/y;
/** `:name`, psql's `:'name'` and `:"name"`, HugSQL's `:i:name` and `:v*:name`. */
const COLON_PLACEHOLDER = /:(?:[A-Za-z]+\*?:)?(?:[A-Za-z_][A-Za-z0-9_]*|\d+|'[^'\r\n]*'|"[^"\r\n]*")/y;
const HYPHENATED_PLACEHOLDER = /:(?:[A-Za-z]+\*?:)?[A-Za-z_][A-Za-z0-9_.-]*\??/y;
const PERCENT_PLACEHOLDER = /%(?:\([^()\r\n]+\))?[sbt](?![A-Za-z0-9_])/y;
const DOLLAR_PLACEHOLDER = /\$(?:\d+|[A-Za-z_][A-Za-z0-9_]*)/y;
const AT_PLACEHOLDER = /@[A-Za-z_][A-Za-z0-9_]*/y;
const AT_VARIABLE = /@@?[A-Za-z_][A-Za-z0-9_.$]*/y;

export interface TokenizeOptions {
  /** Names of placeholders may hold hyphens (`:order-id`), as in HugSQL. */
  readonly hyphenatedPlaceholders?: boolean;
}

/** Cuts a text into tokens. Never throws; white space is left out. Linear in the length of the text. */
export function tokenize(
  text: string,
  dialect: SqlDialect,
  options: TokenizeOptions = {},
): readonly SqlToken[] {
  return new Tokenizer(text, dialect, options).run();
}

class Tokenizer {
  readonly #text: string;
  readonly #hyphens: boolean;
  #dialect: SqlDialect;
  readonly #tokens: SqlToken[] = [];
  #at = 0;
  #delimiter = ";";
  /** The last token that is not a comment ends an operand. */
  #operandBefore = false;
  #statementStart = -1;
  #brackets = 0;
  /** Quotes and comments that the text never ends. */
  #unterminated = 0;

  constructor(text: string, dialect: SqlDialect, options: TokenizeOptions) {
    this.#text = text;
    this.#dialect = dialect;
    this.#hyphens = options.hyphenatedPlaceholders ?? false;
  }

  run(): readonly SqlToken[] {
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
    while (this.#at < this.#text.length) this.#next();
    return this.#tokens;
  }

  #next(): void {
    const character = this.#text.charAt(this.#at);
    if (character <= " " || character === "\u00a0" || character === "\u2028") {
      this.#at++;
      return;
    }
    if (this.#lineToken(character)) return;
    if (this.#text.startsWith(this.#delimiter, this.#at)) {
      this.#endOfStatement();
      return;
    }
    if (this.#comment(character)) return;
    if (this.#statementStart < 0) this.#statementStart = this.#at;
    this.#operand(character) || this.#placeholder(character) || this.#symbol(character);
  }

  /** Tokens that only a line's first character can begin. */
  #lineToken(character: string): boolean {
    const atMargin = this.#at === 0 || isLineBreak(this.#text.charAt(this.#at - 1));
    if (atMargin && "<>=|".includes(character)) {
      const end = this.#match(CONFLICT_LINE);
      if (end > 0) return this.#push("conflict", end);
    }
    if (character === "\\" && this.#dialect !== "mysql") {
      const end = findLineEnd(this.#text, this.#at);
      // `\gset` and its like send what stands before them, as `;` does.
      if (this.#text.startsWith("\\g", this.#at)) this.#statementStart = -1;
      return this.#push("directive", end);
    }
    if (this.#statementStart >= 0) return false;
    if (character !== "d" && character !== "D") return false;
    DELIMITER_LINE.lastIndex = this.#at;
    const match = DELIMITER_LINE.exec(this.#text);
    if (!match?.[1]) return false;
    this.#delimiter = match[1];
    // Only MySQL's client has such lines; from here on `$$` is no quote.
    this.#dialect = "mysql";
    return this.#push("directive", DELIMITER_LINE.lastIndex);
  }

  #endOfStatement(): void {
    const head = this.#statementStart >= 0 ? this.#text.slice(this.#statementStart, this.#at) : "";
    this.#push("end", this.#at + this.#delimiter.length);
    this.#statementStart = -1;
    this.#operandBefore = false;
    this.#brackets = 0;
    if (!/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(head)) return;
    const start = findLineEnd(this.#text, this.#at);
    const stop = /^\\\.[ \t]*\r?$/gm;
    stop.lastIndex = start;
    const found = stop.exec(this.#text);
    this.#at = start;
    this.#push("data", found ? stop.lastIndex : this.#text.length, found !== null);
  }

  #comment(character: string): boolean {
    const next = this.#text.charAt(this.#at + 1);
    if (character === "-" && next === "-") return this.#push("comment", findLineEnd(this.#text, this.#at));
    if (character === "#" && (this.#dialect === "mysql" || this.#text.startsWith("# ---", this.#at))) {
      return this.#push("comment", findLineEnd(this.#text, this.#at));
    }
    if (character !== "/" || next !== "*") return false;
    const nests = this.#dialect === "postgresql" || this.#dialect === "unknown";
    const found = this.#patiently(() => findCommentEnd(this.#text, this.#at, nests));
    return this.#push("comment", found.end, found.complete);
  }

  /** Words, names, strings, numbers. */
  #operand(character: string): boolean {
    if (WORD_START.test(character)) return this.#wordOrPrefixed();
    if (character === "'") return this.#quoted("string", this.#at, this.#dialect === "mysql");
    if (character === '"') {
      return this.#quoted(
        this.#dialect === "mysql" ? "string" : "identifier",
        this.#at,
        this.#dialect === "mysql",
      );
    }
    if (character === "`") return this.#quoted("identifier", this.#at, false);
    if (character === "[" && this.#dialect === "sqlite") {
      const end = this.#text.indexOf("]", this.#at);
      return this.#push("identifier", end < 0 ? findLineEnd(this.#text, this.#at) : end + 1, end >= 0);
    }
    if (character === "$" && this.#dollarQuoted()) return true;
    const digit = isDigit(character) || (character === "." && isDigit(this.#text.charAt(this.#at + 1)));
    return digit && this.#push("number", this.#match(NUMBER));
  }

  #wordOrPrefixed(): boolean {
    const prefixed = this.#match(STRING_PREFIX);
    if (prefixed > 0) {
      const escapes = this.#dialect === "mysql" || "eE".includes(this.#text.charAt(this.#at));
      return this.#quoted("string", prefixed, escapes);
    }
    const unicodeName = this.#match(QUOTED_PREFIX);
    if (unicodeName > 0) return this.#quoted("identifier", unicodeName, false);
    const end = this.#match(WORD);
    const delimiter = this.#delimiter === ";" ? -1 : this.#text.slice(this.#at, end).indexOf(this.#delimiter);
    return this.#push("word", delimiter > 0 ? this.#at + delimiter : end);
  }

  #quoted(kind: "string" | "identifier", quoteAt: number, escapes: boolean): boolean {
    const found = this.#patiently(() => findQuoteEnd(this.#text, quoteAt, escapes));
    return this.#push(kind, found.end, found.complete);
  }

  /**
   * Looks for the end of what was opened. Each search that fails reads to the end of the text; a text with very many of
   * them is no SQL, and looking on would be quadratic.
   */
  #patiently(find: () => TokenEnd): TokenEnd {
    if (this.#unterminated > MAX_UNTERMINATED)
      return { end: findLineEnd(this.#text, this.#at), complete: false };
    const found = find();
    if (!found.complete) this.#unterminated++;
    return found;
  }

  #dollarQuoted(): boolean {
    if (this.#dialect === "mysql" || this.#dialect === "sqlite") return false;
    const tagEnd = this.#match(DOLLAR_TAG);
    if (tagEnd < 0) return false;
    const found = this.#patiently(() => findDollarEnd(this.#text, this.#at, tagEnd));
    return this.#push("string", found.end, found.complete);
  }

  #placeholder(character: string): boolean {
    const end = this.#placeholderEnd(character);
    return end > 0 && this.#push("placeholder", end);
  }

  #placeholderEnd(character: string): number {
    switch (character) {
      case "$":
        return this.#match(DOLLAR_PLACEHOLDER);
      case "?":
        return this.#questionEnd();
      case ":":
        return this.#colonEnd();
      case "%": {
        const glued = this.#operandBefore && this.#tokens.at(-1)?.end === this.#at;
        return glued ? -1 : this.#match(PERCENT_PLACEHOLDER);
      }
      case "@":
        return this.#operandBefore || this.#dialect === "mysql" ? -1 : this.#match(AT_PLACEHOLDER);
      default:
        return -1;
    }
  }

  #questionEnd(): number {
    const next = this.#text.charAt(this.#at + 1);
    const operator =
      this.#dialect === "postgresql" || this.#dialect === "unknown" ? this.#operandBefore : false;
    if (operator) return -1;
    if (next === "?") return this.#at + 2;
    let end = this.#at + 1;
    while (isDigit(this.#text.charAt(end))) end++;
    return end;
  }

  #colonEnd(): number {
    const next = this.#text.charAt(this.#at + 1);
    if (next === ":" || next === "=") return -1;
    const slice = this.#brackets > 0 && (this.#operandBefore || this.#text.charAt(this.#at - 1) === "[");
    if (slice) return -1;
    return this.#match(this.#hyphens ? HYPHENATED_PLACEHOLDER : COLON_PLACEHOLDER);
  }

  #symbol(character: string): void {
    if ("()[],.;".includes(character)) {
      if (character === "[") this.#brackets++;
      if (character === "]" && this.#brackets > 0) this.#brackets--;
      this.#push("punctuation", this.#at + 1);
      return;
    }
    if (character === "@" && this.#dialect === "mysql") {
      const end = this.#match(AT_VARIABLE);
      if (end > 0) {
        this.#push("word", end);
        return;
      }
    }
    if (character === ":") {
      const next = this.#text.charAt(this.#at + 1);
      this.#push("operator", this.#at + (next === ":" || next === "=" ? 2 : 1));
      return;
    }
    if (character === "?") {
      const next = this.#text.charAt(this.#at + 1);
      this.#push("operator", this.#at + (next === "|" || next === "&" || next === "?" ? 2 : 1));
      return;
    }
    const end = this.#operatorEnd();
    if (end > this.#at) this.#push("operator", end);
    else this.#push("unknown", this.#at + 1);
  }

  /** A run of operator characters, cut before a comment and before what follows an operator without a space. */
  #operatorEnd(): number {
    const runEnd = this.#match(OPERATOR_RUN);
    if (runEnd < 0) return -1;
    let run = this.#text.slice(this.#at, runEnd);
    if (run === "@" && this.#operandBefore && this.#text.charAt(runEnd) === "?") return runEnd + 1;
    const comment = run.search(/--|\/\*/);
    if (comment > 0) run = run.slice(0, comment);
    const name = run.slice(1).search(/`/);
    if (name >= 0) run = run.slice(0, name + 1);
    // `=%s`, `=@name`, `<@name`: the last character may begin a placeholder, which a name follows.
    const last = run.at(-1) ?? "";
    const next = this.#text.charAt(this.#at + run.length);
    const startsPlaceholder =
      last === "%" ? next === "s" || next === "(" : last === "@" && WORD_START.test(next);
    if (run.length > 1 && startsPlaceholder && run !== "<@") run = run.slice(0, -1);
    // `*-1`, `=-1`: a sign belongs to its number unless the operator is one that PostgreSQL spells with a sign.
    if (run.length > 1 && /[+-]$/.test(run) && !/[~!@#%^&|`?]/.test(run)) run = run.slice(0, -1);
    return this.#at + run.length;
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex : -1;
  }

  #push(kind: SqlTokenKind, end: number, complete = true): true {
    this.#tokens.push({ kind, start: this.#at, end, complete });
    if (kind === "word") {
      this.#operandBefore = !BEFORE_OPERAND.has(this.#text.slice(this.#at, end).toUpperCase());
    } else if (kind === "punctuation") {
      const character = this.#text.charAt(this.#at);
      this.#operandBefore = character === ")" || character === "]";
    } else if (kind !== "comment" && kind !== "conflict") {
      this.#operandBefore =
        kind === "identifier" || kind === "string" || kind === "number" || kind === "placeholder";
    }
    this.#at = end;
    return true;
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

function isLineBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}

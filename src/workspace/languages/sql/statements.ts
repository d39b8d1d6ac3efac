import type { SqlDialect } from "../../ir/query.ts";
import { type SqlToken, type TokenizeOptions, tokenize } from "./tokenize.ts";

/** One statement of a script. */
export interface SqlStatement {
  /** First character of the first token: comments before it are not part of it. */
  readonly start: number;
  /** Behind the last token, without the `;`. */
  readonly end: number;
  /** Without comments. */
  readonly tokens: readonly SqlToken[];
  /** Ended by a delimiter, a boundary or the end of the text, with every quote and bracket closed. */
  readonly complete: boolean;
  /** A merge conflict runs through it: both sides are in `tokens`. */
  readonly conflicted: boolean;
}

export interface SqlScript {
  readonly text: string;
  readonly statements: readonly SqlStatement[];
  readonly comments: readonly SqlToken[];
  /** Lines for the client: psql's `\i file`, `DELIMITER`. */
  readonly directives: readonly SqlToken[];
}

export interface SplitOptions extends TokenizeOptions {
  /** Offsets, ascending, that no statement runs across: section marks of a migration tool. */
  readonly boundaries?: readonly number[];
  /** Ranges, ascending, in which `;` ends nothing. */
  readonly atomic?: readonly (readonly [number, number])[];
}

const ROUTINES = new Set(["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"]);
const ALWAYS_FIRST: Readonly<Record<string, ReadonlySet<string>>> = {
  CREATE: new Set(
    `TABLE INDEX UNIQUE VIEW MATERIALIZED TYPE FUNCTION PROCEDURE TRIGGER SEQUENCE SCHEMA EXTENSION DATABASE ROLE POLICY
     DOMAIN OR`.split(/\s+/),
  ),
  ALTER: new Set(["TABLE", "TYPE", "VIEW", "SEQUENCE", "FUNCTION", "SCHEMA", "DATABASE", "ROLE"]),
  DROP: new Set(["TABLE", "TYPE", "VIEW", "FUNCTION", "SCHEMA", "SEQUENCE", "TRIGGER", "DATABASE"]),
};

/**
 * Splits a script into its statements. Bodies between BEGIN and END stay whole. A statement that was never finished
 * ends where the next one plainly begins: at the margin, with CREATE TABLE and its like.
 */
export function splitScript(text: string, dialect: SqlDialect, options: SplitOptions = {}): SqlScript {
  const splitter = new Splitter(text, options);
  for (const token of tokenize(text, dialect, options)) splitter.add(token);
  splitter.close(true);
  return {
    text,
    statements: splitter.statements,
    comments: splitter.comments,
    directives: splitter.directives,
  };
}

class Splitter {
  readonly statements: SqlStatement[] = [];
  readonly comments: SqlToken[] = [];
  readonly directives: SqlToken[] = [];
  readonly #text: string;
  readonly #boundaries: readonly number[];
  readonly #atomic: readonly (readonly [number, number])[];
  #boundary = 0;
  #atomicIndex = 0;
  #tokens: SqlToken[] = [];
  #parentheses = 0;
  #blocks = 0;
  #routine = false;
  #schema = false;
  #previousWord = "";
  #conflicted = false;

  constructor(text: string, options: SplitOptions) {
    this.#text = text;
    this.#boundaries = options.boundaries ?? [];
    this.#atomic = options.atomic ?? [];
  }

  add(token: SqlToken): void {
    while ((this.#boundaries[this.#boundary] ?? Number.POSITIVE_INFINITY) <= token.start) {
      this.#boundary++;
      this.close(true);
    }
    switch (token.kind) {
      case "comment":
        this.comments.push(token);
        return;
      case "directive":
        this.directives.push(token);
        if (this.#text.startsWith("\\g", token.start)) this.close(true);
        return;
      case "data":
        return;
      case "conflict":
        this.#conflicted = true;
        return;
      case "end":
        if (this.#inBody(token)) this.#tokens.push(token);
        else this.close(true);
        return;
      case "word":
        this.#addWord(token);
        return;
      default:
        if (token.kind === "punctuation") this.#addPunctuation(token);
        this.#tokens.push(token);
    }
  }

  close(ended: boolean): void {
    const first = this.#tokens[0];
    const last = this.#tokens.at(-1);
    if (first && last) {
      const closed = this.#parentheses === 0 && this.#tokens.every((token) => token.complete);
      this.statements.push({
        start: first.start,
        end: last.end,
        tokens: this.#tokens,
        complete: ended && closed && !this.#conflicted,
        conflicted: this.#conflicted,
      });
      this.#conflicted = false;
    }
    this.#tokens = [];
    this.#parentheses = 0;
    this.#blocks = 0;
    this.#routine = false;
    this.#schema = false;
    this.#previousWord = "";
  }

  #addPunctuation(token: SqlToken): void {
    const character = this.#text.charAt(token.start);
    if (character === "(") this.#parentheses++;
    else if (character === ")") this.#parentheses = Math.max(0, this.#parentheses - 1);
  }

  #addWord(token: SqlToken): void {
    const word = this.#text.slice(token.start, token.end).toUpperCase();
    if (this.#beginsAnew(token, word)) this.close(false);
    if (this.#tokens.length > 0 && this.#tokens.length < 12 && this.#firstWord() === "CREATE") {
      if (ROUTINES.has(word)) this.#routine = true;
      if (word === "SCHEMA") this.#schema = true;
    }
    if (this.#routine) this.#countBlocks(word);
    this.#previousWord = word;
    this.#tokens.push(token);
  }

  /** `BEGIN … END` and `CASE … END` nest; `END IF` and its like close what was never counted. */
  #countBlocks(word: string): void {
    if (word === "BEGIN") this.#blocks++;
    else if (word === "CASE" && this.#previousWord !== "END" && this.#blocks > 0) this.#blocks++;
    else if (word === "END" && this.#blocks > 0) this.#blocks--;
    else if (this.#previousWord === "END" && ["IF", "LOOP", "WHILE", "REPEAT", "FOR"].includes(word))
      this.#blocks++;
  }

  #inBody(token: SqlToken): boolean {
    if (this.#text.charAt(token.start) !== ";") return false;
    if (this.#routine && this.#blocks > 0) return true;
    let range = this.#atomic[this.#atomicIndex];
    while (range && range[1] <= token.start) range = this.#atomic[++this.#atomicIndex];
    return range !== undefined && range[0] <= token.start;
  }

  #beginsAnew(token: SqlToken, word: string): boolean {
    const followers = ALWAYS_FIRST[word];
    if (!followers || this.#tokens.length === 0 || this.#blocks > 0 || this.#schema) return false;
    const before = this.#text.charAt(token.start - 1);
    if (before !== "\n" && before !== "\r") return false;
    const next = /^\s+([A-Za-z]+)/.exec(this.#text.slice(token.end, token.end + 60))?.[1];
    return next !== undefined && followers.has(next.toUpperCase());
  }

  #firstWord(): string {
    const first = this.#tokens[0];
    return first ? this.#text.slice(first.start, first.end).toUpperCase() : "";
  }
}

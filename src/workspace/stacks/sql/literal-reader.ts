import { hashText } from "../../hash.ts";
import type { Expression } from "../../languages/expression.ts";
import type { LineIndex } from "../../languages/line-index.ts";
import type { Span } from "../../source.ts";
import type { LiteralFacts } from "./facts.ts";
import { type ReadSql, readSqlText } from "./sql-text.ts";
import { type Constants, textPartsOf } from "./text-constants.ts";

/** The source of a call is kept up to this length. */
const MAX_TEXT = 4000;

/** Collects the SQL of a file: calls first, then constants that no call of the file uses. */
export class LiteralReader {
  readonly literals: LiteralFacts[] = [];
  readonly #lines: LineIndex;
  readonly #constants: Constants;
  /** Spans of literals that a call was found to use. */
  readonly #used = new Set<string>();

  constructor(lines: LineIndex, constants: Constants) {
    this.#lines = lines;
    this.#constants = constants;
  }

  /** A call that is given a text; true when the text is SQL. `certain`: the call takes nothing but SQL. */
  readCall(
    call: Expression,
    name: string,
    argument: Expression,
    within: string | null,
    certain = true,
  ): boolean {
    const parts = textPartsOf(argument, this.#constants);
    const read = parts && readSqlText(parts, certain ? "call" : "anywhere");
    if (!read) return false;
    this.#markUsed(argument, 0);
    const how =
      argument.k === "string" || argument.k === "template"
        ? "argument"
        : argument.k === "tagged"
          ? "template"
          : "constant or expression";
    this.#add(name, call.span, call.span, within, read, `SQL in the ${how} of ${name}`);
    return true;
  }

  /** A value that a name is given; each SQL text in it is a query, also in a list or a dictionary. */
  readConstant(name: string, value: Expression, span: Span, within: string | null): void {
    if (this.#used.has(keyOf(value))) return;
    if (value.k === "dict") {
      for (const [key, item] of value.entries) {
        const label = key.k === "string" || key.k === "name" ? key.value : "item";
        this.readConstant(`${name}.${label}`, item, item.span, within);
      }
      return;
    }
    if (value.k === "list") {
      for (const item of value.items) this.readConstant(name, item, item.span, within);
      return;
    }
    // A name or a member is another name for a text that is read where it stands.
    if (value.k === "name" || value.k === "member") return;
    const parts = textPartsOf(value, this.#constants);
    const read = parts && readSqlText(parts, "anywhere");
    if (read)
      this.#add(
        name,
        value.span,
        span,
        within,
        read,
        name === "return" ? "SQL that a function returns" : `SQL in the constant ${name}`,
      );
  }

  #markUsed(expression: Expression, depth: number): void {
    if (depth > 12) return;
    this.#used.add(keyOf(expression));
    if (expression.k === "name") {
      const value = this.#constants.valueOf(expression.value);
      if (value) this.#markUsed(value, depth + 1);
    } else if (expression.k === "member") {
      const value = this.#constants.valueOf(expression.name);
      if (value) this.#markUsed(value, depth + 1);
    } else if (expression.k === "binary") {
      if (expression.left) this.#markUsed(expression.left, depth + 1);
      this.#markUsed(expression.right, depth + 1);
    } else if (expression.k === "call") {
      for (const { value } of expression.args) this.#markUsed(value, depth + 1);
      if (expression.callee.k === "member") this.#markUsed(expression.callee.of, depth + 1);
    }
  }

  #add(name: string, nameSpan: Span, span: Span, within: string | null, read: ReadSql, how: string): void {
    const text = this.#lines.slice(span);
    this.literals.push({
      name,
      nameSpan: [nameSpan[0], nameSpan[1], nameSpan[0], nameSpan[1]],
      within,
      sql: read.sql,
      operation: read.operation,
      tables: read.tables,
      text: text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text,
      place: { span, hash: hashText(text) },
      line: this.#lines.line(span[0]),
      how,
      approximate: read.approximate,
    });
  }
}

function keyOf(expression: Expression): string {
  return expression.span.join(":");
}

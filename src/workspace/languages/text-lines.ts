import type { Span } from "../source.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Offsets of a text as rows and columns (zero-based, UTF-16), with the line breaks that VS Code knows: LF, CRLF and CR. */
export class TextLines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    const hasReturns = text.includes("\r");
    if (!hasReturns) {
      for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
      return;
    }
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) {
        this.#starts.push(at + 1);
      }
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  span(start: number, end: number): Span {
    const row = this.rowOf(start);
    const endRow = end < this.#startOf(row + 1) ? row : this.rowOf(end);
    return [row, start - this.#startOf(row), endRow, end - this.#startOf(endRow)];
  }

  /** The text of a span. */
  slice(span: Span): string {
    return this.#text.slice(this.#startOf(span[0]) + span[1], this.#startOf(span[2]) + span[3]);
  }

  rowOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The text of a row without its line break. */
  line(row: number): string {
    return this.#text.slice(this.#startOf(row), this.#startOf(row + 1)).replace(/[\r\n]+$/, "");
  }

  #startOf(row: number): number {
    return this.#starts[row] ?? this.#text.length + (row >= this.#starts.length ? 1 : 0);
  }
}

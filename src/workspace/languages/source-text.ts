import { hashText } from "../hash.ts";
import type { Span } from "../source.ts";

/** A text from which spans (zero-based line, UTF-16 character) can be cut again. */
export class SourceText {
  readonly text: string;
  #starts: readonly number[] | null = null;

  constructor(text: string) {
    this.text = text;
  }

  slice(span: Span): string {
    return this.text.slice(this.#offset(span[0], span[1]), this.#offset(span[2], span[3]));
  }

  hash(span: Span): string {
    return hashText(this.slice(span));
  }

  /** The text of a line without its break; "" beyond the end. */
  line(row: number): string {
    const start = this.#lineStarts()[row];
    if (start === undefined) return "";
    return this.text.slice(start, this.#lineStarts()[row + 1] ?? this.text.length).replace(/[\r\n]+$/, "");
  }

  #offset(row: number, character: number): number {
    return (this.#lineStarts()[row] ?? this.text.length) + character;
  }

  #lineStarts(): readonly number[] {
    if (this.#starts) return this.#starts;
    const starts = [0];
    for (const match of this.text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
    this.#starts = starts;
    return starts;
  }
}

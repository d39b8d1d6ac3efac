import type { Position, Span } from "../source.ts";

/** Offsets and positions of one text. A line ends at LF, CR LF or CR, as in the Language Server Protocol. */
export class LineIndex {
  readonly text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let offset = 0; offset < text.length; offset++) {
      const code = text.charCodeAt(offset);
      if (code === 10 || (code === 13 && text.charCodeAt(offset + 1) !== 10)) this.#starts.push(offset + 1);
    }
  }

  position(offset: number): Position {
    const line = this.#lineOf(offset);
    return { line, character: offset - (this.#starts[line] ?? 0) };
  }

  /** The span from one offset to another. */
  span(start: number, end: number): Span {
    const first = this.#lineOf(start);
    const last = this.#lineOf(end);
    return [first, start - (this.#starts[first] ?? 0), last, end - (this.#starts[last] ?? 0)];
  }

  offset(line: number, character: number): number {
    return (this.#starts[line] ?? this.text.length) + character;
  }

  /** The text of a span. */
  slice(span: Span): string {
    return this.text.slice(this.offset(span[0], span[1]), this.offset(span[2], span[3]));
  }

  /** The source line, trimmed, at most `limit` characters. */
  line(line: number, limit = 160): string {
    const start = this.#starts[line] ?? this.text.length;
    const end = this.#starts[line + 1] ?? this.text.length;
    return this.text.slice(start, end).trim().slice(0, limit);
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

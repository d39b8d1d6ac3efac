import type { Span } from "../source.ts";

/** A span as the key of what is kept of it. */
const SPAN_KEY = /^\d+([:,])\d+\1\d+\1\d+$/;
const HASH = /^[0-9a-f]{16}$/;
const HASH_NAME = /[hH]ash$/;
/** Under these names facts keep hashes and texts by the span that they are of. */
const HASHES = "hashes";
const TEXTS = "texts";
/** Larger than any column, so that a place is one number that sorts as the place does. */
const COLUMNS = 2 ** 24;

/** Where the places of a file went with an edit that changed nothing else, and what became of the hashes there. */
export interface PlaceMap {
  /** Null when it is not known where a span went. */
  span(span: Span): Span | null;
  hash(hash: string): string;
}

/**
 * How the places in one version of a file's facts became those of another; null when anything else differs, or when
 * places changed their order or came to stand on the same line, which a stack may judge by.
 */
export function mapPlaces(before: unknown, after: unknown): PlaceMap | null {
  const pairs = new PlacePairs();
  return pairs.add(before, after, "") && pairs.isInOrder() ? pairs : null;
}

class PlacePairs implements PlaceMap {
  readonly #places = new Map<number, number>();
  readonly #hashes = new Map<string, string>();
  /** Where a line went as a whole; null for one on which something moved sideways. */
  #lines: ReadonlyMap<number, number | null> | null = null;

  /** Takes in two versions of the part of the facts that has a name; false when they differ in more than places. */
  add(before: unknown, after: unknown, name: string): boolean {
    if (HASH_NAME.test(name) && isHash(before) && isHash(after)) return pair(this.#hashes, before, after);
    if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
      return Object.is(before, after);
    if (Array.isArray(before) || Array.isArray(after))
      return Array.isArray(before) && Array.isArray(after) && this.#addList(before, after, name);
    return this.#addObject(before, after, name);
  }

  /** Whether all places kept their order, and which of them share a line; call it when all is taken in. */
  isInOrder(): boolean {
    const places = [...this.#places].sort(([a], [b]) => a - b);
    const lines = new Map<number, number | null>();
    for (const [at, [before, after]] of places.entries()) {
      const line = lineOf(before);
      const isStraight = before - line * COLUMNS === after - lineOf(after) * COLUMNS;
      if (!lines.has(line)) lines.set(line, isStraight ? lineOf(after) : null);
      else if (!isStraight) lines.set(line, null);
      const [next, nextAfter] = places[at + 1] ?? [];
      if (next === undefined || nextAfter === undefined) continue;
      if (nextAfter <= after || (lineOf(next) === line) !== (lineOf(nextAfter) === lineOf(after)))
        return false;
    }
    this.#lines = lines;
    return true;
  }

  span([line, character, endLine, endCharacter]: Span): Span | null {
    const start = this.#place(line, character);
    const end = this.#place(endLine, endCharacter);
    return start && end && [...start, ...end];
  }

  hash(hash: string): string {
    return this.#hashes.get(hash) ?? hash;
  }

  #place(line: number, character: number): readonly [number, number] | null {
    const known = this.#places.get(line * COLUMNS + character);
    if (known !== undefined) return [lineOf(known), known % COLUMNS];
    const whole = this.#lines?.get(line) ?? null;
    return whole === null ? null : [whole, character];
  }

  #addList(before: readonly unknown[], after: readonly unknown[], name: string): boolean {
    if (before.length !== after.length) return false;
    if (isSpan(before) && isSpan(after)) return this.#addSpan(before, after);
    if (isPiece(before) && isPiece(after)) {
      return (
        this.#addSpan(spanOf(before[0]), spanOf(after[0])) &&
        before[1] === after[1] &&
        pair(this.#hashes, before[2], after[2])
      );
    }
    return before.every((item, at) => this.add(item, after[at], name));
  }

  #addObject(before: object, after: object, name: string): boolean {
    const old = Object.entries(before);
    const entries = Object.entries(after);
    if (old.length !== entries.length) return false;
    return old.every(([key, value], at) => {
      const [newKey = "", newValue] = entries[at] ?? [];
      if ((name === HASHES || name === TEXTS) && SPAN_KEY.test(key) && SPAN_KEY.test(newKey)) {
        const isKnown = name === TEXTS ? value === newValue : this.add(value, newValue, "hash");
        return isKnown && this.#addSpan(spanOf(key), spanOf(newKey));
      }
      return key === newKey && this.add(value, newValue, key);
    });
  }

  #addSpan(before: Span, after: Span): boolean {
    // What stands nowhere stays there.
    if (isNowhere(before) || isNowhere(after)) return isNowhere(before) && isNowhere(after);
    return (
      pair(this.#places, before[0] * COLUMNS + before[1], after[0] * COLUMNS + after[1]) &&
      pair(this.#places, before[2] * COLUMNS + before[3], after[2] * COLUMNS + after[3])
    );
  }
}

/** False when something else is known to have become of it. */
function pair<T>(pairs: Map<T, T>, before: T, after: T): boolean {
  const known = pairs.get(before);
  if (known !== undefined) return known === after;
  pairs.set(before, after);
  return true;
}

function lineOf(place: number): number {
  return Math.floor(place / COLUMNS);
}

function isSpan(value: readonly unknown[]): value is Span {
  return value.length === 4 && value.every(Number.isInteger);
}

/** The text of a part of an expression with its hash, behind the span that it is of. */
function isPiece(value: readonly unknown[]): value is readonly [span: string, text: string, hash: string] {
  const [span, text, hash] = value;
  return (
    value.length === 3 &&
    typeof span === "string" &&
    SPAN_KEY.test(span) &&
    typeof text === "string" &&
    isHash(hash)
  );
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && HASH.test(value);
}

function isNowhere(span: Span): boolean {
  return span.every((number) => number === 0);
}

function spanOf(key: string): Span {
  const [line = 0, character = 0, endLine = 0, endCharacter = 0] = key.split(/[:,]/).map(Number);
  return [line, character, endLine, endCharacter];
}

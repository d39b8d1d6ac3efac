import { rangeOf, type SourceRange, type Span } from "../source.ts";
import type { PlaceMap } from "./place-map.ts";

/** A text that tells a line has to be made anew. */
const TELLS_LINE = /\blines? \d/;

/** Thrown where a place cannot be followed; never leaves this file. */
class Lost extends Error {}

/**
 * Part of a contribution with all places in a file moved; the same objects where nothing of it is in the file. Null
 * when a place cannot be followed.
 */
export function movePlaces<T>(value: T, uri: string, map: PlaceMap): T | null {
  try {
    return moved(value, uri, map) as T;
  } catch (error) {
    if (error instanceof Lost) return null;
    throw error;
  }
}

function moved(value: unknown, uri: string, map: PlaceMap): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => moved(item, uri, map));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  const before = value as Readonly<Record<string, unknown>>;
  const isHere = before.uri === uri;
  let after: Record<string, unknown> | null = null;
  for (const key of Object.keys(before)) {
    const old = before[key];
    const part = isHere ? movedPart(key, old, uri, map) : moved(old, uri, map);
    if (part === old) continue;
    after ??= { ...before };
    after[key] = part;
  }
  if (after && typeof before.what === "string" && TELLS_LINE.test(before.what)) throw new Lost();
  return after ?? before;
}

function movedPart(key: string, value: unknown, uri: string, map: PlaceMap): unknown {
  if (key === "hash" && typeof value === "string") return map.hash(value);
  return isRange(value) ? movedRange(value, map) : moved(value, uri, map);
}

function movedRange(range: SourceRange, map: PlaceMap): SourceRange {
  const { start, end } = range;
  const before: Span = [start.line, start.character, end.line, end.character];
  const after = map.span(before);
  if (!after) throw new Lost();
  if (after.every((number, at) => number === before[at])) return range;
  // It may as well stand nowhere, and stay there.
  if (before.every((number) => number === 0)) throw new Lost();
  return rangeOf(after);
}

function isRange(value: unknown): value is SourceRange {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}

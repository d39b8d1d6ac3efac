/** Reading JSON of which nobody guarantees the shape: a wrong type reads as absent. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const NOTHING: JsonRecord = Object.freeze({});

export function recordIn(value: unknown): JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : NOTHING;
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textIn(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A finite number that is not negative: a count. */
export function countIn(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Levels of lists and objects inside each other: whoever writes the value down again goes down by recursion. */
const DEEPEST = 500;

/** Reads what a provider sent. @throws SyntaxError for what is not JSON, or is nested deeper than anything sensible */
export function parseJson(text: string): unknown {
  // As deep as that takes at least as many brackets to open and to close it.
  if (text.length > 2 * DEEPEST && depthOf(text) > DEEPEST)
    throw new SyntaxError(`nested deeper than ${DEEPEST} levels`);
  return JSON.parse(text);
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Of valid JSON; of anything else some number. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    // "[" and "{", "]" and "}" differ by one bit.
    else if ((code | 32) === 123) deepest = Math.max(deepest, ++depth);
    else if ((code | 32) === 125) depth--;
  }
  return deepest;
}

/** What a piece of JSON text is; `punctuation` covers white space too. */
export type JsonTokenKind = "key" | "string" | "number" | "literal" | "punctuation";

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;

/** Splits JSON text into tokens that together are the text again. Text that is no JSON comes out as punctuation. */
export function tokenizeJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, number] = match;
    if (match.index > end) tokens.push({ kind: "punctuation", text: text.slice(end, match.index) });
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? "string" : "key", text: string });
      if (colon !== undefined) tokens.push({ kind: "punctuation", text: colon });
    } else {
      tokens.push({ kind: number === undefined ? "literal" : "number", text: whole });
    }
    end = match.index + whole.length;
  }
  if (end < text.length) tokens.push({ kind: "punctuation", text: text.slice(end) });
  return tokens;
}

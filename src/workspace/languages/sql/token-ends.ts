/** Where a token ends, and whether it ends at all; one that does not is taken to end with its line. */
export interface TokenEnd {
  readonly end: number;
  readonly complete: boolean;
}

/** Offset of the line break that ends the line, or the length of the text. */
export function findLineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

/** End of a string or quoted name. A doubled quote stands for itself; a backslash escapes where `escapes` says so. */
export function findQuoteEnd(text: string, quoteAt: number, escapes: boolean): TokenEnd {
  const quote = text.charAt(quoteAt);
  let at = quoteAt + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (escapes && character === "\\") at += 2;
    else if (character !== quote) at++;
    else if (text.charAt(at + 1) === quote) at += 2;
    else return { end: at + 1, complete: true };
  }
  return { end: findLineEnd(text, quoteAt), complete: false };
}

/** End of `$tag$ … $tag$`. */
export function findDollarEnd(text: string, tagAt: number, tagEnd: number): TokenEnd {
  const tag = text.slice(tagAt, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  if (close >= 0) return { end: close + tag.length, complete: true };
  return { end: findLineEnd(text, tagAt), complete: false };
}

/**
 * End of a block comment; PostgreSQL's nest. One that nests and never ends is read as one that does not nest, and counts
 * as incomplete.
 */
export function findCommentEnd(text: string, openAt: number, nests: boolean): TokenEnd {
  const first = text.indexOf("*/", openAt + 2);
  if (first < 0) return { end: findLineEnd(text, openAt), complete: false };
  if (!nests) return { end: first + 2, complete: true };
  const edge = /\/\*|\*\//g;
  edge.lastIndex = openAt + 2;
  let depth = 1;
  for (let match = edge.exec(text); match; match = edge.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return { end: edge.lastIndex, complete: true };
  }
  return { end: first + 2, complete: false };
}

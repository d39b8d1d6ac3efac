/** Zero-based line and UTF-16 character, as in the Language Server Protocol and VS Code. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface SourceRange {
  readonly start: Position;
  readonly end: Position;
}

/**
 * A place in the workspace. `uri` is relative to the workspace folder with forward slashes (in a multi-root
 * workspace prefixed by the folder's name), so that no path of a machine reaches a document.
 * `hash` is the hash of the text in the range (see `hashText`).
 */
export interface SourceRef {
  readonly uri: string;
  readonly range: SourceRange;
  readonly hash: string;
}

/** Compact form of a range inside per-file facts: [line, character, endLine, endCharacter]. */
export type Span = readonly [number, number, number, number];

export function rangeOf(span: Span): SourceRange {
  return { start: { line: span[0], character: span[1] }, end: { line: span[2], character: span[3] } };
}

export function rangeContains(range: SourceRange, position: Position): boolean {
  return comparePositions(range.start, position) <= 0 && comparePositions(position, range.end) <= 0;
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Whether a span lies within another one. */
export function isInside(inner: Span, outer: Span): boolean {
  const after = inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1]);
  const before = inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]);
  return after && before;
}

/** Bytewise (code unit) order: independent of locale, so lists are the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

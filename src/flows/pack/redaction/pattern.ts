/** A shape of text that gives a secret away. Regular expressions carry the flags `dg` and bound every repetition. */
export interface SecretPattern {
  /** Word that stands in the replacement and in the counts. */
  readonly kind: string;
  readonly regex: RegExp;
  /** Group that is the secret; the rest of the match stays. The whole match when left out. */
  readonly group?: number;
  /** Substrings of which a text must hold one before the expression is tried: most texts hold none. */
  readonly hints: readonly string[];
  /** Rejects look-alikes that the expression cannot. */
  readonly accept?: (secret: string) => boolean;
}

/** A part of a text that must not leave. */
export interface SecretSpan {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Start of what already was replaced; such a text is left alone. */
export const REDACTED = "[redacted:";

/** The secrets of one shape in a text, from left to right. */
export function matchesOf(pattern: SecretPattern, text: string): readonly SecretSpan[] {
  if (!pattern.hints.some((hint) => text.includes(hint))) return [];
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(pattern.regex)) {
    const group = pattern.group ?? 0;
    const [start, end] = match.indices?.[group] ?? [0, 0];
    const secret = match[group];
    if (!secret || secret.includes(REDACTED) || pattern.accept?.(secret) === false) continue;
    spans.push({ kind: pattern.kind, start, end });
  }
  return spans;
}

import { assignedSecrets } from "./redaction/assignments.ts";
import { CREDENTIALS } from "./redaction/credential-patterns.ts";
import { matchesOf, REDACTED, type SecretPattern, type SecretSpan } from "./redaction/pattern.ts";
import { isPersonalDefault, personalLiterals } from "./redaction/personal-columns.ts";
import { PERSONAL } from "./redaction/personal-patterns.ts";
import { PROVIDER_KEYS } from "./redaction/provider-keys.ts";

export { isPersonalColumn } from "./redaction/personal-columns.ts";

/** Counts of what was replaced, by kind, in bytewise order of kind. */
export type RedactionCounts = readonly { readonly kind: string; readonly count: number }[];

type Finder = (text: string) => readonly SecretSpan[];

/** In this order: what an earlier one replaced is no match of a later one, so the most telling kind wins. */
const FINDERS: readonly Finder[] = [
  ...[...CREDENTIALS, ...PROVIDER_KEYS].map(finderOf),
  assignedSecrets,
  ...PERSONAL.map(finderOf),
  personalLiterals,
];

/** Members that say where something is. They are not prose, and a changed one leads nowhere. */
const PLACES = new Set(["uri", "hash"]);

/** Shortest and plainest value that is looked for outside the place where it was found. */
const TELLING = /^(?=.*[^A-Za-z_\s])(?!\d{1,9}$).{8,}$/s;

/**
 * Replaces secrets and personal literals by `[redacted:<kind>]`. The replacement has no part of the secret and no
 * length, only its line breaks: line numbers stay right, and equal documents stay equal whatever the secret is.
 * A value that one text gave away by its surroundings is also replaced where it stands alone, so one instance serves
 * one pack.
 */
export class Redactor {
  readonly #counts = new Map<string, number>();
  readonly #known = new Map<string, string>();

  redact(text: string): string {
    if (!mayHoldSecret(text)) return text;
    let result = text;
    for (const find of FINDERS) result = this.#replace(result, find(result));
    return this.#replaceKnown(result);
  }

  /** Every string inside a JSON value but places. Keys are names, not data, and stay. */
  redactValue<T>(value: T): T;
  redactValue(value: unknown): unknown {
    if (typeof value === "string") return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        PLACES.has(key)
          ? member
          : key === "default"
            ? this.#default(value, member)
            : this.redactValue(member),
      ]),
    );
  }

  counts(): RedactionCounts {
    return [...this.#counts]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  }

  /** A field's default stands apart from the name that makes it personal. */
  #default(owner: object, value: unknown): unknown {
    const name = "name" in owner ? owner.name : null;
    const literal = literalOf(value);
    if (typeof name !== "string" || literal === null || !isPersonalDefault(name, literal))
      return this.redactValue(value);
    const span = { kind: "personal-literal", start: 0, end: literal.length };
    const text = literal.includes(REDACTED)
      ? literal
      : this.#replace(literal, [withoutQuotes(literal, span)]);
    return typeof value === "string" ? text : { ...(value as object), text };
  }

  #replace(text: string, spans: readonly SecretSpan[]): string {
    if (spans.length === 0) return text;
    const parts: string[] = [];
    let at = 0;
    for (const { kind, start, end } of [...spans].sort((a, b) => a.start - b.start)) {
      if (start < at || end <= start) continue;
      const secret = text.slice(start, end);
      if (secret.includes(REDACTED)) continue;
      this.#count(kind);
      if (TELLING.test(secret)) this.#known.set(secret, kind);
      parts.push(text.slice(at, start), `${REDACTED}${kind}]`, "\n".repeat(secret.split("\n").length - 1));
      at = end;
    }
    return parts.join("") + text.slice(at);
  }

  #replaceKnown(text: string): string {
    let result = text;
    for (const [secret, kind] of this.#known) {
      if (!result.includes(secret)) continue;
      const pieces = result.split(secret);
      for (let count = 1; count < pieces.length; count++) this.#count(kind);
      result = pieces.join(`${REDACTED}${kind}]`);
    }
    return result;
  }

  #count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}

function finderOf(pattern: SecretPattern): Finder {
  return (text) => matchesOf(pattern, text);
}

/** Names and short words are most of what a catalog holds, and no secret. */
function mayHoldSecret(text: string): boolean {
  return text.length >= 8 && !/^[A-Za-z_.]{0,40}$/.test(text);
}

/** The text of a default that is a literal: a string, or `{kind: "literal", text}`. */
function literalOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("text" in value) || typeof value.text !== "string")
    return null;
  return "kind" in value && value.kind !== "literal" ? null : value.text;
}

function withoutQuotes(literal: string, span: SecretSpan): SecretSpan {
  const quoted = /^([rbuRBU]{0,2})(["'`])[\s\S]*\2$/.exec(literal);
  return quoted ? { ...span, start: (quoted[1]?.length ?? 0) + 1, end: span.end - 1 } : span;
}

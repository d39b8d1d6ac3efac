import { assignedSecrets } from "./redaction/assignments.ts";
import { CREDENTIALS } from "./redaction/credential-patterns.ts";
import { matchesOf, REDACTED, type SecretPattern, type SecretSpan } from "./redaction/pattern.ts";
import { isPersonalDefault, personalLiterals } from "./redaction/personal-columns.ts";
import { PERSONAL } from "./redaction/personal-patterns.ts";
import { PROVIDER_KEYS } from "./redaction/provider-keys.ts";

export { isPersonalColumn } from "./redaction/personal-columns.ts";

/** Counts of what was replaced, by kind, in bytewise order of kind. */
export type RedactionCounts = readonly { readonly kind: string; readonly count: number }[];

/** Hears of each secret that is replaced. */
export type SecretListener = (secret: string, kind: string) => void;

type Finder = (text: string) => readonly SecretSpan[];

/** In this order: what an earlier one replaced is no match of a later one, so the most telling kind wins. */
const FINDERS: readonly Finder[] = [
  ...[...CREDENTIALS, ...PROVIDER_KEYS].map(finderOf),
  assignedSecrets,
  ...PERSONAL.map(finderOf),
  personalLiterals,
];

/** Members that say where something is. They are not prose, and a changed one leads nowhere. */
const PLACES = new Set(["uri", "hash", "fingerprint"]);
/** Members that name another object: what one text knows must not make them differ from the name itself. */
const REFERENCE = /^(?:id|ids|.*Ids?|.*_ids?|dependencies)$/;

/** Shortest and plainest value that is looked for outside the place where it was found. */
const TELLING = /^(?=[\s\S]*[^A-Za-z_\s])(?!\d{1,9}$)[\s\S]{8,}$/;

/**
 * The text with secrets and personal literals replaced by `[redacted:<kind>]`. Depends on nothing but the text. The
 * replacement has no part of the secret and no length, only its line breaks: line numbers stay right, and equal
 * documents stay equal whatever the secret is.
 */
export function redactText(text: string, onSecret?: SecretListener): string {
  if (!mayHoldSecret(text)) return text;
  let result = text;
  for (const find of FINDERS) result = replaceSpans(result, find(result), onSecret);
  return result;
}

/** Every string of a JSON value redacted, but places. Keys are names, not data, and stay. */
export function redactValue<T>(value: T, onSecret?: SecretListener): T {
  return mapStrings(value, (text) => redactText(text, onSecret), onSecret) as T;
}

/**
 * Redacts the texts of one pack. A value that one of them gave away by its surroundings is also replaced where it
 * stands alone; everything is learned before anything is replaced, so the order of the texts does not matter.
 */
export class Redactor {
  readonly #known = new Map<string, string>();
  #ordered: readonly (readonly [string, string])[] | null = null;

  /** Keeps what is secret in a text or a JSON value, and gives it back without. */
  learn<T>(value: T): T {
    return redactValue(value, (secret, kind) => {
      const before = this.#known.get(secret);
      if (!TELLING.test(secret) || (before !== undefined && before <= kind)) return;
      this.#known.set(secret, kind);
      this.#ordered = null;
    });
  }

  redact(text: string): string {
    let result = redactText(text);
    for (const [secret, kind] of this.#longestFirst()) {
      result = result.replaceAll(secret, () => replacementOf(secret, kind));
    }
    return result;
  }

  redactValue<T>(value: T): T {
    return mapStrings(value, (text, key) =>
      REFERENCE.test(key) ? redactText(text) : this.redact(text),
    ) as T;
  }

  /** A secret that holds another goes first. */
  #longestFirst(): readonly (readonly [string, string])[] {
    this.#ordered ??= [...this.#known].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
    return this.#ordered;
  }
}

/** How many replacements stand in some texts, by kind. */
export function countRedactions(texts: readonly string[]): RedactionCounts {
  const counts = new Map<string, number>();
  for (const match of texts.join("\n").matchAll(/\[redacted:([a-z-]{2,40})\]/g)) {
    const kind = match[1] ?? "";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
}

function finderOf(pattern: SecretPattern): Finder {
  return (text) => matchesOf(pattern, text);
}

/** Names and short words are most of what a catalog holds, and no secret. */
function mayHoldSecret(text: string): boolean {
  return text.length >= 8 && !/^[A-Za-z_.]{0,40}$/.test(text);
}

function replaceSpans(text: string, spans: readonly SecretSpan[], onSecret?: SecretListener): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { kind, start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const secret = text.slice(start, end);
    if (start < at || secret === "" || secret.includes(REDACTED)) continue;
    // inside of what already stands for another
    if (/\[redacted:[a-z-]{0,40}$/.test(text.slice(Math.max(0, start - 60), start))) continue;
    onSecret?.(secret, kind);
    parts.push(text.slice(at, start), replacementOf(secret, kind));
    at = end;
  }
  return parts.join("") + text.slice(at);
}

function replacementOf(secret: string, kind: string): string {
  return `${REDACTED}${kind}]${"\n".repeat(secret.split("\n").length - 1)}`;
}

function mapStrings(
  value: unknown,
  map: (text: string, key: string) => string,
  onSecret?: SecretListener,
  key = "",
): unknown {
  if (typeof value === "string") return map(value, key);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map, onSecret, key));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    if (PLACES.has(name)) return [name, member];
    const own = name === "default" ? withoutPersonalDefault(value, member, onSecret) : member;
    return [name, mapStrings(own, map, onSecret, name)];
  });
  return Object.fromEntries(members);
}

/** A field's default stands apart from the name that makes it personal: `{name, default: {kind: "literal", text}}`. */
function withoutPersonalDefault(owner: object, value: unknown, onSecret?: SecretListener): unknown {
  if (!("name" in owner) || typeof owner.name !== "string") return value;
  if (typeof value !== "object" || value === null || !("text" in value) || typeof value.text !== "string") {
    return value;
  }
  const { text } = value;
  if (("kind" in value && value.kind !== "literal") || !isPersonalDefault(owner.name, text)) return value;
  const prefix = /^[rbuRBU]{0,2}["'`](?=[\s\S]*["'`]$)/.exec(text)?.[0].length ?? 0;
  const span = { kind: "personal-literal", start: prefix, end: text.length - (prefix > 0 ? 1 : 0) };
  return { ...value, text: replaceSpans(text, [span], onSecret) };
}

import type { ProviderKey } from "../provider-key.ts";

const LONGEST = 300;
/** Keys as the vendors shape them, whole or with stars in the middle. */
const KEY =
  /\b(?:sk|pk|rk|gsk|xai|nvapi|pplx|hf|ghp|gho|key)[-_][A-Za-z0-9_\-*.…]{6,}|\bAIza[A-Za-z0-9_\-*]{10,}|\bya29\.[\w-]{10,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~*-]{6,}/gi;
const HEADER =
  /(["']?\b(?:proxy-)?(?:authorization|x-api-key|api-key|x-goog-api-key|set-cookie|cookie)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+(?:\s+[^\s,;}]+)?)/gi;
const QUERY = /([?&](?:key|api[-_]?key|token|access_token|sig)=)[^&\s"']+/gi;

/** Takes secrets out of what somebody else wrote, and cuts it to a length that fits a message. */
export type Redact = (text: string) => string;

/** @param headerValues values of configured headers; a person may keep anything there */
export function redactor(key: ProviderKey | null, headerValues: readonly string[]): Redact {
  const values = headerValues.filter((value) => value.length >= 6);
  return (text) => {
    // Longer than shown, so that a secret is whole when it is looked for.
    let clean = text.slice(0, 20_000);
    if (key !== null) clean = key.removeFrom(clean);
    for (const value of values) clean = clean.replaceAll(value, "[header]");
    return shorten(
      clean
        .replace(HEADER, "$1[removed]")
        .replace(BEARER, "$1 [removed]")
        .replace(QUERY, "$1[removed]")
        .replace(KEY, "[key]"),
    );
  };
}

function shorten(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}

/** The title of an HTML page and its first heading: what a proxy or a gateway has to say. */
export function wordsOfHtml(html: string): string {
  const said = [/<title[^<>]*>([^<]*)/i, /<h1[^<>]*>([^<]*)/i].map(
    (pattern) => pattern.exec(html)?.[1]?.trim() ?? "",
  );
  return [...new Set(said.filter((text) => text !== ""))].join(": ");
}

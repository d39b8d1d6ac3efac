const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

/** The value of a string literal: quotes removed, doubled quotes halved, escapes of E'' decoded. */
export function stringValue(written: string): string {
  const dollar = /^(\$[^$]*\$)([\s\S]*)\1$/.exec(written);
  if (dollar) return dollar[2] ?? "";
  const [, prefix = "", quote = "", rest = ""] = /^([A-Za-z]|[uU]&)?(['"])([\s\S]*)$/.exec(written) ?? [];
  if (quote === "") return written;
  const body = (rest.endsWith(quote) ? rest.slice(0, -1) : rest).replaceAll(quote + quote, quote);
  if (prefix.toLowerCase() !== "e" && !/\\'/.test(body)) return body;
  return body.replace(/\\([\s\S])/g, (_, character: string) => SIMPLE_ESCAPES[character] ?? character);
}

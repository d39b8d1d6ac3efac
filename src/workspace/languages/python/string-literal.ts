/** A Python string literal taken apart. */
export interface StringLiteral {
  readonly raw: boolean;
  readonly bytes: boolean;
  /** f-string or t-string. */
  readonly formatted: boolean;
  /** Decoded text between the quotes; of a formatted string the text as written. */
  readonly value: string;
}

const LITERAL = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)$/;

/** Takes apart one literal as written, also an unterminated one. */
export function readStringLiteral(source: string): StringLiteral {
  const match = LITERAL.exec(source);
  const prefix = (match?.[1] ?? "").toLowerCase();
  const quote = match?.[2] ?? "";
  const rest = match?.[3] ?? source;
  const body = rest.endsWith(quote) ? rest.slice(0, rest.length - quote.length) : rest;
  const raw = prefix.includes("r");
  const bytes = prefix.includes("b");
  const formatted = prefix.includes("f") || prefix.includes("t");
  const text = body.includes("\r") ? body.replace(/\r\n?/g, "\n") : body;
  return { raw, bytes, formatted, value: raw || formatted ? text : decodeEscapes(text, bytes) };
}

/** Whether the source of a literal begins with a prefix that allows interpolation. */
export function isFormatted(source: string): boolean {
  const match = /^[A-Za-z]{0,3}(?=["'])/.exec(source);
  return match !== null && /[ft]/i.test(match[0]);
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPE =
  /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|N\{[^}]*\}|([\s\S]))/g;

/** As Python decodes them; an unknown escape stays as written, and so does a character by name (`\N{…}`). */
function decodeEscapes(text: string, bytes: boolean): string {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (whole, octal, hex, short, long, simple) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (bytes && (short !== undefined || long !== undefined)) return whole;
    if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
    if (long !== undefined) {
      const point = Number.parseInt(long, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    }
    return simple === undefined ? whole : (SIMPLE[simple] ?? whole);
  });
}

/** A docstring without its indentation, as `inspect.cleandoc` gives it. */
export function cleanDocstring(text: string): string {
  const lines = text.replace(/\t/g, "        ").split("\n");
  const first = (lines[0] ?? "").trimStart();
  const others = lines.slice(1);
  const margins = others
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const margin = margins.length > 0 ? Math.min(...margins) : 0;
  const cleaned = [first, ...others.map((line) => line.slice(margin).trimEnd())];
  return cleaned
    .join("\n")
    .replace(/^\n+|\n+$/g, "")
    .trimEnd();
}

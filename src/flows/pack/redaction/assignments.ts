import { credentialStrength, takesCredential } from "./credential-name.ts";
import { REDACTED, type SecretSpan } from "./pattern.ts";
import { isBareSecretValue, isPlaceholder, isSecretValue, type SecretStrength } from "./secret-value.ts";

/** Where a credential's name may stand; the whole name is read around it. */
const KEYWORD =
  /pass(?:word|wd|phrase|code)|pwd|requirepass|(?<![a-z])pass\b(?=["'`\]\s]{0,4}[:=])|secret|token|credential|api[_-]?key|apikey|[_\s.-]key|[a-z]Key|KEY|authkey|salt\b/gi;

const NAME_BEFORE = /[\w.$-]{0,64}$/;
const NAME_AFTER = /^[\w.-]{0,64}/;
/** What closes a quoted or indexed name, a declared type, and the sign that gives the value. */
const OPERATOR =
  /^(?:\\?["'`])?(?:\]|\))?(?:\?|!)?[ \t]{0,20}(?::[ \t]{0,4}[A-Za-z_][\w<>[\]| .]{0,40}?[ \t]{0,4}(?==[ \t]{0,4}[^\s=])|\[\][ \t]?)?(={1,3}>?|:=|:|=>|!==?|,|\()[ \t]{0,20}(?:new )?/;
const QUOTED = /^(?:[rbufRBUFN]{0,2}|@|\$)(\\?["'`]{1})((?:(?!\1)(?:[^\\\n]|\\.)){1,2000}?)(?:\1|$)/;
/** A value that stands in when another is missing, or inside a declaration: `or "…"`, `default="…"`, `Field("…")`. */
const FALLBACK =
  /^[^"'`\n]{0,80}(?:["'`][\w.-]{1,80}["'`][^"'`\n]{0,20})?(?:\bdefault\s{0,2}[=:(]|@default\(|\|\||\?\?|\bor\b|\?:|,)\s{0,4}[rbuf]?(["'`])((?:(?!\1)[^\\\n]|\\.){1,2000}?)\1/;

/** Values that stand beside a credential's name, whatever the language: assignments, members, arguments, settings. */
export function assignedSecrets(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  let read = 0;
  for (const match of text.matchAll(KEYWORD)) {
    const at = match.index;
    if (at < read) continue;
    const start = at - (NAME_BEFORE.exec(text.slice(Math.max(0, at - 64), at))?.[0].length ?? 0);
    const end =
      at + match[0].length + (NAME_AFTER.exec(text.slice(at + match[0].length, at + 128))?.[0].length ?? 0);
    const name = text.slice(start, end).replace(/^\s+/, "");
    read = end;
    const strength = credentialStrength(name);
    if (!strength) continue;
    const span = valueAfter(text, start, end, name, strength);
    if (!span) continue;
    spans.push({ kind: "password", ...span });
    read = span.end;
  }
  return spans;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function valueAfter(
  text: string,
  start: number,
  end: number,
  name: string,
  strength: SecretStrength,
): Place | null {
  const tail = text.slice(end, end + 2200);
  const operator = OPERATOR.exec(tail);
  if (!operator) return spacedValue(text, start, end, name, strength) ?? elementValue(tail, end, strength);
  const [all, sign] = operator;
  const from = end + all.length;
  if (sign === "(" && !takesCredential(name)) return null;
  const rest = tail.slice(all.length);
  const quoted = QUOTED.exec(rest);
  if (quoted) {
    const [whole, quote = "", value = ""] = quoted;
    // a list of names looks like a name and its value
    const wanted = sign === "," || sign === "(" ? atLeastKey(name, strength, value) : strength;
    if (wanted && accepted(value, wanted)) {
      const at = from + whole.indexOf(quote) + quote.length;
      return { start: at, end: at + value.length };
    }
    if (sign !== "," && sign !== "(") return null;
  }
  return bareValue(text, start, from, sign ?? "", name, strength) ?? fallbackValue(rest, from, strength);
}

function accepted(value: string, strength: SecretStrength): boolean {
  return !value.includes(REDACTED) && isSecretValue(value, strength);
}

/** In a call or a list only a value that no name could be counts, unless the function's name says that it sets one. */
function atLeastKey(name: string, strength: SecretStrength, value: string): SecretStrength | null {
  if (strength === "key") return "key";
  return /\d|[^\w\s.-]/.test(value) && !/^\w+[_a-z]\d{1,2}$/.test(value)
    ? "word"
    : /^(?:set|with)/i.test(name)
      ? "word"
      : null;
}

/** `default="…"`, `|| "…"` and the like later in the line. */
function fallbackValue(rest: string, from: number, strength: SecretStrength): Place | null {
  const wrapped = /^[\w.]{1,60}\(\s{0,4}[rbu]?["'`]([A-Za-z0-9+/=_-]{20,512})["'`]/.exec(rest);
  if (wrapped?.[1] && accepted(wrapped[1], "key") && /\d/.test(wrapped[1])) {
    const end = from + wrapped[0].length - 1;
    return { start: end - wrapped[1].length, end };
  }
  const found = FALLBACK.exec(rest.slice(0, 400).split("\n", 1)[0] ?? "");
  if (!found) return null;
  const [whole, , value = ""] = found;
  if (!accepted(value, strength) || !/\d|[^\w\s.-]/.test(value)) return null;
  const at = from + whole.length - value.length - 1;
  return { start: at, end: at + value.length };
}

/** A value without quotes: settings files, environments, flags, addresses. */
function bareValue(
  text: string,
  start: number,
  from: number,
  sign: string,
  name: string,
  strength: SecretStrength,
): Place | null {
  if (sign !== "=" && sign !== ":") return null;
  const lead = lineBefore(text, start);
  const line = text.slice(from, from + 1100).split("\n", 1)[0] ?? "";
  const isTight = text[from - 1] === sign;
  const isOwnLine = /^\s*(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+|set\s+|:)?["']?$/i.test(lead);
  const length = isOwnLine
    ? ownLineLength(line, sign === "=" && isTight, name, strength)
    : isTight && inlineLength(line, sign, lead, strength);
  return length ? { start: from, end: from + length } : null;
}

/** Length of the value of a line that holds a name and its value and nothing else; 0 when it is none. */
function ownLineLength(line: string, isTight: boolean, name: string, strength: SecretStrength): number {
  const value = /^[^\s,;"'`][^\s]{2,1024}/.exec(line)?.[0] ?? "";
  if (value === "" || value.includes(REDACTED) || /[,;({]$/.test(value)) return 0;
  if (isTight && /^[A-Z][A-Z0-9_]*$/.test(name)) {
    const isLiteral = !/[()[\]{}]/.test(value);
    return isLiteral && isSecretValue(value.replace(/^base64:/, ""), strength) ? value.length : 0;
  }
  if (!/^\s*(?:#.*)?$/.test(line.slice(value.length)) || isExpression(value)) return 0;
  const isSecret = isTight && /\d/.test(value) ? isSecretValue : isBareSecretValue;
  return isSecret(value, strength) ? value.length : 0;
}

/** Length of `password=x` within a line: a flag, an address, a list of settings; 0 when it is none. */
function inlineLength(line: string, sign: string, lead: string, strength: SecretStrength): number {
  const value = /^[^\s"'`;&,)}\]]{3,1024}/.exec(line)?.[0] ?? "";
  if (value === "" || value.includes(REDACTED) || isExpression(value)) return 0;
  if (sign === ":") return lead.endsWith("${") && isBareSecretValue(value, strength) ? value.length : 0;
  if (!/(?:^|[\s?&;"'`:,/-])$/.test(lead)) return 0;
  const isWordWithNumber = /^[a-z]{4,40}\d{2,8}$/i.test(value) && /[\s?&;"']$/.test(lead);
  return (isWordWithNumber && isSecretValue(value, strength)) || isBareSecretValue(value, strength)
    ? value.length
    : 0;
}

/** What stands before a place in its line, as far as it matters. */
function lineBefore(text: string, at: number): string {
  const lead = text.slice(Math.max(0, at - 80), at);
  return lead.slice(lead.lastIndexOf("\n") + 1);
}

/** A name, a member or a type of a program: it says where the value is. */
function isExpression(value: string): boolean {
  if (
    /^(?:self|this|req|request|os|process|config|settings|user|args|options|opts|var|local|data|module|params|body|ctx|state)\./i.test(
      value,
    )
  )
    return true;
  if (/^(?:sha|utf|md|base|aes|u?int|float|varchar|char|hs|rs|es)_?\d+/i.test(value)) return true;
  return /\?\.|=>|->|::/.test(value);
}

/** `ENV DB_PASSWORD x`, `password x` in .netrc, `requirepass x`, `--password x`. */
function spacedValue(
  text: string,
  start: number,
  end: number,
  name: string,
  strength: SecretStrength,
): Place | null {
  const lead = text.slice(Math.max(0, start - 80), start);
  const isFlag = name.startsWith("--") || lead.endsWith("--");
  const isLine = /(?:^|\n)\s*(?:ENV\s+)$/.test(lead) || (name === "requirepass" && /(?:^|\n)\s*$/.test(lead));
  const header = /^[ \t]{1,8}(["'])([A-Za-z0-9_+/=-]{16,512})\1/.exec(text.slice(end, end + 540));
  if (header?.[2] && strength === "key" && isBareSecretValue(header[2], strength)) {
    return { start: end + header[0].length - header[2].length - 1, end: end + header[0].length - 1 };
  }
  const isNetrc = name === "password" && /\blogin\s+\S{1,60}\s+$/.test(lead);
  if (!isFlag && !isLine && !isNetrc) return null;
  const found = /^[ \t]{1,8}(["']?)([^\s"']{4,512})/.exec(text.slice(end, end + 540));
  if (!found) return null;
  const [whole, , value = ""] = found;
  if (
    value.startsWith("-") ||
    value.includes(REDACTED) ||
    isPlaceholder(value) ||
    !isBareSecretValue(value, strength)
  )
    return null;
  return { start: end + whole.length - value.length, end: end + whole.length };
}

/** `<password>x</password>` and `name="password" value="x"`. */
function elementValue(tail: string, end: number, strength: SecretStrength): Place | null {
  const found =
    /^(?:>\s{0,4}([^<\n]{3,512}?)\s{0,4}<\/|["']\s{1,4}(?:value|content)\s?=\s?["']([^"'\n]{3,512})["'])/d.exec(
      tail,
    );
  const value = found?.[1] ?? found?.[2];
  const at = found?.indices?.[1] ?? found?.indices?.[2];
  if (!found || !value || !at || !accepted(value, strength) || (found[1] && !/\d|[^\w\s.-]/.test(value)))
    return null;
  return { start: end + at[0], end: end + at[1] };
}

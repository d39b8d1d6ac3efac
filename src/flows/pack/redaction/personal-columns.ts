import { REDACTED, type SecretSpan } from "./pattern.ts";

/** Columns whose literals are personal, by name. */
const PERSONAL_COLUMN =
  /(?:^|_)(?:e?mail|phone|mobile|msisdn|fax|first_?name|last_?name|middle_?name|maiden_?name|full_?name|surname|given_?name|family_?name|birth_?(?:date|day)|date_?of_?birth|dob|ssn|social_?security|tax_?id|national_?id|passport|iban|bic|card_?number|address|street|zip|postal_?code|postcode|ip_?address|password(?:_hash)?|token|secret|api_?key)(?:_|$)/i;

export function isPersonalColumn(name: string): boolean {
  return PERSONAL_COLUMN.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"));
}

const LITERAL = String.raw`(?:'(?:[^']|''){0,2000}(?:'|$)|"(?:[^"\\\n]|\\.){0,2000}(?:"|$))`;
const OPERATOR = String.raw`(?:={1,3}>?|<>|!==?|<=|>=|<|>|:|\b(?:NOT\s{1,4})?(?:I?LIKE|IN\s{0,4}\(|SIMILAR\s{1,4}TO|BETWEEN)(?=[\s'"]|N'))`;
/** `column = 'x'`, `lower(column) LIKE 'x'`, `column IN ('x', 'y')`, `column="x"`, `"column": "x"`, `BETWEEN 'x' AND 'y'`. */
const COLUMN_FIRST = new RegExp(
  String.raw`(?<![\w$])([A-Za-z_]\w{1,63})["'${"`"}]?\)?(?:::\w{1,20})?\s{0,20}(${OPERATOR})\s{0,20}((?:N(?='))?${LITERAL}(?:\s{0,20}(?:,|\bAND\b)\s{0,20}${LITERAL}(?!["']?\s{0,4}[:=])){0,200})`,
  "dgi",
);
/** `'x' = column` */
const LITERAL_FIRST =
  /(?:^|\b(?:where|and|or|on|not)\s{1,8}|\()'((?:[^'\n]|''){1,400})'\s{0,4}(?:=|<>)\s{0,4}["`]?([A-Za-z_]\w{1,63})\b/dgi;
/** `where("column", "=", "x")`, `eq(table.column, "x")`, `where("column = ?", "x")`, `column: { equals: "x" }`. */
const CALL = new RegExp(
  String.raw`(?:\b(?:\w{0,20}[wW]here\w{0,10}|eq|ne|i?like|equalTo|filter_by)\(\s{0,20}["'${"`"}]?(?:\w{1,40}\.)?([A-Za-z_]\w{1,63})(?:["'${"`"}]|\s{0,4}(?:=|<>|I?LIKE)\s{0,4}[?$:]\w{0,20}["'${"`"}])?\s{0,4},\s{0,4}(?:["'](?:=|<>|!=|i?like)["']\s{0,4},\s{0,4})?|(?<![\w$])([A-Za-z_]\w{1,63})["']?\s{0,4}:\s{0,4}\{\s{0,20}["']?[_$]?(?:equals|eq|not|contains|startsWith|endsWith|i?like)["']?\s{0,4}:\s{0,4}|(?<![\w$])([A-Za-z_]\w{1,63})\s{0,4}(?:=|<>|I?LIKE)\s{0,4}(?:%s|\?|\$1)["'${"`"}]{1,3}\s{0,4},\s{0,4}[([]\s{0,4})(${LITERAL})`,
  "dg",
);
/** A value that a column has when none is given, later in the line that declares it. */
const DEFAULT = new RegExp(String.raw`\bdefault\b\s{0,3}[=:(]?\s{0,3}(${LITERAL})`, "dgi");
/** A declaration over several lines, up to one of its arguments: `name = models.CharField(`. */
const OPENED = /([A-Za-z_]\w{0,63})\s{0,4}=\s{0,4}[\w.]{1,80}\((?:[^(){}]|\([^(){}]*\))*$/;
const INSERT =
  /\bINSERT\s{1,20}(?:IGNORE\s{1,20})?INTO\s{1,20}[\w."'`[\]]{1,130}\s{0,20}\(([^()]{1,4000})\)\s{0,20}VALUES\s{0,20}/gi;
/** Characters of rows that are looked at behind one INSERT. */
const LONGEST_INSERT = 20_000;
const SQL_LEAD = /\b(?:where|and|or|set|on|having|when|not)\s+[\w."'`(]{0,80}$/i;

/** Literals that are compared with, assigned to or inserted into columns whose names say that they are personal. */
export function personalLiterals(text: string): readonly SecretSpan[] {
  if (!/['"]/.test(text)) return [];
  return [...compared(text), ...called(text), ...reversed(text), ...defaults(text), ...inserted(text)];
}

/** Whether the default of a field with this name must not leave: a literal, and not a mere placeholder. */
export function isPersonalDefault(name: string, literal: string): boolean {
  const value = literal.trim().replace(/^[rbu]{0,2}(["'`]{1,3})([\s\S]*)\1$/i, "$2");
  return (
    isPersonalColumn(name) &&
    !isParameter(value) &&
    !isNameOrType(name, value) &&
    !/^(?:none|null|nil|true|false|\d{1,3})$/i.test(value)
  );
}

function compared(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(COLUMN_FIRST)) {
    const column = match[1] ?? "";
    if (!isPersonalColumn(column)) continue;
    const isSql =
      SQL_LEAD.test(text.slice(Math.max(0, match.index - 90), match.index + column.length)) ||
      /^[<>]|^!=$|^[A-Z]/i.test(match[2] ?? "");
    spans.push(
      ...literalsIn(text, match.indices?.[3] ?? [0, 0], (value) => isSql || isPersonalValue(column, value)),
    );
  }
  return spans;
}

function called(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(CALL)) {
    if (!isPersonalColumn(match[1] ?? match[2] ?? match[3] ?? "")) continue;
    spans.push(...literalsIn(text, match.indices?.[4] ?? [0, 0], () => true));
  }
  return spans;
}

function reversed(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(LITERAL_FIRST)) {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    const value = match[1] ?? "";
    if (!isPersonalColumn(match[2] ?? "")) continue;
    if (!isParameter(value)) spans.push({ kind: "personal-literal", start, end });
  }
  return spans;
}

function defaults(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(DEFAULT)) {
    const before = text.slice(Math.max(0, match.index - 400), match.index);
    const lead = before.slice(before.lastIndexOf("\n") + 1);
    const first = /[A-Za-z_]\w*/.exec(lead)?.[0] ?? "";
    const added =
      /\b(?:ADD\s{1,4}COLUMN|ADD|COLUMN)\s{1,4}(?:IF\s{1,4}NOT\s{1,4}EXISTS\s{1,4})?["`]?([A-Za-z_]\w*)/i.exec(
        lead,
      )?.[1] ?? "";
    const opened = OPENED.exec(before)?.[1] ?? "";
    const column = [added, first, opened].find((name) => name !== "" && isPersonalColumn(name));
    if (column === undefined) continue;
    spans.push(
      ...literalsIn(text, match.indices?.[1] ?? [0, 0], (value) => isPersonalDefault(column, value)),
    );
  }
  return spans;
}

/** Values of `INSERT INTO t (columns) VALUES (…), (…)` by the position of their column. */
function inserted(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  let read = 0;
  for (const match of text.matchAll(INSERT)) {
    const personal = (match[1] ?? "")
      .split(",")
      .map((column) => isPersonalColumn(column.trim().replace(/^["'`[]|["'`\]]$/g, "")));
    if (!personal.includes(true)) continue;
    if (match.index < read) continue;
    const from = match.index + match[0].length;
    const rows = text.slice(from, from + LONGEST_INSERT);
    read = from;
    for (let at = 0; rows[at] === "("; read = from + at) {
      const { values, end } = rowAt(rows, at);
      values.forEach(([start, stop], index) => {
        if (personal[index]) spans.push(...literalsIn(text, [from + start, from + stop], () => true));
      });
      at = end + (/^\s{0,20},\s{0,20}(?=\()/.exec(rows.slice(end, end + 42))?.[0].length ?? 0);
    }
  }
  return spans;
}

interface Row {
  /** Start and end of each value. */
  readonly values: readonly (readonly [number, number])[];
  readonly end: number;
}

/** The values of a bracketed list, split at its own commas. */
function rowAt(text: string, open: number): Row {
  const values: [number, number][] = [];
  let depth = 0;
  let start = open + 1;
  let at = open;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === "'") {
      const close = text.indexOf("'", at + 1);
      at = close < 0 ? text.length : close;
    } else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) break;
    else if (character === "," && depth === 1) {
      values.push([start, at]);
      start = at + 1;
    }
  }
  values.push([start, Math.min(at, text.length)]);
  return { values, end: Math.min(at + 1, text.length) };
}

function literalsIn(
  text: string,
  [from, to]: readonly [number, number],
  wanted: (value: string) => boolean,
): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.slice(from, to).matchAll(new RegExp(LITERAL, "g"))) {
    const quote = match[0][0] ?? "";
    const isClosed = match[0].length > 1 && match[0].endsWith(quote);
    const value = match[0].slice(1, isClosed ? -1 : undefined);
    if (isParameter(value) || value.includes(REDACTED) || !wanted(value)) continue;
    const start = from + match.index + 1;
    spans.push({ kind: "personal-literal", start, end: start + value.length });
  }
  return spans;
}

function isParameter(value: string): boolean {
  return /^(?:\s*|%s|%\(\w+\)s|\?|\$\d+|:\w+|%+|[\w.]+_id|\{\{?[^}]*\}?\}|\$\{[^}]*\})$/.test(value);
}

/** The column's own name, its label, a type or a format in the place of a value. */
function isNameOrType(column: string, value: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (bare(column).includes(bare(value)) || bare(value) === "") return true;
  return /^(?:string|str|text|varchar|char|email|tel|phone|date|inet|asc|desc|required|optional|hidden|none|null|undefined|unknown|default|public|private)$/i.test(
    value,
  );
}

/** Outside SQL a literal beside such a name is often a label: only what has the form of a value counts. */
function isPersonalValue(column: string, value: string): boolean {
  if (isNameOrType(column, value)) return false;
  const name = column.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  const digits = value.match(/\d/g)?.length ?? 0;
  // the assignments know better which of these are credentials
  if (/password|token|secret|api_?key/.test(name)) return false;
  if (/mail/.test(name)) return /.@./.test(value) && !/^(?:no-?reply|do-?not-?reply)@/i.test(value);
  if (/name/.test(name))
    return /^\p{Lu}[\p{L}'’.-]{1,30}(?: [\p{L}'’.-]{1,30}){0,3}%?$/u.test(value) && !/\bname\b/i.test(value);
  if (/address|street/.test(name) && !/ip_?address/.test(name))
    return digits > 0 && /\p{L}{3}.*\s|\s.*\p{L}{3}/u.test(value);
  if (/zip|post/.test(name)) return digits >= 3 && /^[\dA-Z -]{3,10}$/.test(value);
  return digits >= 4 && !/^[\d.]+:\d+$/.test(value);
}

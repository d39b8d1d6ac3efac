import type { SqlDialect } from "../../ir/query.ts";
import { type TokenizeOptions, tokenize } from "./tokenize.ts";

export type PlaceholderStyle =
  /** `$1` */
  | "dollar"
  /** `?`, SQLite's `?1` */
  | "question"
  /** `:name`, `:1`, psql's `:'name'`, HugSQL's `:i:name` */
  | "colon"
  /** `@name`, `$name` */
  | "named"
  /** `%s`, `%(name)s` */
  | "percent"
  /** `sqlc.arg(name)` */
  | "call";

export interface Placeholder {
  readonly style: PlaceholderStyle;
  /** Name as written without its marks; null when it has none. */
  readonly name: string | null;
  /** Number in the rewritten text: `$1` is 1. Placeholders of one name share one. */
  readonly number: number;
  /** UTF-16 offsets in the text as written. */
  readonly start: number;
  readonly end: number;
  /** Stands for a name or a piece of SQL (Knex's `??`, HugSQL's `:i:` and `:sql:`, `FROM %s`), which no server can bind. */
  readonly structural: boolean;
}

/** SQL whose placeholders are `$n`, and the way back to the text as written. */
export interface NumberedSql {
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  /** Offset in the text as written for an offset in `sql`; inside a placeholder, the start of it. */
  originalOffset(offset: number): number;
}

interface Found {
  readonly style: PlaceholderStyle;
  readonly name: string | null;
  readonly fixedNumber: number | null;
  readonly structural: boolean;
  readonly start: number;
  readonly end: number;
}

const SQLC_CALL = /sqlc\s*\.\s*(?:arg|narg|slice|embed)\s*\(\s*['"]?(\w+)['"]?\s*\)/y;

/** Placeholders of every style outside of literals, names and comments, in order. */
export function findPlaceholders(
  text: string,
  dialect: SqlDialect,
  options: TokenizeOptions = {},
): readonly Placeholder[] {
  return numbered(findAll(text, dialect, options));
}

/**
 * Rewrites every placeholder to `$n`, as PostgreSQL's grammar wants it. A structural one becomes a quoted name, since
 * `$n` cannot stand there. `%%` becomes `%` where `%s` is in use.
 */
export function numberPlaceholders(
  text: string,
  dialect: SqlDialect,
  options: TokenizeOptions = {},
): NumberedSql {
  const placeholders = findPlaceholders(text, dialect, options);
  const percent = placeholders.some((placeholder) => placeholder.style === "percent");
  const edits = placeholders.map(({ start, end, number, structural, name }) => ({
    start,
    end,
    // Drivers that put in a whole tuple are given `IN %s`; the grammar wants brackets.
    text: structural
      ? `"${name ?? `placeholder_${number}`}"`
      : /\bIN\s*$/i.test(text.slice(Math.max(0, start - 12), start))
        ? `($${number})`
        : `$${number}`,
  }));
  if (percent) {
    for (const token of tokenize(text, dialect, options)) {
      if (token.kind === "operator" && text.slice(token.start, token.end) === "%%") {
        edits.push({ start: token.start, end: token.end, text: "%" });
      }
    }
    edits.sort((a, b) => a.start - b.start);
  }
  return new EditedText(text, edits, placeholders);
}

class EditedText implements NumberedSql {
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  /** [offset in the new text, offset as written, whether what follows was replaced], ascending. */
  readonly #anchors: (readonly [number, number, boolean])[] = [[0, 0, false]];

  constructor(
    text: string,
    edits: readonly { start: number; end: number; text: string }[],
    placeholders: readonly Placeholder[],
  ) {
    let sql = "";
    let from = 0;
    for (const edit of edits) {
      sql += text.slice(from, edit.start);
      this.#anchors.push([sql.length, edit.start, true]);
      sql += edit.text;
      this.#anchors.push([sql.length, edit.end, false]);
      from = edit.end;
    }
    this.sql = sql + text.slice(from);
    this.placeholders = placeholders;
  }

  originalOffset(offset: number): number {
    let low = 0;
    let high = this.#anchors.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#anchors[middle]?.[0] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const [at, original, replaced] = this.#anchors[low] ?? [0, 0, false];
    return replaced ? original : original + offset - at;
  }
}

function findAll(text: string, dialect: SqlDialect, options: TokenizeOptions): readonly Found[] {
  const found: Found[] = [];
  let skipUntil = 0;
  for (const token of tokenize(text, dialect, options)) {
    if (token.start < skipUntil) continue;
    if (token.kind === "placeholder") {
      const placeholder = describe(text.slice(token.start, token.end), token.start, token.end);
      const names = /\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+$/i.test(
        text.slice(Math.max(0, token.start - 12), token.start),
      );
      found.push(names ? { ...placeholder, structural: true } : placeholder);
    } else if (
      token.kind === "word" &&
      token.end - token.start === 4 &&
      text.startsWith("sqlc", token.start)
    ) {
      SQLC_CALL.lastIndex = token.start;
      const call = SQLC_CALL.exec(text);
      if (!call || /embed/.test(call[0])) continue;
      skipUntil = SQLC_CALL.lastIndex;
      found.push({
        style: "call",
        name: call[1] ?? null,
        fixedNumber: null,
        structural: false,
        start: token.start,
        end: skipUntil,
      });
    }
  }
  return found;
}

function describe(written: string, start: number, end: number): Found {
  const base = { start, end, fixedNumber: null, structural: false };
  switch (written.charAt(0)) {
    case "?": {
      if (written === "??") return { ...base, style: "question", name: null, structural: true };
      return { ...base, style: "question", name: null, fixedNumber: numberIn(written.slice(1)) };
    }
    case "$": {
      const fixedNumber = numberIn(written.slice(1));
      if (fixedNumber !== null) return { ...base, style: "dollar", name: null, fixedNumber };
      return { ...base, style: "named", name: written.slice(1) };
    }
    case "@":
      return { ...base, style: "named", name: written.slice(1) };
    case "%":
      return { ...base, style: "percent", name: /\(([^()]*)\)/.exec(written)?.[1]?.trim() ?? null };
    default: {
      const [, kind, name] = /^:(?:([A-Za-z]+)\*?:)?(.+)$/.exec(written) ?? [];
      const structural = kind !== undefined && /^(?:i|id|identifier|sql|snip|snippet)$/.test(kind);
      const bare = (name ?? "").replace(/^['"]|['"]$/g, "");
      return { ...base, style: "colon", name: bare, structural: structural || /^:"/.test(written) };
    }
  }
}

function numberIn(text: string): number | null {
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}

function numbered(found: readonly Found[]): readonly Placeholder[] {
  const byName = new Map<string, number>();
  let last = found.reduce((highest, { fixedNumber }) => Math.max(highest, fixedNumber ?? 0), 0);
  return found.map(({ fixedNumber, ...placeholder }) => {
    if (fixedNumber !== null) return { ...placeholder, number: fixedNumber };
    const known = placeholder.name === null ? undefined : byName.get(placeholder.name);
    const number = known ?? ++last;
    if (placeholder.name !== null) byName.set(placeholder.name, number);
    return { ...placeholder, number };
  });
}

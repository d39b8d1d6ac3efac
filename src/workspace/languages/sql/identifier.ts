import type { SqlDialect } from "../../ir/query.ts";

/** A name with its schema, each as written in the source, quotes included. */
export interface SqlName {
  readonly schema: string | null;
  readonly name: string;
}

/** The name an identifier stands for: quotes removed; unquoted ones folded as the dialect folds them. */
export function foldIdentifier(written: string, dialect: SqlDialect): string {
  const quoted = unquote(written);
  if (quoted !== null) return quoted;
  return dialect === "postgresql" ? written.toLowerCase() : written;
}

/** Key under which names are equal in a dialect: MySQL's tables and SQLite's names do not know case. */
export function identifierKey(folded: string, dialect: SqlDialect): string {
  return dialect === "postgresql" ? folded : folded.toLowerCase();
}

function unquote(written: string): string | null {
  const start = /^(?:[uU]&)?(?=["`[])/.exec(written)?.[0].length;
  if (start === undefined) return null;
  const open = written.charAt(start);
  const close = open === "[" ? "]" : open;
  const end = written.length > start + 1 && written.endsWith(close) ? written.length - 1 : written.length;
  const body = written.slice(start + 1, end);
  return open === "[" ? body : body.replaceAll(close + close, close);
}

/** `schema.name` or `name` as the dialect reads it. */
export function nameText(name: SqlName, dialect: SqlDialect): string {
  const bare = foldIdentifier(name.name, dialect);
  return name.schema === null ? bare : `${foldIdentifier(name.schema, dialect)}.${bare}`;
}

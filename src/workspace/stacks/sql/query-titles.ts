import type { SqlScript, SqlStatement } from "../../languages/sql/statements.ts";

/** A comment that names the query below it. */
export interface TitleComment {
  readonly name: string;
  /** Offsets of the name. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Offset of the comment. */
  readonly start: number;
  readonly command: string;
}

/**
 * sqlc and aiosql: `-- name: ListOrders :many`, `-- name: delete-all!`; HugSQL: `-- :name orders-of :? :*`;
 * PgTyped: `/* @name FindOrder *\/`; sqlc in MySQL: `/* name: X :one *\/`.
 */
const TITLE = /^(?:--+|#|\/\*+)\s*(?:@name\s+|:name\s+|name\s*:\s*)([A-Za-z_][\w.-]*)([^\r\n*]*)/;

/** Offsets of all comments that name a query: no statement runs across them. */
export function titleBoundaries(text: string): readonly number[] {
  return [...text.matchAll(/^[ \t]*(?:--|#|\/\*)[^\r\n]*\bname\b[^\r\n]*/gm)]
    .filter((match) => TITLE.test(match[0].trim()))
    .map((match) => match.index);
}

/** Names for statements: each comment names the first statement behind it. */
export function titlesOf(script: SqlScript): ReadonlyMap<SqlStatement, TitleComment> {
  const titles = new Map<SqlStatement, TitleComment>();
  let next = 0;
  for (const comment of script.comments) {
    const written = script.text.slice(comment.start, comment.end);
    const match = TITLE.exec(written);
    const name = match?.[1];
    if (!match || name === undefined) continue;
    while ((script.statements[next]?.start ?? Number.POSITIVE_INFINITY) < comment.end) next++;
    const statement = script.statements[next];
    if (!statement) break;
    const nameStart = comment.start + match[0].indexOf(name, match[0].search(/name/) + 4);
    const command = /^[!^$*<?#]+|^\s*:\S.*/.exec(match[2] ?? "")?.[0].trim() ?? "";
    titles.set(statement, {
      name,
      nameStart,
      nameEnd: nameStart + name.length,
      start: comment.start,
      command,
    });
  }
  return titles;
}

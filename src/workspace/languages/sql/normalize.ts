import type { SqlDialect } from "../../ir/query.ts";
import { tokenize } from "./tokenize.ts";

/** SQL on one line for display: comments dropped, white space outside of literals collapsed, no `;` at the end. */
export function normalizeSql(text: string, dialect: SqlDialect): string {
  const pieces: string[] = [];
  let previousEnd = 0;
  for (const token of tokenize(text, dialect)) {
    if (token.kind === "comment" || token.kind === "directive" || token.kind === "conflict") continue;
    const piece = text.slice(token.start, token.end);
    const tight = pieces.at(-1) === "(" || piece === ")" || piece === "," || token.kind === "end";
    if (pieces.length > 0 && token.start > previousEnd && !tight) pieces.push(" ");
    pieces.push(piece);
    previousEnd = token.end;
  }
  while (pieces.at(-1) === ";" || pieces.at(-1) === " ") pieces.pop();
  return pieces.join("");
}

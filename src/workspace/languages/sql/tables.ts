import type { SqlName } from "./identifier.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { SqlToken } from "./tokenize.ts";

/** What is known at one depth of brackets. */
interface Level {
  /** Between FROM and the next clause: a comma brings another table. */
  inFrom: boolean;
  /** The next name is a table. */
  wanted: boolean;
  /** Inside `extract(… from …)` and its like, where FROM has another meaning. */
  readonly plainFrom: boolean;
}

const FROM_IS_AN_ARGUMENT = new Set(["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"]);
const CLAUSES = new Set(
  `WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT RETURNING SET WINDOW FOR VALUES SELECT ON WHEN
   CONNECT`.split(/\s+/),
);
const NOT_UPDATE_STATEMENT = new Set(["FOR", "DO", "ON", "KEY", "THEN", "BEFORE", "AFTER", "OF", "OR", "NO"]);
const BEFORE_INTO = new Set(["INSERT", "REPLACE", "MERGE", "IGNORE", "ABORT", "FAIL", "ROLLBACK", "DELAYED"]);
const BEFORE_NAME = new Set(["ONLY", "LATERAL", "IGNORE", "LOW_PRIORITY", "QUICK"]);

/** Tables that a SELECT, INSERT, UPDATE, DELETE, MERGE or TRUNCATE reads or writes, in order, each once, as written. */
export function readTables(text: string, tokens: readonly SqlToken[]): readonly SqlName[] {
  const cursor = new TokenCursor(text, tokens);
  const found = new Map<string, SqlName>();
  const commonTables = commonTableNames(text, tokens);
  const levels: Level[] = [{ inFrom: false, wanted: false, plainFrom: false }];
  let previous = "";
  // `JOIN b USING (id)` names columns; only DELETE and MERGE name tables.
  let usingNamesTables = false;
  while (!cursor.done) {
    const level = levels.at(-1);
    if (!level) break;
    const word = cursor.word();
    if (word === "DELETE" || word === "MERGE") usingNamesTables = true;
    const using = word === "USING" && usingNamesTables && !cursor.isSymbol("(", 1);
    if (cursor.isSymbol("(")) {
      levels.push({
        inFrom: level.wanted,
        wanted: level.wanted,
        plainFrom: FROM_IS_AN_ARGUMENT.has(previous),
      });
      level.wanted = false;
    } else if (cursor.isSymbol(")")) {
      if (levels.length > 1) levels.pop();
    } else if (cursor.isSymbol(",")) {
      level.wanted = level.inFrom;
    } else if (using || startsTables(word, previous, level)) {
      level.wanted = true;
      level.inFrom = word !== "INTO" && word !== "JOIN" ? true : level.inFrom;
    } else if (CLAUSES.has(word)) {
      level.inFrom = word === "ON" && level.inFrom;
      level.wanted = false;
    } else if (level.wanted && !BEFORE_NAME.has(word)) {
      const isTarget = previous === "INTO" || previous === "UPDATE";
      level.wanted = false;
      const name = cursor.name();
      if (name) {
        const call = cursor.isSymbol("(") && !isTarget;
        const key = name.schema === null ? name.name : `${name.schema}.${name.name}`;
        const local = name.schema === null && commonTables.has(name.name.toLowerCase());
        if (!call && !local && !key.includes("$") && !found.has(key)) found.set(key, name);
        previous = "";
        continue;
      }
    }
    if (!BEFORE_NAME.has(word) || word === "IGNORE") previous = word;
    cursor.next();
  }
  return [...found.values()];
}

function startsTables(word: string, previous: string, level: Level): boolean {
  switch (word) {
    case "FROM":
      return !level.plainFrom && previous !== "DISTINCT";
    case "JOIN":
    case "STRAIGHT_JOIN":
      return true;
    case "INTO":
      return BEFORE_INTO.has(previous);
    case "UPDATE":
      return !NOT_UPDATE_STATEMENT.has(previous);
    case "TRUNCATE":
      return true;
    case "TABLE":
      return previous === "TRUNCATE" || previous === "";
    default:
      return false;
  }
}

/** Names before `AS (` in a WITH, in lower case. */
function commonTableNames(text: string, tokens: readonly SqlToken[]): ReadonlySet<string> {
  const names = new Set<string>();
  const cursor = new TokenCursor(text, tokens);
  for (let index = 0; index < tokens.length; index++) {
    cursor.seek(index);
    if (cursor.word() !== "AS") continue;
    cursor.next();
    cursor.accept("NOT");
    cursor.accept("MATERIALIZED");
    if (!cursor.isSymbol("(")) continue;
    const name = nameBefore(text, tokens, index);
    if (name) names.add(name.toLowerCase());
  }
  return names;
}

/** The identifier before an index, also over a list of columns: `totals (day, amount) AS (`. */
function nameBefore(text: string, tokens: readonly SqlToken[], index: number): string | null {
  let at = index - 1;
  if (tokens[at] && text.charAt(tokens[at]?.start ?? 0) === ")") {
    let steps = 0;
    while (at > 0 && steps++ < 200 && text.charAt(tokens[at]?.start ?? 0) !== "(") at--;
    at--;
  }
  const token = tokens[at];
  if (!token || (token.kind !== "word" && token.kind !== "identifier")) return null;
  return text.slice(token.start, token.end);
}

import type { Query } from "../../ir/query.ts";
import { classifyStatement } from "../../languages/sql/classify.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import { type SqlStatement, splitScript } from "../../languages/sql/statements.ts";
import { readTables } from "../../languages/sql/tables.ts";

/** A piece of a text that is put together in code: written out, or an expression that is known at run time only. */
export type TextPart =
  | { readonly text: string }
  | {
      /** The expression as written. */
      readonly hole: string;
      /** The driver sends it as a parameter, as a tagged template does. */
      readonly bound: boolean;
    };

export interface ReadSql {
  readonly sql: string;
  readonly operation: Query["operation"];
  readonly tables: readonly SqlName[];
  readonly approximate: string | null;
}

/** How sure the place makes that a text is SQL: an argument of `execute`, or any string. */
export type Place = "call" | "anywhere";

const FIRST_WORDS =
  /^(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|MERGE|REPLACE|REFRESH|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|EXPLAIN|CALL|VALUES|LOCK|PRAGMA|ANALYZE|VACUUM|COPY|GRANT|REVOKE|LISTEN|NOTIFY|UNLISTEN|DO|REINDEX|COMMENT|START|END|USE|ATTACH|DETACH|CLUSTER|DECLARE|FETCH|PREPARE|DEALLOCATE|DISCARD|RESET|KILL|OPTIMIZE|FLUSH)\b/i;

/**
 * The SQL that the parts make, or null when it is none. A hole becomes what fits its place: a placeholder, a quoted name
 * `"${expression}"`, or a comment. In prose, "Select a file from the list" is no SQL.
 */
export function readSqlText(parts: readonly TextPart[], place: Place): ReadSql | null {
  const first = parts[0];
  if (!first || !("text" in first)) return null;
  const start = first.text.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()+/, "");
  if (!FIRST_WORDS.test(start)) return null;
  const sql = joinParts(parts).trim();
  const { statements } = splitScript(sql, "unknown");
  const [statement] = statements;
  if (
    !statement?.complete ||
    statements.some(({ tokens }) => tokens.some(({ kind }) => kind === "unknown"))
  ) {
    return null;
  }
  const { verb, operation, objectKind, names } = classifyStatement(sql, statement.tokens);
  const isDefinition =
    operation === "ddl" && (objectKind !== null || verb === "TRUNCATE") && names.length > 0;
  if (!hasShape(sql, statement, operation, isDefinition, place)) return null;
  const isQuery = operation !== "ddl" && operation !== "other";
  const open = parts.find(
    (part, index) => "hole" in part && !isValue(part, parts[index - 1], parts[index + 1]),
  );
  return {
    sql,
    operation,
    tables: isQuery
      ? distinct(statements.flatMap(({ tokens }) => readTables(sql, tokens)))
      : isDefinition && objectKind === "table"
        ? names.filter(({ name }) => !name.includes("$"))
        : [],
    approximate: open && "hole" in open ? `interpolated expression \`${shorten(open.hole)}\`` : null,
  };
}

/** A parameter of the driver that stands where a value can stand; elsewhere it is a piece of the statement. */
function isValue(
  part: Extract<TextPart, { hole: string }>,
  before: TextPart | undefined,
  after: TextPart | undefined,
): boolean {
  if (!part.bound) return false;
  const lead = before && "text" in before ? before.text : "";
  const next = after && "text" in after ? after.text : "";
  return VALUE_BEFORE.test(lead) && !NO_VALUE_BEFORE.test(lead) && !OPERAND_AFTER.test(next);
}

function distinct(names: readonly SqlName[]): readonly SqlName[] {
  return [...new Map(names.map((name) => [`${name.schema ?? ""}.${name.name}`, name])).values()];
}

const SHAPES: Readonly<Record<string, RegExp>> = {
  SELECT:
    /\bFROM\s+["`[(\w$]|^\(*\s*SELECT\s+(?:[\w.]+\s*\(|[-\d'*:$%?@]|(?:TRUE|FALSE|NULL|EXISTS|CASE)\b)/i,
  INSERT: /^INSERT\s+(?:OR\s+\w+\s+|IGNORE\s+|LOW_PRIORITY\s+)*INTO\s+["`[\w$]/i,
  REPLACE: /^REPLACE\s+INTO\s+["`[\w$]/i,
  UPDATE: /^UPDATE\s+(?:ONLY\s+|OR\s+\w+\s+|IGNORE\s+)?["`[\w$][\s\S]*?\sSET\s/i,
  DELETE: /^DELETE\s+(?:\w+\s+)?FROM\s+["`[\w$]/i,
  WITH: /^WITH\s+(?:RECURSIVE\s+)?["`\w]+\s*(?:\([^)]*\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s*)?\(/i,
  MERGE: /^MERGE\s+INTO\s+["`[\w$]/i,
  VALUES: /^VALUES\s*\(/i,
  REFRESH: /^REFRESH\s+MATERIALIZED\s+VIEW\s/i,
};

const TRANSACTION = /^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START TRANSACTION|END)\b/i;

function hasShape(
  sql: string,
  statement: SqlStatement,
  operation: Query["operation"],
  isDefinition: boolean,
  place: Place,
): boolean {
  const bare = sql.slice(statement.start, statement.end).replace(/^\(+\s*/, "");
  const verb = /^[A-Za-z]+/.exec(bare)?.[0] ?? "";
  const shouted = verb === verb.toUpperCase();
  const shape = SHAPES[verb.toUpperCase()];
  if (shape) {
    if (!shape.test(bare)) return false;
    // In lower case a sentence can have the same shape; punctuation tells.
    return shouted || place === "call" || (verb === verb.toLowerCase() && /[*,(=;]|[$:%?@]\w?/.test(bare));
  }
  if (operation === "ddl") return isDefinition && (shouted || place === "call");
  if (place !== "call") return false;
  return shouted || TRANSACTION.test(bare);
}

const NAME_BEFORE =
  /(?:\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY|VIEW|INDEX|SCHEMA|DATABASE|EXISTS|BY|SELECT|DISTINCT|RETURNING|SET|COLUMN|TRUNCATE|USING)|\.|["`])\s*$/i;
const VALUE_BEFORE =
  /(?:[-+*/<>=!~(,|]|\b(?:IN|LIKE|ILIKE|LIMIT|OFFSET|VALUES|BETWEEN|AND|OR|NOT|WHEN|THEN|ELSE|ANY|ALL|INTERVAL|WHERE|ON|HAVING|IS))\s*$/i;

const NO_VALUE_BEFORE = /\bVALUES\s*$/i;
/** What can only follow a piece of the statement: another operand, with no operator or comma between. */
const OPERAND_AFTER =
  /^\s+(?!(?:AND|AS|ASC|AT|BETWEEN|COLLATE|DESC|DO|ELSE|END|ESCAPE|EXCEPT|FETCH|FOR|FROM|GROUP|HAVING|ILIKE|IN|INTERSECT|IS|ISNULL|LIKE|LIMIT|NOT|NOTNULL|NULLS|OFFSET|ON|OR|ORDER|OVER|RETURNING|ROWS?|SET|SIMILAR|THEN|UNION|USING|WHEN|WHERE|WINDOW|WITH)\b)["A-Za-z_]/i;

function joinParts(parts: readonly TextPart[]): string {
  const written = parts.map((part) => ("text" in part ? part.text : " ")).join("");
  const next = placeholderLike(written);
  let sql = "";
  parts.forEach((part, index) => {
    sql += "text" in part ? part.text : fill(sql, part, parts[index + 1], next);
  });
  return sql;
}

function fill(
  before: string,
  part: Extract<TextPart, { hole: string }>,
  after: TextPart | undefined,
  next: () => string,
): string {
  const expression = part.hole.replace(/\s+/g, " ");
  const open = openQuote(before);
  if (open === "'") return `\${${expression.replaceAll("'", "''")}}`;
  if (open !== null) return `\${${expression.replaceAll(open, "")}}`;
  // A part of a name: `orders_${year}`.
  if (/[\w$]$/.test(before)) return `$${expression.replace(/\W+/g, "_").slice(0, 30)}`;
  if (NO_VALUE_BEFORE.test(before)) return `(${next()})`;
  if (after && "text" in after && OPERAND_AFTER.test(after.text))
    return `/* \${${expression.replaceAll("*/", "")}} */`;
  const selected = part.bound && /\b(?:SELECT|RETURNING|SET|BY)\s*$/i.test(before);
  if (selected) return next();
  if (NAME_BEFORE.test(before)) return `"\${${expression.replaceAll('"', "")}}"`;
  if (VALUE_BEFORE.test(before)) return next();
  return `/* \${${expression.replaceAll("*/", "")}} */`;
}

/** The quote that is open at the end of a text; null outside of literals and names. */
function openQuote(text: string): string | null {
  let open: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (open === null && (character === "'" || character === '"' || character === "`")) open = character;
    else if (character === open) open = null;
  }
  return open;
}

/** Placeholders in the style that the text uses already. */
function placeholderLike(written: string): () => string {
  if (/(?<![\w$])\$\d/.test(written)) {
    let highest = Math.max(...[...written.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
    return () => `$${++highest}`;
  }
  if (/%s/.test(written)) return () => "%s";
  let last = 0;
  if (/%\(\w+\)s/.test(written)) return () => `%(value_${++last})s`;
  if (/[=(,\s]\?(?=[\s,)]|$)/.test(written)) return () => "?";
  return () => `$${++last}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

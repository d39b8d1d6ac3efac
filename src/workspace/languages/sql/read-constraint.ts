import type { ReferentialAction } from "../../ir/model.ts";
import type { ConstraintDefinition, IndexDefinition, IndexPart, ReferenceDefinition } from "./definition.ts";
import type { DefinitionSource } from "./definition-source.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** A constraint or, in MySQL, an index among the columns of a table. */
export type TableElement =
  | { readonly constraint: ConstraintDefinition }
  | { readonly index: IndexDefinition };

const INDEX_WORDS = new Set(["KEY", "INDEX"]);

/** Whether a part of CREATE TABLE, or what follows ADD, is a constraint or an index and not a column. */
export function isTableElement(cursor: TokenCursor, source: DefinitionSource): boolean {
  const word = cursor.word();
  const next = cursor.word(1);
  switch (word) {
    case "CONSTRAINT":
      return true;
    case "PRIMARY":
    case "FOREIGN":
      return next === "KEY";
    case "UNIQUE":
      return cursor.isSymbol("(", 1) || next !== "" || cursor.peek(1)?.kind === "identifier";
    case "CHECK":
      return cursor.isSymbol("(", 1);
    case "EXCLUDE":
      return cursor.isSymbol("(", 1) || next === "USING";
    case "FULLTEXT":
    case "SPATIAL":
      return source.dialect !== "postgresql" && (INDEX_WORDS.has(next) || cursor.isSymbol("(", 2));
    case "KEY":
    case "INDEX":
      return source.dialect !== "postgresql" && source.dialect !== "sqlite" && isIndexOfMysql(cursor);
    default:
      return false;
  }
}

/** Whether another constraint begins here: SQLite takes them without a comma in between. */
export function beginsConstraint(cursor: TokenCursor): boolean {
  switch (cursor.word()) {
    case "CONSTRAINT":
      return true;
    case "PRIMARY":
    case "FOREIGN":
      return cursor.word(1) === "KEY";
    case "UNIQUE":
    case "CHECK":
      return cursor.isSymbol("(", 1);
    default:
      return false;
  }
}

/** `KEY name (column)` is an index; `key varchar(20)` is a column of that name. */
function isIndexOfMysql(cursor: TokenCursor): boolean {
  const open = cursor.isSymbol("(", 1)
    ? 1
    : cursor.isSymbol("(", 2)
      ? 2
      : cursor.word(2) === "USING"
        ? 4
        : -1;
  if (open < 0) return false;
  const inside = cursor.peek(open + 1);
  return inside?.kind === "identifier" || inside?.kind === "word" || cursor.isSymbol("(", open + 1);
}

export function readTableElement(cursor: TokenCursor, source: DefinitionSource): TableElement | null {
  const start = cursor.offset;
  const name = cursor.accept("CONSTRAINT") ? constraintName(cursor) : null;
  const done = (parts: Partial<ConstraintDefinition> & Pick<ConstraintDefinition, "kind">): TableElement => {
    const deferrable = readConstraintOptions(cursor);
    return {
      constraint: { ...EMPTY, name, ...parts, deferrable, place: source.place(start, cursor.previousEnd) },
    };
  };
  if (cursor.accept("PRIMARY", "KEY")) {
    skipMysqlIndexName(cursor);
    return done({ kind: "primary-key", ...readKey(cursor) });
  }
  if (cursor.accept("UNIQUE")) return readUnique(cursor, name, start, source, done);
  if (cursor.accept("FOREIGN", "KEY")) {
    if (!cursor.isSymbol("(")) cursor.identifier();
    const columns = readColumnNames(cursor);
    return done({ kind: "foreign-key", columns, references: readReference(cursor) });
  }
  if (cursor.accept("CHECK")) return done({ kind: "check", expression: cursor.group()?.rest() ?? null });
  if (cursor.accept("EXCLUDE")) {
    const from = cursor.offset;
    if (cursor.accept("USING")) cursor.identifier();
    const parts = (cursor.group()?.parts() ?? []).map(readIndexPart);
    if (cursor.accept("WHERE")) cursor.group();
    const columns = parts.map(({ column }) => column).filter((column) => column !== null);
    return done({ kind: "exclusion", columns, expression: cursor.textSince(from) });
  }
  const method =
    cursor.word() === "FULLTEXT" || cursor.word() === "SPATIAL" ? cursor.word().toLowerCase() : null;
  if (method) cursor.next();
  if (!cursor.acceptAny(INDEX_WORDS) && !method) return null;
  return { index: readIndexBody(cursor, source, start, { unique: false, method }) };
}

const EMPTY: ConstraintDefinition = {
  kind: "check",
  name: null,
  columns: [],
  expression: null,
  references: null,
  deferrable: false,
  usingIndex: null,
  place: { span: [0, 0, 0, 0], hash: "" },
};

/** A constraint at a column. */
export function columnConstraint(
  parts: Partial<ConstraintDefinition> & Pick<ConstraintDefinition, "kind" | "place">,
): ConstraintDefinition {
  return { ...EMPTY, ...parts };
}

/** MySQL lets a constraint have no name: `CONSTRAINT PRIMARY KEY`. */
function constraintName(cursor: TokenCursor): string | null {
  return ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].includes(cursor.word()) ? null : cursor.identifier();
}

function skipMysqlIndexName(cursor: TokenCursor): void {
  if (cursor.accept("USING") && cursor.word() !== "INDEX") cursor.next();
}

function readUnique(
  cursor: TokenCursor,
  name: string | null,
  start: number,
  source: DefinitionSource,
  done: (parts: Partial<ConstraintDefinition> & Pick<ConstraintDefinition, "kind">) => TableElement,
): TableElement {
  if (cursor.accept("NULLS", "NOT", "DISTINCT") || cursor.accept("NULLS", "DISTINCT")) {
    return done({ kind: "unique", ...readKey(cursor) });
  }
  const asIndex = cursor.acceptAny(INDEX_WORDS) !== null;
  const named = !cursor.isSymbol("(") && cursor.word() !== "USING";
  if (!asIndex && !named) return done({ kind: "unique", ...readKey(cursor) });
  const index = readIndexBody(cursor, source, start, { unique: true, method: null });
  return { index: index.name === null ? { ...index, name } : index };
}

function readKey(cursor: TokenCursor): Pick<ConstraintDefinition, "columns" | "usingIndex"> {
  if (cursor.accept("USING", "INDEX")) return { columns: [], usingIndex: cursor.identifier() };
  if (cursor.accept("USING")) cursor.next();
  return { columns: readColumnNames(cursor), usingIndex: null };
}

/** What may follow a constraint; true when it is deferrable. */
function readConstraintOptions(cursor: TokenCursor): boolean {
  let deferrable = false;
  while (!cursor.done && !beginsConstraint(cursor)) {
    if (cursor.accept("NOT", "DEFERRABLE")) deferrable = false;
    else if (cursor.accept("DEFERRABLE")) deferrable = true;
    else if (cursor.accept("INITIALLY", "DEFERRED")) deferrable = true;
    else cursor.skip();
  }
  return deferrable;
}

/** Names in brackets; `(a(10), b DESC)` gives a and b. */
export function readColumnNames(cursor: TokenCursor): readonly string[] {
  const parts = cursor.group()?.parts() ?? [];
  return parts.map((part) => part.identifier()).filter((name) => name !== null);
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: "cascade",
  RESTRICT: "restrict",
  NO: "no-action",
};

/** `REFERENCES t (a) ON DELETE CASCADE …`, its keyword included. */
export function readReference(cursor: TokenCursor): ReferenceDefinition | null {
  if (!cursor.accept("REFERENCES")) return null;
  const table = cursor.name();
  if (!table) return null;
  const columns = readColumnNames(cursor);
  let onDelete: ReferentialAction | null = null;
  let onUpdate: ReferentialAction | null = null;
  for (;;) {
    if (cursor.accept("ON", "DELETE")) onDelete = readAction(cursor);
    else if (cursor.accept("ON", "UPDATE")) onUpdate = readAction(cursor);
    else if (cursor.accept("MATCH")) cursor.next();
    else return { table, columns, onDelete, onUpdate };
  }
}

function readAction(cursor: TokenCursor): ReferentialAction | null {
  if (cursor.accept("SET")) {
    const action = cursor.accept("DEFAULT") ? "set-default" : "set-null";
    cursor.accept("NULL");
    cursor.group();
    return action;
  }
  const action = ACTIONS[cursor.word()] ?? null;
  if (action) cursor.next();
  if (action === "no-action") cursor.accept("ACTION");
  return action;
}

/** `name USING method (parts) INCLUDE (…) WHERE …`; the cursor stands behind INDEX or KEY, or behind the table's name. */
export function readIndexBody(
  cursor: TokenCursor,
  source: DefinitionSource,
  start: number,
  known: { readonly unique: boolean; readonly method: string | null; readonly name?: string | null },
): IndexDefinition {
  let method = known.method;
  const name = known.name ?? (cursor.isSymbol("(") || cursor.word() === "USING" ? null : cursor.identifier());
  if (cursor.accept("USING")) method = (cursor.identifier() ?? "").toLowerCase();
  const parts = (cursor.group()?.parts() ?? []).map(readIndexPart);
  let include: readonly string[] = [];
  let predicate: string | null = null;
  while (!cursor.done) {
    if (cursor.accept("INCLUDE")) include = readColumnNames(cursor);
    else if (cursor.accept("USING")) method = (cursor.identifier() ?? "").toLowerCase();
    else if (cursor.accept("WHERE")) predicate = cursor.rest();
    else cursor.skip();
  }
  return {
    name,
    parts,
    include,
    method,
    unique: known.unique,
    predicate,
    place: source.place(start, cursor.previousEnd),
  };
}

function readIndexPart(part: TokenCursor): IndexPart {
  const start = part.offset;
  const columnToken = part.peek();
  const isName = columnToken?.kind === "word" || columnToken?.kind === "identifier";
  // `lower(email)` is an expression, `name(10)` a prefix of a column.
  const isCall = part.isSymbol("(", 1) && part.peek(2)?.kind !== "number";
  let column: string | null = null;
  if (isName && !isCall && !isOperator(part, 1)) {
    column = part.identifier();
    if (part.isSymbol("(")) part.skip();
  } else {
    while (!part.done && !isAfterExpression(part)) part.skip();
  }
  const expression = column === null ? part.textSince(start) : null;
  const options = readPartOptions(part);
  return { column, expression: expression?.replace(/^\((.*)\)$/s, "$1") ?? null, ...options };
}

function isOperator(part: TokenCursor, ahead: number): boolean {
  const token = part.peek(ahead);
  return token?.kind === "operator" || (token !== null && part.isSymbol(".", ahead));
}

/** A word right behind an operand: an operator class, an order, a collation. */
function isAfterExpression(part: TokenCursor): boolean {
  const token = part.peek();
  const before = part.tokens[part.index - 1];
  if (token?.kind !== "word" && token?.kind !== "identifier") return false;
  return before !== undefined && part.text.charAt(before.end - 1) === ")";
}

function readPartOptions(part: TokenCursor): Pick<IndexPart, "order" | "nulls" | "opclass"> {
  let order: "asc" | "desc" = "asc";
  let nulls: "first" | "last" | null = null;
  let opclass: string | null = null;
  while (!part.done) {
    if (part.accept("DESC")) order = "desc";
    else if (part.accept("ASC")) order = "asc";
    else if (part.accept("COLLATE")) part.name();
    else if (part.accept("NULLS", "FIRST")) nulls = "first";
    else if (part.accept("NULLS", "LAST")) nulls = "last";
    else {
      const name = part.name();
      if (name) opclass = name.name;
      else part.skip();
    }
  }
  return { order, nulls, opclass };
}

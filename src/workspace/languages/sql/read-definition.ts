import { readType } from "./column-type.ts";
import type { Definition, ObjectKind } from "./definition.ts";
import type { DefinitionSource } from "./definition-source.ts";
import { readAlter } from "./read-alter.ts";
import { readIndexBody } from "./read-constraint.ts";
import { readTable } from "./read-table.ts";
import { stringValue } from "./string-value.ts";
import { TokenCursor } from "./token-cursor.ts";
import { type SqlToken, tokenize } from "./tokenize.ts";

const TABLE_MODIFIERS = new Set(["TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "UNLOGGED", "FOREIGN", "VIRTUAL"]);
const DROPPED: Readonly<Record<string, ObjectKind>> = {
  TABLE: "table",
  INDEX: "index",
  TYPE: "type",
  DOMAIN: "type",
  VIEW: "view",
  SCHEMA: "schema",
};

/**
 * What a DDL statement says about tables, columns, indexes and types: PostgreSQL, MySQL and SQLite. Empty for a statement
 * that says nothing about them. A DO block gives what is defined in it, as if its conditions held.
 */
export function readDefinitions(
  text: string,
  tokens: readonly SqlToken[],
  source: DefinitionSource,
): readonly Definition[] {
  const cursor = new TokenCursor(text, tokens);
  if (cursor.isAt("DO")) return readBlock(text, tokens, source);
  if (cursor.isAt("RENAME", "TABLE")) return readRenames(cursor);
  const definition = readOne(cursor, source);
  return definition ? [definition] : [];
}

function readOne(cursor: TokenCursor, source: DefinitionSource): Definition | null {
  const start = cursor.offset;
  switch (cursor.word()) {
    case "CREATE":
      cursor.next();
      return readCreate(cursor, source, start);
    case "ALTER":
      cursor.next();
      return readAlteration(cursor, source);
    case "DROP":
      cursor.next();
      return readDrop(cursor);
    case "COMMENT":
      cursor.next();
      return readComment(cursor);
    case "SET":
      return readSearchPath(cursor);
    case "SELECT":
      // pg_dump: `SELECT pg_catalog.set_config('search_path', '', false)`. It names every table in full.
      return null;
    default:
      return null;
  }
}

function readCreate(cursor: TokenCursor, source: DefinitionSource, start: number): Definition | null {
  cursor.accept("OR", "REPLACE");
  let temporary = false;
  for (
    let word = cursor.acceptAny(TABLE_MODIFIERS);
    word !== null;
    word = cursor.acceptAny(TABLE_MODIFIERS)
  ) {
    temporary ||= word === "TEMP" || word === "TEMPORARY" || word === "VIRTUAL";
  }
  if (cursor.accept("TABLE")) return temporary ? null : readTable(cursor, source);
  const unique = cursor.accept("UNIQUE");
  const method = cursor.isAt("FULLTEXT") || cursor.isAt("SPATIAL") ? cursor.word().toLowerCase() : null;
  if (method) cursor.next();
  if (cursor.accept("INDEX")) return readIndex(cursor, source, start, unique, method);
  if (cursor.accept("TYPE")) return readTypeDefinition(cursor);
  if (cursor.accept("DOMAIN")) return readDomain(cursor, source);
  const materialized = cursor.accept("MATERIALIZED");
  cursor.accept("RECURSIVE");
  while (!materialized && !cursor.done && cursor.index < 12 && !cursor.isAt("VIEW")) cursor.skip();
  if (!cursor.accept("VIEW")) return null;
  cursor.accept("IF", "NOT", "EXISTS");
  const name = cursor.name();
  return name && { k: "view", name, materialized };
}

function readIndex(
  cursor: TokenCursor,
  source: DefinitionSource,
  start: number,
  unique: boolean,
  kind: string | null,
): Definition | null {
  cursor.accept("CONCURRENTLY");
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  // SQLite and MySQL put the schema, if any, before the name of the index.
  const name = cursor.isAt("ON") ? null : (cursor.name()?.name ?? null);
  let method = kind;
  if (cursor.accept("USING")) method = (cursor.identifier() ?? "").toLowerCase();
  if (!cursor.accept("ON")) return null;
  const only = cursor.accept("ONLY");
  const table = cursor.name();
  if (!table) return null;
  const body = readIndexBody(cursor, source, start, { unique, method, name: name ?? "" });
  return { k: "index", table, ifNotExists, only, index: { ...body, name } };
}

function readTypeDefinition(cursor: TokenCursor): Definition | null {
  cursor.accept("IF", "NOT", "EXISTS");
  const name = cursor.name();
  if (!name) return null;
  if (cursor.accept("AS", "ENUM")) {
    return { k: "enum", name, values: (cursor.group()?.parts() ?? []).map(stringOf) };
  }
  return { k: "composite", name };
}

function stringOf(part: TokenCursor): string {
  return stringValue(part.rest());
}

function readDomain(cursor: TokenCursor, source: DefinitionSource): Definition | null {
  const name = cursor.name();
  cursor.accept("AS");
  const type = readType(cursor, source.dialect);
  if (!name || !type) return null;
  return { k: "domain", name, type: type.type, notNull: /\bNOT\s+NULL\b/i.test(cursor.rest()) };
}

function readAlteration(cursor: TokenCursor, source: DefinitionSource): Definition | null {
  cursor.accept("FOREIGN");
  if (cursor.accept("TABLE")) return readAlter(cursor, source);
  if (cursor.accept("TYPE")) return readTypeChange(cursor);
  const kind = DROPPED[cursor.word()];
  if (kind !== "index" && kind !== "view") return null;
  cursor.next();
  cursor.accept("IF", "EXISTS");
  const name = cursor.name();
  if (!name || !cursor.accept("RENAME", "TO")) return null;
  const to = cursor.name();
  return to && { k: "rename", kind, name, to };
}

function readTypeChange(cursor: TokenCursor): Definition | null {
  const name = cursor.name();
  if (!name) return null;
  if (cursor.accept("ADD", "VALUE")) {
    cursor.accept("IF", "NOT", "EXISTS");
    const value = stringToken(cursor);
    const before = cursor.accept("BEFORE");
    const neighbour = before || cursor.accept("AFTER") ? stringToken(cursor) : null;
    if (value === null) return null;
    return { k: "enum-value", name, value, beside: neighbour === null ? null : { value: neighbour, before } };
  }
  if (cursor.accept("RENAME", "VALUE")) {
    const value = stringToken(cursor);
    const to = cursor.accept("TO") ? stringToken(cursor) : null;
    return value === null || to === null ? null : { k: "enum-rename", name, value, to };
  }
  if (!cursor.accept("RENAME", "TO")) return null;
  const to = cursor.name();
  return to && { k: "rename", kind: "type", name, to };
}

function stringToken(cursor: TokenCursor): string | null {
  const token = cursor.peek();
  if (token?.kind !== "string") return null;
  cursor.next();
  return stringValue(cursor.textOf(token));
}

function readDrop(cursor: TokenCursor): Definition | null {
  cursor.accept("MATERIALIZED") || cursor.accept("FOREIGN") || cursor.accept("TEMPORARY");
  const kind = DROPPED[cursor.word()];
  if (!kind) return null;
  cursor.next();
  cursor.accept("CONCURRENTLY");
  cursor.accept("IF", "EXISTS");
  const names = cursor.names();
  const table = kind === "index" && cursor.accept("ON") ? cursor.name() : null;
  const cascade = cursor.accept("CASCADE");
  return names.length > 0 ? { k: "drop", kind, names, table, cascade } : null;
}

function readComment(cursor: TokenCursor): Definition | null {
  if (!cursor.accept("ON")) return null;
  const onColumn = cursor.accept("COLUMN");
  if (!onColumn && !cursor.accept("TABLE")) return null;
  const parts: string[] = [];
  do {
    const part = cursor.identifier();
    if (part === null) return null;
    parts.push(part);
  } while (cursor.acceptSymbol("."));
  const column = onColumn ? (parts.pop() ?? null) : null;
  const name = parts.at(-1);
  if (name === undefined || !cursor.accept("IS")) return null;
  return { k: "comment", table: { schema: parts.at(-2) ?? null, name }, column, text: stringToken(cursor) };
}

function readSearchPath(cursor: TokenCursor): Definition | null {
  cursor.next();
  cursor.accept("LOCAL") || cursor.accept("SESSION");
  if (!cursor.accept("SEARCH_PATH")) return null;
  cursor.accept("TO") || cursor.acceptSymbol("=");
  const token = cursor.next();
  if (!token) return null;
  const schema = token.kind === "string" ? stringValue(cursor.textOf(token)) : cursor.textOf(token);
  return {
    k: "search-path",
    schema: schema === "" || /^(?:default|public|"\$user")$/i.test(schema) ? null : schema,
  };
}

/** MySQL: `RENAME TABLE a TO b, c TO d`. */
function readRenames(cursor: TokenCursor): readonly Definition[] {
  cursor.accept("RENAME", "TABLE");
  const renames: Definition[] = [];
  for (const part of cursor.parts()) {
    const name = part.name();
    const to = part.accept("TO") ? part.name() : null;
    if (name && to) renames.push({ k: "rename", kind: "table", name, to });
  }
  return renames;
}

const BLOCK_EDGES = new Set(["BEGIN", "THEN", "ELSE", "LOOP"]);

/** Definitions written out in the body of a DO block; tools wrap CREATE TYPE and ADD CONSTRAINT in one to make them repeatable. */
function readBlock(
  text: string,
  tokens: readonly SqlToken[],
  source: DefinitionSource,
): readonly Definition[] {
  const body = tokens.find((token) => token.kind === "string" && text.charAt(token.start) === "$");
  if (!body) return [];
  const tagLength = text.indexOf("$", body.start + 1) + 1 - body.start;
  const from = body.start + tagLength;
  // The body is read in place, so that ranges are those of the file.
  const inner = tokenize(text.slice(from, body.end - tagLength), source.dialect).map((token) => ({
    ...token,
    start: token.start + from,
    end: token.end + from,
  }));
  const definitions: Definition[] = [];
  let piece: SqlToken[] = [];
  const flush = () => {
    const definition = piece.length > 0 ? readOne(new TokenCursor(text, piece), source) : null;
    if (definition) definitions.push(definition);
    piece = [];
  };
  for (const token of inner) {
    if (token.kind === "comment") continue;
    const edge = token.kind === "word" && BLOCK_EDGES.has(text.slice(token.start, token.end).toUpperCase());
    if (edge || token.kind === "end") flush();
    else piece.push(token);
  }
  flush();
  return definitions;
}

import type {
  ColumnDefinition,
  ConstraintDefinition,
  IndexDefinition,
  TableDefinition,
} from "./definition.ts";
import type { DefinitionSource } from "./definition-source.ts";
import type { SqlName } from "./identifier.ts";
import { readColumn } from "./read-column.ts";
import { beginsConstraint, isTableElement, readTableElement } from "./read-constraint.ts";
import { stringValue } from "./string-value.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** Reads a CREATE TABLE from behind the word TABLE; null when no name follows. */
export function readTable(cursor: TokenCursor, source: DefinitionSource): TableDefinition | null {
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  const nameStart = cursor.offset;
  const name = cursor.name();
  if (!name) return null;
  const nameSpan = source.place(nameStart, cursor.previousEnd).span;
  const elements = new TableElements(source);
  let partitionOf: SqlName | null = null;
  let fromQuery = false;
  let comment: string | null = null;
  const inherits: SqlName[] = [];
  if (cursor.accept("PARTITION", "OF")) partitionOf = cursor.name();
  else if (cursor.accept("LIKE")) elements.addLike(cursor);
  if (cursor.isSymbol("(")) {
    const inner = cursor.group();
    // `CREATE TABLE t (SELECT …)` is MySQL's way to write it.
    if (inner && (inner.word() === "SELECT" || inner.word() === "WITH")) fromQuery = true;
    else if (inner) for (const part of inner.parts()) elements.add(part);
  }
  while (!cursor.done) {
    if (cursor.accept("INHERITS")) {
      for (const part of cursor.group()?.parts() ?? []) inherits.push(...part.names());
    } else if (cursor.accept("AS") || cursor.word() === "SELECT") {
      fromQuery = true;
      cursor.rest();
    } else if (cursor.accept("COMMENT")) {
      cursor.acceptSymbol("=");
      const token = cursor.next();
      if (token?.kind === "string") comment = stringValue(cursor.textOf(token));
    } else cursor.skip();
  }
  return {
    k: "table",
    name,
    nameSpan,
    ifNotExists,
    columns: elements.columns,
    constraints: elements.constraints,
    indexes: elements.indexes,
    likes: elements.likes,
    inherits,
    partitionOf,
    fromQuery,
    comment,
  };
}

class TableElements {
  readonly columns: ColumnDefinition[] = [];
  readonly constraints: ConstraintDefinition[] = [];
  readonly indexes: IndexDefinition[] = [];
  readonly likes: { table: SqlName; all: boolean }[] = [];
  readonly #source: DefinitionSource;

  constructor(source: DefinitionSource) {
    this.#source = source;
  }

  add(part: TokenCursor): void {
    if (part.word() === "LIKE" && part.peek(1)?.kind !== "punctuation") {
      part.next();
      this.addLike(part);
      return;
    }
    if (!isTableElement(part, this.#source)) {
      const column = readColumn(part, this.#source);
      if (column) this.columns.push(column);
      return;
    }
    const element = readTableElement(part, this.#source);
    if (element && "constraint" in element) this.constraints.push(element.constraint);
    else if (element) this.indexes.push(element.index);
    if (element && beginsConstraint(part)) this.add(part);
  }

  addLike(cursor: TokenCursor): void {
    const table = cursor.name();
    if (table) this.likes.push({ table, all: /\bINCLUDING\s+(?:ALL|INDEXES)\b/i.test(cursor.rest()) });
  }
}

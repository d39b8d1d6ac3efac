import { readType } from "./column-type.ts";
import type { Definition, Place, TableChange } from "./definition.ts";
import type { DefinitionSource } from "./definition-source.ts";
import { readColumn, readExpression } from "./read-column.ts";
import { isTableElement, readTableElement } from "./read-constraint.ts";
import { stringValue } from "./string-value.ts";
import type { TokenCursor } from "./token-cursor.ts";

const NO_CHANGE = new Set(
  `ALGORITHM AUTO_INCREMENT CLUSTER CONVERT DEFAULT DISABLE ENABLE ENGINE FORCE LOCK NO OF OPTIONS ORDER OWNER
   PARTITION REPLICA RESET ROW_FORMAT SET TABLESPACE VALIDATE CHARACTER CHARSET COLLATE`.split(/\s+/),
);

/** Reads an ALTER TABLE from behind the word TABLE; null when no name follows. */
export function readAlter(cursor: TokenCursor, source: DefinitionSource): Definition | null {
  cursor.accept("IF", "EXISTS");
  cursor.accept("ONLY");
  const table = cursor.name();
  if (!table) return null;
  if (cursor.isSymbol("*")) cursor.next();
  const changes: (TableChange & { place: Place })[] = [];
  for (const part of cursor.parts()) {
    const start = part.offset;
    for (const change of readChange(part, source)) {
      changes.push({ ...change, place: source.place(start, part.previousEnd) });
    }
  }
  return { k: "alter", table, changes };
}

function readChange(part: TokenCursor, source: DefinitionSource): readonly TableChange[] {
  const start = part.offset;
  const one = (change: TableChange | null) => [change ?? unknown(part, start)];
  switch (part.word()) {
    case "ADD":
      part.next();
      return readAdd(part, source, start);
    case "DROP":
      part.next();
      return one(readDrop(part));
    case "ALTER":
      part.next();
      return one(readAlterColumn(part, source));
    case "RENAME":
      part.next();
      return one(readRename(part));
    case "MODIFY":
    case "CHANGE":
      return one(readRedefinition(part, source));
    case "SET":
      if (part.accept("SET", "SCHEMA")) {
        const schema = part.identifier();
        return one(schema === null ? null : { k: "set-schema", schema });
      }
      break;
    case "COMMENT": {
      part.next();
      part.acceptSymbol("=");
      const token = part.next();
      return one(
        token?.kind === "string" ? { k: "set-comment", text: stringValue(part.textOf(token)) } : null,
      );
    }
    case "INHERIT": {
      part.next();
      const parent = part.name();
      return one(parent && { k: "inherit", parent });
    }
    case "ATTACH": {
      part.accept("ATTACH", "PARTITION");
      const partition = part.name();
      part.rest();
      return one(partition && { k: "attach-partition", partition });
    }
    default:
      break;
  }
  const known = NO_CHANGE.has(part.word());
  part.rest();
  const text = part.textSince(start);
  return [known ? { k: "option", text } : { k: "unknown", text }];
}

function unknown(part: TokenCursor, start: number): TableChange {
  part.rest();
  return { k: "unknown", text: part.textSince(start) };
}

function readAdd(part: TokenCursor, source: DefinitionSource, start: number): readonly TableChange[] {
  if (!part.accept("COLUMN") && isTableElement(part, source)) {
    const element = readTableElement(part, source);
    if (!element) return [unknown(part, start)];
    return "constraint" in element
      ? [{ k: "add-constraint", constraint: element.constraint }]
      : [{ k: "add-index", index: element.index }];
  }
  const ifNotExists = part.accept("IF", "NOT", "EXISTS");
  // MySQL: `ADD (a int, b int)`.
  const columns = part.isSymbol("(") ? (part.group()?.parts() ?? []) : [part];
  const changes: TableChange[] = [];
  for (const cursor of columns) {
    const column = readColumn(cursor, source);
    if (column) changes.push({ k: "add-column", column, ifNotExists });
  }
  return changes.length > 0 ? changes : [unknown(part, start)];
}

function readDrop(part: TokenCursor): TableChange | null {
  if (part.accept("PRIMARY", "KEY")) return { k: "drop-primary-key" };
  if (part.accept("FOREIGN", "KEY") || part.accept("CONSTRAINT") || part.accept("CHECK")) {
    part.accept("IF", "EXISTS");
    const name = part.identifier();
    part.rest();
    return name === null ? null : { k: "drop-constraint", name };
  }
  if ((part.isAt("INDEX") || part.isAt("KEY")) && part.peek(1) !== null) {
    part.next();
    part.accept("IF", "EXISTS");
    const name = part.identifier();
    return name === null ? null : { k: "drop-index", name };
  }
  if (part.isAt("PARTITION")) return null;
  part.accept("COLUMN");
  part.accept("IF", "EXISTS");
  const name = part.identifier();
  part.rest();
  return name === null ? null : { k: "drop-column", name };
}

function readAlterColumn(part: TokenCursor, source: DefinitionSource): TableChange | null {
  const start = part.offset;
  if (part.accept("INDEX") || part.accept("CONSTRAINT") || part.accept("CHECK")) {
    part.rest();
    return { k: "option", text: part.textSince(start) };
  }
  part.accept("COLUMN");
  const name = part.identifier();
  if (name === null) return null;
  if (part.accept("SET", "DATA", "TYPE") || part.accept("TYPE")) {
    const type = readType(part, source.dialect);
    part.rest();
    return type && { k: "set-type", name, type: type.type };
  }
  if (part.accept("SET", "NOT", "NULL")) return { k: "set-nullable", name, nullable: false };
  if (part.accept("DROP", "NOT", "NULL")) return { k: "set-nullable", name, nullable: true };
  if (part.accept("SET", "DEFAULT")) return { k: "set-default", name, default: readExpression(part) };
  if (part.accept("DROP", "DEFAULT")) return { k: "set-default", name, default: null };
  if (part.accept("DROP", "IDENTITY")) return { k: "set-numbered", name, numbered: false };
  if (part.accept("DROP", "EXPRESSION")) return { k: "drop-expression", name };
  const numbered = part.accept("ADD", "GENERATED");
  part.rest();
  return numbered ? { k: "set-numbered", name, numbered } : { k: "option", text: part.textSince(start) };
}

function readRename(part: TokenCursor): TableChange | null {
  if (part.accept("TO") || part.accept("AS")) {
    const to = part.name();
    return to && { k: "rename-table", to };
  }
  const kind = part.isAt("CONSTRAINT") || part.isAt("INDEX") || part.isAt("KEY") ? part.word() : "COLUMN";
  const named = part.word(1) !== "TO" && part.accept(kind);
  const name = part.identifier();
  if (name === null || !part.accept("TO")) {
    // MySQL: `RENAME new_name`.
    return name !== null && !named && part.done ? { k: "rename-table", to: { schema: null, name } } : null;
  }
  const to = part.identifier();
  if (to === null) return null;
  if (!named || kind === "COLUMN") return { k: "rename-column", name, to };
  return kind === "CONSTRAINT" ? { k: "rename-constraint", name, to } : { k: "rename-index", name, to };
}

function readRedefinition(part: TokenCursor, source: DefinitionSource): TableChange | null {
  const changes = part.word() === "CHANGE";
  part.next();
  part.accept("COLUMN");
  const name = changes ? part.identifier() : null;
  const column = readColumn(part, source);
  return column && { k: "redefine", name: name ?? column.name, column };
}

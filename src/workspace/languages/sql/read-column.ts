import { NO_TYPE, readType } from "./column-type.ts";
import type { ColumnDefinition, ConstraintDefinition } from "./definition.ts";
import type { DefinitionSource } from "./definition-source.ts";
import { columnConstraint, readReference } from "./read-constraint.ts";
import { stringValue } from "./string-value.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** Words that end a type or a default value and begin the next clause of a column. */
const CLAUSES = new Set(
  `AFTER AS AUTOINCREMENT AUTO_INCREMENT CHECK COLLATE COLUMN_FORMAT COMMENT COMPRESSION CONSTRAINT DEFAULT DEFERRABLE
   ENCODE FIRST GENERATED INITIALLY INVISIBLE KEY NOT NULL ON PRIMARY REFERENCES STORAGE STORED UNIQUE USING VIRTUAL
   VISIBLE`.split(/\s+/),
);

type Draft = { -readonly [Key in keyof ColumnDefinition]: ColumnDefinition[Key] };

/** Reads `name type clauses…` up to the end of the cursor; null when there is no name. */
export function readColumn(cursor: TokenCursor, source: DefinitionSource): ColumnDefinition | null {
  const start = cursor.offset;
  const name = cursor.identifier();
  if (name === null) return null;
  const { type, numbered } =
    (CLAUSES.has(cursor.word()) ? null : readType(cursor, source.dialect)) ?? NO_TYPE;
  const constraints: ConstraintDefinition[] = [];
  const draft: Draft = {
    name,
    type,
    notNull: numbered,
    default: null,
    primaryKey: false,
    unique: false,
    numbered,
    generated: null,
    constraints,
    comment: null,
    place: { span: [0, 0, 0, 0], hash: "" },
  };
  let constraint: string | null = null;
  while (!cursor.done) {
    if (cursor.accept("CONSTRAINT")) constraint = cursor.identifier();
    else {
      readClause(cursor, source, draft, constraints, constraint);
      constraint = null;
    }
  }
  return { ...draft, place: source.place(start, cursor.previousEnd) };
}

function readClause(
  cursor: TokenCursor,
  source: DefinitionSource,
  draft: Draft,
  constraints: ConstraintDefinition[],
  name: string | null,
): void {
  const start = cursor.offset;
  const add = (parts: Partial<ConstraintDefinition> & Pick<ConstraintDefinition, "kind">) =>
    constraints.push(
      columnConstraint({
        name,
        columns: [draft.name],
        ...parts,
        place: source.place(start, cursor.previousEnd),
      }),
    );
  switch (cursor.word()) {
    case "NOT":
      cursor.next();
      if (cursor.accept("NULL")) draft.notNull = true;
      else if (cursor.accept("DEFERRABLE")) return;
      return;
    case "NULL":
      cursor.next();
      draft.notNull = false;
      return;
    case "DEFAULT":
      cursor.next();
      draft.default = readExpression(cursor);
      return;
    case "PRIMARY":
      cursor.next();
      cursor.accept("KEY");
      draft.primaryKey = true;
      draft.notNull = true;
      add({ kind: "primary-key" });
      return;
    case "UNIQUE":
      cursor.next();
      cursor.accept("KEY");
      draft.unique = true;
      add({ kind: "unique" });
      return;
    // MySQL: `KEY` alone at a column means primary key.
    case "KEY":
      cursor.next();
      draft.primaryKey = true;
      draft.notNull = true;
      add({ kind: "primary-key" });
      return;
    case "CHECK": {
      cursor.next();
      const expression = cursor.group()?.rest() ?? null;
      add({ kind: "check", expression });
      return;
    }
    case "REFERENCES": {
      const references = readReference(cursor);
      if (!references) cursor.next();
      else add({ kind: "foreign-key", references });
      return;
    }
    case "DEFERRABLE":
    case "INITIALLY": {
      cursor.next();
      const last = constraints.pop();
      if (last) constraints.push({ ...last, deferrable: true });
      return;
    }
    case "AUTOINCREMENT":
    case "AUTO_INCREMENT":
      cursor.next();
      draft.numbered = true;
      return;
    case "GENERATED":
    case "AS":
      readGenerated(cursor, draft);
      return;
    case "COMMENT": {
      cursor.next();
      const token = cursor.next();
      if (token?.kind === "string") draft.comment = stringValue(cursor.textOf(token));
      return;
    }
    case "COLLATE":
      cursor.next();
      cursor.name();
      return;
    case "ON":
      cursor.next();
      if (cursor.accept("UPDATE")) readExpression(cursor);
      return;
    // SQLite: `PRIMARY KEY DESC ON CONFLICT …`; MySQL: position and storage of the column. None changes what is told here.
    default:
      cursor.skip();
  }
}

function readGenerated(cursor: TokenCursor, draft: Draft): void {
  if (cursor.accept("GENERATED")) cursor.accept("ALWAYS") || cursor.accept("BY", "DEFAULT");
  cursor.accept("ON", "NULL");
  cursor.accept("AS");
  if (cursor.accept("IDENTITY")) {
    draft.numbered = true;
    draft.notNull = true;
    cursor.group();
    return;
  }
  const expression = cursor.group();
  if (expression) draft.generated = expression.rest();
}

/** An expression up to the next clause of a column, as written. */
export function readExpression(cursor: TokenCursor): string {
  const start = cursor.offset;
  cursor.skip();
  while (!cursor.done && !CLAUSES.has(cursor.word())) cursor.skip();
  return cursor.textSince(start);
}

import type { FieldType } from "../../ir/model.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { NO_TYPE, readType } from "./column-type.ts";
import { TokenCursor } from "./token-cursor.ts";
import { tokenize } from "./tokenize.ts";

/** The type that a piece of SQL names, in the words of the dialect: `numeric(10,2)`, `timestamp with time zone`. */
export function typeOfText(text: string, dialect: SqlDialect): FieldType {
  return readType(new TokenCursor(text, tokenize(text, dialect)), dialect)?.type ?? NO_TYPE.type;
}

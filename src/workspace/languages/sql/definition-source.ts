import type { SqlDialect } from "../../ir/query.ts";
import type { Place } from "./definition.ts";

/** What the readers of definitions know of the file. */
export interface DefinitionSource {
  readonly dialect: SqlDialect;
  /** Range and hash of the text between two offsets. */
  place(start: number, end: number): Place;
}

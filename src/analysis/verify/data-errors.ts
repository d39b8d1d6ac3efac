import type { SqlError } from "../../database/lab.ts";
import type { StructureItem } from "./schema-structure.ts";

/** Rows are to blame: they break a constraint, or hold a value that cannot be changed as it is asked. */
export function isDataError({ sqlState }: SqlError): boolean {
  return /^2[23]/.test(sqlState);
}

/** The column that must have values and that was added without; null for another error. `before`: what was there. */
export function addedAndEmpty(
  { sqlState, message }: SqlError,
  before: readonly StructureItem[],
): string | null {
  if (sqlState !== "23502") return null;
  const [, column, table] = /^column "(.+)" of relation "(.+)" contains null values$/.exec(message) ?? [];
  if (column === undefined || table === undefined) return null;
  const isOld = before.some(({ what }) => what.startsWith(`column ${table}.${column} `));
  return isOld ? null : `${table}.${column}`;
}

import type { messages } from "@electric-sql/pglite";
import type { SqlError } from "../lab.ts";
import { utf16FromCodePoints } from "../sql/text-offsets.ts";

/** An error of PostgreSQL about `sql`. `prefix`: characters that were put before it and that the position counts. */
export function sqlErrorOf(error: messages.DatabaseError, sql: string, prefix = 0): SqlError {
  const position = Number(error.position) - prefix;
  return {
    sqlState: error.code ?? "XX000",
    message: error.message,
    position: position > 0 ? utf16FromCodePoints(sql, position - 1) : null,
    detail: error.detail ?? null,
    hint: error.hint ?? null,
  };
}

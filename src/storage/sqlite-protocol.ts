import type { SQLInputValue, SQLOutputValue } from "node:sqlite";

/** What can be bound to a `?`. Booleans and dates are the caller's to encode. */
export type SqliteValue = SQLInputValue;
/** Integers beyond 2^53 do not come back as numbers: select them as text. */
export type SqliteRow = Readonly<Record<string, SQLOutputValue>>;

export interface SqliteStatement {
  readonly sql: string;
  readonly params?: readonly SqliteValue[];
}

export interface SqliteChange {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/**
 * Rows of one statement, as lists of values in the order of the columns. Integers that are no exact number come as text,
 * bytes as hexadecimal text.
 */
export interface SqliteRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** True when there were more than were asked for. */
  readonly more: boolean;
  /** Rows that the statement changed, for one that changes some. */
  readonly changes: number;
}

/**
 * `owner`: a file of ours, made when it is not there. `guest-*`: somebody else's, which must be there and whose settings
 * stay as they are.
 */
export type SqliteAccess = "owner" | "guest-read" | "guest-write";

/** What the client asks of the worker; `id` returns with the answer. */
export type SqliteRequest = { readonly id: number } & (
  | { readonly type: "open"; readonly path: string; readonly as?: SqliteAccess }
  | { readonly type: "run"; readonly statement: SqliteStatement }
  | { readonly type: "all"; readonly statement: SqliteStatement }
  | { readonly type: "rows"; readonly statement: SqliteStatement; readonly limit: number }
  | { readonly type: "transaction"; readonly statements: readonly SqliteStatement[] }
  | { readonly type: "close" }
);

/** An error as SQLite names it. `errcode` is its extended result code, null when the error is not SQLite's. */
export interface SqliteFailure {
  readonly errcode: number | null;
  readonly message: string;
}

export type SqliteAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: SqliteFailure };

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

/** What the client asks of the worker; `id` returns with the answer. */
export type SqliteRequest = { readonly id: number } & (
  | { readonly type: "open"; readonly path: string }
  | { readonly type: "run"; readonly statement: SqliteStatement }
  | { readonly type: "all"; readonly statement: SqliteStatement }
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

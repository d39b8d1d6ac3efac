import { AksaraError } from "../../errors.ts";

/** A value as it crosses the border of a database: what has no exact form in JSON comes as text. */
export type DataValue =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown };

export interface DataRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly DataValue[])[];
  /** True when there were more than were asked for. */
  readonly more: boolean;
  /** Rows that the statement changed. */
  readonly changes: number;
}

export interface DataColumn {
  readonly name: string;
  /** As the database writes it: `character varying(200)`, `jsonb`. */
  readonly type: string;
  readonly nullable: boolean;
}

/** A table of the database itself, found by what somebody called it. */
export interface DataTable {
  /** `orders`, `audit.log`. */
  readonly name: string;
  /** As it stands in SQL. */
  readonly quoted: string;
  readonly isView: boolean;
  readonly columns: readonly DataColumn[];
  readonly primaryKey: readonly string[];
  /** What changing rows of it does elsewhere, for people: `deletes rows of order_lines with them`. */
  readonly deleteEffects: readonly string[];
  /** Names of triggers that people wrote. */
  readonly triggers: readonly string[];
}

/** Statements inside of one transaction. */
export interface DataTransaction {
  /** One statement; parameters are `$1` … in PostgreSQL, `?` in SQLite. */
  ask(sql: string, parameters: readonly DataValue[], limit: number): Promise<DataRows>;
}

/**
 * A connection to a person's own database, for rows. Statements that the database rejects throw TOOL_INPUT_INVALID with
 * its own words; others NO_DATABASE, TIMEOUT, CANCELLED, TOOL_FAILED. No error holds the password. Port.
 */
export interface DataConnection {
  readonly dialect: "postgresql" | "sqlite";
  /** `PostgreSQL at localhost:5432/shop`, without user and password. */
  readonly place: string;
  /** Null when there is no such table. */
  table(name: string): Promise<DataTable | null>;
  /** Names of all tables and views, for people who have mistyped one. */
  tableNames(): Promise<readonly string[]>;
  /** Rows of one query, in a transaction that can only read. */
  read(sql: string, parameters: readonly DataValue[], limit: number): Promise<DataRows>;
  /**
   * All of what `work` does, or, when it throws, nothing.
   * @throws EffectUnknown when the connection broke while everything was being made final
   */
  change<Result>(work: (transaction: DataTransaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** How a dialect writes the `n`th parameter of a type. */
export function placeholder(dialect: DataConnection["dialect"], n: number, type: string | null): string {
  if (dialect === "sqlite") return "?";
  return type === null ? `$${n}` : `$${n}::${type}`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A change of which nobody knows whether it was made: the connection broke at the worst moment. Never to be repeated. */
export class EffectUnknown extends AksaraError {
  constructor(message: string, cause: unknown) {
    super("TOOL_FAILED", message, { cause });
  }
}

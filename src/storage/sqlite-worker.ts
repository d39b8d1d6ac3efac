import { existsSync } from "node:fs";
import type { StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import { parentPort } from "node:worker_threads";
import type {
  SqliteAccess,
  SqliteAnswer,
  SqliteChange,
  SqliteFailure,
  SqliteRequest,
  SqliteRow,
  SqliteRows,
  SqliteStatement,
} from "./sqlite-protocol.ts";

/** How long a statement waits, in milliseconds, for another window that holds the file. Only this thread waits. */
const BUSY_TIMEOUT = 5_000;
const PREPARED_KEPT = 100;

let database: DatabaseSync | null = null;
const prepared = new Map<string, StatementSync>();

// A thread for what is kept; a process for what may never end, since SQLite cannot be stopped from outside its thread.
if (parentPort !== null) {
  parentPort.on("message", (request: SqliteRequest) => parentPort?.postMessage(answer(request)));
} else {
  process.on("message", (request: SqliteRequest) => process.send?.(answer(request)));
  process.on("disconnect", () => process.exit(0));
}

function answer(request: SqliteRequest): SqliteAnswer {
  try {
    return { id: request.id, ok: true, value: execute(request) };
  } catch (error) {
    return { id: request.id, ok: false, failure: failureOf(error) };
  }
}

function execute(request: SqliteRequest): SqliteChange | SqliteRow[] | SqliteRows | SqliteChange[] | null {
  switch (request.type) {
    case "open":
      if (request.as === undefined || request.as === "owner") open(request.path);
      else openAsGuest(request.path, request.as);
      return null;
    case "run":
      return run(request.statement);
    case "all":
      return prepare(request.statement.sql).all(...(request.statement.params ?? []));
    case "rows":
      return rowsOf(request.statement, request.limit);
    case "transaction":
      return runTogether(request.statements);
    case "close":
      prepared.clear();
      database?.close();
      database = null;
      return null;
  }
}

function open(path: string): void {
  const opening = new DatabaseSync(path);
  try {
    opening.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    // In WAL a commit survives a crash of the process without an fsync each; only losing power may undo the last ones.
    opening.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    database = opening;
  } catch (error) {
    opening.close();
    throw error;
  }
}

function openAsGuest(path: string, as: SqliteAccess): void {
  if (!existsSync(path)) throw new Error("unable to open database file: there is none");
  const opening = new DatabaseSync(path, { readOnly: as === "guest-read" });
  try {
    opening.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA foreign_keys = ON`);
    // The header is read now, so that a file that is no database says so here.
    opening.prepare("SELECT count(*) FROM sqlite_schema").get();
    database = opening;
  } catch (error) {
    opening.close();
    throw error;
  }
}

function rowsOf({ sql, params = [] }: SqliteStatement, limit: number): SqliteRows {
  if (database === null) throw new Error("The database is closed.");
  // Not kept: a schema may change under it, and `*` would still mean the columns of before.
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  const columns = statement.columns().map(({ name }) => name);
  if (columns.length === 0) {
    const { changes } = statement.run(...params);
    return { columns: [], rows: [], more: false, changes: Number(changes) };
  }
  const rows: (readonly (string | number | null)[])[] = [];
  let more = false;
  statement.setReturnArrays(true);
  for (const row of statement.iterate(...params) as unknown as Iterable<readonly unknown[]>) {
    if (rows.length >= limit) {
      more = true;
      break;
    }
    rows.push(row.map(plainValue));
  }
  return { columns, rows, more, changes: 0 };
}

function plainValue(value: unknown): string | number | null {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return typeof value === "number" || typeof value === "string" ? value : null;
}

function run(statement: SqliteStatement): SqliteChange {
  const { changes, lastInsertRowid } = prepare(statement.sql).run(...(statement.params ?? []));
  return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
}

function runTogether(statements: readonly SqliteStatement[]): SqliteChange[] {
  prepare("BEGIN IMMEDIATE").run();
  try {
    const changes = statements.map(run);
    prepare("COMMIT").run();
    return changes;
  } catch (error) {
    if (database?.isTransaction) prepare("ROLLBACK").run();
    throw error;
  }
}

function prepare(sql: string): StatementSync {
  if (database === null) throw new Error("The database is closed.");
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  if (prepared.size >= PREPARED_KEPT) prepared.clear();
  const statement = database.prepare(sql);
  prepared.set(sql, statement);
  return statement;
}

function failureOf(error: unknown): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : null;
  return { errcode, message };
}

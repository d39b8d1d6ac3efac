import type { StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import { parentPort } from "node:worker_threads";
import type {
  SqliteAnswer,
  SqliteChange,
  SqliteFailure,
  SqliteRequest,
  SqliteRow,
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

function execute(request: SqliteRequest): SqliteChange | SqliteRow[] | SqliteChange[] | null {
  switch (request.type) {
    case "open":
      open(request.path);
      return null;
    case "run":
      return run(request.statement);
    case "all":
      return prepare(request.statement.sql).all(...(request.statement.params ?? []));
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

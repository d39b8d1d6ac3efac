import { AksaraError, isAksaraError } from "../errors.ts";
import { type SqliteHost, sqliteProcess, sqliteThread } from "./sqlite-host.ts";
import type {
  SqliteAccess,
  SqliteAnswer,
  SqliteChange,
  SqliteFailure,
  SqliteRequest,
  SqliteRow,
  SqliteRows,
  SqliteStatement,
  SqliteValue,
} from "./sqlite-protocol.ts";

type RequestBody = SqliteRequest extends infer Request
  ? Request extends SqliteRequest
    ? Omit<Request, "id">
    : never
  : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AksaraError) => void;
}

/**
 * One SQLite file, served by a thread of its own: node:sqlite is synchronous, and waits up to five seconds for another
 * process that writes. Requests are served in the order they are made.
 *
 * Throws STORE_UNAVAILABLE when the file cannot be used (locked, full, read-only, damaged) or the thread is gone, and
 * RUNTIME_ERROR for a statement that is wrong; see `isConstraintViolation` for one that the data forbids.
 */
export class SqliteDatabase {
  readonly #worker: SqliteHost;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: AksaraError | null = null;

  private constructor(host: SqliteHost) {
    this.#worker = host;
    host.onAnswer((answer) => this.#receive(answer));
    host.onEnd((error) =>
      this.#end(
        error === null
          ? unavailable("The storage thread has ended.")
          : unavailable(`The storage thread failed: ${error.message}`, error),
      ),
    );
  }

  /** Opens or creates the file at `path` (`:memory:` for none). `workerFile`: absolute path of the worker's entry file. */
  static async open(path: string, workerFile: string): Promise<SqliteDatabase> {
    return await SqliteDatabase.#openIn(sqliteThread(workerFile), path);
  }

  /**
   * The same in a process of its own, which `destroy` ends in the middle of any statement: a thread cannot be ended
   * while SQLite is at work in it.
   */
  static async openInProcess(
    path: string,
    workerFile: string,
    as: SqliteAccess = "owner",
  ): Promise<SqliteDatabase> {
    return await SqliteDatabase.#openIn(sqliteProcess(workerFile), path, as);
  }

  static async #openIn(host: SqliteHost, path: string, as: SqliteAccess = "owner"): Promise<SqliteDatabase> {
    const database = new SqliteDatabase(host);
    try {
      await database.#ask({ type: "open", path, as });
      return database;
    } catch (error) {
      await database.#terminate();
      throw error;
    }
  }

  /** The thread or process that serves; the caller's own has another number. */
  get threadId(): number {
    return this.#worker.id;
  }

  /** Runs one statement that changes something. Parameters bind to `?`. */
  async run(sql: string, params: readonly SqliteValue[] = []): Promise<SqliteChange> {
    return (await this.#ask({ type: "run", statement: { sql, params } })) as SqliteChange;
  }

  /** All rows of one statement, as objects by column name. */
  async all(sql: string, params: readonly SqliteValue[] = []): Promise<SqliteRow[]> {
    return (await this.#ask({ type: "all", statement: { sql, params } })) as SqliteRow[];
  }

  /** At most `limit` rows of one statement; of one that changes something, also how much. */
  async rows(sql: string, params: readonly SqliteValue[], limit: number): Promise<SqliteRows> {
    return (await this.#ask({ type: "rows", statement: { sql, params }, limit })) as SqliteRows;
  }

  /** Runs all statements or none; requests of others do not come in between. */
  async transaction(statements: readonly SqliteStatement[]): Promise<SqliteChange[]> {
    return (await this.#ask({ type: "transaction", statements })) as SqliteChange[];
  }

  /** Closes the file after the requests already made. Closing twice is allowed; later requests fail. */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    const closed = this.#ask({ type: "close" });
    this.#ended = unavailable("The store is closed.");
    await closed;
    await this.#terminate();
  }

  /** Ends the host at once; open requests fail. For databases whose content does not matter. */
  async destroy(): Promise<void> {
    await this.#terminate();
  }

  #ask(body: RequestBody): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // A thread at rest does not keep a command line from ending.
      this.#worker.ref();
      this.#worker.send({ ...body, id });
    });
  }

  #receive(answer: SqliteAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (answer.ok) pending?.resolve(answer.value);
    else pending?.reject(errorOf(answer.failure));
  }

  /** Waits for the end, also in a process that has nothing else left to do. */
  async #terminate(): Promise<void> {
    this.#worker.ref();
    await this.#worker.end();
  }

  #end(reason: AksaraError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }
}

/** Whether the data forbid a statement: a duplicate key, a missing parent, a failed check. */
export function isConstraintViolation(error: unknown): boolean {
  if (!isAksaraError(error) || typeof error.cause !== "object" || error.cause === null) return false;
  return "errcode" in error.cause && primaryCode(error.cause.errcode) === CONSTRAINT;
}

const CONSTRAINT = 19;

/** Primary result codes of SQLite that are about the file or the machine, not about the statement. */
const FILE_TROUBLE = new Map<number, string>([
  [5, "Another process holds the file for writing. Close other windows that use it, then try again."],
  [6, "Another connection holds a table. Try again."],
  [7, "There is not enough memory."],
  [8, "The file or its folder is read-only."],
  [10, "The disk cannot be read or written."],
  [11, "The file is damaged. Move it away to start with an empty one."],
  [13, "The disk is full."],
  [14, "The folder does not exist or may not be written."],
  [26, "The file is not a SQLite database. Move it away to start with an empty one."],
]);

function primaryCode(errcode: unknown): number | null {
  return typeof errcode === "number" ? errcode & 0xff : null;
}

function errorOf(failure: SqliteFailure): AksaraError {
  const hint = FILE_TROUBLE.get(primaryCode(failure.errcode) ?? 0);
  if (hint === undefined)
    return new AksaraError("RUNTIME_ERROR", `SQLite: ${failure.message}`, { cause: failure });
  return new AksaraError("STORE_UNAVAILABLE", `SQLite: ${failure.message}`, { hint, cause: failure });
}

function unavailable(message: string, cause?: unknown): AksaraError {
  return new AksaraError("STORE_UNAVAILABLE", message, { hint: "Open it again.", cause });
}

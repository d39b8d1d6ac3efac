import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { AksaraError } from "../errors.ts";
import { fileBlobs } from "./file-blobs.ts";
import { JsonlLogs } from "./jsonl-logs.ts";
import { SqliteDatabase } from "./sqlite.ts";
import type { SqliteRow, SqliteStatement } from "./sqlite-protocol.ts";
import type { Blobs, KeyValues, Lease, Leases, Logs, Store, StoredValue } from "./store.ts";

export interface SqliteStoreOptions {
  /** Made when it is not there; readable by its owner alone. */
  readonly folder: string;
  /** Absolute path of the SQLite worker's entry file. */
  readonly workerFile: string;
  /** Milliseconds since 1970; the system's when absent. */
  readonly now?: () => number;
}

const SCHEMA: readonly SqliteStatement[] = [
  {
    sql: "CREATE TABLE IF NOT EXISTS stored_values (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (space, key)) WITHOUT ROWID",
  },
  {
    sql: "CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
  },
];

/**
 * A folder on this machine: values and leases in SQLite, logs as lines of JSON, contents as files. Several processes
 * may share it. A lease of a process of this machine that has died is free at once.
 */
export class SqliteStore implements Store {
  readonly kind = "sqlite";
  readonly values: KeyValues;
  readonly logs: Logs;
  readonly leases: Leases;
  readonly blobs: Blobs;
  readonly #database: SqliteDatabase;
  readonly #jsonl: JsonlLogs;
  #closed = false;

  private constructor(database: SqliteDatabase, options: SqliteStoreOptions) {
    this.#database = database;
    this.#jsonl = new JsonlLogs(join(options.folder, "journals"));
    this.logs = this.#jsonl;
    this.values = sqliteValues(database);
    this.leases = sqliteLeases(database, options.now ?? Date.now);
    this.blobs = fileBlobs(join(options.folder, "contents"), () => {
      if (this.#closed) throw new AksaraError("STORE_UNAVAILABLE", "The store is closed.");
    });
  }

  /** @throws STORE_UNAVAILABLE */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
      throw new AksaraError("STORE_UNAVAILABLE", `The store's folder cannot be made: ${error.message}`, {
        cause: error,
      });
    });
    const database = await SqliteDatabase.open(join(options.folder, "store.db"), options.workerFile);
    try {
      await database.transaction(SCHEMA);
    } catch (error) {
      await database.close();
      throw error;
    }
    return new SqliteStore(database, options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([this.#jsonl.close(), this.#database.close()]);
  }
}

function sqliteValues(database: SqliteDatabase): KeyValues {
  return {
    get: async (space, key) => {
      const rows = await database.all(
        "SELECT key, value, version FROM stored_values WHERE space = ? AND key = ?",
        [space, key],
      );
      return rows[0] ? storedValue(rows[0]) : null;
    },
    set: async (space, key, value, ifVersion) => {
      const text = JSON.stringify(value);
      const [row] =
        ifVersion === 0
          ? await database.all(
              "INSERT INTO stored_values (space, key, value, version) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING RETURNING version",
              [space, key, text],
            )
          : ifVersion === undefined
            ? await database.all(
                "INSERT INTO stored_values (space, key, value, version) VALUES (?, ?, ?, 1) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, version = version + 1 RETURNING version",
                [space, key, text],
              )
            : await database.all(
                "UPDATE stored_values SET value = ?, version = version + 1 WHERE space = ? AND key = ? AND version = ? RETURNING version",
                [text, space, key, ifVersion],
              );
      return row ? Number(row.version) : null;
    },
    delete: async (space, key) => {
      const { changes } = await database.run("DELETE FROM stored_values WHERE space = ? AND key = ?", [
        space,
        key,
      ]);
      return changes > 0;
    },
    list: async (space, { prefix = "", after, limit } = {}) => {
      const rows = await database.all(
        "SELECT key, value, version FROM stored_values WHERE space = ? AND substr(key, 1, ?) = ? AND (? IS NULL OR key > ?) ORDER BY key LIMIT ?",
        [space, [...prefix].length, prefix, after ?? null, after ?? null, limit ?? -1],
      );
      return rows.map(storedValue);
    },
  };
}

function storedValue(row: SqliteRow): StoredValue {
  return { key: String(row.key), value: JSON.parse(String(row.value)), version: Number(row.version) };
}

function sqliteLeases(database: SqliteDatabase, now: () => number): Leases {
  const find = async (name: string): Promise<Lease | null> => {
    const [row] = await database.all("SELECT name, holder, token, expires_at FROM leases WHERE name = ?", [
      name,
    ]);
    return row ? leaseOf(row) : null;
  };
  const isFree = (lease: Lease | null) => !lease || lease.expiresAt <= now() || isDead(lease.holder);
  return {
    acquire: async (name, holder, milliseconds) => {
      const current = await find(name);
      const dead = current && isDead(current.holder) ? current.holder : null;
      const stamped = stampedHolder(holder);
      const expires = now() + milliseconds;
      const [row] = await database.all(
        `INSERT INTO leases (name, holder, token, expires_at) VALUES (?, ?, 1, ?)
         ON CONFLICT (name) DO UPDATE SET
           token = CASE WHEN holder = excluded.holder AND expires_at > ? THEN token ELSE token + 1 END,
           holder = excluded.holder, expires_at = excluded.expires_at
         WHERE holder = excluded.holder OR expires_at <= ? OR holder = ?
         RETURNING name, holder, token, expires_at`,
        [name, stamped, expires, now(), now(), dead],
      );
      return row ? { ...leaseOf(row), holder } : null;
    },
    renew: async (lease, milliseconds) => {
      const [row] = await database.all(
        "UPDATE leases SET expires_at = ? WHERE name = ? AND token = ? AND holder = ? AND expires_at > ? RETURNING name, holder, token, expires_at",
        [now() + milliseconds, lease.name, lease.token, stampedHolder(lease.holder), now()],
      );
      return row ? { ...leaseOf(row), holder: lease.holder } : null;
    },
    release: async (lease) => {
      await database.run("UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ? AND holder = ?", [
        lease.name,
        lease.token,
        stampedHolder(lease.holder),
      ]);
    },
    holderOf: async (name) => {
      const lease = await find(name);
      if (!lease || isFree(lease)) return null;
      return { ...lease, holder: lease.holder.replace(/^[^ ]+ \d+ /, "") };
    },
  };
}

function leaseOf(row: SqliteRow): Lease {
  return {
    name: String(row.name),
    holder: String(row.holder),
    token: Number(row.token),
    expiresAt: Number(row.expires_at),
  };
}

const HOST = hostname().replaceAll(" ", "-") || "host";

/** A holder with the machine and the process it lives in. */
function stampedHolder(holder: string): string {
  return `${HOST} ${process.pid} ${holder}`;
}

/** Whether a holder is a process of this machine that has ended. One elsewhere is given its time. */
function isDead(stamped: string): boolean {
  const [host, pid] = stamped.split(" ");
  if (host !== HOST) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

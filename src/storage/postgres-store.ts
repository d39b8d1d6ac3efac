import { createHash, randomUUID } from "node:crypto";
import { AksaraError } from "../errors.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import { POSTGRES_SCHEMA } from "./postgres-schema.ts";
import { holderOf, stampedHolder } from "./shared-holder.ts";
import type { Blobs, KeyValues, Lease, Leases, Logs, Store, StoredValue } from "./store.ts";
import { LostConnection, logConflict } from "./store-rules.ts";

export interface SharedStoreOptions {
  /** Never repeated in an error. */
  readonly url: string;
  /** Stores of other namespaces on the same server do not see each other. */
  readonly namespace: string;
  /** Milliseconds by which the server's clock is taken to be ahead; for tests. */
  readonly ahead?: () => number;
}

type Row = Readonly<Record<string, unknown>>;
type Ask = (sql: string, params: readonly unknown[]) => Promise<readonly Row[]>;

/**
 * A PostgreSQL database that several processes and machines may share. Time is the server's, so that clocks which differ
 * do not give a lease to two. The lease of a process that died is free when its time is over.
 */
export class PostgresStore implements Store {
  readonly kind = "postgres";
  readonly values: KeyValues;
  readonly logs: Logs;
  readonly leases: Leases;
  readonly blobs: Blobs;
  readonly #connection: PostgresConnection;

  private constructor(connection: PostgresConnection, { namespace, ahead }: SharedStoreOptions) {
    this.#connection = connection;
    const ask: Ask = async (sql, params) => (await connection.query(sql, [namespace, ...params])).rows;
    this.values = postgresValues(ask);
    this.logs = postgresLogs(ask);
    this.leases = postgresLeases(ask, ahead ?? (() => 0));
    this.blobs = postgresBlobs(ask);
  }

  /** Makes its tables, in a schema "aksara", where they are not there. @throws STORE_UNAVAILABLE, SPEC_INVALID */
  static async open(options: SharedStoreOptions): Promise<PostgresStore> {
    const connection = await PostgresConnection.open(options.url);
    try {
      // Who may only use the tables that an administrator made does not have to be able to make them.
      const { rows } = await connection.query("SELECT to_regclass('aksara.contents') IS NOT NULL AS there");
      if (rows[0]?.there !== true) await connection.query(POSTGRES_SCHEMA);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return new PostgresStore(connection, options);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

function postgresValues(ask: Ask): KeyValues {
  return {
    get: async (space, key) => {
      const [row] = await ask(
        "SELECT key, value, version FROM aksara.stored_values WHERE namespace = $1 AND space = $2 AND key = $3",
        [space, key],
      );
      return row ? storedValue(row) : null;
    },
    set: async (space, key, value, ifVersion) => {
      const text = JSON.stringify(value);
      const insert =
        "INSERT INTO aksara.stored_values AS held (namespace, space, key, value, version) VALUES ($1, $2, $3, $4, 1)";
      const [row] =
        ifVersion === 0
          ? await ask(`${insert} ON CONFLICT DO NOTHING RETURNING version`, [space, key, text])
          : ifVersion === undefined
            ? await ask(
                `${insert} ON CONFLICT (namespace, space, key) DO UPDATE SET value = excluded.value, version = held.version + 1 RETURNING version`,
                [space, key, text],
              )
            : await ask(
                "UPDATE aksara.stored_values SET value = $4, version = version + 1 WHERE namespace = $1 AND space = $2 AND key = $3 AND version = $5 RETURNING version",
                [space, key, text, ifVersion],
              );
      return row ? Number(row.version) : null;
    },
    delete: async (space, key) => {
      const rows = await ask(
        "DELETE FROM aksara.stored_values WHERE namespace = $1 AND space = $2 AND key = $3 RETURNING 1",
        [space, key],
      );
      return rows.length > 0;
    },
    list: async (space, { prefix = "", after, limit } = {}) => {
      const rows = await ask(
        "SELECT key, value, version FROM aksara.stored_values WHERE namespace = $1 AND space = $2 AND starts_with(key, $3) AND ($4::text IS NULL OR key > $4) ORDER BY key LIMIT $5",
        [space, prefix, after ?? null, limit ?? null],
      );
      return rows.map(storedValue);
    },
  };
}

function storedValue(row: Row): StoredValue {
  return { key: String(row.key), value: JSON.parse(String(row.value)), version: Number(row.version) };
}

function postgresLogs(ask: Ask): Logs {
  /** One statement, so all or nothing; the row of the log's length lets one writer in at a time. */
  const append = async (
    log: string,
    length: number,
    texts: readonly string[],
    durable: boolean,
    batch: string,
  ) => {
    const grow =
      length === 0
        ? "INSERT INTO aksara.logs AS held (namespace, name, length) VALUES ($1, $2, $4) ON CONFLICT (namespace, name) DO UPDATE SET length = excluded.length WHERE held.length = $3 RETURNING length"
        : "UPDATE aksara.logs SET length = length + $4 WHERE namespace = $1 AND name = $2 AND length = $3 RETURNING length";
    const [row] = await ask(
      `WITH grown AS (${grow}),
         written AS (
           INSERT INTO aksara.log_entries (namespace, log, position, entry, batch)
           SELECT $1, $2, $3 + place - 1, entry, $6::uuid FROM grown, unnest($5::text[]) WITH ORDINALITY AS given (entry, place)
         )
       SELECT length, set_config('synchronous_commit', $7, true) FROM grown`,
      [log, length, texts.length, texts, batch, durable ? "on" : "off"],
    );
    return row ? Number(row.length) : null;
  };
  const lengthOf = async (log: string): Promise<number> => {
    const [row] = await ask("SELECT length FROM aksara.logs WHERE namespace = $1 AND name = $2", [log]);
    return Number(row?.length ?? 0);
  };
  const isWritten = async (log: string, position: number, batch: string): Promise<boolean> => {
    const rows = await ask(
      "SELECT 1 FROM aksara.log_entries WHERE namespace = $1 AND log = $2 AND position = $3 AND batch = $4",
      [log, position, batch],
    );
    return rows.length > 0;
  };
  return {
    append: async (log, length, entries, durable) => {
      const texts = entries.map((entry) => JSON.stringify(entry));
      const batch = randomUUID();
      let grown: number | null;
      try {
        grown = await append(log, length, texts, durable, batch);
      } catch (error) {
        if (!(error instanceof LostConnection)) throw error;
        // It may have been written before the connection broke: then it is there, under this batch's name.
        if (await isWritten(log, length, batch)) return length + texts.length;
        grown = await append(log, length, texts, durable, batch);
      }
      if (grown !== null) return grown;
      if (await isWritten(log, length, batch)) return length + texts.length;
      throw logConflict(log, length, await lengthOf(log));
    },
    read: async (log, from = 0) => {
      const rows = await ask(
        "SELECT entry FROM aksara.log_entries WHERE namespace = $1 AND log = $2 AND position >= $3 ORDER BY position",
        [log, from],
      );
      return rows.map(({ entry }) => JSON.parse(String(entry)));
    },
    list: async () => {
      const rows = await ask("SELECT name FROM aksara.logs WHERE namespace = $1 ORDER BY name", []);
      return rows.map(({ name }) => String(name));
    },
    delete: async (log) => {
      await ask("DELETE FROM aksara.logs WHERE namespace = $1 AND name = $2", [log]);
    },
  };
}

/** Milliseconds since 1970 on the server. `$2` is how far it is ahead. */
const NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint + $2::bigint";

function postgresLeases(ask: Ask, ahead: () => number): Leases {
  const asked = async (sql: string, params: readonly unknown[]): Promise<Lease | null> => {
    const [row] = await ask(sql, [ahead(), ...params]);
    return row ? leaseOf(row) : null;
  };
  return {
    acquire: (name, holder, milliseconds) =>
      asked(
        `INSERT INTO aksara.leases AS held (namespace, name, holder, token, expires_at)
         VALUES ($1, $3, $4, 1, ${NOW} + $5)
         ON CONFLICT (namespace, name) DO UPDATE SET
           token = CASE WHEN held.holder = excluded.holder AND held.expires_at > ${NOW} THEN held.token ELSE held.token + 1 END,
           holder = excluded.holder, expires_at = excluded.expires_at
         WHERE held.holder = excluded.holder OR held.expires_at <= ${NOW}
         RETURNING name, holder, token, expires_at`,
        [name, stampedHolder(holder), milliseconds],
      ),
    renew: ({ name, token, holder }, milliseconds) =>
      asked(
        `UPDATE aksara.leases SET expires_at = ${NOW} + $6
         WHERE namespace = $1 AND name = $3 AND token = $4 AND holder = $5 AND expires_at > ${NOW}
         RETURNING name, holder, token, expires_at`,
        [name, token, stampedHolder(holder), milliseconds],
      ),
    release: async ({ name, token, holder }) => {
      await ask(
        "UPDATE aksara.leases SET expires_at = 0 WHERE namespace = $1 AND name = $2 AND token = $3 AND holder = $4",
        [name, token, stampedHolder(holder)],
      );
    },
    holderOf: (name) =>
      asked(
        `SELECT name, holder, token, expires_at FROM aksara.leases
         WHERE namespace = $1 AND name = $3 AND expires_at > ${NOW}`,
        [name],
      ),
  };
}

function leaseOf(row: Row): Lease {
  return {
    name: String(row.name),
    holder: holderOf(String(row.holder)),
    token: Number(row.token),
    expiresAt: Number(row.expires_at),
  };
}

function postgresBlobs(ask: Ask): Blobs {
  return {
    put: async (content, durable) => {
      const hash = createHash("sha256").update(content).digest("hex");
      await ask(
        `WITH kept AS (
           INSERT INTO aksara.contents (namespace, hash, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
         )
         SELECT set_config('synchronous_commit', $4, true)`,
        [hash, Buffer.from(content), durable ? "on" : "off"],
      );
      return hash;
    },
    get: async (hash) => {
      const [row] = await ask("SELECT content FROM aksara.contents WHERE namespace = $1 AND hash = $2", [
        hash,
      ]);
      if (!row) return null;
      if (!(row.content instanceof Uint8Array))
        throw new AksaraError("STORE_UNAVAILABLE", "A content came back as something else.");
      return createHash("sha256").update(row.content).digest("hex") === hash ? row.content : null;
    },
  };
}

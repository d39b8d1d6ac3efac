/// <reference path="../../pg-module.d.ts" />
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { LiveDatabase } from "./live-database.ts";

/** Milliseconds. The server gives up first; the others are for one that does not answer at all. */
const CONNECT_LIMIT = 10_000;
const STATEMENT_LIMIT = 10_000;
const QUERY_LIMIT = 15_000;
const LOCK_LIMIT = 1_000;

/** Set for the whole session: nothing can be written, and nothing is held up for long. */
const SETTINGS = [
  "default_transaction_read_only=on",
  `statement_timeout=${STATEMENT_LIMIT}`,
  `lock_timeout=${LOCK_LIMIT}`,
  `idle_in_transaction_session_timeout=${QUERY_LIMIT}`,
];

export interface LiveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until a server that does not answer is given up; for tests. */
  readonly connectLimit?: number;
}

/**
 * Connects to a PostgreSQL database, read-only.
 * @throws INVALID_REQUEST for an address of another kind, AUTH_FAILED, NO_DATABASE when it is not there or cannot be
 * reached, TIMEOUT, CANCELLED. No error holds the password.
 */
export async function connectPostgres(url: string, options: LiveOptions = {}): Promise<LiveDatabase> {
  const { signal, connectLimit = CONNECT_LIMIT } = options;
  const place = placeOf(url);
  throwIfCancelled(signal);
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: url,
    application_name: "aksara",
    options: SETTINGS.map((setting) => `-c ${setting}`).join(" "),
    connectionTimeoutMillis: connectLimit,
    query_timeout: QUERY_LIMIT,
  });
  // A connection that breaks is reported by the query that was under way, or by the next.
  client.on("error", () => undefined);
  // A polite end waits for the server, which may be the one that does not answer.
  const cancel = (): void => client.connection.stream.destroy();
  signal?.addEventListener("abort", cancel, { once: true });
  const ask = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    try {
      return (await client.query(sql)).rows;
    } catch (error) {
      throwIfCancelled(signal);
      throw failureOf(error, place);
    }
  };
  try {
    await client.connect();
    await ask("BEGIN READ ONLY");
    const [row] = await ask("SHOW server_version");
    return {
      place,
      engine: `PostgreSQL ${String(row?.server_version).split(" ")[0]}`,
      query: ask,
      close: async () => {
        signal?.removeEventListener("abort", cancel);
        await client.end();
      },
    };
  } catch (error) {
    signal?.removeEventListener("abort", cancel);
    await client.end().catch(() => undefined);
    throwIfCancelled(signal);
    throw error instanceof AksaraError ? error : failureOf(error, place);
  }
}

/** Host and database, without user and password. */
function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
    throw new AksaraError("INVALID_REQUEST", "This is no address of a PostgreSQL database.", {
      hint: "Write postgresql://user:password@host:5432/database. Other databases cannot be asked yet.",
    });
  }
  return `${parsed.host || "localhost"}${parsed.pathname}`;
}

/** Codes of PostgreSQL and of the network, by what they mean to a person. */
const AUTH = new Set(["28000", "28P01"]);
const ABSENT = new Set([
  "3D000",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOENT",
]);
const SLOW = new Set(["57014", "55P03", "ETIMEDOUT"]);

function failureOf(error: unknown, place: string): AksaraError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (AUTH.has(code)) {
    return new AksaraError("AUTH_FAILED", `${place} does not let this user in.`, {
      hint: "Check user and password in the address.",
    });
  }
  if (SLOW.has(code) || /timeout/i.test(message)) {
    return new AksaraError("TIMEOUT", `${place} did not answer in time.`, {
      hint: "Nothing was changed. Try again when it is less busy.",
    });
  }
  if (ABSENT.has(code)) {
    return new AksaraError("NO_DATABASE", `${place} cannot be reached: ${message || code}.`, {
      hint: "Check host, port and name of the database.",
    });
  }
  return new AksaraError("RUNTIME_ERROR", `${place}: ${message}`);
}

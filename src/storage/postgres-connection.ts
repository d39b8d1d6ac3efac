/// <reference path="../pg-module.d.ts" />
import type { Pool, QueryResult } from "pg";
import { AksaraError } from "../errors.ts";
import { readStoreAddress, type StoreAddress, withoutCredentials } from "./store-address.ts";
import { LostConnection } from "./store-rules.ts";

/** Milliseconds. */
const CONNECT_LIMIT = 10_000;
const QUERY_LIMIT = 30_000;
const IDLE_LIMIT = 10_000;
const MOST_CONNECTIONS = 4;

/** A few connections to one PostgreSQL server. What fails says where, never with which password. */
export class PostgresConnection {
  readonly #pool: Pool;
  readonly #address: StoreAddress;
  #closed: Promise<void> | null = null;

  private constructor(pool: Pool, address: StoreAddress) {
    this.#pool = pool;
    this.#address = address;
    // A connection that breaks at rest is replaced; one that is in use fails with its query.
    pool.on("error", () => undefined);
  }

  /** Connects with the first query. @throws SPEC_INVALID */
  static async open(url: string): Promise<PostgresConnection> {
    const address = readStoreAddress(url);
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({
      connectionString: url,
      application_name: "aksara",
      connectionTimeoutMillis: CONNECT_LIMIT,
      query_timeout: QUERY_LIMIT,
      idleTimeoutMillis: IDLE_LIMIT,
      keepAlive: true,
      max: MOST_CONNECTIONS,
      allowExitOnIdle: true,
    });
    return new PostgresConnection(pool, address);
  }

  /** @throws STORE_UNAVAILABLE, RUNTIME_ERROR for values that PostgreSQL does not take */
  async query(sql: string, params?: readonly unknown[]): Promise<QueryResult> {
    if (this.#closed) throw new AksaraError("STORE_UNAVAILABLE", "The store is closed.");
    try {
      return await this.#pool.query(sql, params);
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  close(): Promise<void> {
    const closed = this.#closed ?? this.#pool.end();
    this.#closed = closed;
    return closed;
  }

  #failureOf(error: unknown): AksaraError {
    const { place, url } = this.#address;
    const code = codeOf(error);
    if (code.startsWith("28"))
      return new AksaraError("STORE_UNAVAILABLE", `The store at ${place} does not let this user in.`, {
        hint: "Check user and password in the address.",
      });
    const said = withoutCredentials(error instanceof Error ? error.message || code : String(error), url);
    if (code.startsWith("22"))
      return new AksaraError("RUNTIME_ERROR", `The store at ${place} does not take this: ${said}`);
    // The driver's error is not passed on as the cause: it may hold the connection's parameters.
    return isLost(error)
      ? new LostConnection(`The store at ${place} cannot be reached: ${said}`)
      : new AksaraError("STORE_UNAVAILABLE", `The store at ${place} cannot be used: ${said}`);
  }
}

function isLost(error: unknown): boolean {
  // Codes of the operating system begin with E; those of PostgreSQL are five characters.
  const code = codeOf(error);
  if (code === "") return true;
  return /^(?:E[A-Z]+|08|57P)/.test(code);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

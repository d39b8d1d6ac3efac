import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { AksaraError } from "../errors.ts";
import { readStoreAddress, type StoreAddress, withoutCredentials } from "./store-address.ts";
import { LostConnection } from "./store-rules.ts";

/** Milliseconds. */
const CONNECT_LIMIT = 10_000;
const COMMAND_LIMIT = 30_000;
/** How often a connection that broke is made again before what waits for it fails. */
const MOST_TRIES = 5;
const LONGEST_PAUSE = 1_000;

export type RedisArgument = string | number | Buffer;

/** One connection to a Redis server. What fails says where, never with which password. */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #address: StoreAddress;
  #closed = false;

  private constructor(redis: Redis, address: StoreAddress) {
    this.#redis = redis;
    this.#address = address;
    // Told by the command that fails of it.
    redis.on("error", () => undefined);
  }

  /** @throws STORE_UNAVAILABLE, SPEC_INVALID */
  static async open(url: string): Promise<RedisConnection> {
    const address = readStoreAddress(url);
    const { default: ioredis } = await import("ioredis");
    const redis = new ioredis.Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_LIMIT,
      commandTimeout: COMMAND_LIMIT,
      maxRetriesPerRequest: MOST_TRIES,
      retryStrategy: (tries) => (tries > MOST_TRIES ? null : Math.min(100 * 2 ** tries, LONGEST_PAUSE)),
      // Nothing is sent twice that was perhaps carried out: who can bear it asks for it.
      autoResendUnfulfilledCommands: false,
    });
    const connection = new RedisConnection(redis, address);
    try {
      await redis.connect();
      return connection;
    } catch (error) {
      redis.disconnect();
      throw connection.#failureOf(error);
    }
  }

  /** @throws STORE_UNAVAILABLE */
  async ask(command: string, ...args: readonly RedisArgument[]): Promise<unknown> {
    if (this.#closed) throw new AksaraError("STORE_UNAVAILABLE", "The store is closed.");
    try {
      return await this.#redis.callBuffer(command, ...args);
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /** Runs a script, which the server keeps by its hash. */
  async run(
    script: string,
    keys: readonly RedisArgument[],
    ...args: readonly RedisArgument[]
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.ask("EVALSHA", hashOf(script), ...rest);
    } catch (error) {
      if (!(error instanceof UnknownScript)) throw error;
      return await this.ask("EVAL", script, ...rest);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#redis.status === "ready") await this.#redis.quit().catch(() => this.#redis.disconnect());
    else this.#redis.disconnect();
  }

  #failureOf(error: unknown): AksaraError {
    const { place, url } = this.#address;
    // The driver's error is not passed on as the cause: it holds the command that failed, be it AUTH.
    const said = withoutCredentials(error instanceof Error ? error.message : String(error), url);
    if (said.startsWith("NOSCRIPT")) return new UnknownScript("STORE_UNAVAILABLE", said);
    if (/^(?:WRONGPASS|NOAUTH|NOPERM)|invalid password|without any password configured/.test(said))
      return new AksaraError("STORE_UNAVAILABLE", `The store at ${place} does not let this user in.`, {
        hint: "Check user and password in the address.",
      });
    return isAnswer(error)
      ? new AksaraError("STORE_UNAVAILABLE", `The store at ${place} cannot be used: ${said}`)
      : new LostConnection(`The store at ${place} cannot be reached: ${said}`);
  }
}

/** Whether the server itself said no. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

class UnknownScript extends AksaraError {}

const hashes = new Map<string, string>();

function hashOf(script: string): string {
  const known = hashes.get(script) ?? createHash("sha1").update(script).digest("hex");
  hashes.set(script, known);
  return known;
}

import { createHash, randomUUID } from "node:crypto";
import type { SharedStoreOptions } from "./postgres-store.ts";
import { RedisConnection } from "./redis-connection.ts";
import {
  ACQUIRE,
  APPEND,
  DELETE_LOG,
  DELETE_VALUE,
  HOLDER,
  LIST_VALUES,
  RELEASE,
  RENEW,
  SET_VALUE,
} from "./redis-scripts.ts";
import { holderOf, stampedHolder } from "./shared-holder.ts";
import type { Blobs, KeyValues, Lease, Leases, Logs, Store, StoredValue } from "./store.ts";
import { compareNames, LostConnection, logConflict } from "./store-rules.ts";

/**
 * A Redis server that several processes and machines may share. Time is the server's. What `durable` promises is what
 * the server's `appendfsync` keeps; a server that is a cache (`maxmemory-policy` other than `noeviction`) loses entries.
 */
export class RedisStore implements Store {
  readonly kind = "redis";
  readonly values: KeyValues;
  readonly logs: Logs;
  readonly leases: Leases;
  readonly blobs: Blobs;
  readonly #connection: RedisConnection;

  private constructor(connection: RedisConnection, { namespace, ahead }: SharedStoreOptions) {
    this.#connection = connection;
    const key = (...parts: readonly string[]) => `aksara:{${namespace}}:${parts.join(":")}`;
    this.values = redisValues(connection, key);
    this.logs = redisLogs(connection, key);
    this.leases = redisLeases(connection, key, ahead ?? (() => 0));
    this.blobs = redisBlobs(connection, key);
  }

  /** @throws STORE_UNAVAILABLE, SPEC_INVALID */
  static async open(options: SharedStoreOptions): Promise<RedisStore> {
    return new RedisStore(await RedisConnection.open(options.url), options);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

type KeyOf = (...parts: readonly string[]) => string;

function redisValues(redis: RedisConnection, key: KeyOf): KeyValues {
  const keysOf = (space: string) => [key("values", space), key("keys", space)];
  return {
    get: async (space, name) => {
      const held = await redis.ask("HGET", key("values", space), name);
      return Buffer.isBuffer(held) ? storedValue(name, held) : null;
    },
    set: async (space, name, value, ifVersion) => {
      const version = await redis.run(SET_VALUE, keysOf(space), name, JSON.stringify(value), ifVersion ?? "");
      return version === null ? null : Number(version);
    },
    delete: async (space, name) => Number(await redis.run(DELETE_VALUE, keysOf(space), name)) > 0,
    list: async (space, { prefix = "", after, limit } = {}) => {
      const isAfter = after !== undefined && compareNames(after, prefix) >= 0;
      const first = isAfter ? `(${after}` : prefix === "" ? "-" : `[${prefix}`;
      // No byte of a name in UTF-8 is 255.
      const last = prefix === "" ? "+" : Buffer.concat([Buffer.from(`(${prefix}`), Buffer.from([255])]);
      const found = await redis.run(LIST_VALUES, keysOf(space), first, last, limit ?? -1);
      return pairs(found).map(([name, held]) => storedValue(name.toString("utf8"), held));
    },
  };
}

function storedValue(key: string, held: Buffer): StoredValue {
  const colon = held.indexOf(58);
  return {
    key,
    value: JSON.parse(held.toString("utf8", colon + 1)),
    version: Number(held.toString("utf8", 0, colon)),
  };
}

/** What stands by turns in a list, two by two. */
function pairs(found: unknown): readonly (readonly [Buffer, Buffer])[] {
  const items = buffers(found);
  return items.flatMap((first, at) => {
    const second = items[at + 1];
    return at % 2 === 0 && second ? [[first, second] as const] : [];
  });
}

function buffers(found: unknown): readonly Buffer[] {
  return Array.isArray(found) ? found.filter((item) => Buffer.isBuffer(item)) : [];
}

function redisLogs(redis: RedisConnection, key: KeyOf): Logs {
  const keysOf = (log: string) => [key("log", log), key("batch", log), key("logs")];
  return {
    append: async (log, length, entries) => {
      const texts = entries.map((entry) => JSON.stringify(entry));
      const batch = randomUUID();
      const write = () => redis.run(APPEND, keysOf(log), log, length, batch, ...texts);
      // The answer may have been lost with the connection; the script knows a batch that it has written.
      const answer = await write().catch((error: unknown) => {
        if (error instanceof LostConnection) return write();
        throw error;
      });
      const [written, found] = Array.isArray(answer) ? answer.map(Number) : [];
      if (written !== 1) throw logConflict(log, length, found ?? 0);
      return found ?? 0;
    },
    read: async (log, from = 0) => {
      const entries = await redis.ask("LRANGE", key("log", log), from, -1);
      return buffers(entries).map((entry) => JSON.parse(entry.toString("utf8")));
    },
    list: async () => {
      const names = await redis.ask("ZRANGEBYLEX", key("logs"), "-", "+");
      return buffers(names).map((name) => name.toString("utf8"));
    },
    delete: async (log) => {
      await redis.run(DELETE_LOG, keysOf(log), log);
    },
  };
}

function redisLeases(redis: RedisConnection, key: KeyOf, ahead: () => number): Leases {
  const ask = async (script: string, name: string, ...args: readonly (string | number)[]) => {
    const [holder, token, expires] = buffers(await redis.run(script, [key("lease", name)], ahead(), ...args));
    if (!holder) return null;
    const lease: Lease = {
      name,
      holder: holderOf(holder.toString("utf8")),
      token: Number(token),
      expiresAt: Number(expires),
    };
    return lease;
  };
  return {
    acquire: (name, holder, milliseconds) => ask(ACQUIRE, name, stampedHolder(holder), milliseconds),
    renew: ({ name, holder, token }, milliseconds) =>
      ask(RENEW, name, stampedHolder(holder), milliseconds, token),
    release: async ({ name, holder, token }) => {
      await ask(RELEASE, name, stampedHolder(holder), token);
    },
    holderOf: (name) => ask(HOLDER, name),
  };
}

function redisBlobs(redis: RedisConnection, key: KeyOf): Blobs {
  return {
    put: async (content) => {
      const hash = createHash("sha256").update(content).digest("hex");
      await redis.ask("SET", key("content", hash), Buffer.from(content));
      return hash;
    },
    get: async (hash) => {
      const content = await redis.ask("GET", key("content", hash));
      if (!Buffer.isBuffer(content)) return null;
      return createHash("sha256").update(content).digest("hex") === hash ? content : null;
    },
  };
}

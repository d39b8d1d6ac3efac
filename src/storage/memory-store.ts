import { createHash } from "node:crypto";
import { AksaraError } from "../errors.ts";
import type { Blobs, KeyValues, Lease, Leases, Logs, Store } from "./store.ts";
import { compareNames, logConflict, slice } from "./store-rules.ts";

export interface MemoryStoreOptions {
  /** Milliseconds since 1970; the system's when absent. */
  readonly now?: () => number;
}

/** Everything in this process, gone with it. Entries are kept as text: what was put in cannot be changed from outside. */
export class MemoryStore implements Store {
  readonly kind = "memory";
  readonly values: KeyValues;
  readonly logs: Logs;
  readonly leases: Leases;
  readonly blobs: Blobs;
  #closed = false;

  constructor(options: MemoryStoreOptions = {}) {
    const demandOpen = () => {
      if (this.#closed) throw new AksaraError("STORE_UNAVAILABLE", "The store is closed.");
    };
    this.values = memoryValues(demandOpen);
    this.logs = memoryLogs(demandOpen);
    this.leases = memoryLeases(demandOpen, options.now ?? Date.now);
    this.blobs = memoryBlobs(demandOpen);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

function memoryValues(demandOpen: () => void): KeyValues {
  const spaces = new Map<string, Map<string, { text: string; version: number }>>();
  const spaceOf = (name: string) => {
    demandOpen();
    let space = spaces.get(name);
    if (!space) {
      space = new Map();
      spaces.set(name, space);
    }
    return space;
  };
  return {
    get: async (space, key) => {
      const found = spaceOf(space).get(key);
      return found ? { key, value: JSON.parse(found.text), version: found.version } : null;
    },
    set: async (space, key, value, ifVersion) => {
      const values = spaceOf(space);
      const before = values.get(key)?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== before) return null;
      values.set(key, { text: JSON.stringify(value), version: before + 1 });
      return before + 1;
    },
    delete: async (space, key) => spaceOf(space).delete(key),
    list: async (space, options = {}) =>
      slice(
        [...spaceOf(space)].map(([key, { text, version }]) => ({ key, text, version })),
        options,
      ).map(({ key, text, version }) => ({ key, value: JSON.parse(text), version })),
  };
}

function memoryLogs(demandOpen: () => void): Logs {
  const logs = new Map<string, string[]>();
  return {
    append: async (log, length, entries) => {
      demandOpen();
      const texts = entries.map((entry) => JSON.stringify(entry));
      const known = logs.get(log) ?? [];
      if (known.length !== length) throw logConflict(log, length, known.length);
      known.push(...texts);
      logs.set(log, known);
      return known.length;
    },
    read: async (log, from = 0) => {
      demandOpen();
      return (logs.get(log) ?? []).slice(from).map((text) => JSON.parse(text));
    },
    list: async () => {
      demandOpen();
      return [...logs.keys()].sort(compareNames);
    },
    delete: async (log) => {
      demandOpen();
      logs.delete(log);
    },
  };
}

function memoryLeases(demandOpen: () => void, now: () => number): Leases {
  const leases = new Map<string, Lease>();
  const live = (name: string) => {
    demandOpen();
    const lease = leases.get(name);
    return lease && lease.expiresAt > now() ? lease : null;
  };
  const isOwn = (lease: Lease) => {
    const current = live(lease.name);
    return current !== null && current.token === lease.token && current.holder === lease.holder;
  };
  return {
    acquire: async (name, holder, milliseconds) => {
      const current = live(name);
      if (current && current.holder !== holder) return null;
      const token = current ? current.token : (leases.get(name)?.token ?? 0) + 1;
      const lease = { name, holder, token, expiresAt: now() + milliseconds };
      leases.set(name, lease);
      return lease;
    },
    renew: async (lease, milliseconds) => {
      if (!isOwn(lease)) return null;
      const renewed = { ...lease, expiresAt: now() + milliseconds };
      leases.set(lease.name, renewed);
      return renewed;
    },
    release: async (lease) => {
      if (isOwn(lease)) leases.set(lease.name, { ...lease, expiresAt: 0 });
    },
    holderOf: async (name) => live(name),
  };
}

function memoryBlobs(demandOpen: () => void): Blobs {
  const blobs = new Map<string, Uint8Array>();
  return {
    put: async (content) => {
      demandOpen();
      const hash = createHash("sha256").update(content).digest("hex");
      blobs.set(hash, Uint8Array.from(content));
      return hash;
    },
    get: async (hash) => {
      demandOpen();
      const found = blobs.get(hash);
      return found ? Uint8Array.from(found) : null;
    },
  };
}

/**
 * What is kept between runs, behind one interface: memory, a folder with SQLite, later Postgres and Redis. Values are
 * JSON; names are the caller's. A store that cannot be used throws STORE_UNAVAILABLE.
 */
export interface Store {
  /** `memory`, `sqlite`, … */
  readonly kind: string;
  readonly values: KeyValues;
  readonly logs: Logs;
  readonly leases: Leases;
  readonly blobs: Blobs;
  /** Closing twice is allowed; later requests fail. */
  close(): Promise<void>;
}

export interface StoredValue {
  readonly key: string;
  readonly value: unknown;
  /** 1 for a key that was just made, one more with each change. */
  readonly version: number;
}

export interface ListOptions {
  readonly prefix?: string;
  /** Only keys after this one. */
  readonly after?: string;
  readonly limit?: number;
}

/** Values by key, in spaces that do not see each other. */
export interface KeyValues {
  /** Null when there is none. */
  get(space: string, key: string): Promise<StoredValue | null>;
  /**
   * The new version; null, and nothing changed, when the key has not the version that was asked for (0: no such key).
   */
  set(space: string, key: string, value: unknown, ifVersion?: number): Promise<number | null>;
  /** Whether there was one. */
  delete(space: string, key: string): Promise<boolean>;
  /** In bytewise order of key. */
  list(space: string, options?: ListOptions): Promise<readonly StoredValue[]>;
}

/** Append-only lists of JSON entries. */
export interface Logs {
  /**
   * Adds entries, all or none, and gives the new length. With `durable` they are on the disk when this resolves, with
   * everything appended before; without, they survive the end of the process.
   * @throws THREAD_BUSY when the log has not `length` entries: somebody else writes to it
   */
  append(log: string, length: number, entries: readonly unknown[], durable: boolean): Promise<number>;
  /** All entries from an index on; empty when there is no such log. */
  read(log: string, from?: number): Promise<readonly unknown[]>;
  /** Names, in bytewise order. */
  list(): Promise<readonly string[]>;
  delete(log: string): Promise<void>;
}

/** The right to be the only one, for a time. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Grows whenever the lease changes hands: who shows an older one has lost it. */
  readonly token: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Leases {
  /** Null while somebody else holds it. The holder may take it again, which renews it. */
  acquire(name: string, holder: string, milliseconds: number): Promise<Lease | null>;
  /** Null when it was lost. */
  renew(lease: Lease, milliseconds: number): Promise<Lease | null>;
  /** A lease that was lost stays with who has it now. */
  release(lease: Lease): Promise<void>;
  /** Who holds it; null when nobody does. */
  holderOf(name: string): Promise<Lease | null>;
}

/** Contents by their own SHA-256. */
export interface Blobs {
  /** The hash, in hex. With `durable` it is on the disk when this resolves; without, it survives the end of the process. */
  put(content: Uint8Array, durable: boolean): Promise<string>;
  /** Null when there is none, or what is there is not what the hash says. */
  get(hash: string): Promise<Uint8Array | null>;
}

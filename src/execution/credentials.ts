import type { ProviderKind } from "../providers/provider-descriptors.ts";

/** Where a key may be sent: scheme, host and port, as `URL.origin` writes it. */
export type Origin = string;

/** Reads the keys a person entered. A key belongs to one origin and one kind of provider, and is given out for no other. Port. */
export interface CredentialReader {
  /** The key entered for exactly this origin and kind; null when there is none. */
  get(origin: Origin, kind: ProviderKind): Promise<Credential | null>;
}

/** Keeps keys, too: the editor's secret storage. Port. */
export interface CredentialStore extends CredentialReader {
  set(origin: Origin, kind: ProviderKind, key: string): Promise<void>;
  delete(origin: Origin, kind: ProviderKind): Promise<void>;
}

export interface Credential {
  readonly key: string;
  /** Where it came from, for people: `ANTHROPIC_API_KEY`, `secret storage`. Never the key or a part of it. */
  readonly source: string;
}

/** Asks one reader after the other; the first that knows the origin answers. */
export function firstCredential(...readers: readonly CredentialReader[]): CredentialReader {
  return {
    get: async (origin, kind) => {
      for (const reader of readers) {
        const found = await reader.get(origin, kind);
        if (found) return found;
      }
      return null;
    },
  };
}

/** Keys in memory, bound like any other: for the library, and for tests. */
export class MemoryCredentials implements CredentialStore {
  readonly #keys = new Map<string, string>();

  async get(origin: Origin, kind: ProviderKind): Promise<Credential | null> {
    const key = this.#keys.get(`${kind} ${origin}`);
    return key === undefined ? null : { key, source: "memory" };
  }

  async set(origin: Origin, kind: ProviderKind, key: string): Promise<void> {
    this.#keys.set(`${kind} ${origin}`, key);
  }

  async delete(origin: Origin, kind: ProviderKind): Promise<void> {
    this.#keys.delete(`${kind} ${origin}`);
  }
}

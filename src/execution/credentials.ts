import { type Environment, keyFromEnvironment } from "../providers/provider-address.ts";
import { describeProvider, type ProviderKind } from "../providers/provider-descriptors.ts";
import { ProviderKey } from "../providers/provider-key.ts";

/** Where a key may be sent: scheme, host and port, as `URL.origin` writes it. */
export type Origin = string;

export interface Credential {
  readonly key: ProviderKey;
  /** Where it came from, for people: `ANTHROPIC_API_KEY`, `secret storage`. Never the key or a part of it. */
  readonly source: string;
}

/** Reads the keys a person entered. A key belongs to one origin and one kind of provider, and is given out for no other. Port. */
export interface CredentialReader {
  /**
   * The key entered for exactly this origin and kind; null when there is none.
   * @throws ProviderError auth, for one that no header can carry
   */
  get(origin: Origin, kind: ProviderKind): Promise<Credential | null>;
}

/** Keeps keys, too: the editor's secret storage. Port. */
export interface CredentialStore extends CredentialReader {
  set(origin: Origin, kind: ProviderKind, key: string): Promise<void>;
  delete(origin: Origin, kind: ProviderKind): Promise<void>;
}

/** Asks one reader after the other; the first that has a key for the origin answers. */
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

/**
 * Keys from the environment. A variable's key is for the vendor's own origin, or, when the environment also names a
 * base URL, for that one alone: what a file of the workspace says has no part in it.
 */
export function environmentCredentials(environment: Environment): CredentialReader {
  return {
    get: async (origin, kind) => {
      const key = keyFromEnvironment(kind, environment);
      if (key?.origin !== origin) return null;
      const source = describeProvider(kind).keyNames.find((name) => environment[name]?.trim());
      return { key, source: source ?? "environment" };
    },
  };
}

/** Keys in memory, bound like any other: for the library, and for tests. */
export class MemoryCredentials implements CredentialStore {
  readonly #keys = new Map<string, ProviderKey>();

  async get(origin: Origin, kind: ProviderKind): Promise<Credential | null> {
    const key = this.#keys.get(`${kind} ${origin}`);
    return key === undefined ? null : { key, source: "memory" };
  }

  async set(origin: Origin, kind: ProviderKind, key: string): Promise<void> {
    this.#keys.set(`${kind} ${origin}`, new ProviderKey(key, origin));
  }

  async delete(origin: Origin, kind: ProviderKind): Promise<void> {
    this.#keys.delete(`${kind} ${origin}`);
  }
}

import type * as vscode from "vscode";
import type { Credential, CredentialStore, Origin } from "../../../execution/credentials.ts";
import type { ProviderKind } from "../../../providers/provider-descriptors.ts";
import { ProviderKey } from "../../../providers/provider-key.ts";

/** Where keys lie: the editor's `SecretStorage`, or what stands for it in a test. */
export type Secrets = Pick<vscode.SecretStorage, "get" | "store" | "delete">;

/** Keys in the editor's secret storage, each under the origin and the kind of provider it was entered for. */
export class SecretCredentials implements CredentialStore {
  readonly #secrets: Secrets;
  readonly #source: string;

  /** @param source what people read as the place a key came from */
  constructor(secrets: Secrets, source: string) {
    this.#secrets = secrets;
    this.#source = source;
  }

  async get(origin: Origin, kind: ProviderKind): Promise<Credential | null> {
    const value = await this.#secrets.get(nameOf(origin, kind));
    return value ? { key: new ProviderKey(value, origin), source: this.#source } : null;
  }

  /** @throws ProviderError auth, for one that no header can carry */
  async set(origin: Origin, kind: ProviderKind, key: string): Promise<void> {
    // Refused before it is kept, while the person can still correct it.
    new ProviderKey(key, origin);
    await this.#secrets.store(nameOf(origin, kind), key.trim());
  }

  async delete(origin: Origin, kind: ProviderKind): Promise<void> {
    await this.#secrets.delete(nameOf(origin, kind));
  }
}

function nameOf(origin: Origin, kind: ProviderKind): string {
  return `aksara.key ${kind} ${origin}`;
}

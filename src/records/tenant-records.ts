import { AksaraError } from "../errors.ts";
import type { KeyValues } from "../storage/store.ts";

/** So many others at the same key at the same time are not to be expected. */
const MOST_TRIES = 100;

/** Values of one space that one tenant keeps, each under one or more names. */
export class TenantRecords<Value> {
  readonly tenant: string;
  readonly #values: KeyValues;
  readonly #space: string;
  readonly #now: () => number;

  constructor(values: KeyValues, space: string, tenant: string, now: () => number) {
    this.#values = values;
    this.#space = space;
    this.tenant = tenant;
    this.#now = now;
  }

  /** ISO 8601. */
  now(): string {
    return new Date(this.#now()).toISOString();
  }

  /** Null when there is none. */
  async find(...names: readonly string[]): Promise<Value | null> {
    const stored = await this.#values.get(this.#space, this.#key(names));
    return (stored?.value as Value | undefined) ?? null;
  }

  /** All of the tenant, in no order that means something. */
  async list(): Promise<readonly Value[]> {
    const found = await this.#values.list(this.#space, { prefix: `${this.#key([])}/` });
    return found.map(({ value }) => value as Value);
  }

  /**
   * Changes a value on top of what it is at that moment, whoever else changes it meanwhile. `change` may be called
   * again; what it gives is stored, and null leaves everything as it is. Gives what stands there in the end.
   */
  async change(
    names: string | readonly string[],
    change: (before: Value | null) => Value | null,
  ): Promise<Value | null> {
    const key = this.#key([names].flat());
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const stored = await this.#values.get(this.#space, key);
      const before = (stored?.value as Value | undefined) ?? null;
      const after = change(before);
      if (after === null) return before;
      if ((await this.#values.set(this.#space, key, after, stored?.version ?? 0)) !== null) return after;
    }
    throw new AksaraError("STORE_UNAVAILABLE", `${this.#space} ${key} is changed by others all the time.`);
  }

  /** Whether there was one. */
  delete(...names: readonly string[]): Promise<boolean> {
    return this.#values.delete(this.#space, this.#key(names));
  }

  #key(names: readonly string[]): string {
    return [this.tenant, ...names].map(encodeURIComponent).join("/");
  }
}

import { AksaraError } from "../errors.ts";
import type { KeyValues } from "../storage/store.ts";

/** So many others at the same key at the same time are not to be expected. */
const MOST_TRIES = 100;

/**
 * Changes a value on top of what it is at that moment, whoever else changes it meanwhile. `change` may be called again;
 * what it gives is stored, and null leaves everything as it is. Gives what stands there in the end.
 */
export async function changeValue<Value>(
  values: KeyValues,
  space: string,
  key: string,
  change: (before: Value | null) => Value | null,
): Promise<Value | null> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await values.get(space, key);
    const before = (stored?.value as Value | undefined) ?? null;
    const after = change(before);
    if (after === null) return before;
    if ((await values.set(space, key, after, stored?.version ?? 0)) !== null) return after;
  }
  throw new AksaraError("STORE_UNAVAILABLE", `${space} ${key} is changed by others all the time.`);
}

/** The name under which something of a tenant is kept. */
export function tenantKey(tenant: string, ...names: readonly string[]): string {
  return [tenant, ...names].map(encodeURIComponent).join("/");
}

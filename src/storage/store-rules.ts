import { AksaraError } from "../errors.ts";
import type { ListOptions } from "./store.ts";

/** Order of keys and names: by the bytes of their UTF-8, as databases sort them. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The part of some keyed things that a listing asks for. */
export function slice<Item extends { readonly key: string }>(
  items: readonly Item[],
  { prefix = "", after, limit }: ListOptions,
): readonly Item[] {
  return items
    .filter(({ key }) => key.startsWith(prefix) && (after === undefined || compareNames(key, after) > 0))
    .sort((a, b) => compareNames(a.key, b.key))
    .slice(0, limit);
}

/** A log is not as long as its writer knows. */
export function logConflict(log: string, expected: number, found: number): AksaraError {
  return new AksaraError(
    "THREAD_BUSY",
    `Somebody else writes to ${log}: it has ${found} entries, not ${expected}.`,
    { hint: "Wait until the other one has finished, then read it again." },
  );
}

/** The connection to a store's server broke: whether what was asked was carried out is not known. */
export class LostConnection extends AksaraError {
  constructor(message: string) {
    super("STORE_UNAVAILABLE", message, { hint: "Check that the server runs and can be reached from here." });
  }
}

import { sha256 } from "../../workspace/hash.ts";

/**
 * A marker that does not occur in any of the texts, so that no data can close the fence it stands in. Derived from
 * the texts themselves: the same data has the same marker on every machine.
 */
export function fenceMarker(texts: readonly string[]): string {
  let digest = sha256(texts.join("\u0000"));
  for (;;) {
    const marker = `DATA-${digest.slice(0, 12)}`;
    if (!texts.some((text) => text.includes(marker))) return marker;
    digest = sha256(digest);
  }
}

/** One section of data between an opening and a closing line that only this prompt knows. */
export function fenced(marker: string, title: string, body: string): string {
  return `<<<${marker} ${title}\n${body}\n${marker}>>>`;
}

/**
 * A name for running text outside a fence: kept as it is when it cannot be taken for anything but a name, else null.
 * Names come from hostile sources too (quoted SQL identifiers, route texts).
 */
export function plainName(name: string): string | null {
  return /^[\p{L}\p{N}_.:/<>{}[\]()*+?$^\\|-]{1,120}$/u.test(name) ? name : null;
}

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

const WORD = String.raw`(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}_]`;
/** A parameter of a path in any framework's notation. A tag, an instruction token or a fence is none of these. */
const PARAMETER = String.raw`<(?:[a-z]{2,10}:|(?!(?:system|user|assistant|human|tool|data|instructions?)>))[A-Za-z_]\w{0,40}>|\{[A-Za-z_]\w{0,40}(?::[a-z]{2,10})?\}|:[A-Za-z_]\w{0,40}`;
const PLAIN = new RegExp(
  String.raw`^(?=.{1,120}$)(?:${WORD}|[./~-]|(?<=\/)(?:${PARAMETER})(?=\/|$|\.))+$`,
  "u",
);

/**
 * A name for running text outside a fence: kept as it is when it cannot be taken for anything but a name, else null.
 * Names come from hostile sources too (quoted SQL identifiers, route texts).
 */
export function plainName(name: string): string | null {
  return PLAIN.test(name) ? name : null;
}

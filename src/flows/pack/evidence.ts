import type { Evidence } from "../../protocol/prompt-pack.ts";
import type { SourceRef } from "../../workspace/source.ts";

/** Numbers the places that a pack quotes, in the order they are first mentioned. One place has one id. */
export class EvidenceList {
  readonly #items: Evidence[] = [];
  readonly #byPlace = new Map<string, Evidence>();

  /** The id of a place, for use in a section's text. */
  cite(label: string, source: SourceRef): string {
    const { start, end } = source.range;
    const place = `${source.uri}\u0000${start.line}:${start.character}-${end.line}:${end.character}`;
    const known = this.#byPlace.get(place);
    if (known) return known.id;
    const item: Evidence = {
      id: `E${this.#items.length + 1}`,
      label,
      uri: source.uri,
      range: source.range,
      hash: source.hash,
    };
    this.#items.push(item);
    this.#byPlace.set(place, item);
    return item.id;
  }

  /** The items that a text cites, in order: what is dropped from the prompt is dropped here. */
  citedIn(text: string): readonly Evidence[] {
    const cited = new Set([...text.matchAll(/\[(E\d+)\]/g)].map((match) => match[1]));
    return this.#items.filter((item) => cited.has(item.id));
  }
}

/** `path:line` or `path:line-line`, one-based, as people and terminals write it. */
export function placeText(source: Pick<SourceRef, "uri" | "range">): string {
  const first = source.range.start.line + 1;
  const last = source.range.end.line + 1;
  return first === last ? `${source.uri}:${first}` : `${source.uri}:${first}-${last}`;
}

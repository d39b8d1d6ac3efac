import type { ChatItem } from "../../../protocol/chat.ts";

/** Items in their order, each followed by what other agents did because of it. */
export function inPlace(sorted: readonly ChatItem[]): readonly ChatItem[] {
  if (sorted.every(({ within }) => within === undefined)) return sorted;
  const below = Map.groupBy(sorted, ({ within }) => within);
  const placed: ChatItem[] = [];
  const place = (items: readonly ChatItem[]) => {
    for (const item of items) {
      placed.push(item);
      place(below.get(item.id) ?? []);
    }
  };
  place(below.get(undefined) ?? []);
  return placed;
}

import type { ChatItem, ChatItemOf } from "../../src/protocol/chat.ts";

/** What stands together in the transcript. */
export type Block =
  | { readonly kind: "item"; readonly id: string; readonly item: ChatItem }
  | { readonly kind: "group"; readonly id: string; readonly items: readonly ChatItemOf<"call">[] };

/** From this many on they are one line. */
const LEAST = 3;

/** Things that were looked at one after the other become one block; all else stands alone. */
export function blocksOf(items: readonly ChatItem[]): readonly Block[] {
  const blocks: Block[] = [];
  let reads: ChatItemOf<"call">[] = [];
  const close = () => {
    const [first] = reads;
    if (first && reads.length >= LEAST) blocks.push({ kind: "group", id: `group.${first.id}`, items: reads });
    else blocks.push(...reads.map((item): Block => ({ kind: "item", id: item.id, item })));
    reads = [];
  };
  for (const item of items) {
    if (isQuietRead(item)) reads.push(item);
    else {
      close();
      blocks.push({ kind: "item", id: item.id, item });
    }
  }
  close();
  return blocks;
}

/** Done, without a question, and changing nothing: nobody misses it in a fold. */
function isQuietRead(item: ChatItem): item is ChatItemOf<"call"> {
  return item.kind === "call" && item.class === "read" && item.state === "done" && item.approval === null;
}

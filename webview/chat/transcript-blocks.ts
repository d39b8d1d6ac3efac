import type { ChatItem, ChatItemOf } from "../../src/protocol/chat.ts";

/** What stands together in the transcript. `depth`: how many times the task was handed on. */
export type Block = { readonly id: string; readonly depth: number } & (
  | { readonly kind: "item"; readonly item: ChatItem }
  | { readonly kind: "group"; readonly items: readonly ChatItemOf<"call">[] }
  /** A task that was handed to another agent; what came of it stands below it unless it is folded. */
  | { readonly kind: "hand-off"; readonly item: ChatItemOf<"call">; readonly open: boolean }
);

/** From this many on they are one line. */
const LEAST = 3;

/**
 * Things that were looked at one after the other become one block; all else stands alone. What another agent did stands
 * behind the call that handed it its task; `toggled`: calls whose work a person has folded or unfolded.
 */
export function blocksOf(
  items: readonly ChatItem[],
  toggled: ReadonlyMap<string, boolean> = new Map(),
): readonly Block[] {
  const below = Map.groupBy(items, ({ within }) => within);
  return blocksIn(below.get(undefined) ?? [], below, toggled, 0);
}

function blocksIn(
  items: readonly ChatItem[],
  below: ReadonlyMap<string | undefined, readonly ChatItem[]>,
  toggled: ReadonlyMap<string, boolean>,
  depth: number,
): readonly Block[] {
  const blocks: Block[] = [];
  let reads: ChatItemOf<"call">[] = [];
  const close = () => {
    const [first] = reads;
    if (first && reads.length >= LEAST)
      blocks.push({ kind: "group", id: `group.${first.id}`, depth, items: reads });
    else blocks.push(...reads.map((item): Block => ({ kind: "item", id: item.id, depth, item })));
    reads = [];
  };
  for (const item of items) {
    const work = below.get(item.id) ?? [];
    if (work.length === 0 && isQuietRead(item)) {
      reads.push(item);
      continue;
    }
    close();
    if (item.kind !== "call" || work.length === 0) {
      blocks.push({ kind: "item", id: item.id, depth, item });
      continue;
    }
    // What goes on is watched; what is done is looked up.
    const open = toggled.get(item.id) ?? item.state !== "done";
    blocks.push({ kind: "hand-off", id: item.id, depth, item, open });
    const inside = blocksIn(work, below, toggled, depth + 1);
    blocks.push(...(open ? inside : inside.filter(isAlwaysShown)));
  }
  close();
  return blocks;
}

/** Done, without a question, and changing nothing: nobody misses it in a fold. */
function isQuietRead(item: ChatItem): item is ChatItemOf<"call"> {
  return item.kind === "call" && item.class === "read" && item.state === "done" && item.approval === null;
}

/** What a person is asked, and the plan that all is measured by. */
function isAlwaysShown(block: Block): boolean {
  return block.kind === "item" && (block.item.kind === "plan" || isAsked(block.item));
}

export function isAsked(item: ChatItem): boolean {
  return item.kind === "call" && item.state === "asking" && item.approval?.answer === null;
}

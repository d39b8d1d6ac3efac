import assert from "node:assert/strict";
import { unifiedDiff } from "../../../src/agent/files/unified-diff.ts";
import type { ChatEvent, ChatItem } from "../../../src/protocol/chat.ts";
import { EMPTY_CHAT, nextChatState } from "../../../webview/chat/chat-state.ts";
import { blocksOf } from "../../../webview/chat/transcript-blocks.ts";
import { countDiff, readUnifiedDiff } from "../../../webview/ui/unified-diff.ts";
import { callItem, FIRST_TURN, textItem, userItem } from "../../ui/gallery/views/chat-items.ts";

describe("what the chat shows", () => {
  it("V04 an item takes its place by order, whenever it comes, and replaces what it was", () => {
    const items = [userItem("r", 1, "Hi"), textItem("r", 5, "Hello")];
    const thread: ChatEvent = { type: "thread", seq: 1, thread: "t", title: "Hi", items: [...items] };
    const call = callItem("r", 3, "read_file", { path: "a.py" }, { state: "running" });
    let state = nextChatState(EMPTY_CHAT, thread);
    state = nextChatState(state, { type: "item", seq: 2, item: call });
    assert.deepEqual(
      state.items.map(({ kind }) => kind),
      ["user", "call", "text"],
    );
    state = nextChatState(state, { type: "item", seq: 3, item: { ...call, state: "done" } });
    assert.equal(state.items.length, 3);
    assert.equal(state.items[0], items[0], "what did not change is the same object");
    state = nextChatState(state, { type: "item-gone", seq: 4, id: call.id });
    assert.deepEqual(state.items, items);
  });

  it("V04 a part of a text that is heard twice changes nothing", () => {
    const item: ChatItem = { ...textItem("r", 1, "Hello"), kind: "text", text: "Hello", going: true };
    let state = nextChatState(EMPTY_CHAT, { type: "item", seq: 1, item });
    const part: ChatEvent = { type: "text", seq: 2, id: item.id, offset: 5, text: ", you" };
    state = nextChatState(nextChatState(state, part), { ...part, seq: 3 });
    const [only] = state.items;
    assert.ok(only?.kind === "text" && only.text === "Hello, you");
  });

  it("V04 three and more that were only looked at are one block; what was asked for or failed never is", () => {
    const kinds = (items: readonly ChatItem[]) =>
      blocksOf(items).map((block) =>
        block.kind === "group" ? `group of ${block.items.length}` : block.item.kind,
      );
    assert.deepEqual(kinds(FIRST_TURN), ["user", "thinking", "group of 4", "text", "end"]);
    const read = (order: number, more = {}) => callItem("r", order, "read_file", { path: "a" }, more);
    assert.deepEqual(kinds([read(1), read(2)]), ["call", "call"]);
    assert.deepEqual(kinds([read(1), read(2), read(3, { state: "failed" }), read(4)]), Array(4).fill("call"));
    assert.deepEqual(kinds([read(1), read(2), read(3, { class: "write" })]), Array(3).fill("call"));
  });
});

describe("a diff as a person reads it", () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join("");

  it("A07 has the lines that go and come with their numbers, and a gap between hunks", () => {
    const after = before.replace("line 3\n", "line three\n").replace("line 25\n", "");
    const lines = readUnifiedDiff(unifiedDiff("a.txt", before, after));
    const changed = lines.filter(({ kind }) => kind === "added" || kind === "removed");
    assert.deepEqual(
      changed.map(({ kind, text, before: old, after: now }) => [kind, text, old, now]),
      [
        ["removed", "line 3", 3, null],
        ["added", "line three", null, 3],
        ["removed", "line 25", 25, null],
      ],
    );
    assert.equal(lines.filter(({ kind }) => kind === "gap").length, 1);
    assert.deepEqual(countDiff(lines), { added: 1, removed: 2 });
  });

  it("A07 shows lines that look like parts of a diff as what they are", () => {
    const lines = readUnifiedDiff(unifiedDiff("a.txt", null, "--- a\n+++ b\n@@ -1 +1 @@\n"));
    assert.deepEqual(
      lines.map(({ kind, text }) => [kind, text]),
      [
        ["added", "--- a"],
        ["added", "+++ b"],
        ["added", "@@ -1 +1 @@"],
      ],
    );
  });
});

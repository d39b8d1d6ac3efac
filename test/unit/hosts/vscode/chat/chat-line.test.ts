import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type * as vscode from "vscode";
import { ChatLine } from "../../../../../src/hosts/vscode/chat/chat-line.ts";
import type { ChatEvent } from "../../../../../src/protocol/chat.ts";
import { textItem } from "../../../../ui/gallery/views/chat-items.ts";

/** The host's end of a page, as far as the line uses it. */
function page(): { readonly webview: vscode.Webview; readonly heard: ChatEvent[] } {
  const heard: ChatEvent[] = [];
  const webview = { postMessage: async (event: ChatEvent) => heard.push(event) > 0 };
  return { webview: webview as unknown as vscode.Webview, heard };
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("the line to the page of the chat", () => {
  const item = textItem("run1", 1003, "", true);
  const said = (heard: readonly ChatEvent[]) =>
    heard.map((event) => (event.type === "text" ? event.text : event.type)).join("|");

  // prove: src/hosts/vscode/chat/chat-line.ts :: if (this.#webview) this.#timer ??= setTimeout => this.#timer ??= setTimeout
  it("V08 a hidden page is sent nothing, and nothing waits for it; shown again it gets all of it once", () => {
    const line = new ChatLine();
    const first = page();
    line.attach(first.webview);
    line.send({ type: "item", item });
    line.send({ type: "text", id: item.id, offset: 0, text: "Seen. " });
    line.attach(null);
    const before = timers();
    for (const [at, text] of ["Not ", "seen. "].entries())
      line.send({ type: "text", id: item.id, offset: 6 + at * 4, text });
    assert.equal(timers(), before);
    assert.equal(said(first.heard), "item");
    const second = page();
    line.attach(second.webview);
    line.replay(0);
    assert.equal(said(second.heard), "item|Seen. Not seen. ");
    line.dispose();
  });

  it("V08 parts of a text that come close together are sent as one", async () => {
    const line = new ChatLine();
    const { webview, heard } = page();
    line.attach(webview);
    line.send({ type: "item", item });
    for (const at of [0, 1, 2]) line.send({ type: "text", id: item.id, offset: at, text: "abc"[at] ?? "" });
    while (heard.length < 2) await delay(1);
    assert.equal(said(heard), "item|abc");
    line.dispose();
  });
});

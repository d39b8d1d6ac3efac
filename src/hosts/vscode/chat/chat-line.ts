import type * as vscode from "vscode";
import type { ChatEvent } from "../../../protocol/chat.ts";
import { EventLog, type Unnumbered } from "../panel/event-log.ts";
import { foldChatEvent } from "./fold-chat-event.ts";

/** How long parts of a text are gathered, in milliseconds: a page paints no faster than its screen. */
const GATHER_MS = 24;

/** The host's end of the line to the page of the chat: what it is told is kept as long as it is shown. */
export class ChatLine implements vscode.Disposable {
  readonly #log = new EventLog<ChatEvent>(foldChatEvent);
  /** Parts of texts that were not sent yet, by item. */
  readonly #waiting = new Map<string, { readonly offset: number; text: string }>();
  #timer: NodeJS.Timeout | null = null;
  #webview: vscode.Webview | null = null;

  /** Null while nobody can see the page: then nothing is sent, and nothing waited for. */
  attach(webview: vscode.Webview | null): void {
    this.#webview = webview;
    if (webview === null) this.#flush();
  }

  send(event: Unnumbered<ChatEvent>): void {
    if (event.type === "text") {
      this.#gather(event.id, event.offset, event.text);
      return;
    }
    // What comes after a text must not arrive before it.
    for (const each of [...this.#gathered(), event]) this.#post(this.#log.append(each));
  }

  /** Sends once more what the page has not seen. */
  replay(since: number): void {
    for (const event of this.#gathered()) this.#log.append(event);
    for (const event of this.#log.since(since)) this.#post(event);
  }

  /** Forgets a wish that was met: replayed, it would be met once more. */
  forgetWish(): void {
    this.#log.forget("wish");
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #gather(id: string, offset: number, text: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting) waiting.text += text;
    else this.#waiting.set(id, { offset, text });
    if (this.#webview) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    for (const event of this.#gathered()) this.#post(this.#log.append(event));
  }

  /** Takes what was gathered; nothing is waited for any more. */
  #gathered(): readonly Unnumbered<ChatEvent>[] {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const events = [...this.#waiting].map(([id, part]) => ({ type: "text" as const, id, ...part }));
    this.#waiting.clear();
    return events;
  }

  #post(event: ChatEvent): void {
    void this.#webview?.postMessage(event);
  }
}

import assert from "node:assert/strict";
import type { ThreadListener } from "../../../../../src/hosts/vscode/chat/chat-thread.ts";
import type { TranscriptChange } from "../../../../../src/hosts/vscode/chat/transcript.ts";
import type { ChatActivity, ChatFailure, ChatItem } from "../../../../../src/protocol/chat.ts";

/** What a page would show of a thread: its items, built of the changes alone. */
export class Shown implements ThreadListener {
  readonly items = new Map<string, ChatItem>();
  readonly activities: ChatActivity[] = [];
  readonly failures: ChatFailure[] = [];
  session: string | null = null;
  #wake: (() => void) | null = null;

  changed(changes: readonly TranscriptChange[]): void {
    for (const change of changes) {
      if (change.type === "item") this.items.set(change.item.id, change.item);
      else if (change.type === "item-gone") this.items.delete(change.id);
      else {
        const item = this.items.get(change.id);
        assert.ok(item?.kind === "text" || item?.kind === "thinking");
        this.items.set(change.id, { ...item, text: item.text.slice(0, change.offset) + change.text });
      }
    }
    this.#wake?.();
  }

  activity(activity: ChatActivity): void {
    this.activities.push(activity);
    this.#wake?.();
  }

  failed(failure: ChatFailure | null): void {
    if (failure) this.failures.push(failure);
  }

  used(): void {
    this.#wake?.();
  }

  queued(): void {
    this.#wake?.();
  }

  named(session: string): void {
    this.session = session;
  }

  sorted(): readonly ChatItem[] {
    return [...this.items.values()].sort((a, b) => a.order - b.order);
  }

  /** The question that waits, another one than `before`. */
  async asked(before: string | null = null): Promise<string> {
    const asking = () => {
      const waits = this.activities.at(-1);
      const item = this.sorted().find((each) => each.kind === "call" && each.state === "asking");
      const isHeard = waits?.state === "working" ? waits.waiting : waits?.state !== "starting";
      const id = item?.kind === "call" && isHeard ? (item.approval?.request.id ?? null) : null;
      return id === before ? null : id;
    };
    await this.until(() => asking() !== null);
    return asking() ?? "";
  }

  /** Until what is shown is as it should be. */
  async until(isSo: (items: readonly ChatItem[]) => boolean): Promise<void> {
    while (!isSo(this.sorted()))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

export function kinds(items: readonly ChatItem[]): readonly string[] {
  return items.map((item) => (item.kind === "call" ? `${item.tool} ${item.state}` : item.kind));
}

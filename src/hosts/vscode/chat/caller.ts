import * as vscode from "vscode";
import type { ChatThread } from "./chat-thread.ts";

/** Calls a person to the questions of the agent that they cannot see: a badge on the view, and one message for each. */
export class Caller {
  readonly #show: (thread: ChatThread) => Promise<void>;
  readonly #waiting = new Set<ChatThread>();
  /** Questions that a message was shown for. */
  readonly #told = new Set<string>();
  #view: vscode.WebviewView | null = null;

  constructor(show: (thread: ChatThread) => Promise<void>) {
    this.#show = show;
  }

  watch(view: vscode.WebviewView | null): void {
    this.#view = view;
    this.#showBadge();
  }

  /** Something happened in a thread. */
  look(thread: ChatThread, isShown: boolean): void {
    const { activity } = thread;
    const waits = activity.state === "working" && activity.waiting;
    if (waits === this.#waiting.has(thread)) return;
    if (waits) this.#waiting.add(thread);
    else this.#waiting.delete(thread);
    this.#showBadge();
    if (waits && !(isShown && this.#view?.visible)) this.#call(thread);
  }

  #call(thread: ChatThread): void {
    const request = thread.transcript.asked[0]?.approval?.request;
    if (!request || this.#told.has(request.id)) return;
    this.#told.add(request.id);
    const show = vscode.l10n.t("Show");
    void vscode.window
      .showInformationMessage(vscode.l10n.t("The agent needs your answer: {0}", request.tool), show)
      .then((answer) => (answer === show ? this.#show(thread) : undefined));
  }

  #showBadge(): void {
    if (!this.#view) return;
    const { size } = this.#waiting;
    this.#view.badge =
      size === 0 ? undefined : { value: size, tooltip: vscode.l10n.t("The agent needs your answer") };
  }
}

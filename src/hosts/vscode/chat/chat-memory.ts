import type * as vscode from "vscode";
import { CHAT_MODES, type ChatMode } from "../../../protocol/chat.ts";
import type { ChosenModel } from "./chat-agents.ts";

const THREAD = "aksara.chat.thread";
const MODE = "aksara.chat.mode";
const MODEL = "aksara.chat.model";

/** What a person chose in the chat of a workspace, over the end of its window. */
export class ChatMemory {
  readonly #kept: vscode.Memento;

  constructor(kept: vscode.Memento) {
    this.#kept = kept;
  }

  get mode(): ChatMode {
    const kept = this.#kept.get<unknown>(MODE);
    return CHAT_MODES.find((mode) => mode === kept) ?? "supervised";
  }

  async keepMode(mode: ChatMode): Promise<void> {
    await this.#kept.update(MODE, mode);
  }

  /** The conversation that was looked at last; null for none. */
  get thread(): string | null {
    const kept = this.#kept.get<unknown>(THREAD);
    return typeof kept === "string" ? kept : null;
  }

  async keepThread(id: string | null): Promise<void> {
    await this.#kept.update(THREAD, id ?? undefined);
  }

  get model(): ChosenModel {
    const kept = this.#kept.get<unknown>(MODEL);
    if (typeof kept !== "object" || kept === null) return null;
    const { provider, model } = kept as Partial<Record<string, unknown>>;
    return typeof provider === "string" && typeof model === "string" ? { provider, model } : null;
  }

  async keepModel(model: ChosenModel): Promise<void> {
    await this.#kept.update(MODEL, model);
  }
}

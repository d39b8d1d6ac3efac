import * as vscode from "vscode";
import { AksaraError, isAksaraError } from "../../../errors.ts";
import type { RunDestination } from "../../../execution/run-options.ts";
import { CHAT_MODES, type ChatAccess, type ChatItem, type ChatMode } from "../../../protocol/chat.ts";
import { agreeToChat, destinationOf } from "../providers/send-consent.ts";
import { unknownAccess } from "../run-refusal.ts";
import type { Studio } from "../studio.ts";
import { ChatAgents, type ChosenModel } from "./chat-agents.ts";
import { ChatLine } from "./chat-line.ts";
import { ChatThread, type ThreadListener, type TurnLimits } from "./chat-thread.ts";
import { listThreads, titleOf } from "./list-threads.ts";

/** What outlives the window. */
const THREAD = "aksara.chat.thread";
const MODE = "aksara.chat.mode";
const MODEL = "aksara.chat.model";

/** Conversations with the agent in this window: the one that is shown, and those that still work. */
export class ChatHost implements vscode.Disposable {
  readonly line = new ChatLine();
  readonly #studio: Studio;
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #working = new Set<ChatThread>();
  #agents: ChatAgents | null = null;
  #shown: ChatThread | null = null;
  /** Answers the question whether there is anybody to ask. */
  #looked = false;
  #looking: AbortController | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#subscriptions = [
      studio.onDidChangeAccess(() => this.#showAccess()),
      studio.onDidChangeConfiguration(() => void this.#prepare()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.#reopen()),
    ];
    this.#showAccess();
    this.#showThread();
  }

  dispose(): void {
    this.#looking?.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.line.dispose();
    void this.leave();
  }

  /** Leaves what still works as it is, for the next window, and closes the journals. */
  async leave(): Promise<void> {
    const agents = this.#agents;
    this.#agents = null;
    await Promise.all([...this.#working].map((thread) => thread.leave()));
    await agents?.dispose();
  }

  get mode(): ChatMode {
    const kept = this.#memory.get<unknown>(MODE);
    return CHAT_MODES.find((mode) => mode === kept) ?? "supervised";
  }

  /** What stands in the thread that is shown. */
  get items(): readonly ChatItem[] {
    return this.#shown?.transcript.items ?? [];
  }

  /** A page of the chat has appeared: finds out who would answer, and brings back what was looked at. */
  async begin(): Promise<void> {
    await this.#prepare();
    const kept = this.#memory.get<unknown>(THREAD);
    if (typeof kept !== "string" || this.#shown !== null || this.#refusal !== null) return;
    try {
      await this.openThread(kept);
    } catch (error) {
      if (!isAksaraError(error) || error.code !== "RUN_NOT_FOUND") throw error;
      await this.#memory.update(THREAD, undefined);
    }
  }

  async setMode(mode: ChatMode): Promise<void> {
    await this.#memory.update(MODE, mode);
    this.#showAccess();
  }

  /** Lets the person pick a model for the chat; what the AI Hub says stays as it is. */
  async pickModel(): Promise<void> {
    const { pickRunModel } = await import("../providers/pick-model.ts");
    const picked = await pickRunModel((await this.#studio.workspace()).execution());
    if (!picked) return;
    await this.#memory.update(MODEL, picked);
    this.#agents?.use(picked);
    this.#showAccess();
  }

  async send(text: string): Promise<void> {
    if (text.trim() === "") return;
    const agents = await this.#open();
    this.#shown ??= await this.#thread(agents, null);
    const thread = this.#shown;
    const options = await agents.optionsFor(this.mode);
    await this.#work(thread, () => thread.send(text.trim(), this.#limits(), options));
  }

  async resume(): Promise<void> {
    const thread = this.#shown;
    if (!thread) return;
    const agents = await this.#open();
    await this.#work(thread, () => thread.resume(this.#limits(), agents.modelOptions()));
  }

  /** Answers a question of the agent in the thread that is shown. */
  async answer(id: string, answer: Parameters<ChatThread["answer"]>[1]): Promise<void> {
    if (this.#shown?.answer(id, answer)) await this.resume();
  }

  stop(): void {
    this.#shown?.stop();
  }

  async newThread(): Promise<void> {
    this.#shown = null;
    await this.#memory.update(THREAD, undefined);
    this.#showThread();
    this.line.send({ type: "wish", wish: "focus" });
  }

  async openThread(id: string): Promise<void> {
    const agents = await this.#open();
    const working = [...this.#working].find((thread) => thread.id === id);
    this.#shown = working ?? (await this.#thread(agents, id));
    await this.#memory.update(THREAD, id);
    this.#showThread();
  }

  async listThreads(): Promise<void> {
    if (this.#refusal !== null) return;
    const { store } = await (await this.#open()).access();
    this.line.send({ type: "threads", threads: [...(await listThreads(store))] });
  }

  get #memory(): vscode.Memento {
    return this.#studio.extension.workspaceState;
  }

  get #chosen(): ChosenModel {
    const kept = this.#memory.get<unknown>(MODEL);
    if (typeof kept !== "object" || kept === null) return null;
    const { provider, model } = kept as Partial<Record<string, unknown>>;
    return typeof provider === "string" && typeof model === "string" ? { provider, model } : null;
  }

  /** Why the agent cannot even read its journals; null when it can. */
  get #refusal(): "no-folder" | "untrusted" | null {
    if (!vscode.workspace.isTrusted) return "untrusted";
    return vscode.workspace.workspaceFolders?.length ? null : "no-folder";
  }

  #limits(): TurnLimits {
    return { maxIterations: 20, maxToolCalls: 50, maxTotalTokens: 100_000 };
  }

  /** @throws WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND without a folder */
  async #open(): Promise<ChatAgents> {
    if (this.#refusal === "untrusted")
      throw new AksaraError(
        "WORKSPACE_UNTRUSTED",
        vscode.l10n.t("This folder is in Restricted Mode: no agent works in it."),
      );
    const workspace = await this.#studio.workspace();
    if (this.#agents?.workspace !== workspace) {
      await this.leave();
      const distDir = vscode.Uri.joinPath(this.#studio.extension.extensionUri, "dist").fsPath;
      this.#agents = new ChatAgents(workspace, distDir, (destination) => this.#agree(destination));
    }
    this.#agents.use(this.#chosen);
    return this.#agents;
  }

  /** @throws CANCELLED when the person does not want it */
  async #agree(to: RunDestination): Promise<void> {
    const { environment } = (await this.#studio.workspace()).execution();
    const destination = destinationOf(to, environment);
    if (!destination || (await agreeToChat(this.#studio.extension, destination))) return;
    throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
  }

  async #thread(agents: ChatAgents, id: string | null): Promise<ChatThread> {
    const { runtime, store } = await agents.access();
    // What a thread says before it is known, or when another one is shown, is in its transcript.
    let own: ChatThread | null = null;
    const ifShown = (tell: () => void) => {
      if (own !== null && this.#shown === own) tell();
    };
    const listener: ThreadListener = {
      changed: (changes) =>
        ifShown(() => {
          for (const change of changes) this.line.send(change);
        }),
      activity: (activity) => ifShown(() => this.line.send({ type: "activity", activity })),
      // Remembered as soon as there is something to come back to.
      named: (session) => ifShown(() => void this.#memory.update(THREAD, session)),
      failed: (failure) => ifShown(() => this.line.send({ type: "failure", failure })),
    };
    own =
      id === null
        ? ChatThread.begin({ runtime, store }, listener)
        : await ChatThread.open({ runtime, store }, id, listener);
    return own;
  }

  async #work(thread: ChatThread, run: () => Promise<void>): Promise<void> {
    this.#working.add(thread);
    try {
      await run();
    } finally {
      this.#working.delete(thread);
    }
  }

  async #reopen(): Promise<void> {
    await this.leave();
    this.#shown = null;
    this.#showThread();
    await this.#prepare();
  }

  /** Finds out who would answer, asking local servers and the editor where nobody is configured. */
  async #prepare(): Promise<void> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    if (this.#refusal === null) {
      try {
        await this.#studio.workspace();
        await this.#studio.refreshAccess();
        await this.#studio.lookForProviders(looking.signal);
      } catch (error) {
        this.#studio.log.error(error instanceof Error ? error : String(error));
      }
    }
    if (looking.signal.aborted) return;
    this.#looked = true;
    this.#showAccess();
  }

  #showThread(): void {
    const thread = this.#shown;
    const { transcript } = thread ?? {};
    const title = transcript ? titleOf(transcript.title) : "";
    this.line.send({
      type: "thread",
      thread: thread?.id ?? null,
      title,
      items: [...(transcript?.items ?? [])],
    });
    if (thread) this.line.send({ type: "activity", activity: thread.activity });
  }

  #showAccess(): void {
    this.line.send({ type: "access", access: this.#accessNow() });
  }

  #accessNow(): ChatAccess {
    const { mode } = this;
    const chosen = this.#chosen;
    const { refusal, provider, model } = this.#studio.access;
    const off = { reason: null, provider: null, model: null, chosen: false, mode };
    if (this.#refusal !== null) return { ...off, state: this.#refusal };
    if (chosen) return { ...off, state: "ready", ...chosen, chosen: true };
    if (refusal === null) return { ...off, state: "ready", provider, model };
    if (!this.#looked) return { ...off, state: "looking" };
    const isGeneral = refusal.error === unknownAccess().refusal?.error;
    return { ...off, state: "no-provider", reason: isGeneral ? null : refusal.error };
  }
}

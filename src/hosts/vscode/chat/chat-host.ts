import * as vscode from "vscode";
import { AksaraError, assertNever, isAksaraError } from "../../../errors.ts";
import type { ApprovalAnswer } from "../../../protocol/agent.ts";
import type { ChatAttachment, ChatFailure, ChatItem, ChatMode } from "../../../protocol/chat.ts";
import { titleOf } from "../../../records/task-title.ts";
import { resetApprovals } from "../../shared/agent-access.ts";
import { reportFailure } from "../report-failure.ts";
import type { Studio } from "../studio.ts";
import { forgetOldRuns } from "../traces/forget-old-runs.ts";
import { agreeToSend } from "./agree-to-send.ts";
import { Caller } from "./caller.ts";
import { accessNow, agentRefusal } from "./chat-access.ts";
import { ChatAgents } from "./chat-agents.ts";
import { ChatLine } from "./chat-line.ts";
import { ChatMemory } from "./chat-memory.ts";
import { reviewQuestion, reviewStep, settleAnswered } from "./chat-reviews.ts";
import { ChatThread, type ThreadListener } from "./chat-thread.ts";
import { Composing } from "./composing.ts";
import { listThreads } from "./list-threads.ts";
import { messageText } from "./message-text.ts";
import type { ChatWord } from "./slash-commands.ts";
import { turnToTakeBack } from "./take-back.ts";
import { tellCompacted } from "./tell-compacted.ts";
import { turnLimits, turnSettings } from "./turn-settings.ts";

/** Conversations with the agent in this window: the one that is shown, and those that still work. */
export class ChatHost implements vscode.Disposable {
  readonly line = new ChatLine();
  /** Calls a person to a question that they cannot see. */
  readonly caller: Caller;
  readonly composing: Composing;
  readonly #studio: Studio;
  readonly #memory: ChatMemory;
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #working = new Set<ChatThread>();
  #agents: ChatAgents | null = null;
  #shown: ChatThread | null = null;
  #attachments: readonly ChatAttachment[] = [];
  /** What the last message was about. */
  #sent: readonly ChatAttachment[] = [];
  /** Whether anybody would answer has been found out. */
  #looked = false;
  #looking: AbortController | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#memory = new ChatMemory(studio.extension.workspaceState);
    this.composing = new Composing(studio, this.line, (attachment) => this.attach(attachment));
    this.caller = new Caller((thread) => this.#showAgain(thread));
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
    return this.#memory.mode;
  }

  /** What stands in the thread that is shown. */
  get items(): readonly ChatItem[] {
    return this.#shown?.transcript.items ?? [];
  }

  /** A page of the chat has appeared: finds out who would answer, and brings back what was looked at. */
  async begin(): Promise<void> {
    await this.#prepare();
    const kept = this.#memory.thread;
    if (kept === null || this.#shown !== null || agentRefusal() !== null) return;
    try {
      await this.openThread(kept);
    } catch (error) {
      if (!isAksaraError(error) || error.code !== "RUN_NOT_FOUND") throw error;
      await this.#memory.keepThread(null);
    }
  }

  async setMode(mode: ChatMode): Promise<void> {
    await this.#memory.keepMode(mode);
    this.#showAccess();
  }

  /** Lets the person pick a model for the chat; what the AI Hub says stays as it is. */
  async pickModel(): Promise<void> {
    const { pickRunModel } = await import("../providers/pick-model.ts");
    const picked = await pickRunModel((await this.#studio.workspace()).execution());
    if (!picked) return;
    await this.#memory.keepModel(picked);
    this.#agents?.use(picked);
    this.#showAccess();
  }

  /** What a person sends: what cannot be sent is told them in the chat, and given back. */
  async submit(text: string, from: string | null = null): Promise<void> {
    try {
      await this.send(text, from);
    } catch (error) {
      if (!isAksaraError(error)) throw error;
      const { code, message, hint } = error;
      this.line.send({ type: "failure", failure: { code, message, hint: hint ?? null, text, from } });
    }
  }

  /**
   * Says something, or does what a command asks for; while the agent works it waits. `from`: it takes the place of that
   * turn, in a thread of its own.
   * @throws WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND without a folder or for a mention of nothing, INVALID_ACTION
   */
  async send(text: string, from: string | null = null): Promise<void> {
    if (text.trim() === "") return;
    const agents = await this.#open();
    const { readDraft } = await import("./read-draft.ts");
    const draft = await readDraft(this.#studio, text.trim(), this.#attachments);
    if (draft.kind === "command") return await this.#do(draft.command, draft.words);
    if (draft.mode !== null) await this.setMode(draft.mode);
    if (from !== null && this.#shown) await this.#branch(agents, this.#shown, from);
    this.#shown ??= await this.#thread(agents, null);
    const message = messageText(draft.message);
    this.#sent = this.#attachments;
    this.#attach([]);
    if (this.#shown.busy) return this.#shown.enqueue(message);
    await this.#say(this.#shown, message);
  }

  /** Goes on with a digest of what was said, which the model reads in place of it. */
  async compact(): Promise<void> {
    const thread = this.#shown;
    tellCompacted(thread && !thread.busy ? await thread.compact() : null);
  }

  /** Opens a thread as a document, the shown one when none is named. */
  async exportThread(wanted: { readonly id?: string | undefined; readonly format?: string | undefined }) {
    const thread = wanted.id === undefined ? this.#shown : await this.#find(wanted.id);
    const { openExport } = await import("./open-export.ts");
    await openExport(thread, wanted.format);
  }

  async #do(command: ChatWord, words: string): Promise<void> {
    switch (command) {
      case "plan":
        return await this.setMode("supervised");
      case "undo":
        return await this.undo();
      case "compact":
        return await this.compact();
      case "export":
        return await this.exportThread({ format: words });
      default:
        return assertNever(command);
    }
  }

  async resume(): Promise<void> {
    const thread = this.#shown;
    if (!thread) return;
    const agents = await this.#open();
    const options = { ...turnSettings(), ...agents.modelOptions() };
    const done = await this.#work(thread, () => thread.resume(turnLimits(), options));
    const next = done ? thread.dequeue() : null;
    if (next !== null) await this.#say(thread, next);
  }

  /** Goes on with a plan that failed, in a turn of its own. */
  async goOnWithPlan(plan: string, step: number): Promise<void> {
    const thread = this.#shown;
    if (!thread || thread.busy) return;
    const agents = await this.#open();
    const mode = this.mode === "ask" ? "supervised" : this.mode;
    const options = { ...turnSettings(), ...agents.modelOptions(), mode };
    const text = vscode.l10n.t("Go on with the plan at step {0}", step);
    await this.#work(thread, () => thread.carryOut(plan, text, turnLimits(), options));
  }

  /** Answers a question of the agent in the thread that is shown. */
  async answer(id: string, answer: ApprovalAnswer): Promise<void> {
    if (await this.#shown?.answer(id, answer)) await this.resume();
  }

  /** Shows what a question of the thread that is shown would change, to be answered there. */
  async review(id: string): Promise<void> {
    const thread = this.#shown;
    const { store } = await (await this.#open()).access();
    await reviewQuestion(thread, id, store, () => {
      this.#shown = thread;
      this.#showThread();
      void reportFailure(this.#studio, () => this.resume());
    });
  }

  /** Shows what a step changed in files, of which a part can be taken back there. */
  async reviewStep(item: string): Promise<void> {
    const thread = this.#shown;
    const { store } = await (await this.#open()).access();
    if (thread) await reviewStep(thread, item, store);
  }

  /** The first question that waits in the thread that is shown; null when there is none. */
  get asked(): string | null {
    return this.#shown?.transcript.asked[0]?.approval?.request.id ?? null;
  }

  /** The run of the last turn that is shown; null when there is none. */
  get lastRun(): string | null {
    return this.#shown?.transcript.last?.run ?? null;
  }

  stop(): void {
    this.#shown?.stop();
  }

  unqueue(index: number): void {
    this.#shown?.dequeue(index);
  }

  /** What the next message is about, besides what it is about already. */
  attach(attachment: ChatAttachment): void {
    const known = this.#attachments.some(({ line }) => line === attachment.line);
    if (!known) this.#attach([...this.#attachments, attachment]);
  }

  detach(index: number): void {
    this.#attach(this.#attachments.filter((_, at) => at !== index));
  }

  /** Takes back what a turn changed in files, the last that changed any when none is named, once the person says yes. */
  async undo(run?: string): Promise<void> {
    const thread = this.#shown;
    const wanted = await turnToTakeBack(this.items, run);
    if (wanted !== null) await thread?.undo(wanted);
  }

  /** For those who have the agent work elsewhere than in the chat. @throws WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND */
  agents(): Promise<ChatAgents> {
    return this.#open();
  }

  async newThread(): Promise<void> {
    this.#shown = null;
    await this.#memory.keepThread(null);
    this.#showThread();
    this.line.send({ type: "wish", wish: "focus" });
  }

  async openThread(id: string): Promise<void> {
    this.#shown = await this.#find(id);
    await this.#memory.keepThread(id);
    this.#showThread();
  }

  async listThreads(): Promise<void> {
    if (agentRefusal() !== null) return;
    const { store } = await (await this.#open()).access();
    this.line.send({ type: "threads", threads: [...(await listThreads(store))] });
  }

  /** Approvals that hold for longer than one call. */
  async grants() {
    return (await (await this.#open()).access()).runtime.grants;
  }

  /** Takes back all that was approved for longer than one call; gives how much it was. */
  async resetApprovals(): Promise<number> {
    return await resetApprovals(await (await this.#open()).access());
  }

  /** @throws WORKSPACE_UNTRUSTED, CONTEXT_NOT_FOUND without a folder */
  async #open(): Promise<ChatAgents> {
    if (agentRefusal() === "untrusted")
      throw new AksaraError(
        "WORKSPACE_UNTRUSTED",
        vscode.l10n.t("This folder is in Restricted Mode: no agent works in it."),
      );
    const workspace = await this.#studio.workspace();
    if (this.#agents?.workspace !== workspace) {
      await this.leave();
      const distDir = vscode.Uri.joinPath(this.#studio.extension.extensionUri, "dist").fsPath;
      this.#agents = new ChatAgents(workspace, this.#studio.extension.secrets, distDir, (destination) =>
        agreeToSend(destination, this.#studio),
      );
      void forgetOldRuns(this.#agents, this.#studio.log);
    }
    this.#agents.use(this.#memory.model);
    return this.#agents;
  }

  /** One that works, or as its journals say. @throws RUN_NOT_FOUND */
  async #find(id: string): Promise<ChatThread> {
    if (this.#shown?.id === id) return this.#shown;
    const agents = await this.#open();
    const working = [...this.#working].find((thread) => thread.id === id);
    return working ?? (await this.#thread(agents, id));
  }

  async #thread(agents: ChatAgents, id: string | null): Promise<ChatThread> {
    const services = await agents.threadServices();
    return await this.#heard((listener) =>
      id === null ? ChatThread.begin(services, listener) : ChatThread.open(services, id, listener),
    );
  }

  async #branch(agents: ChatAgents, from: ChatThread, before: string): Promise<void> {
    const services = await agents.threadServices();
    this.#shown = await this.#heard((listener) => ChatThread.branch(services, from, before, listener));
    await this.#memory.keepThread(this.#shown.id);
    this.#showThread();
  }

  /** A thread whose doings reach the page while it is the one that is shown; else they are in its transcript. */
  async #heard(make: (listener: ThreadListener) => ChatThread | Promise<ChatThread>): Promise<ChatThread> {
    let own: ChatThread | null = null;
    const ifShown = (tell: () => void) => {
      if (own !== null && this.#shown === own) tell();
    };
    own = await make({
      changed: (changes) => {
        for (const change of changes) settleAnswered(change);
        ifShown(() => {
          for (const change of changes) this.line.send(change);
        });
      },
      activity: (activity) => {
        ifShown(() => this.line.send({ type: "activity", activity }));
        if (own) this.caller.look(own, this.#shown === own);
      },
      // Remembered as soon as there is something to come back to.
      named: (session) => ifShown(() => void this.#memory.keepThread(session)),
      failed: (failure) => ifShown(() => this.#tellFailure(failure)),
      used: (usage) => ifShown(() => this.line.send({ type: "usage", usage })),
      queued: (texts) => ifShown(() => this.line.send({ type: "queue", texts: [...texts] })),
    });
    return own;
  }

  /** What a message that led to nothing was about goes with it when it is given back. */
  #tellFailure(failure: ChatFailure | null): void {
    if (failure?.text != null && this.#attachments.length === 0) this.#attach(this.#sent);
    this.line.send({ type: "failure", failure });
  }

  /** A message and, where all goes well, those that were queued meanwhile. */
  async #say(thread: ChatThread, message: string): Promise<void> {
    for (let next: string | null = message; next !== null; ) {
      const text: string = next;
      const agents = await this.#open();
      const settings = turnSettings();
      const { mode } = this;
      const own = await agents.optionsFor(mode, settings.allowSystemTools === true);
      const options = { ...settings, ...own };
      const worker = mode === "ask" ? "agent" : "company";
      const done = await this.#work(thread, () => thread.send(text, turnLimits(), options, worker));
      next = done ? thread.dequeue() : null;
    }
  }

  async #work(thread: ChatThread, run: () => Promise<boolean>): Promise<boolean> {
    this.#working.add(thread);
    try {
      return await run();
    } finally {
      this.#working.delete(thread);
    }
  }

  async #showAgain(thread: ChatThread): Promise<void> {
    await vscode.commands.executeCommand("aksara.chat.focus");
    if (thread !== this.#shown && thread.id !== null) await this.openThread(thread.id);
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
    if (agentRefusal() === null) {
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

  #attach(attachments: readonly ChatAttachment[]): void {
    this.#attachments = attachments;
    this.line.send({ type: "attached", attachments: [...attachments] });
  }

  #showThread(): void {
    const thread = this.#shown;
    const items = [...this.items];
    const title = thread ? titleOf(thread.transcript.title) : "";
    this.line.send({ type: "thread", thread: thread?.id ?? null, title, items });
    if (!thread) return;
    this.line.send({ type: "activity", activity: thread.activity });
    this.line.send({ type: "usage", usage: thread.transcript.usage });
    this.line.send({ type: "queue", texts: [...thread.queue] });
  }

  #showAccess(): void {
    const { access } = this.#studio;
    const chosen = this.#memory.model;
    this.line.send({
      type: "access",
      access: accessNow({ access, chosen, mode: this.mode, looked: this.#looked }),
    });
  }
}

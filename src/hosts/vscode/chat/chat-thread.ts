import type { AgentRuntime } from "../../../agent/agent-runtime.ts";
import { type Approver, PendingApprovals } from "../../../agent/approvals/approver.ts";
import type { CompactReport } from "../../../agent/compact-session.ts";
import {
  type AgentSettingsInput,
  LeftBehind,
  splitOptions,
  type TaskOptions,
} from "../../../agent/options.ts";
import { newSessionId, openSession, saveSession } from "../../../agent/sessions.ts";
import type { StepId } from "../../../agent/undo-parts.ts";
import { isAksaraError } from "../../../errors.ts";
import type { HarnessRuntime, QueryOptions } from "../../../harness/runtime.ts";
import type { AgentEvent, ApprovalAnswer, ChosenFile } from "../../../protocol/agent.ts";
import type { ChatActivity, ChatFailure, ChatUsage } from "../../../protocol/chat.ts";
import { readJournal } from "../../../records/journal.ts";
import type { JournalRecord } from "../../../records/journal-record.ts";
import type { Store } from "../../../storage/store.ts";
import { readMessage } from "./message-text.ts";
import { readTurn } from "./read-turn.ts";
import { Transcript, type TranscriptChange } from "./transcript.ts";

/** Limits of one turn, where a turn of the agent has limits of a whole session or run. */
export interface TurnLimits {
  readonly maxIterations: number;
  readonly maxToolCalls: number;
  readonly maxTotalTokens: number;
}

export interface ThreadServices {
  readonly runtime: AgentRuntime;
  readonly store: Store;
  /** Opens the agents that work together, for one turn or one answer. */
  readonly openCompany: OpenCompany;
}

/** @throws SPEC_INVALID for a workspace whose own agents are described wrongly */
export type OpenCompany = (settings: CompanySettings) => Promise<HarnessRuntime>;

/** What holds for each of several agents; which tools they have is their own. */
export type CompanySettings = AgentSettingsInput;

/** Who works on a turn: one agent, or several that work together. */
export type TurnWorker = "agent" | "company";

/** Hears what happens in a thread. */
export interface ThreadListener {
  /** It has a session now. */
  named(session: string): void;
  changed(changes: readonly TranscriptChange[]): void;
  activity(activity: ChatActivity): void;
  failed(failure: ChatFailure | null): void;
  used(usage: ChatUsage | null): void;
  queued(texts: readonly string[]): void;
}

interface Work {
  readonly abort: AbortController;
  readonly startedAt: number;
  /** What was sent; null when a run goes on. */
  readonly text: string | null;
  /** Null where one agent works alone. */
  company: Promise<HarnessRuntime> | null;
  begun: boolean;
  iteration: number;
  maxIterations: number;
  done: Promise<void>;
}

/**
 * One conversation: a session of the agent, the same that the command line goes on with. It works on one turn at a
 * time; questions to a person wait as long as it takes, also over the end of the process.
 */
export class ChatThread {
  readonly transcript = new Transcript();
  readonly #services: ThreadServices;
  readonly #listener: ThreadListener;
  readonly #pending = new PendingApprovals(() => this.#tellActivity());
  /** Answers to questions of a run that is being taken up again. */
  readonly #given = new Map<string, ApprovalAnswer>();
  #id: string | null;
  #work: Work | null = null;
  #queue: readonly string[] = [];

  private constructor(services: ThreadServices, id: string | null, listener: ThreadListener) {
    this.#services = services;
    this.#id = id;
    this.#listener = listener;
  }

  static begin(services: ThreadServices, listener: ThreadListener): ChatThread {
    return new ChatThread(services, null, listener);
  }

  /** Reads a conversation from its journals. @throws RUN_NOT_FOUND, INVALID_REQUEST for one that was ended */
  static async open(services: ThreadServices, id: string, listener: ThreadListener): Promise<ChatThread> {
    const session = await openSession(services.store, id);
    const thread = new ChatThread(services, id, listener);
    for (const run of session.runs)
      for (const record of await readTurn(services.store, run)) thread.transcript.apply(record);
    await thread.#leaveOpen();
    return thread;
  }

  /**
   * A conversation of its own that begins with what was said before a turn of another. The turns that they share are
   * the same journals. @throws RUN_NOT_FOUND
   */
  static async branch(
    services: ThreadServices,
    other: ChatThread,
    before: string,
    listener: ThreadListener,
  ): Promise<ChatThread> {
    const runs = other.transcript.runs;
    const id = newSessionId();
    await saveSession(services.store, {
      id,
      startedAt: new Date().toISOString(),
      runs: runs.slice(0, Math.max(0, runs.indexOf(before))),
      ended: false,
    });
    return await ChatThread.open(services, id, listener);
  }

  /** The session; null until something was sent. */
  get id(): string | null {
    return this.#id;
  }

  get busy(): boolean {
    return this.#work !== null;
  }

  /** What a person wrote of the messages that wait for the turn to end. */
  get queue(): readonly string[] {
    return this.#queue.map(saidIn);
  }

  enqueue(text: string): void {
    this.#setQueue([...this.#queue, text]);
  }

  /** Takes a message out of the queue, the first when none is named; null when there is none. */
  dequeue(index = 0): string | null {
    const text = this.#queue[index] ?? null;
    this.#setQueue(this.#queue.filter((_, at) => at !== index));
    return text;
  }

  #setQueue(queue: readonly string[]): void {
    if (queue.length === this.#queue.length) return;
    this.#queue = queue;
    this.#listener.queued(this.queue);
  }

  get activity(): ChatActivity {
    const work = this.#work;
    if (!work) return { state: "idle" };
    if (!work.begun) return { state: "starting", text: work.text === null ? null : saidIn(work.text) };
    return {
      state: "working",
      startedAt: work.startedAt,
      iteration: work.iteration,
      maxIterations: work.maxIterations,
      waiting: this.#pending.list().length > 0 || (work.company !== null && this.transcript.asked.length > 0),
      stopping: work.abort.signal.aborted,
    };
  }

  /** One turn, where none goes on. Every failure is told to the listener. True: it was done. */
  async send(
    text: string,
    limits: TurnLimits,
    options: TaskOptions,
    worker: TurnWorker = "agent",
  ): Promise<boolean> {
    return await this.#run(text, async (hooks, work) => {
      const { runtime } = this.#services;
      if (this.#id === null) {
        this.#id = (await runtime.startSession()).id;
        this.#listener.named(this.#id);
      }
      const session = this.#id;
      const given = { ...options, ...hooks, ...this.#roomFor(limits, worker, false) };
      if (worker === "agent") return runtime.sendStream(session, text, given);
      const company = await this.#company(work, given);
      return company.query(text, session, null, queryOptions(given, session));
    });
  }

  /** A turn that carries out a plan of this conversation that is approved and not done. */
  async carryOut(plan: string, text: string, limits: TurnLimits, options: TaskOptions): Promise<boolean> {
    const session = this.#id;
    if (session === null) return false;
    return await this.#run(text, async (hooks, work) => {
      const given = { ...options, ...hooks, ...this.#roomFor(limits, "company", false) };
      const company = await this.#company(work, given);
      return company.executePlan(plan, text, session, queryOptions(given, session));
    });
  }

  /** Goes on with the last turn, in the mode and with the tools that it had. */
  async resume(limits: TurnLimits, options: TaskOptions): Promise<boolean> {
    const { last } = this.transcript;
    if (!last || last.end === "complete") return false;
    const session = this.#id;
    return await this.#run(null, async (hooks, work) => {
      const worker = last.byCompany ? "company" : "agent";
      const given = { ...options, ...hooks, ...this.#roomFor(limits, worker, true) };
      if (!last.byCompany || session === null) return this.#services.runtime.resumeStream(last.run, given);
      const company = await this.#company(work, { ...given, mode: last.mode });
      return company.resume(last.run, queryOptions(given, session));
    });
  }

  /**
   * Answers a question. Where its run waits for it, the run goes on; else the answer is kept for the run, which is to be
   * taken up again: then this gives true.
   * @throws APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED
   */
  async answer(id: string, answer: ApprovalAnswer): Promise<boolean> {
    const work = this.#work;
    const isLeft = work === null && this.transcript.asked.some(({ approval }) => approval?.request.id === id);
    if (work?.company) await respond(await work.company, id, answer);
    else if (isLeft && this.transcript.last?.byCompany) {
      const company = await this.#services.openCompany({});
      await respond(company, id, answer).finally(() => company.dispose());
    } else if (isLeft) this.#given.set(id, answer);
    else this.#pending.respond(id, answer);
    return isLeft;
  }

  /** Ends the turn that goes on; what was done stays. */
  stop(): void {
    this.#work?.abort.abort();
    this.#tellActivity();
  }

  /** Takes back what a turn changed in files. @throws EDIT_CONFLICT, THREAD_BUSY, CONTEXT_NOT_FOUND */
  async undo(run: string): Promise<readonly string[]> {
    const { runtime, store } = this.#services;
    const { files } = await runtime.undo({ runId: run });
    for (const record of await readTurn(store, run))
      if (record.type === "undone") this.#listener.changed(this.transcript.apply(record));
    return files;
  }

  /**
   * Replaces what was said by a digest, for the turns that follow; what is shown stays. Estimated tokens before and
   * after; null where a digest would gain nothing.
   * @throws THREAD_BUSY, INVALID_REQUEST while a question waits
   */
  async compact(): Promise<CompactReport | null> {
    const { runtime, store } = this.#services;
    const run = this.transcript.runs.at(-1);
    if (this.#id === null || run === undefined) return null;
    const report = await runtime.compact(this.#id);
    if (report.after === report.before) return null;
    const record = (await readJournal(store, run)).findLast(({ type }) => type === "conversation-compacted");
    if (record) this.#listener.changed(this.transcript.apply(record));
    return report;
  }

  /** Takes back a part of what a step changed in files. @throws EDIT_CONFLICT, THREAD_BUSY */
  async undoParts(step: StepId, kept: readonly ChosenFile[]): Promise<void> {
    const { runtime, store } = this.#services;
    await runtime.undoParts(step, kept);
    for (const record of await readJournal(store, step.runId))
      if (record.type === "undone-part") this.#listener.changed(this.transcript.apply(record));
  }

  /** Leaves the turn that goes on as it is, to be taken up by another process. */
  async leave(): Promise<void> {
    this.#work?.abort.abort(new LeftBehind());
    await this.#work?.done;
  }

  async #run(text: string | null, begin: Begin): Promise<boolean> {
    if (this.#work) return false;
    const abort = new AbortController();
    const work: Work = {
      abort,
      startedAt: Date.now(),
      text,
      company: null,
      begun: false,
      iteration: 0,
      maxIterations: 0,
      done: Promise.resolve(),
    };
    this.#work = work;
    this.#listener.failed(null);
    this.#tellActivity();
    work.done = this.#follow(work, begin);
    await work.done;
    return work.begun && this.transcript.last?.end === "complete";
  }

  #company(work: Work, { goal: _goal, signal: _signal, ...options }: TaskOptions): Promise<HarnessRuntime> {
    work.company = this.#services.openCompany(splitOptions(options).settings);
    return work.company;
  }

  async #follow(work: Work, begin: Begin): Promise<void> {
    const { signal } = work.abort;
    try {
      const hooks = {
        signal,
        approver: this.#approver,
        observe: (entry: JournalRecord | AgentEvent) => this.#observe(work, entry),
      };
      // What happens is heard by `observe`; here it is only waited for.
      for await (const _ of await begin(hooks, work));
    } catch (error) {
      if (signal.reason instanceof LeftBehind) return;
      await this.#leaveOpen();
      this.#listener.failed(failureOf(error, work));
    } finally {
      await dismiss(work.company);
      this.#work = null;
      this.#given.clear();
      this.#tellActivity();
    }
  }

  #observe(work: Work, entry: JournalRecord | AgentEvent): void {
    const begins = !work.begun;
    work.begun = true;
    const changes = this.transcript.apply(entry);
    if (changes.length > 0) this.#listener.changed(changes);
    const isOwn = entry.runId === this.transcript.last?.run;
    if (entry.type === "progress" && isOwn) {
      work.iteration = entry.iteration;
      work.maxIterations = entry.maxIterations;
    }
    if (entry.type === "usage" || entry.type === "model-answered") this.#listener.used(this.transcript.usage);
    // The message stands in the transcript now: it is no longer on its way.
    const asks = entry.type === "approval" || entry.type === "approval-answered";
    if (begins || entry.type === "progress" || (asks && work.company)) this.#tellActivity();
  }

  readonly #approver: Approver = {
    ask: async (request, signal) => {
      const given = this.#given.get(request.id);
      this.#given.delete(request.id);
      return given ?? (await this.#pending.ask(request, signal));
    },
  };

  /** Says of a last turn without an end whether somebody else works on it. */
  async #leaveOpen(): Promise<void> {
    const { last } = this.transcript;
    if (!last || (last.end !== null && last.end !== "open")) return;
    const holder = await this.#services.store.leases.holderOf(`session:${this.#id}`);
    this.#listener.changed(this.transcript.leaveOpen(last.run, holder !== null));
  }

  /**
   * A run that goes on has used some of its own limits. One agent counts tokens over the whole conversation, several
   * count those of the turn.
   */
  #roomFor(limits: TurnLimits, worker: TurnWorker, goesOn: boolean): TaskOptions {
    const { iterations, calls, tokens, turnTokens } = this.transcript.spent;
    const spent = worker === "agent" ? tokens : goesOn ? turnTokens : 0;
    return {
      maxIterations: limits.maxIterations + (goesOn ? iterations : 0),
      maxToolCalls: limits.maxToolCalls + (goesOn ? calls : 0),
      maxTotalTokens: limits.maxTotalTokens + spent,
    };
  }

  #tellActivity(): void {
    this.#listener.activity(this.activity);
  }
}

type Begin = (hooks: TaskOptions, work: Work) => Promise<AsyncIterable<AgentEvent>>;

function queryOptions({ signal, observe, agree }: TaskOptions, session: string): QueryOptions {
  return { session, signal, observe, agree };
}

async function respond(
  company: HarnessRuntime,
  id: string,
  { outcome, ...more }: ApprovalAnswer,
): Promise<void> {
  await company.respondToApproval(id, outcome, more);
}

async function dismiss(company: Work["company"]): Promise<void> {
  // What kept it from opening was told already.
  await company?.then(
    (opened) => opened.dispose(),
    () => undefined,
  );
}

function failureOf(error: unknown, { text, begun }: Work): ChatFailure {
  const known = isAksaraError(error) ? error : null;
  return {
    code: known?.code ?? "RUNTIME_ERROR",
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint ?? null,
    text: begun || text === null ? null : saidIn(text),
    from: null,
  };
}

/** What a person wrote of a message. */
function saidIn(message: string): string {
  return readMessage(message).text;
}

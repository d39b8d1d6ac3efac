import type { PostgresParser } from "../database/sql/parse-postgres.ts";
import { AksaraError } from "../errors.ts";
import type { ExecutionServices } from "../execution/execution-services.ts";
import { resolveModel } from "../execution/resolve-model.ts";
import type { AgentEvent, AgentResult, ChosenFile } from "../protocol/agent.ts";
import { Journal } from "../records/journal.ts";
import type { NewRecord, RunStarted } from "../records/journal-record.ts";
import { newTraceId } from "../records/run-trace.ts";
import type { Store } from "../storage/store.ts";
import { callbackApprover } from "./approvals/approver.ts";
import { Grants } from "./approvals/grants.ts";
import { type CompactReport, compactSession } from "./compact-session.ts";
import type { AgentDatabases } from "./databases.ts";
import { callDirectly, type DirectCallOptions, type DirectCallResult } from "./direct-call.ts";
import { WorkspaceFiles } from "./files/workspace-files.ts";
import {
  type AgentHooks,
  type AgentSettings,
  type AgentSettingsInput,
  DEFAULT_TOOLS,
  readSettings,
  splitOptions,
  type TaskOptions,
} from "./options.ts";
import { type AgentPart, mayChange, NO_POLICY } from "./part.ts";
import { type AgentModel, AgentRun } from "./run/agent-run.ts";
import { EventQueue } from "./run/event-queue.ts";
import { restoreHeld } from "./run/present-changes.ts";
import { RunClock } from "./run/run-clock.ts";
import { RunLog } from "./run/run-log.ts";
import { foldRun, type RunState } from "./run/run-state.ts";
import { Stop } from "./run/stop.ts";
import { systemPrompt } from "./run/system-prompt.ts";
import { workspaceLine } from "./run/workspace-line.ts";
import {
  findSession,
  newSessionId,
  openSession,
  readPast,
  readRun,
  type SessionRecord,
  saveSession,
} from "./sessions.ts";
import { modelTools } from "./tools/model-tools.ts";
import { proposePlan } from "./tools/propose-plan.ts";
import { readReference } from "./tools/read-reference.ts";
import type { ToolRegistry } from "./tools/registry.ts";
import type { Tool } from "./tools/tool.ts";
import { type UndoReport, type UndoTarget, undoCalls } from "./undo.ts";
import { type StepId, undoParts } from "./undo-parts.ts";
import type { AgentWorkspace } from "./workspace-port.ts";

/** What an agent needs from its host. */
export interface AgentServices {
  readonly workspace: AgentWorkspace;
  /** Journals, sessions and contents of the workspace. */
  readonly store: Store;
  /**
   * Approvals that hold for the workspace; the store when absent. Where others write to the store, theirs must not count
   * as the person's.
   */
  readonly grantStore?: Store;
  /** What the person allowed for every workspace; null when it cannot be kept. */
  readonly personStore: Store | null;
  readonly tools: ToolRegistry;
  /** Reads SQL in what is about to be run. */
  readonly sql: PostgresParser;
  /** Databases that agents may use; none when absent. */
  readonly databases?: AgentDatabases;
  /** Milliseconds since 1970; the system's when absent. */
  readonly now?: () => number;
}

/** A run that is to begin, or to go on. */
interface Plan {
  readonly runId: string;
  readonly session: SessionRecord;
  readonly settings: AgentSettings;
  readonly hooks: AgentHooks;
  readonly signal: AbortSignal | undefined;
  /** Null when the run goes on. */
  readonly task: string | null;
  /** Null for the product's own agent. */
  readonly part: AgentPart | null;
}

/** Agents of one workspace. */
export class AgentRuntime {
  readonly #services: AgentServices;
  readonly #settings: AgentSettingsInput;
  readonly #hooks: AgentHooks;
  readonly #now: () => number;
  readonly grants: Grants;

  /** @throws SPEC_INVALID for an option that is wrong */
  constructor(services: AgentServices, options: AgentSettingsInput & AgentHooks = {}) {
    this.#services = services;
    const { settings, hooks } = splitOptions(options);
    readSettings(settings);
    this.#settings = settings;
    this.#hooks = hooks;
    this.#now = services.now ?? Date.now;
    const grantStore = services.grantStore ?? services.store;
    this.grants = new Grants({ workspace: grantStore, person: services.personStore }, this.#now);
  }

  /** Works on a task to its end. How it ended is in the result; thrown is only what kept it from beginning. */
  execute(task: string | TaskOptions, options: TaskOptions = {}): Promise<AgentResult> {
    return lastOf(this.executeStream(task, options));
  }

  /** The same as events; exactly one of `complete`, `error`, `interrupted`, and it is the last. */
  executeStream(task: string | TaskOptions, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    const given = typeof task === "string" ? { ...options, goal: task } : task;
    return this.#stream(async () => {
      const session = this.#newSession();
      await saveSession(this.#services.store, session);
      return this.#plan(session, given);
    }, given);
  }

  /** A conversation of several turns; of `id`, one that was begun before, in this process or another. */
  async startSession(id?: string): Promise<AgentSession> {
    const { store } = this.#services;
    const session = id === undefined ? this.#newSession() : await openSession(store, id);
    if (id === undefined) await saveSession(store, session);
    return {
      id: session.id,
      send: (text, options = {}) => lastOf(this.sendStream(session.id, text, options)),
      sendStream: (text, options = {}) => this.sendStream(session.id, text, options),
      end: async () => {
        const now = await findSession(store, session.id);
        if (now) await saveSession(store, { ...now, ended: true });
      },
    };
  }

  /** One turn of a session as events. */
  sendStream(sessionId: string, text: string, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    const { store } = this.#services;
    return this.#stream(async () => {
      const session = await openSession(store, sessionId);
      return this.#plan(session, { ...options, goal: text });
    }, options);
  }

  /** Goes on with a run that was interrupted, stopped by a limit, or left by a process that died. */
  resume(runId: string, options: TaskOptions = {}): Promise<AgentResult> {
    return lastOf(this.resumeStream(runId, options));
  }

  /** @throws RUN_NOT_FOUND, INVALID_REQUEST for a run that is complete, THREAD_BUSY while somebody works on it */
  resumeStream(runId: string, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    const { store } = this.#services;
    return this.#stream(async () => {
      const state = await readRun(store, runId);
      const started = demandStarted(state, runId);
      demandUnfinished(state, runId);
      const session = (await findSession(store, started.sessionId)) ?? {
        id: started.sessionId,
        startedAt: started.at,
        runs: [runId],
        ended: false,
      };
      const { mode, interactive, tools, provider, model } = started;
      const before = { mode, interactive, tools: [...tools], provider, model };
      const plan = this.#plan(session, { ...before, ...definedOf(options) });
      return { ...plan, runId, task: null };
    }, options);
  }

  /**
   * One run of several which work together, as events: begun, or gone on with where its journal has begun.
   * @throws INVALID_REQUEST for a run that is complete, THREAD_BUSY
   */
  partStream(part: AgentPart, task: string, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    return this.#stream(async () => {
      const startedAt = new Date(this.#now()).toISOString();
      const runs = part.before === "session" ? [] : part.before;
      const session = { id: part.sessionId, startedAt, runs, ended: false };
      return { ...this.#plan(session, { ...options, goal: task }), runId: part.runId, part };
    }, options);
  }

  /** One call for somebody else's agent, as a run of its own. @throws CANCELLED, and what the store throws */
  call(tool: Tool, input: unknown, options: DirectCallOptions): Promise<DirectCallResult> {
    return callDirectly(tool, input, this.#services, options);
  }

  /** Takes back what runs changed in files: a step, a turn, a whole session. @throws EDIT_CONFLICT, RUN_NOT_FOUND */
  async undo(target: UndoTarget): Promise<UndoReport> {
    const { store, workspace } = this.#services;
    const report = await undoCalls(target, store, new WorkspaceFiles(workspace.roots, false), this.#now);
    workspace.refresh(report.files);
    return report;
  }

  /** Replaces what was said in a session by a digest, for the turns that follow. @throws THREAD_BUSY, INVALID_REQUEST */
  compact(sessionId: string): Promise<CompactReport> {
    return compactSession(sessionId, this.#services.store, OWN_NAME, this.#now);
  }

  /** Takes back a part of what a step changed: `kept` is what stays. @throws EDIT_CONFLICT, RUN_NOT_FOUND, THREAD_BUSY */
  undoParts(step: StepId, kept: readonly ChosenFile[]): Promise<readonly string[]> {
    return undoParts(step, kept, { ...this.#services, now: this.#now });
  }

  #newSession(): SessionRecord {
    return { id: newSessionId(), startedAt: new Date(this.#now()).toISOString(), runs: [], ended: false };
  }

  #plan(session: SessionRecord, options: TaskOptions): Plan {
    const { goal, signal, ...rest } = options;
    const { settings, hooks } = splitOptions(rest);
    if (goal !== undefined && goal.trim() === "")
      throw new AksaraError("EMPTY_PROMPT", "There is no task.", { hint: "Say what is to be done." });
    return {
      runId: newTraceId(this.#now()),
      session,
      settings: readSettings(this.#settings, settings),
      hooks: { ...this.#hooks, ...definedOf(hooks) },
      signal,
      task: goal ?? "",
      part: null,
    };
  }

  #stream(plan: () => Promise<Plan>, { signal }: TaskOptions): AsyncIterable<AgentEvent> {
    return {
      [Symbol.asyncIterator]: () => {
        const abandoned = new AbortController();
        const queue = new EventQueue<AgentEvent>(() => abandoned.abort());
        const both = signal ? AbortSignal.any([signal, abandoned.signal]) : abandoned.signal;
        plan()
          .then((planned) => this.#run({ ...planned, signal: both }, (event) => queue.push(event)))
          .then(
            () => queue.end(),
            (error: unknown) => queue.fail(error),
          );
        return queue[Symbol.asyncIterator]();
      },
    };
  }

  async #run(plan: Plan, announce: (event: AgentEvent) => void): Promise<void> {
    const { workspace, store } = this.#services;
    const { settings, hooks, part } = plan;
    const stop = new Stop(plan.signal);
    const tools = this.#toolsOf(settings, part);
    const execution = workspace.execution();
    const model = part?.model ?? (await chosenModel(settings, hooks, execution, stop.signal));
    const line = await workspaceLine(workspace, stop.signal);
    const { journal, records } = await Journal.open(store, plan.runId, {
      agent: part?.agent ?? OWN_NAME,
      lease: part?.lease ?? `session:${plan.session.id}`,
      now: this.#now,
      onLost: () => stop.by("lost"),
    });
    const clock = new RunClock(settings.timeoutSeconds * 1000, () => stop.by("timeout"));
    try {
      const log = new RunLog(journal, foldRun(records), announce, hooks.observe);
      demandUnfinished(log.state, plan.runId);
      // Now that nobody else goes on with it: another process may have added to it until a moment ago.
      const isTurn = part === null || part.isTurn;
      const session = (isTurn ? await findSession(store, plan.session.id) : null) ?? plan.session;
      const remembered =
        part === null || part.before === "session" ? session : { ...session, runs: part.before };
      const past = await readPast(store, remembered, plan.runId);
      const begun = { ...plan, session, task: log.state.started ? null : plan.task };
      for (const record of this.#opening(begun, log.state, model, tools)) await log.record(record, true);
      if (isTurn && !session.runs.includes(plan.runId))
        await saveSession(store, { ...session, runs: [...session.runs, plan.runId] });
      const files = new WorkspaceFiles(workspace.roots, settings.sandboxMode && (part?.heldBack ?? true));
      for (const state of [...past.states, log.state]) restoreSeen(files, state);
      await restoreHeld(log.state, { files, store });
      await new AgentRun({
        parts: {
          log,
          agent: part?.agent ?? OWN_NAME,
          sessionId: session.id,
          calls: part?.policy ?? NO_POLICY,
          pool: part?.pool ?? null,
          settings,
          hooks,
          mode: settings.mode,
          policy: {
            mode: settings.mode,
            interactive: settings.interactive,
            trusted: execution.trusted,
            allowWrites: settings.allowWrites,
            allowSystemTools: settings.allowSystemTools,
            requireApprovalFor: settings.requireApprovalFor,
            offered: tools.map(({ name }) => name),
          },
          tools,
          approver:
            hooks.approver ?? (hooks.approvalCallback ? callbackApprover(hooks.approvalCallback) : null),
          grants: this.grants,
          files,
          workspace,
          store,
          sql: this.#services.sql,
          databases: this.#services.databases ?? null,
          references: past.states.flatMap(({ references }) => references),
          clock,
          signal: stop.signal,
        },
        model,
        system: systemPrompt({
          role: part?.role ?? null,
          mode: settings.mode,
          workspace: line,
          sandbox: settings.sandboxMode,
        }),
        modelTools: modelTools(tools),
        promptCacheKey: part?.promptCacheKey ?? null,
        history: log.state.coversPast ? [] : past.messages,
        spentTokens: part ? 0 : past.tokens,
        stoppedBy: () => stop.reason,
      }).run();
    } finally {
      clock.dispose();
      stop.dispose();
      await journal.close();
    }
  }

  /** Named tools, those that every agent has, and those of one alone. */
  #toolsOf(settings: AgentSettings, part: AgentPart | null): readonly Tool[] {
    const given = part?.ownTools ?? [];
    const isGiven = (name: string) => given.some((tool) => tool.name === name);
    const { tools } = this.#services;
    const wanted = settings.tools ?? DEFAULT_TOOLS.filter((name) => tools.find(name) !== null);
    const named = tools.pick(wanted.filter((name) => !isGiven(name) && !UNNAMED.includes(name)));
    const plansFirst =
      settings.mode === "supervised" && (part === null || mayChange(part, [...named, ...given]));
    const usual = [readReference, ...(plansFirst ? [proposePlan] : [])].filter(({ name }) => !isGiven(name));
    return [...named, ...usual, ...given].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  *#opening(plan: Plan, state: RunState, model: AgentModel, tools: readonly Tool[]): Iterable<NewRecord> {
    const { part } = plan;
    if (plan.task !== null) {
      const { mode, interactive } = plan.settings;
      yield {
        type: "run-started",
        version: 1,
        sessionId: plan.session.id,
        turn: plan.session.runs.length + 1,
        task: plan.task,
        mode,
        interactive,
        tools: tools.map(({ name }) => name),
        provider: model.provider,
        model: model.model,
        labels: part?.labels ?? {},
      };
      if (part?.plan) yield { type: "plan", plan: part.plan };
      return;
    }
    const hadEnded = state.ended !== null;
    yield { type: "run-resumed" };
    // A conversation that ends with the model's own words asks it nothing. Where only the end was missing, it follows.
    if (hadEnded && state.messages.at(-1)?.role === "assistant" && state.open.length === 0)
      yield { type: "notice", kind: "resumed", text: "Go on." };
  }
}

/** A conversation. */
export interface AgentSession {
  readonly id: string;
  send(text: string, options?: TaskOptions): Promise<AgentResult>;
  sendStream(text: string, options?: TaskOptions): AsyncIterable<AgentEvent>;
  /** Nothing can be sent any more. */
  end(): Promise<void>;
}

const OWN_NAME = "agent";

/** Given to an agent by what it is, never by its name. */
const UNNAMED: readonly string[] = [readReference.name, proposePlan.name];

async function chosenModel(
  { provider, model }: AgentSettings,
  hooks: AgentHooks,
  execution: ExecutionServices,
  signal: AbortSignal,
): Promise<AgentModel> {
  const resolved = await resolveModel(
    { providerOverride: provider, modelOverride: model },
    { provider: "", model: "" },
    execution,
    signal,
  );
  const { connector, setup } = resolved;
  await hooks.agree?.({ setup, model: resolved.model });
  return { connector, kind: setup.kind, provider: setup.name, model: resolved.model };
}

function demandUnfinished({ ended }: RunState, runId: string): void {
  if (ended?.type !== "complete") return;
  throw new AksaraError("INVALID_REQUEST", `The run ${runId} is complete: there is nothing to go on with.`);
}

function demandStarted({ started }: RunState, runId: string): RunStarted {
  if (started) return started;
  throw new AksaraError("RUN_NOT_FOUND", `There is no run ${runId}.`);
}

function restoreSeen(files: WorkspaceFiles, state: RunState): void {
  for (const { result } of state.calls) {
    for (const { uri, hash } of result?.reads ?? []) files.noteSeen(uri, hash);
    for (const { uri, after } of [...(result?.changes ?? []), ...(result?.held ?? [])])
      if (after !== null) files.noteSeen(uri, after);
  }
}

function definedOf<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

async function lastOf(events: AsyncIterable<AgentEvent>): Promise<AgentResult> {
  let result: AgentResult | null = null;
  for await (const event of events)
    if (event.type === "complete" || event.type === "error" || event.type === "interrupted")
      result = event.result;
  if (result) return result;
  throw new AksaraError("RUNTIME_ERROR", "The run ended without a result.");
}

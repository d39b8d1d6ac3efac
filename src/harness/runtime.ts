import { AgentRuntime, type AgentServices } from "../agent/agent-runtime.ts";
import type { HeldBack } from "../agent/files/workspace-files.ts";
import { LeftBehind, readSettings } from "../agent/options.ts";
import { BudgetPool } from "../agent/run/budget-pool.ts";
import { foldRun } from "../agent/run/run-state.ts";
import { AksaraError, isAksaraError } from "../errors.ts";
import { type AgentEvent, type ApprovalAnswer, approvalAnswerSchema } from "../protocol/agent.ts";
import { type Gate, Gates } from "../records/gates.ts";
import { readJournal } from "../records/journal.ts";
import { Notes } from "../records/notes.ts";
import { PlanBook, type PlanRecord } from "../records/plan-book.ts";
import { type ReferenceEnvelope, ReferenceRecords } from "../records/reference-records.ts";
import { newTraceId } from "../records/run-trace.ts";
import { type ThreadRecord, type ThreadRun, Threads } from "../records/threads.ts";
import type { Trace, TraceFilter } from "../records/trace.ts";
import type { Store } from "../storage/store.ts";
import { nearestNames } from "../workspace/nearest-names.ts";
import { castAgent, castPlan } from "./casting.ts";
import { CatalogSearch } from "./catalog-search/catalog-search.ts";
import type { Casting, Company } from "./company.ts";
import { demandTools } from "./demand-tools.ts";
import { GateKeeper } from "./gate-keeper.ts";
import { readyPlan, settlePlan } from "./hand-off.ts";
import {
  endOfRun,
  type InterruptedRun,
  interruptedRuns,
  progressAfter,
  sessionOfRun,
} from "./interrupted-runs.ts";
import { Models } from "./models.ts";
import { sleep, within } from "./patience.ts";
import { References } from "./references.ts";
import type { RuntimePlan } from "./runtime-options.ts";
import { type Seat, sessionOf, type Tree, type TreeHooks } from "./seat.ts";
import type { AgentSpec } from "./spec/agent-spec.ts";
import type { ReferenceSpecInput } from "./spec/reference-spec.ts";
import { spentBefore } from "./spent-before.ts";
import { Traces } from "./traces.ts";
import { Turns } from "./turns.ts";

/** How often a thread that another process works on is tried again, in milliseconds. */
const TRY_AGAIN_MS = 250;

/** What a runtime stands on. */
export interface HarnessServices extends AgentServices {
  /** Plans, where they are kept elsewhere. */
  readonly plansStore?: Store;
  /** What agents note, where it is kept elsewhere. */
  readonly memoryStore?: Store;
}

/** A request that goes on in this process. */
interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** How long disposing waits for what it stopped to be written, in milliseconds: who listens may have gone away. */
const PATIENCE_MS = 5_000;

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** False: THREAD_BUSY instead of waiting for another run of the thread. */
  readonly wait?: boolean | undefined;
  /** `leave-open`: a question ends the run as interrupted, and its answer lets it go on; `wait` when absent. */
  readonly approvals?: Tree["approvals"] | undefined;
  /** What a trace is to be found by again. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** In a sandbox: what all runs of the request hold back from the disk, together with what is there before. */
  readonly heldBack?: HeldBack | undefined;
  /** The conversation of the product's own agent that the thread is: this becomes one of its turns. */
  readonly session?: string | undefined;
  /** The plan that an executor is to carry out; the latest that is ready when absent. */
  readonly plan?: string | undefined;
  /** Hears the journals of all runs, those below the asked one as well. */
  readonly observe?: TreeHooks["observe"];
  /** Asked before anything goes to a model for the first time in a run. */
  readonly agree?: TreeHooks["agree"];
}

/** Agents that work together, as a spec says. */
export class HarnessRuntime {
  readonly #company: Company;
  readonly #plan: RuntimePlan;
  readonly #services: HarnessServices;
  readonly #gates: Gates;
  readonly #traces: Traces;
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();

  /** @throws SPEC_INVALID */
  constructor(plan: RuntimePlan, services: HarnessServices) {
    const { spec, options } = plan;
    const { store, workspace, tools } = services;
    demandTools(spec, tools);
    const tenant = spec.tenant.resourceId;
    const now = services.now ?? Date.now;
    const timeout = options.approvalTimeoutSeconds;
    const plans = new PlanBook((services.plansStore ?? store).values, tenant, now);
    this.#gates = new Gates(store.values, tenant, now, timeout === undefined ? null : timeout * 1000);
    const references = new References(new ReferenceRecords(store, tenant, now), spec.references);
    const notes = new Notes((services.memoryStore ?? store).values, tenant, now);
    const models = new Models(spec, plan.interpreter, plan.testing, options.defaultModel ?? null);
    this.#plan = plan;
    this.#services = services;
    this.#now = now;
    this.#company = {
      spec,
      agents: new AgentRuntime(services, options.settings),
      models,
      registry: tools,
      execution: () => workspace.execution(),
      keeper: new GateKeeper(this.#gates, plans, store.kind !== "memory"),
      threads: new Threads(store.values, tenant, now),
      store,
      turns: new Turns(),
      handlers: { services: options.services ?? {}, references, plans, notes, search: searchOf(plan) },
      predicates: options.approvalPredicates ?? {},
      dispatcher: options.actionDispatcher ?? null,
      settings: options.settings ?? {},
    };
    this.#traces = new Traces(store, this.#company.threads);
  }

  /**
   * Asks the coordinator, as events. With `resume`, the token of an interrupted run, that run goes on after its last
   * finished call, and the prompt is not asked again.
   * @throws INVALID_REQUEST, RUN_NOT_FOUND, THREAD_BUSY when it is not to wait
   */
  query(
    prompt: string,
    threadId: string,
    resume?: string | null,
    options: QueryOptions = {},
  ): AsyncIterable<AgentEvent> {
    return this.#root(() => this.#first("coordinator"), prompt, threadId, resume ?? null, options);
  }

  /** Asks one agent, past the coordinator. Without a thread it gets one of its own. */
  runSpecialist(
    name: string,
    prompt: string,
    threadId?: string | null,
    options: QueryOptions & { readonly resume?: string | undefined } = {},
  ): AsyncIterable<AgentEvent> {
    const thread = threadId ?? `thread-${newTraceId(this.#now()).slice(0, 20)}`;
    return this.#root(() => this.#agent(name), prompt, thread, options.resume ?? null, options);
  }

  /**
   * Has the executor carry out a plan of a thread that is approved and not done, from the step on where it stopped.
   * @throws INVALID_REQUEST
   */
  executePlan(
    planId: string,
    prompt: string,
    threadId: string,
    options: QueryOptions = {},
  ): AsyncIterable<AgentEvent> {
    return this.#root(() => this.#first("executor"), prompt, threadId, null, { ...options, plan: planId });
  }

  /** Goes on with an interrupted run, wherever it was asked. @throws RUN_NOT_FOUND, INVALID_REQUEST */
  resume(token: string, options: QueryOptions = {}): AsyncIterable<AgentEvent> {
    const find = async function* (runtime: HarnessRuntime): AsyncIterable<AgentEvent> {
      const thread = (await runtime.#company.threads.list()).find(({ runs }) =>
        runs.some(({ runId, task }) => runId === token && task !== null),
      );
      const run = thread?.runs.find(({ runId }) => runId === token);
      if (!thread || !run) throw runNotFound(token);
      yield* runtime.#root(() => runtime.#agent(run.agent), "", thread.id, token, options);
    };
    return find(this);
  }

  /** Answers a gate. @throws INVALID_REQUEST for another outcome, APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  async respondToApproval(
    approvalId: string,
    outcome: ApprovalAnswer["outcome"],
    more: Pick<ApprovalAnswer, "feedback" | "partial" | "scope" | "chosen"> = {},
  ): Promise<Gate> {
    const parsed = approvalAnswerSchema.safeParse({ ...more, outcome });
    if (!parsed.success)
      throw new AksaraError("INVALID_REQUEST", `"${outcome}" is no answer.`, {
        hint: "Answer approve, reject or revise; partial is an object.",
      });
    return await this.#company.keeper.respond(approvalId, parsed.data);
  }

  /** Gates that wait for a person, the oldest first. */
  listPendingApprovals(): Promise<readonly Gate[]> {
    return this.#gates.listOpen();
  }

  /** Runs that can be gone on with, the latest first. */
  async listInterrupted(): Promise<readonly InterruptedRun[]> {
    const waiting = new Set((await this.#gates.listOpen()).map(({ rootRunId }) => rootRunId));
    return await interruptedRuns(this.#company, waiting, (runId) => this.#running.has(runId));
  }

  /** Conversations, the latest first. */
  listThreads(): Promise<readonly ThreadRecord[]> {
    return this.#company.threads.list();
  }

  /** Plans, the latest first. */
  listPlans(threadId?: string): Promise<readonly PlanRecord[]> {
    return this.#company.handlers.plans.list(threadId);
  }

  /** A request with everything that followed from it; null when it is unknown. */
  getTrace(traceId: string): Promise<Trace | null> {
    return this.#traces.get(traceId);
  }

  /** The latest first; all, or those that fit every filter. */
  listTraces(filter: TraceFilter = {}): Promise<readonly Trace[]> {
    return this.#traces.list(filter);
  }

  /** Keeps a value by reference. @throws INVALID_REQUEST, SPEC_INVALID */
  createReference(
    reference: ReferenceSpecInput | string,
    value: unknown,
    glimpse?: unknown,
  ): Promise<ReferenceEnvelope> {
    return this.#company.handlers.references.create(reference, value, glimpse);
  }

  /** @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  resolveReference(reference: unknown): Promise<unknown> {
    return this.#company.handlers.references.resolve(reference);
  }

  /** @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  referenceGlimpse(reference: unknown): Promise<unknown> {
    return this.#company.handlers.references.glimpse(reference);
  }

  /** What agents noted, for a thread and for the workspace. */
  get notes(): Notes {
    return this.#company.handlers.notes;
  }

  /** Stops what runs, and waits until that is written. Questions stay open, and their runs can be gone on with. */
  async dispose(): Promise<void> {
    const { keeper, handlers } = this.#company;
    keeper.close();
    const waiting = this.#running.size === 0 ? new Set<string>() : await keeper.waitingRuns();
    const left = [...this.#running];
    for (const [runId, { stop }] of left) if (!waiting.has(runId)) stop.abort();
    await within(Promise.all(left.map(([, { ended }]) => ended)), PATIENCE_MS);
    await handlers.search.dispose();
  }

  async *#root(
    find: () => AgentSpec,
    prompt: string,
    threadId: string,
    resume: string | null,
    options: QueryOptions,
  ): AsyncIterable<AgentEvent> {
    const agent = find();
    const { turns } = this.#company;
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const session = options.session ?? (await sessionOfRun(threadId, resume, this.#company));
    if (options.wait === false && turns.isTaken(session)) throw busy(threadId);
    const release = await turns.wait(session, signal);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    try {
      const run = resume === null ? null : await this.#resumable(resume, threadId, agent);
      const runId = run?.runId ?? newTraceId(this.#now());
      this.#running.set(runId, { stop, ended });
      const own = { ...options, session };
      yield* this.#attempts(agent, run?.task ?? prompt, threadId, runId, own, signal);
    } finally {
      release();
      for (const [runId, running] of this.#running) if (running.stop === stop) this.#running.delete(runId);
      end();
    }
  }

  /** Tries again while another process works on the thread: until then nothing of this run has happened. */
  async *#attempts(
    agent: AgentSpec,
    task: string,
    threadId: string,
    runId: string,
    options: QueryOptions,
    signal: AbortSignal,
  ): AsyncIterable<AgentEvent> {
    const { threads, agents } = this.#company;
    for (;;) {
      let hasBegun = false;
      try {
        const { part, options: own } = await this.#cast(agent, task, threadId, runId, options, signal);
        for await (const event of agents.partStream(part, task, { ...own, signal })) {
          hasBegun = true;
          await this.#told(event, threadId, runId, part.labels.plan ?? null);
          yield event;
        }
        return;
      } catch (error) {
        const isBusy = isAksaraError(error) && error.code === "THREAD_BUSY" && !hasBegun;
        if (!isBusy || options.wait === false) {
          const end =
            (await endOfRun(runId, this.#company.store)) ??
            (signal.reason instanceof LeftBehind ? null : "failed");
          if (end !== null) await threads.settle(threadId, runId, end);
          throw error;
        }
        await sleep(TRY_AGAIN_MS, signal);
      }
    }
  }

  async #cast(
    agent: AgentSpec,
    task: string,
    threadId: string,
    runId: string,
    options: QueryOptions,
    signal: AbortSignal,
  ): Promise<Casting> {
    const { threads, store, handlers, spec } = this.#company;
    const settings = readSettings(this.#plan.options.settings ?? {});
    const pool = new BudgetPool({ maxTotalTokens: settings.maxTotalTokens, maxCostUsd: settings.maxCostUsd });
    for (const { agent: name, spent } of await spentBefore(store, runId)) pool.note(name, spent);
    const usual = sessionOf(spec.tenant.resourceId, threadId);
    const session = options.session ?? usual;
    const tree: Tree = {
      threadId,
      session,
      isTurn: session !== usual,
      rootRunId: runId,
      pool,
      approvals: options.approvals ?? "wait",
      labels: options.labels ?? {},
      heldBack: options.heldBack ?? null,
      hooks: { observe: options.observe, agree: options.agree },
    };
    const seat: Seat = { tree, runId, call: null, path: [agent.name], waiting: (work) => work() };
    const started = foldRun(await readJournal(store, runId)).started;
    const ready =
      agent.role === "executor"
        ? await readyPlan(started?.labels.plan ?? options.plan ?? null, threadId, this.#company)
        : null;
    const before = await threads.begin(threadId, { runId, agent: agent.name, task });
    return ready
      ? castPlan(agent, seat, await handlers.plans.execute(ready.id), this.#company)
      : await castAgent(agent, seat, before, this.#company, signal);
  }

  /** Writes how a run ended before it is told, and lets the hooks of the host hear everything. */
  async #told(event: AgentEvent, threadId: string, runId: string, planId: string | null): Promise<void> {
    if (event.type === "complete" || event.type === "error" || event.type === "interrupted") {
      const { stopReason } = event.result;
      if (planId !== null && stopReason !== "waiting")
        await settlePlan(planId, stopReason === "cancelled", this.#company);
      await this.#company.threads.settle(threadId, runId, progressAfter(event));
    }
    for (const hook of this.#plan.options.eventHooks ?? []) await hook(event);
  }

  async #resumable(token: string, threadId: string, agent: AgentSpec): Promise<ThreadRun> {
    const thread = await this.#company.threads.find(threadId);
    const run = thread?.runs.find(({ runId, task }) => runId === token && task !== null);
    if (!run) throw runNotFound(token);
    if (run.progress === "complete")
      throw new AksaraError(
        "INVALID_REQUEST",
        `The run ${token} is complete: there is nothing to go on with.`,
      );
    if (run.agent !== agent.name)
      throw new AksaraError(
        "INVALID_REQUEST",
        `The run ${token} is one of ${run.agent}, not of ${agent.name}.`,
      );
    return run;
  }

  #first(wanted: "coordinator" | "executor"): AgentSpec {
    const found = this.#company.spec.agents.find(({ role }) => role === wanted);
    if (found) return found;
    throw new AksaraError("INVALID_REQUEST", `This runtime has no ${wanted}.`, {
      hint: "Ask one of its agents by name.",
    });
  }

  #agent(name: string): AgentSpec {
    const { agents } = this.#company.spec;
    const found = agents.find((agent) => agent.name === name);
    if (found) return found;
    const names = agents.map((agent) => agent.name);
    const near = nearestNames(name, names);
    throw new AksaraError("INVALID_REQUEST", `There is no agent "${name}".`, {
      hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Agents are ${names.join(", ")}.`,
      candidates: near.length > 0 ? near : names,
    });
  }
}

function searchOf({ dataEnvironment: { catalog, catalogSearch } }: RuntimePlan): CatalogSearch {
  return new CatalogSearch({
    indexPath: catalogSearch?.indexPath ?? null,
    rebuildOnStart: catalogSearch?.rebuildOnStart ?? false,
    writeThrough: catalogSearch?.writeThrough ?? true,
    described: catalog?.kind === "inline" ? catalog.entries : [],
  });
}

function runNotFound(token: string): AksaraError {
  return new AksaraError("RUN_NOT_FOUND", `There is no run ${token} to go on with.`);
}

function busy(threadId: string): AksaraError {
  return new AksaraError("THREAD_BUSY", `Another run of the thread ${threadId} is going on.`, {
    hint: "Wait until it has finished, or stop it.",
  });
}

import type { EvalArtifact } from "../../harness/evals/artifact.ts";
import type { EvalEventEnvelope } from "../../harness/evals/eval-event.ts";
import { type EvalRequestInput, readEvalRequest } from "../../harness/evals/eval-request.ts";
import type { EvalServices } from "../../harness/evals/eval-services.ts";
import type { EvalOptions } from "../../harness/evals/run-eval.ts";
import type { InterruptedRun } from "../../harness/interrupted-runs.ts";
import type { HarnessRuntime, QueryOptions } from "../../harness/runtime.ts";
import { type RuntimeOptions, type RuntimePlan, readRuntime } from "../../harness/runtime-options.ts";
import type { ReferenceSpecInput } from "../../harness/spec/reference-spec.ts";
import type { RuntimeSpec, RuntimeSpecInput } from "../../harness/spec/runtime-spec.ts";
import type { AgentEvent, ApprovalAnswer } from "../../protocol/agent.ts";
import type { Gate } from "../../records/gates.ts";
import type { PlanRecord } from "../../records/plan-book.ts";
import type { ReferenceEnvelope } from "../../records/reference-records.ts";
import type { ThreadRecord } from "../../records/threads.ts";
import type { Trace, TraceFilter } from "../../records/trace.ts";
import { distDirectory } from "../shared/dist-directory.ts";
import { openRuntime, type RuntimeAccess } from "../shared/runtime-access.ts";
import { openWorkspace, type Workspace } from "./open-workspace.ts";

export interface CreateRuntimeOptions extends RuntimeOptions {
  /** The folder to work in, or an open workspace; the current folder when absent. An open one is left open. */
  readonly workspace?: string | Workspace | undefined;
  /** Keep journals, threads and approvals in the state directory; true when absent. */
  readonly keep?: boolean | undefined;
}

/**
 * Agents that work together as a spec says. Everything that is wrong with the spec or the options is said at once;
 * nothing is opened before the first use. Close it with `dispose`.
 * @throws SPEC_INVALID, TENANT_MISMATCH
 */
export function createRuntime(
  spec: RuntimeSpec | RuntimeSpecInput,
  options: CreateRuntimeOptions = {},
): Runtime {
  return new Runtime(readRuntime(spec, options), options);
}

/** What `createRuntime` gives. */
export class Runtime {
  readonly spec: RuntimeSpec;
  readonly #plan: RuntimePlan;
  readonly #options: CreateRuntimeOptions;
  #opened: Promise<{ readonly access: RuntimeAccess; readonly workspace: Workspace }> | null = null;

  constructor(plan: RuntimePlan, options: CreateRuntimeOptions) {
    this.spec = plan.spec;
    this.#plan = plan;
    this.#options = options;
  }

  /** Asks the coordinator, as events. With `resume`, an interrupted run of the thread goes on instead. */
  query(
    prompt: string,
    threadId: string,
    resume?: string | null,
    options?: QueryOptions,
  ): AsyncIterable<AgentEvent> {
    return this.#later((runtime) => runtime.query(prompt, threadId, resume, options));
  }

  /** Asks one agent, past the coordinator. */
  runSpecialist(
    specialist: string,
    prompt: string,
    threadId?: string | null,
    options?: QueryOptions & { readonly resume?: string | undefined },
  ): AsyncIterable<AgentEvent> {
    return this.#later((runtime) => runtime.runSpecialist(specialist, prompt, threadId, options));
  }

  /** Goes on with an interrupted run, wherever it was asked. */
  resume(token: string, options?: QueryOptions): AsyncIterable<AgentEvent> {
    return this.#later((runtime) => runtime.resume(token, options));
  }

  /** @throws INVALID_REQUEST, APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  async respondToApproval(
    approvalId: string,
    outcome: ApprovalAnswer["outcome"],
    more: Pick<ApprovalAnswer, "feedback" | "partial" | "scope"> = {},
  ): Promise<Gate> {
    return await (await this.#core()).respondToApproval(approvalId, outcome, more);
  }

  /** Gates that wait for a person, the oldest first. */
  async listPendingApprovals(): Promise<readonly Gate[]> {
    return await (await this.#core()).listPendingApprovals();
  }

  /** Runs that can be gone on with, the latest first. */
  async listInterrupted(): Promise<readonly InterruptedRun[]> {
    return await (await this.#core()).listInterrupted();
  }

  /** Conversations, the latest first. */
  async listThreads(): Promise<readonly ThreadRecord[]> {
    return await (await this.#core()).listThreads();
  }

  /** Plans, the latest first. */
  async listPlans(threadId?: string): Promise<readonly PlanRecord[]> {
    return await (await this.#core()).listPlans(threadId);
  }

  /** A request with everything that followed from it; null when it is unknown. */
  async getTrace(traceId: string): Promise<Trace | null> {
    return await (await this.#core()).getTrace(traceId);
  }

  /** The latest first; all, or those that fit every filter. */
  async listTraces(filter?: TraceFilter): Promise<readonly Trace[]> {
    return await (await this.#core()).listTraces(filter);
  }

  /** Runs an eval to its end: a value, or JSON. Changes are held back from the disk. @throws EVAL_REQUEST_INVALID, CANCELLED */
  async runEval(request: EvalRequestInput | string, options?: EvalOptions): Promise<EvalArtifact> {
    const { runEval } = await import("../../harness/evals/run-eval.ts");
    return await runEval(readEvalRequest(request), await this.#evalServices(), options);
  }

  /** The same as events; `complete`, with the artifact, is the last. */
  async *streamEval(
    request: EvalRequestInput | string,
    options?: EvalOptions,
  ): AsyncIterable<EvalEventEnvelope> {
    const { streamEval } = await import("../../harness/evals/run-eval.ts");
    yield* streamEval(readEvalRequest(request), await this.#evalServices(), options);
  }

  /** Keeps a value by reference. The spec's callback makes the short view, or `glimpse` is it, or `{}`. */
  async createReference(
    reference: ReferenceSpecInput | string,
    value: unknown,
    glimpse?: unknown,
  ): Promise<ReferenceEnvelope> {
    return await (await this.#core()).createReference(reference, value, glimpse);
  }

  /** The whole value. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async resolveReference(reference: unknown): Promise<unknown> {
    return await (await this.#core()).resolveReference(reference);
  }

  /** The short view, without reading the value. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async referenceGlimpse(reference: unknown): Promise<unknown> {
    return await (await this.#core()).referenceGlimpse(reference);
  }

  /** Stops what runs and closes what was opened. Questions that wait stay open. */
  async dispose(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    await opened?.access.dispose();
    if (typeof this.#options.workspace !== "object") await opened?.workspace.dispose();
  }

  async #evalServices(): Promise<EvalServices> {
    this.#opened ??= this.#open();
    const { workspace, access } = await this.#opened;
    const { services } = access;
    return {
      workspace,
      sql: services.sql,
      agents: async () => ({ plan: this.#plan, services }),
      now: Date.now,
    };
  }

  async #core(): Promise<HarnessRuntime> {
    this.#opened ??= this.#open();
    return (await this.#opened).access.runtime;
  }

  async #open(): Promise<{ access: RuntimeAccess; workspace: Workspace }> {
    const { workspace: given, keep } = this.#options;
    const workspace = typeof given === "object" ? given : openWorkspace(given ?? process.cwd());
    const access = await openRuntime({
      workspace,
      distDir: distDirectory(),
      plan: this.#plan,
      ...(keep === undefined ? {} : { keep }),
    });
    return { access, workspace };
  }

  /** Events of something that is opened when they are first asked for. */
  async *#later(start: (runtime: HarnessRuntime) => AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent> {
    yield* start(await this.#core());
  }
}

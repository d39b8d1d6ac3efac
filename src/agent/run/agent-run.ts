import { AksaraError, isAksaraError } from "../../errors.ts";
import { promptTokens, RunBudget } from "../../execution/run-budget.ts";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { estimateTokens } from "../../flows/pack/token-estimate.ts";
import type { AgentResult, CallResult, StopReason, Unstamped } from "../../protocol/agent.ts";
import type {
  Connector,
  ModelMessage,
  ModelRequest,
  ModelTool,
  TokenUsage,
} from "../../providers/model-stream.ts";
import { costOf } from "../../providers/pricing/cost.ts";
import { describeProvider, type ProviderKind } from "../../providers/provider-descriptors.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import type { ModelAnswered } from "../../records/journal-record.ts";
import { hashText } from "../../workspace/hash.ts";
import { QuestionLeftOpen } from "../approvals/approver.ts";
import { compactionOf } from "./compaction.ts";
import { dispatch } from "./dispatch.ts";
import { StoppedByFailure } from "./execute-call.ts";
import { LoopDetector } from "./loop-detector.ts";
import { askForTurn, type ModelTurn } from "./model-turn.ts";
import { presentChanges } from "./present-changes.ts";
import { recoverCalls } from "./recover-calls.ts";
import { finishCall, recordResult, refusal } from "./run-call.ts";
import type { RunParts } from "./run-parts.ts";
import { DONE, type Ending, resultOf, usageOf } from "./run-result.ts";
import type { CallState } from "./run-state.ts";
import type { StopCause } from "./stop.ts";

/** Context of a model that does not say how much it reads. */
const USUAL_CONTEXT = 128_000;
const WARN_AT = 0.8;

export interface AgentModel {
  readonly connector: Connector;
  readonly kind: ProviderKind;
  /** What people call it: the name of the hub's entry, or the kind. */
  readonly provider: string;
  readonly model: string;
}

export interface AgentRunOptions {
  readonly parts: RunParts;
  readonly model: AgentModel;
  readonly system: string;
  readonly modelTools: readonly ModelTool[];
  /** Null: the session's. */
  readonly promptCacheKey: string | null;
  /** The conversation before this run. */
  readonly history: readonly ModelMessage[];
  /** Tokens the session has used before this run. */
  readonly spentTokens: number;
  /** Why the run's signal fired. */
  readonly stoppedBy: () => StopCause;
}

/** One run of an agent: think, act, until it is done or something ends it. Its end is always told, exactly once. */
export class AgentRun {
  readonly #options: AgentRunOptions;
  readonly #parts: RunParts;
  readonly #budget: RunBudget;
  readonly #loops = new LoopDetector();
  readonly #fixedTokens: number;
  #loopNamed = false;
  #warned = false;

  constructor(options: AgentRunOptions) {
    this.#options = options;
    this.#parts = options.parts;
    const { settings, log } = options.parts;
    const { kind, model } = options.model;
    this.#budget = new RunBudget(
      {
        maxTotalTokens: settings.maxTotalTokens,
        ...(settings.maxCostUsd === null ? {} : { maxCostUsd: settings.maxCostUsd }),
      },
      kind,
      model,
    );
    const before = options.spentTokens + log.state.inputTokens + log.state.outputTokens;
    this.#budget.settle(null, { input: before, output: 0 });
    this.#fixedTokens =
      estimateTokens(options.system) +
      estimateTokens(JSON.stringify(options.modelTools)) +
      tokensOf(options.history);
    this.#loopNamed = log.state.notices.some(({ kind: notice }) => notice === "loop");
  }

  /** Runs to the end; never rejects but for a store that fails: then nothing more can be told. */
  async run(): Promise<AgentResult> {
    const { log } = this.#parts;
    const ending = await this.#untilEnd();
    const isOver = ending.reason !== "waiting";
    if (isOver)
      for (const call of log.state.open.filter(({ result }) => result === null))
        await recordResult(call, refusal(notRun(ending)), this.#parts);
    const proposedDiff = isOver ? await presentChanges(this.#parts) : null;
    const own = resultOf(log.state, ending, this.#parts.clock.usedMs, proposedDiff);
    const { pool, agent } = this.#parts;
    const result = pool === null ? own : { ...own, usage: pool.spentBy(agent) };
    await log.record(terminalEvent(ending, result, log.runId), true);
    return result;
  }

  async #untilEnd(): Promise<Ending> {
    try {
      return await this.#loop();
    } catch (error) {
      if (error instanceof StoppedByFailure) return ended("tool-failure", error.failure);
      if (error instanceof QuestionLeftOpen)
        return ended(
          "waiting",
          new AksaraError("APPROVAL_REQUIRED", "The run waits for the approval of a person.", {
            hint: "Answer it, then go on with the run.",
          }),
        );
      if (!isAksaraError(error)) {
        const reason = error instanceof Error ? error.message : String(error);
        return ended("failure", new AksaraError("RUNTIME_ERROR", reason, { cause: error }));
      }
      if (error.code === "STORE_UNAVAILABLE" || error.code === "THREAD_BUSY") throw error;
      if (this.#parts.signal.aborted) return this.#stopped();
      if (error.code === "TOKEN_BUDGET_EXCEEDED") {
        const { pool, settings } = this.#parts;
        const most = pool?.limits.maxTotalTokens ?? settings.maxTotalTokens;
        return limited(
          "token-budget",
          "maxTotalTokens",
          most,
          pool?.usedTokens ?? this.#spentTokens(),
          error,
        );
      }
      return ended(
        STOPS[error.code] ?? (error instanceof ProviderError ? "provider-failure" : "failure"),
        error,
      );
    }
  }

  /** Of the whole session. */
  #spentTokens(): number {
    const { state } = this.#parts.log;
    return this.#options.spentTokens + state.inputTokens + state.outputTokens;
  }

  async #loop(): Promise<Ending> {
    const { log, settings, policy } = this.#parts;
    if (!policy.trusted)
      return ended(
        "untrusted",
        new AksaraError("WORKSPACE_UNTRUSTED", "The workspace is not trusted, so no agent works in it.", {
          hint: "Trust the workspace if you know where it comes from.",
        }),
      );
    if (log.state.open.length > 0) {
      const looped = await this.#act(await recoverCalls(this.#parts));
      if (looped) return looped;
    } else if (log.state.messages.at(-1)?.role === "assistant") {
      // The last answer was whole when the process died.
      return endOf(log.state.lastFinish);
    }
    for (;;) {
      if (this.#parts.signal.aborted) return this.#stopped();
      const limit = this.#limit();
      if (limit) return limit;
      const answer = await this.#think(log.state.iterations + 1);
      if (log.state.open.length === 0) return endOf(answer.finish);
      if (this.#parts.signal.aborted) return this.#stopped();
      const allowed = settings.maxToolCalls - (log.state.calls.length - log.state.open.length);
      const over = log.state.open.slice(Math.max(0, allowed));
      const looped = await this.#act(log.state.open.slice(0, Math.max(0, allowed)), over);
      if (looped) return looped;
      await this.#warnOfBudget();
    }
  }

  /** Runs calls; says what was noticed about them. An ending when they go round in circles. */
  async #act(calls: readonly CallState[], over: readonly CallState[] = []): Promise<Ending | null> {
    const { log } = this.#parts;
    const seen = [...log.state.open];
    await dispatch(calls, this.#parts);
    for (const call of over)
      await finishCall(call, refusal(toolCallLimit(this.#parts.settings.maxToolCalls)), this.#parts);
    let period: number | null = null;
    for (const { result } of seen) if (result?.spent) this.#charge(result.spent);
    for (const call of seen) {
      const signature = `${call.tool} ${hashText(canonicalJson(call.input ?? null))}`;
      period = this.#loops.note(signature, hashText(call.result?.output ?? "")) ?? period;
    }
    if (period === null) return null;
    const what = period === 1 ? "the same call" : `the same ${period} calls`;
    if (this.#loopNamed)
      return ended(
        "repeated-calls",
        new AksaraError("REPEATED_TOOL_CALL", `The agent kept making ${what} over and over.`),
      );
    this.#loopNamed = true;
    await log.record({
      type: "notice",
      kind: "loop",
      text: `You are making ${what} over and over, with nothing new in the results. Do something else, or finish with what you have; another round ends the run.`,
    });
    return null;
  }

  /** What a tool used of a model comes out of the same budget. */
  #charge({ inputTokens, outputTokens, costUsd }: NonNullable<CallResult["spent"]>): void {
    const { pool, agent } = this.#parts;
    this.#budget.settle(null, { input: inputTokens, output: outputTokens });
    pool?.note(agent, { inputTokens, outputTokens, costUsd, estimated: false });
  }

  async #think(iteration: number): Promise<ModelAnswered> {
    const { log, settings, hooks } = this.#parts;
    await this.#compact(false);
    const progress = { iteration, maxIterations: settings.maxIterations, status: "thinking" };
    log.announce({ type: "progress", ...progress });
    await hooks.progressCallback?.(progress);
    for (let attempt = 1; ; attempt++) {
      const { turn, estimate } = await this.#ask(iteration);
      if (turn.error === null) return await this.#keep(turn, iteration, estimate);
      if (this.#parts.signal.aborted) throw turn.error;
      if (turn.error.code === "CONTEXT_OVERFLOW" && attempt === 1 && (await this.#compact(true))) continue;
      if ((await this.#answerTo(turn.error, attempt)) !== "retry") throw turn.error;
    }
  }

  async #ask(iteration: number): Promise<{ readonly turn: ModelTurn; readonly estimate: Estimate }> {
    const { log, settings, signal, pool, agent } = this.#parts;
    const { connector, model } = this.#options.model;
    const input = this.#fixedTokens + log.state.contextTokens;
    const capabilities = connector.capabilities(model);
    const bound = this.#budget.reserve(input, capabilities);
    const wanted = Math.min(
      settings.maxOutputTokens,
      bound ?? Number.POSITIVE_INFINITY,
      capabilities.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    );
    const reserved = pool?.reserve(input, wanted, (prompt, answer) => this.#priceOf(prompt, answer)) ?? null;
    await log.record({ type: "model-asked", iteration, reservedInput: input });
    const request: ModelRequest = {
      model,
      system: this.#options.system,
      messages: [...this.#options.history, ...log.state.messages],
      tools: this.#options.modelTools,
      maxOutputTokens: reserved?.output ?? wanted,
      temperature: capabilities.temperature ? settings.temperature : null,
      promptCacheKey: this.#options.promptCacheKey ?? this.#parts.sessionId,
    };
    const turn = await askForTurn(connector, request, log.state.callIds, signal, {
      onText: (delta) => log.announce({ type: "text", delta }),
      onThinking: (content) => {
        log.announce({ type: "thinking", content });
        if (settings.logReasoning) this.#parts.hooks.log?.(content);
      },
    });
    const estimate = { input, output: estimateTokens(JSON.stringify(turn.content)) };
    this.#budget.settle(turn.usage, estimate);
    if (pool && reserved)
      pool.settle(agent, reserved, {
        inputTokens: promptTokens(turn.usage) ?? estimate.input,
        outputTokens: turn.usage?.output ?? estimate.output,
        costUsd: turn.usage === null ? null : this.#costOf(turn.usage),
        estimated: promptTokens(turn.usage) === null || turn.usage?.output == null,
      });
    return { turn, estimate };
  }

  #costOf(usage: TokenUsage): number | null {
    const { kind, model } = this.#options.model;
    return costOf(kind, model, usage);
  }

  #priceOf(input: number, output: number): number | null {
    const usage = { input, cacheRead: 0, cacheWrite: 0, output, reasoning: null };
    return describeProvider(this.#options.model.kind).local ? 0 : this.#costOf(usage);
  }

  async #keep(turn: ModelTurn, iteration: number, estimate: Estimate): Promise<ModelAnswered> {
    const { log } = this.#parts;
    const record: Unstamped<ModelAnswered> = {
      type: "model-answered",
      iteration,
      content: turn.content,
      malformed: turn.malformed,
      finish: turn.finish,
      usage: turn.usage,
      estimate,
      costUsd: turn.usage === null ? null : this.#costOf(turn.usage),
    };
    await log.record(record);
    await log.record({ type: "usage", usage: usageOf(log.state) });
    return { ...record, seq: 0, at: "", runId: log.runId, agent: this.#parts.agent };
  }

  async #compact(force: boolean): Promise<boolean> {
    const { log, settings } = this.#parts;
    const { connector, model } = this.#options.model;
    const most = settings.maxInputTokens ?? connector.capabilities(model).contextWindow ?? USUAL_CONTEXT;
    const compaction = compactionOf(log.state, this.#fixedTokens, most, force);
    if (!compaction) return false;
    await log.record({ type: "compacted", ...compaction });
    return true;
  }

  /** What to do about a model that failed. Connectors have tried again already where that was safe. */
  async #answerTo(error: AksaraError, attempt: number): Promise<"retry" | "abort"> {
    const { hooks, settings, log } = this.#parts;
    if (attempt > settings.maxRetries) return "abort";
    const handled = await hooks.errorHandler?.(error, { tool: null, input: null, attempt, runId: log.runId });
    if (handled) return handled === "retry" ? "retry" : "abort";
    const passing = error instanceof ProviderError ? error.retryable : error.code === "INTERRUPTED";
    const brokeOff = error.code === "INTERRUPTED";
    return settings.retryOnError && settings.errorStrategy === "retry" && (passing || brokeOff)
      ? "retry"
      : "abort";
  }

  #limit(): Ending | null {
    const { log, settings } = this.#parts;
    const { iterations, calls } = log.state;
    if (calls.length >= settings.maxToolCalls && calls.length > 0)
      return limited(
        "max-tool-calls",
        "maxToolCalls",
        settings.maxToolCalls,
        calls.length,
        toolCallLimit(settings.maxToolCalls),
      );
    if (iterations >= settings.maxIterations)
      return limited(
        "max-iterations",
        "maxIterations",
        settings.maxIterations,
        iterations,
        new AksaraError("MAX_ITERATIONS_EXCEEDED", `The run was stopped after ${iterations} iterations.`, {
          hint: "Raise maxIterations, or give the agent a smaller task.",
        }),
      );
    return null;
  }

  /** Once, when four fifths of a budget are used. */
  async #warnOfBudget(): Promise<void> {
    const { log, settings } = this.#parts;
    if (this.#warned || log.state.notices.some(({ kind }) => kind === "budget")) return;
    const { state } = log;
    const shares: readonly (readonly [string, number])[] = [
      [`${settings.maxTotalTokens} tokens`, this.#spentTokens() / settings.maxTotalTokens],
      [`${settings.maxIterations} iterations`, state.iterations / settings.maxIterations],
      [`${settings.maxToolCalls} tool calls`, state.calls.length / settings.maxToolCalls],
    ];
    const low = shares.filter(([, share]) => share >= WARN_AT).map(([name]) => name);
    if (low.length === 0) return;
    this.#warned = true;
    await log.record({
      type: "notice",
      kind: "budget",
      text: `More than four fifths of the ${low.join(" and of the ")} of this run are used. Come to an end: finish what is begun, then answer.`,
    });
  }

  #stopped(): Ending {
    const { settings, clock } = this.#parts;
    switch (this.#options.stoppedBy()) {
      case "timeout":
        return limited(
          "timeout",
          "timeoutSeconds",
          settings.timeoutSeconds,
          Math.round(clock.usedMs / 1000),
          new AksaraError("TIMEOUT", `The run was stopped after ${settings.timeoutSeconds} seconds.`, {
            hint: "Raise timeoutSeconds; waiting for a person does not count.",
          }),
        );
      case "lost":
        throw new AksaraError("THREAD_BUSY", "Another process has taken over this run.");
      case "left":
        throw new AksaraError("INTERRUPTED", "The run waits to be taken up again.");
      case "cancelled":
        return ended("cancelled", new AksaraError("CANCELLED", "The run was cancelled."));
    }
  }
}

type Estimate = ModelAnswered["estimate"];

const STOPS: Readonly<Partial<Record<string, StopReason>>> = {
  COST_BUDGET_EXCEEDED: "cost-budget",
  CANCELLED: "cancelled",
  TIMEOUT: "timeout",
  INTERRUPTED: "provider-failure",
  CONTEXT_OVERFLOW: "provider-failure",
};

function ended(reason: StopReason, error: AksaraError): Ending {
  return { reason, error, limit: null };
}

function limited(
  reason: StopReason,
  name: string,
  allowed: number,
  used: number,
  error: AksaraError,
): Ending {
  return { reason, error, limit: { name, allowed, used } };
}

function endOf(finish: string | null): Ending {
  if (finish !== "content-filter" && finish !== "refusal") return DONE;
  const what = finish === "refusal" ? "The model refused to go on." : "A content filter stopped the answer.";
  return ended("provider-failure", new AksaraError("CONTENT_FILTERED", what));
}

function toolCallLimit(most: number): AksaraError {
  return new AksaraError("MAX_TOOL_CALLS_EXCEEDED", `The run was stopped after ${most} tool calls.`, {
    hint: "Raise maxToolCalls, or give the agent a smaller task.",
  });
}

/** What a call is told that was not begun any more. */
function notRun({ error, reason }: Ending): AksaraError {
  const why = reason === "cancelled" ? "the run was cancelled" : "the run ended before it";
  return new AksaraError(error?.code ?? "CANCELLED", `This was not run: ${why}.`);
}

function terminalEvent(ending: Ending, result: AgentResult, runId: string) {
  if (ending.error === null) return { type: "complete" as const, output: result.output, result };
  if (ending.reason === "cancelled" || ending.reason === "waiting")
    return { type: "interrupted" as const, resumeToken: runId, result };
  const { code, message, hint } = ending.error;
  return { type: "error" as const, code, message, hint, result };
}

function tokensOf(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(JSON.stringify(message)), 0);
}

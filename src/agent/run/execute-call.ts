import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest, CallResult } from "../../protocol/agent.ts";
import { QuestionLeftOpen } from "../approvals/approver.ts";
import type { ErrorAnswer } from "../options.ts";
import type { Tool, ToolOutput } from "../tools/tool.ts";
import { contextOf, type ReadyCall } from "./call-context.ts";
import { doneResult, failedResult as resultFor } from "./call-results.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";
import { shapeOutput } from "./shape-output.ts";

/** How long a tool may take to notice that it is to stop, in milliseconds. */
const GRACE_MS = 2_000;

/** A tool failed, and the strategy says that the run ends with it. */
export class StoppedByFailure extends Error {
  override readonly name = "StoppedByFailure";
  readonly failure: AksaraError;
  readonly result: CallResult;

  constructor(failure: AksaraError, result: CallResult) {
    super(failure.message);
    this.failure = failure;
    this.result = result;
  }
}

/**
 * Announces a call and runs it, again where a failure may be tried again. A call whose effect may have happened is never
 * repeated by itself.
 * @throws StoppedByFailure
 */
export async function executeCall(
  call: CallState,
  tool: Tool,
  ready: ReadyCall,
  run: RunParts,
): Promise<CallResult> {
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(run.signal);
    await run.log.record(
      {
        type: "action",
        id: call.id,
        tool: tool.name,
        input: ready.input,
        class: tool.class,
        decision: ready.decision,
        attempt,
        changes: [...ready.intent.changes],
      },
      tool.class !== "read",
    );
    if (run.settings.logActions) run.hooks.log?.(`${tool.name} ${JSON.stringify(ready.input)}`);
    const tried = await attemptOnce(call, tool, ready, run);
    if (!("failure" in tried)) return tried.result;
    const { failure, result } = tried;
    // A run has tried again by itself what could be tried again.
    const isRun = tool.timeoutSeconds === "run";
    if (run.signal.aborted || isRun || !isFailureOfTool(failure)) return result;
    const answer = await answerTo(failure, result, call, tool, ready, attempt, run);
    if (answer === "abort") throw new StoppedByFailure(failure, result);
    if (answer === "skip") return result;
  }
}

/** What the model did wrong, or a person decided, is no failure of the tool: trying again would change nothing. */
function isFailureOfTool({ code }: AksaraError): boolean {
  return code === "TOOL_FAILED" || code === "TOOL_TIMEOUT";
}

type Tried = { readonly result: CallResult } | { readonly result: CallResult; readonly failure: AksaraError };

async function attemptOnce(call: CallState, tool: Tool, ready: ReadyCall, run: RunParts): Promise<Tried> {
  try {
    const output = await withinTime(call, tool, ready, run);
    const { text, reference } = await shapeOutput(output.output, tool.outputBudget, run.store.blobs);
    if (reference !== null)
      await run.log.record({
        type: "reference",
        reference: { id: reference, callId: call.id, tool: tool.name },
      });
    return {
      result: {
        ...(output.failure === undefined ? doneResult(text) : resultFor(text, output.failure, "failed")),
        changes: [...(output.changes ?? [])],
        held: [...(output.held ?? [])],
        reads: [...(output.reads ?? [])],
        outputFile: output.outputFile ?? null,
        reference,
      },
    };
  } catch (error) {
    if (error instanceof QuestionLeftOpen) throw error;
    const failure = failureOf(error, tool);
    return { failure, result: await failedResult(failure, call, tool, ready, run) };
  }
}

async function failedResult(
  failure: AksaraError,
  call: CallState,
  tool: Tool,
  ready: ReadyCall,
  run: RunParts,
): Promise<CallResult> {
  const isCutOff = failure.code === "TOOL_TIMEOUT" || failure.code === "CANCELLED";
  let outcome: CallResult["outcome"] = "failed";
  let changes: CallResult["changes"] = [];
  if (isCutOff && tool.class !== "read") {
    const settled = await tool.settle?.(ready.intent.changes, contextOf(call, tool, run, [], NEVER));
    outcome =
      settled === undefined || settled.outcome === "unknown"
        ? "unknown"
        : settled.outcome === "done"
          ? "done"
          : "not-run";
    if (settled?.outcome === "done") changes = [...ready.intent.changes];
  }
  const notes: Readonly<Record<CallResult["outcome"], string>> = {
    unknown: "Whether it had its effect is not known: find out before you do anything again.",
    done: "Its effect had been made by then.",
    "not-run": "It had no effect.",
    failed: "",
  };
  const { text } = await shapeOutput(
    [failure.message, failure.hint ?? "", notes[outcome]].filter((part) => part !== "").join("\n"),
    tool.outputBudget,
    run.store.blobs,
  );
  return { ...resultFor(text, failure.code, outcome), changes };
}

const NEVER = new AbortController().signal;

/** Runs a tool until it is done, its time is up, or the run is stopped; then gives it a moment to stop by itself. */
function withinTime(call: CallState, tool: Tool, ready: ReadyCall, run: RunParts): Promise<ToolOutput> {
  const controller = new AbortController();
  const context = contextOf(call, tool, run, ready.intent.changes, controller.signal);
  return new Promise((resolve, reject) => {
    let cut: AksaraError | null = null;
    let grace: NodeJS.Timeout | null = null;
    const stop = (error: AksaraError) => {
      if (cut) return;
      cut = error;
      controller.abort();
      grace = setTimeout(() => settle(() => reject(error)), GRACE_MS);
    };
    const onTimeout = () =>
      stop(
        new AksaraError("TOOL_TIMEOUT", `${tool.name} took longer than ${context.timeoutMs / 1000} seconds.`),
      );
    const timer = Number.isFinite(context.timeoutMs)
      ? setTimeout(onTimeout, Math.min(context.timeoutMs, 2 ** 31 - 1))
      : null;
    const onAbort = () => stop(new AksaraError("CANCELLED", `${tool.name} was stopped with the run.`));
    const settle = (end: () => void) => {
      if (timer) clearTimeout(timer);
      if (grace) clearTimeout(grace);
      run.signal.removeEventListener("abort", onAbort);
      end();
    };
    if (run.signal.aborted) onAbort();
    run.signal.addEventListener("abort", onAbort, { once: true });
    // A tool that throws before its first await must not take the run with it.
    new Promise<ToolOutput>((done) => {
      done(tool.execute(ready.input, context));
    }).then(
      (output) => settle(() => resolve(output)),
      (error: unknown) => settle(() => reject(cut ?? error)),
    );
  });
}

function failureOf(error: unknown, tool: Tool): AksaraError {
  if (isAksaraError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AksaraError("TOOL_FAILED", `${tool.name} failed: ${reason}`, { cause: error });
}

async function answerTo(
  failure: AksaraError,
  result: CallResult,
  call: CallState,
  tool: Tool,
  ready: ReadyCall,
  attempt: number,
  run: RunParts,
): Promise<ErrorAnswer> {
  const { settings, hooks, log } = run;
  const mayRepeat =
    result.outcome !== "unknown" && result.outcome !== "done" && attempt <= settings.maxRetries;
  const handled = await hooks.errorHandler?.(failure, {
    tool: tool.name,
    input: ready.input,
    attempt,
    runId: log.runId,
  });
  const wanted = handled ?? (await byStrategy(failure, call, tool, ready, run));
  return wanted === "retry" && !mayRepeat ? "skip" : wanted;
}

async function byStrategy(
  failure: AksaraError,
  call: CallState,
  tool: Tool,
  ready: ReadyCall,
  run: RunParts,
): Promise<ErrorAnswer> {
  const { errorStrategy, retryOnError } = run.settings;
  switch (errorStrategy) {
    case "retry":
      return retryOnError ? "retry" : "skip";
    case "skip":
      return "skip";
    case "abort":
      return "abort";
    case "ask": {
      const answer = await askAboutFailure(failure, call, tool, ready, run);
      if (answer === null) return "abort";
      return answer.outcome === "approve" ? "retry" : answer.outcome === "revise" ? "skip" : "abort";
    }
  }
}

/** Approve: again; ask for changes: the agent goes on without it; reject: the run ends. Null when nobody is there. */
async function askAboutFailure(
  failure: AksaraError,
  call: CallState,
  tool: Tool,
  ready: ReadyCall,
  run: RunParts,
): Promise<ApprovalAnswer | null> {
  const { approver, log, clock, signal } = run;
  if (!approver) return null;
  const request: ApprovalRequest = {
    id: `${log.runId}.${call.id}.failure.${call.action?.attempt ?? 1}`,
    about: "failure",
    callId: call.id,
    tool: tool.name,
    input: ready.input,
    class: tool.class,
    decision: { verdict: "ask", rule: "failure", why: failure.message, risk: ready.decision.risk },
    preview: { kind: "none" },
    scopes: ["once"],
    fingerprint: "",
  };
  await approver.open?.(request);
  await log.record({ type: "approval", id: request.id, request }, true);
  const answer = await clock.waiting(() => approver.ask(request, signal));
  await log.record({ type: "approval-answered", id: request.id, answer, by: "person" }, true);
  return answer;
}

import { EffectUnknown } from "../../database/live/data-connection.ts";
import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest, CallResult } from "../../protocol/agent.ts";
import { QuestionLeftOpen } from "../approvals/approver.ts";
import { type ErrorAnswer, LeftBehind } from "../options.ts";
import { makePart } from "../tools/edit-intent.ts";
import { runInTime } from "../tools/run-in-time.ts";
import { classOfCall, type Tool, type ToolOutput } from "../tools/tool.ts";
import { contextOf, type ReadyCall } from "./call-context.ts";
import { doneResult, failedResult as resultFor } from "./call-results.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";
import { shapeOutput } from "./shape-output.ts";

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
  const toolClass = classOfCall(tool, ready.input);
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(run.signal);
    await run.log.record(
      {
        type: "action",
        id: call.id,
        tool: tool.name,
        input: ready.input,
        class: toolClass,
        decision: ready.decision,
        attempt,
        changes: [...ready.intent.changes],
      },
      toolClass !== "read",
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
        ...(output.spent ? { spent: output.spent } : {}),
      },
    };
  } catch (error) {
    // Without a result, it is looked at again when the run is taken up.
    if (error instanceof QuestionLeftOpen || run.signal.reason instanceof LeftBehind) throw error;
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
  const isCutOff =
    failure.code === "TOOL_TIMEOUT" || failure.code === "CANCELLED" || failure instanceof EffectUnknown;
  let outcome: CallResult["outcome"] = "failed";
  let changes: CallResult["changes"] = [];
  if (isCutOff && classOfCall(tool, ready.input) !== "read") {
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

function withinTime(call: CallState, tool: Tool, ready: ReadyCall, run: RunParts): Promise<ToolOutput> {
  const state = ready.intent.state ?? null;
  const context = contextOf(call, tool, run, ready.intent.changes, run.signal, state);
  const { part } = ready;
  return runInTime(tool, context, (own) => (part ? makePart(part, own) : tool.execute(ready.input, own)));
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
    class: classOfCall(tool, ready.input),
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

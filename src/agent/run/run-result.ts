import type { AksaraError } from "../../errors.ts";
import type { AgentResult, AgentUsage, StopReason } from "../../protocol/agent.ts";
import { readFinalAnswer } from "./final-answer.ts";
import { approvalOf, type RunState } from "./run-state.ts";

/** Why a run ended. */
export interface Ending {
  readonly reason: StopReason;
  readonly error: AksaraError | null;
  readonly limit: AgentResult["limit"];
}

export const DONE: Ending = { reason: "done", error: null, limit: null };

export function usageOf(state: RunState): AgentUsage {
  return {
    inputTokens: state.inputTokens,
    outputTokens: state.outputTokens,
    totalTokens: state.inputTokens + state.outputTokens,
    estimated: state.estimated,
    costUsd: state.costUsd,
  };
}

/** What a run gave, from what its journal says. */
export function resultOf(
  state: RunState,
  ending: Ending,
  durationMs: number,
  proposedDiff: string | null,
): AgentResult {
  const answer = readFinalAnswer(state.text);
  const { started } = state;
  return {
    success: ending.error === null,
    output: answer.output,
    error: ending.error?.message ?? null,
    errorCode: ending.error?.code ?? null,
    iterations: state.iterations,
    actions: state.calls.map((call) => {
      const { decision, answer: given } = approvalOf(call);
      return {
        id: call.id,
        tool: call.tool,
        input: call.input,
        output: call.result?.output ?? "",
        error: call.result?.errorCode ?? null,
        durationMs: call.result?.durationMs ?? 0,
        approval: { verdict: decision.verdict, rule: decision.rule, why: decision.why, answer: given },
      };
    }),
    durationMs: Math.round(durationMs * 10) / 10,
    ...filesOf(state),
    suggestions: [...answer.suggestions],
    findings: [...answer.findings],
    proposedDiff,
    outputFile: state.calls.findLast(({ result }) => result?.outputFile != null)?.result?.outputFile ?? null,
    usage: usageOf(state),
    stopReason: ending.reason,
    limit: ending.limit,
    sessionId: started?.sessionId ?? "",
    runId: started?.runId ?? "",
    traceId: started?.runId ?? "",
  };
}

/** What became of files in a run, first to last: one that was made and taken away again was never there. */
export function filesOf(
  state: RunState,
): Pick<AgentResult, "createdFiles" | "modifiedFiles" | "deletedFiles"> {
  const first = new Map<string, string | null>();
  const last = new Map<string, string | null>();
  for (const call of state.calls) {
    if (!call.result || state.undone.has(call.id)) continue;
    for (const { uri, before, after } of call.result.changes) {
      if (!first.has(uri)) first.set(uri, before);
      last.set(uri, after);
    }
  }
  const uris = [...first.keys()].sort();
  const pick = (fits: (before: string | null, after: string | null) => boolean) =>
    uris.filter((uri) => fits(first.get(uri) ?? null, last.get(uri) ?? null));
  return {
    createdFiles: pick((before, after) => before === null && after !== null),
    modifiedFiles: pick((before, after) => before !== null && after !== null && before !== after),
    deletedFiles: pick((before, after) => before !== null && after === null),
  };
}

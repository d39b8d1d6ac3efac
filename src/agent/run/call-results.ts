import type { CallResult } from "../../protocol/agent.ts";

/** The result of a call that did what it was asked. */
export function doneResult(output: string): CallResult {
  return {
    output,
    isError: false,
    errorCode: null,
    outcome: "done",
    decision: null,
    durationMs: 0,
    changes: [],
    held: [],
    reads: [],
    outputFile: null,
    reference: null,
  };
}

/** The result of a call that did not: what kept it, and what is known of its effect. */
export function failedResult(output: string, errorCode: string, outcome: CallResult["outcome"]): CallResult {
  return { ...doneResult(output), isError: true, errorCode, outcome };
}

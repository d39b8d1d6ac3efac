import { contextOf } from "./call-context.ts";
import { doneResult, failedResult } from "./call-results.ts";
import { finishCall } from "./run-call.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";

/**
 * Settles the calls that were announced and have no result, because the process died in between. What reads is simply
 * run again; an effect is looked for, and where nobody can tell whether it happened, the result says so.
 * Gives the calls that are still to be run.
 */
export async function recoverCalls(run: RunParts): Promise<readonly CallState[]> {
  const open = run.log.state.open.filter((call) => call.result === null);
  const left: CallState[] = [];
  for (const call of open) {
    if (call.action === null || call.action.class === "read") {
      left.push(call);
      continue;
    }
    const { changes } = call.action;
    const tool = run.tools.find(({ name }) => name === call.tool);
    const settled = tool ? await tool.settle?.(changes, contextOf(call, tool, run, changes)) : undefined;
    if (settled?.outcome === "not-run") left.push(call);
    else
      await finishCall(
        call,
        settled?.outcome === "done" ? { ...doneResult(settled.output), changes: [...changes] } : UNKNOWN,
        run,
      );
  }
  return left;
}

const UNKNOWN = failedResult(
  "The process ended while this was running. Whether it had its effect is not known: find out before you do anything again.",
  "TOOL_FAILED",
  "unknown",
);

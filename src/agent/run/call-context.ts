import type { Decision, FileChange } from "../../protocol/agent.ts";
import type { ChosenPart } from "../files/change-parts.ts";
import { USUAL_TOOL_SECONDS } from "../options.ts";
import type { Intent, Tool, ToolContext } from "../tools/tool.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";

/** A call that may run now, as it will run. */
export interface ReadyCall {
  readonly input: unknown;
  readonly intent: Intent;
  readonly decision: Decision;
  /** The part of its changes that a person chose, which is made in place of it; null for the whole call. */
  readonly part: ChosenPart | null;
}

/** What a tool may reach for one call. `decided`: the changes that it was allowed to make. */
export function contextOf(
  call: CallState,
  tool: Tool,
  run: RunParts,
  decided: readonly FileChange[],
  signal = run.signal,
  decidedState: string | null = null,
): ToolContext {
  return {
    runId: run.log.runId,
    callId: call.id,
    signal,
    files: run.files,
    workspace: run.workspace,
    blobs: run.store.blobs,
    sql: run.sql,
    findReference: (id) =>
      run.references.find((hash) => hash.startsWith(id)) ??
      run.log.state.references.find((hash) => hash.startsWith(id)) ??
      null,
    timeoutMs: secondsFor(tool, run.settings) * 1000,
    decided,
    decidedState,
    databases: run.databases,
    run: {
      agent: run.agent,
      waiting: (work) => run.clock.waiting(work),
      relay: (event) => run.log.relay(event),
      record: (event) => run.log.record(event, true),
    },
  };
}

/** What a person set bounds every tool but those that are runs themselves; else a tool knows best how long it takes. */
function secondsFor(tool: Tool, { toolTimeoutSeconds, toolTimeouts }: RunParts["settings"]): number {
  if (tool.timeoutSeconds === "run") return Number.POSITIVE_INFINITY;
  const own = Object.hasOwn(toolTimeouts, tool.name) ? toolTimeouts[tool.name] : undefined;
  if (own !== undefined) return own;
  const seconds = toolTimeoutSeconds ?? USUAL_TOOL_SECONDS;
  const declared = tool.timeoutSeconds ?? seconds;
  return seconds === USUAL_TOOL_SECONDS ? declared : Math.min(seconds, declared);
}

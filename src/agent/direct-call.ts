import type { AksaraError } from "../errors.ts";
import { isAksaraError } from "../errors.ts";
import type { CallResult } from "../protocol/agent.ts";
import { Journal } from "../records/journal.ts";
import { newTraceId } from "../records/run-trace.ts";
import type { AgentServices } from "./agent-runtime.ts";
import type { Approver } from "./approvals/approver.ts";
import type { Grants } from "./approvals/grants.ts";
import { WorkspaceFiles } from "./files/workspace-files.ts";
import { readSettings } from "./options.ts";
import { NO_POLICY } from "./part.ts";
import { recordResult, refusal, runCall } from "./run/run-call.ts";
import { RunClock } from "./run/run-clock.ts";
import { RunLog } from "./run/run-log.ts";
import type { RunParts } from "./run/run-parts.ts";
import { DONE, type Ending, resultOf } from "./run/run-result.ts";
import { foldRun } from "./run/run-state.ts";
import { newSessionId } from "./sessions.ts";
import type { Tool } from "./tools/tool.ts";

/** How somebody else's agent may call a tool. */
export interface DirectCallOptions {
  /** Who is asked where a person must be; null: nobody, and what would ask is refused. */
  readonly approver: Approver | null;
  readonly allowWrites: boolean;
  readonly allowSystemTools: boolean;
  /** Ask also where only something is read. */
  readonly askAlways: boolean;
  readonly signal: AbortSignal;
  /** Who calls, for the journal: `mcp`. */
  readonly caller: string;
  /** Knows what the caller has read: an edit is made to that. Absent: nothing was read. */
  readonly files?: WorkspaceFiles;
}

export interface DirectCallResult {
  /** The run that it stands in: what it changed in files is taken back by this name. */
  readonly runId: string;
  readonly result: CallResult;
}

const CALL_ID = "call-1";

/**
 * Calls a tool for somebody else's agent as a run of one call: decided about, asked for, journaled and undoable like any
 * other. Nothing that was approved before for longer counts here, since another agent was meant by it.
 * @throws CANCELLED, and what the store throws; every other failure is in the result
 */
export async function callDirectly(
  tool: Tool,
  input: unknown,
  services: AgentServices,
  options: DirectCallOptions,
): Promise<DirectCallResult> {
  const { workspace, store, sql, now = Date.now } = services;
  const { approver, allowWrites, allowSystemTools, askAlways, signal, caller } = options;
  const settings = readSettings({ allowWrites, allowSystemTools, errorStrategy: "skip" });
  const [runId, sessionId] = [newTraceId(now()), newSessionId()];
  const { journal, records } = await Journal.open(store, runId, {
    agent: "agent",
    lease: `session:${sessionId}`,
    now,
  });
  const clock = new RunClock(settings.timeoutSeconds * 1000, () => undefined);
  try {
    const log = new RunLog(journal, foldRun(records), () => undefined);
    const run: RunParts = {
      log,
      agent: "agent",
      sessionId,
      calls: NO_POLICY,
      pool: null,
      settings,
      hooks: {},
      mode: settings.mode,
      policy: {
        mode: settings.mode,
        interactive: askAlways,
        trusted: workspace.execution().trusted,
        allowWrites,
        allowSystemTools,
        requireApprovalFor: settings.requireApprovalFor,
        offered: [tool.name],
      },
      tools: [tool],
      approver,
      grants: NO_GRANTS,
      files: options.files ?? new WorkspaceFiles(workspace.roots, false),
      workspace,
      store,
      sql,
      databases: services.databases ?? null,
      references: [],
      clock,
      signal,
    };
    await open(run, tool, input, caller);
    return { runId, result: await runToEnd(run) };
  } finally {
    clock.dispose();
    await journal.close();
  }
}

const NO_GRANTS: Pick<Grants, "find" | "give"> = {
  find: async () => null,
  give: async () => {
    throw new RangeError("a call from outside is approved for once");
  },
};

/** The call as if a model had answered with it. */
async function open({ log, sessionId }: RunParts, tool: Tool, input: unknown, caller: string): Promise<void> {
  await log.record(
    {
      type: "run-started",
      version: 1,
      sessionId,
      turn: 1,
      task: `${tool.name}, called from outside`,
      mode: "default",
      interactive: false,
      tools: [tool.name],
      provider: "",
      model: "",
      labels: { caller },
    },
    true,
  );
  await log.record(
    {
      type: "model-answered",
      iteration: 1,
      content: [{ type: "tool-call", id: CALL_ID, name: tool.name, input }],
      malformed: {},
      finish: "tool-calls",
      usage: null,
      estimate: { input: 0, output: 0 },
      costUsd: 0,
    },
    true,
  );
}

async function runToEnd(run: RunParts): Promise<CallResult> {
  const { log, clock } = run;
  const [call] = log.state.open;
  if (!call) throw new RangeError("the call is not open");
  try {
    await runCall(call, run);
  } catch (error) {
    if (!isAksaraError(error) || error.code === "STORE_UNAVAILABLE" || error.code === "THREAD_BUSY")
      throw error;
    if (call.result === null) await recordResult(call, refusal(error), run);
    const result = resultOf(log.state, endingOf(error), clock.usedMs, null);
    const { code, message, hint } = error;
    await log.record({ type: "error", code, message, hint, result }, true);
    throw error;
  }
  const { result } = call;
  if (!result) throw new RangeError("the call has no result");
  await log.record(
    { type: "complete", output: result.output, result: resultOf(log.state, DONE, clock.usedMs, null) },
    true,
  );
  return result;
}

function endingOf(error: AksaraError): Ending {
  return { reason: error.code === "CANCELLED" ? "cancelled" : "failure", error, limit: null };
}

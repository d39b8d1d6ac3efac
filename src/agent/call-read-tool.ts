import type { PostgresParser } from "../database/sql/parse-postgres.ts";
import { AksaraError } from "../errors.ts";
import { MemoryStore } from "../storage/memory-store.ts";
import type { Blobs } from "../storage/store.ts";
import { WorkspaceFiles } from "./files/workspace-files.ts";
import { shapeOutput } from "./run/shape-output.ts";
import { parseInput } from "./tools/parse-input.ts";
import { runInTime } from "./tools/run-in-time.ts";
import { type CallingRun, classOfCall, type Tool } from "./tools/tool.ts";
import type { AgentWorkspace } from "./workspace-port.ts";

/** What a call outside a run reaches. */
export interface ReadToolServices {
  readonly workspace: AgentWorkspace;
  readonly sql: PostgresParser;
  /** Where it is remembered what was read, for changes that build on it; absent: nowhere. */
  readonly seen?: SeenFiles;
}

/** What the callers of one host have read so far. */
export interface SeenFiles {
  readonly files: WorkspaceFiles;
  readonly blobs: Blobs;
}

const USUAL_SECONDS = 30;

/** Nobody follows such a call, and it has no journal. */
const NO_RUN: CallingRun = {
  agent: "direct",
  waiting: (work) => work(),
  relay: () => undefined,
  record: async () => undefined,
};

/**
 * Calls a tool that only reads for somebody else's agent: no journal, no session; the same check of the arguments, time
 * limit, redaction and budget as in a run.
 * @throws TOOL_NOT_ALLOWED for a tool that does more than read, WORKSPACE_UNTRUSTED, TOOL_INPUT_INVALID, TOOL_TIMEOUT,
 *   CANCELLED, and what the tool throws
 */
export async function callReadTool(
  tool: Tool,
  input: unknown,
  { workspace, sql, seen }: ReadToolServices,
  signal: AbortSignal,
): Promise<string> {
  if (!workspace.execution().trusted)
    throw new AksaraError("WORKSPACE_UNTRUSTED", "This workspace is not trusted, so no agent reads it.", {
      hint: "Trust the workspace first.",
    });
  if (tool.class !== "read") throw doesMore(tool);
  const parsed = parseInput(tool, input);
  if (classOfCall(tool, parsed) !== "read") throw doesMore(tool);
  const store = new MemoryStore();
  try {
    const { output, reads } = await runInTime(
      tool,
      {
        runId: "direct",
        callId: "direct",
        signal,
        files: seen?.files ?? new WorkspaceFiles(workspace.roots, false),
        workspace,
        blobs: seen?.blobs ?? store.blobs,
        sql,
        findReference: () => null,
        timeoutMs: tool.timeoutSeconds === "run" ? Infinity : (tool.timeoutSeconds ?? USUAL_SECONDS) * 1000,
        decided: [],
        decidedState: null,
        // Rows are for an agent whose every step a person can see.
        databases: null,
        run: NO_RUN,
      },
      (context) => tool.execute(parsed, context),
    );
    for (const { uri, hash } of reads ?? []) seen?.files.noteSeen(uri, hash);
    const { text } = await shapeOutput(output, tool.outputBudget, null);
    return text;
  } finally {
    await store.close();
  }
}

function doesMore(tool: Tool): AksaraError {
  return new AksaraError("TOOL_NOT_ALLOWED", `${tool.name} does more than read.`, {
    hint: "Ask Aksara's own agent for it: it shows what would be done, and asks.",
  });
}

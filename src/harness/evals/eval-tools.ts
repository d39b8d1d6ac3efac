import { ToolRegistry } from "../../agent/tools/registry.ts";
import { shippedTools } from "../../agent/tools/shipped.ts";
import type { Tool } from "../../agent/tools/tool.ts";
import { AksaraError } from "../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../protocol/agent.ts";
import { type ActionDispatcher, DISPATCH_TOOL } from "../execute-plan.ts";
import type { Recording } from "./eval-request.ts";

/** These only read, but what they read is not in the workspace: a database, a language model. */
const READ_ELSEWHERE: readonly string[] = ["query_records", "run_flow"];

/**
 * Tools as an eval may use them. Those that have an effect outside the files of the workspace never run: they give what
 * was recorded, or refuse. In a replay, neither do those that read elsewhere.
 */
export function toolsOfEval(tools: ToolRegistry, recording: Recording | null): ToolRegistry {
  const shipped = shippedTools();
  const results = new RecordedResults(recording);
  return new ToolRegistry(
    tools.list().map((tool) => {
      const isOurs = shipped.find(tool.name) !== null;
      const acts = tool.class === "data" || tool.class === "system" || (tool.class === "write" && !isOurs);
      const isReplayed = recording !== null && (READ_ELSEWHERE.includes(tool.name) || !isOurs);
      return acts || isReplayed ? standIn(tool, results) : tool;
    }),
  );
}

/** Whether a replay needs the result of such a call. */
export function isRecorded(tool: string, toolClass: string): boolean {
  return (
    toolClass === "data" ||
    toolClass === "system" ||
    READ_ELSEWHERE.includes(tool) ||
    shippedTools().find(tool) === null
  );
}

/** The application's own actions are not made by an eval. */
export function heldDispatcher(recording: Recording | null): ActionDispatcher {
  const results = new RecordedResults(recording);
  return () => results.next(DISPATCH_TOOL);
}

/**
 * What is answered for the person. A file of the workspace cannot grant anything by this: what is approved here is held
 * back from the disk, or is no more than a recording.
 */
export function answersOf(recording: Recording | null): (request: ApprovalRequest) => ApprovalAnswer {
  const left = [...(recording?.approvals ?? [])];
  return ({ about, tool }) => {
    if (about === "sandbox") return { outcome: "reject" };
    const at = left.findIndex((each) => each.tool === tool);
    const [recorded] = at === -1 ? [] : left.splice(at, 1);
    if (!recorded) return about === "failure" ? { outcome: "revise" } : { outcome: "approve" };
    const { tool: _, ...answer } = recorded;
    return answer;
  };
}

class RecordedResults {
  readonly #left: Map<string, Recording["results"][string]>;

  constructor(recording: Recording | null) {
    this.#left = new Map(
      Object.entries(recording?.results ?? {}).map(([tool, results]) => [tool, [...results]]),
    );
  }

  /** @throws TOOL_NOT_ALLOWED when there is none (left), TOOL_FAILED for a call that failed */
  next(tool: string): string {
    const result = this.#left.get(tool)?.shift();
    if (!result)
      throw new AksaraError(
        "TOOL_NOT_ALLOWED",
        `${tool} reaches outside the workspace: an eval does not run it.`,
        {
          hint: "Go on without it.",
        },
      );
    if (result.failed) throw new AksaraError("TOOL_NOT_ALLOWED", result.output);
    return result.output;
  }
}

function standIn(tool: Tool, results: RecordedResults): Tool {
  const { name, description, input, class: toolClass, risk, outputBudget, timeoutSeconds } = tool;
  return {
    name,
    description,
    input,
    class: toolClass,
    risk,
    outputBudget,
    timeoutSeconds,
    execute: async () => ({ output: results.next(name) }),
  };
}

import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  type Tool as ListedTool,
} from "@modelcontextprotocol/server";
import * as z from "zod/mini";
import type { AgentRuntime } from "../../agent/agent-runtime.ts";
import { callReadTool, type ReadToolServices, type SeenFiles } from "../../agent/call-read-tool.ts";
import type { DirectCallOptions } from "../../agent/direct-call.ts";
import { modelTools } from "../../agent/tools/model-tools.ts";
import { parseInput } from "../../agent/tools/parse-input.ts";
import { classOfCall, type Tool } from "../../agent/tools/tool.ts";
import { type AksaraError, isAksaraError, isCancelled } from "../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../protocol/agent.ts";
import { requestText } from "../cli/approval-prompt.ts";
import { AskedCalls, type CallStep } from "./asked-calls.ts";
import { tellProgress } from "./progress.ts";
import type { McpCall, McpTool } from "./surface.ts";

export interface AgentToolServices extends ReadToolServices {
  readonly seen: SeenFiles;
  readonly runtime: AgentRuntime;
  readonly allowWrites: boolean;
  readonly allowSystemTools: boolean;
  /** Called before each call: what is known of the workspace may be old. */
  readonly freshen: () => void;
}

/** What a client carries from a question to its answer; signed. */
const stateSchema = z.object({ call: z.string() });

const answerSchema = z.object({
  action: z.enum(["accept", "decline", "cancel"]),
  content: z.optional(z.object({ approve: z.optional(z.boolean()), feedback: z.optional(z.string()) })),
});

const QUESTION = "approval";
const PLAIN = { color: false, out: () => undefined, err: () => undefined };

/** The agent's tools for other programs: those that read run at once, the others when a person of the client approves. */
export class AgentTools {
  readonly tools: readonly McpTool[];
  readonly #services: AgentToolServices;
  readonly #asked = new AskedCalls();

  constructor(tools: readonly Tool[], services: AgentToolServices) {
    this.#services = services;
    const schemas = modelTools(tools);
    this.tools = tools
      .filter(({ class: kind }) => this.#isOffered(kind))
      .map((tool) => ({
        listed: listedTool(tool, schemas.find(({ name }) => name === tool.name)?.inputSchema ?? {}),
        call: (input, call) => this.#call(tool, input, call),
      }));
  }

  dispose(): Promise<void> {
    return this.#asked.dispose();
  }

  #isOffered(kind: Tool["class"]): boolean {
    const { allowWrites, allowSystemTools } = this.#services;
    if (kind === "read") return true;
    return kind === "system" ? allowSystemTools : allowWrites;
  }

  async #call(tool: Tool, input: unknown, call: McpCall): Promise<CallToolResult | InputRequiredResult> {
    const { freshen, workspace, sql, seen } = this.#services;
    const { signal } = call.context.mcpReq;
    freshen();
    try {
      const tell = await tellProgress(call, 1, tool.name);
      if (runsUnasked(tool, input)) {
        const text = await callReadTool(tool, input, { workspace, sql, seen }, signal);
        await tell(1);
        return { content: [{ type: "text", text }] };
      }
      const step = await this.#step(tool, input, call);
      if (step.type === "asks") return await question(step, call);
      await tell(1);
      return resultOf(step);
    } catch (error) {
      if (isCancelled(error) || !isAksaraError(error)) throw error;
      return failure(error);
    }
  }

  async #step(tool: Tool, input: unknown, { context, capabilities }: McpCall): Promise<CallStep> {
    const { runtime, allowWrites, allowSystemTools, seen } = this.#services;
    const { mcpReq } = context;
    const state = stateSchema.safeParse(mcpReq.requestState());
    if (state.success)
      return await this.#asked.goOn(
        state.data.call,
        tool.name,
        input,
        answerOf(mcpReq.inputResponses?.[QUESTION]),
        mcpReq.signal,
      );
    const options: Omit<DirectCallOptions, "approver" | "signal"> = {
      allowWrites,
      allowSystemTools,
      askAlways: tool.class === "read",
      caller: "mcp",
      files: seen.files,
    };
    if (!canAsk(capabilities))
      return {
        type: "done",
        done: await runtime.call(tool, input, { ...options, approver: null, signal: mcpReq.signal }),
      };
    return await this.#asked.begin(
      tool.name,
      input,
      (approver, signal) => runtime.call(tool, input, { ...options, approver, signal }),
      mcpReq.signal,
    );
  }
}

/** What reads files and facts. Rows of a person's database are shown to a client's model only after a question each. */
function runsUnasked(tool: Tool, input: unknown): boolean {
  if (tool.class !== "read" || tool.name === "query_records") return false;
  return classOfCall(tool, parseInput(tool, input)) === "read";
}

/** A client that takes no forms cannot be asked. One that says nothing of their kind means forms. */
function canAsk({ elicitation }: McpCall["capabilities"]): boolean {
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

async function question(
  { id, request }: Extract<CallStep, { type: "asks" }>,
  { states, context }: McpCall,
): Promise<InputRequiredResult> {
  return inputRequired({
    inputRequests: {
      [QUESTION]: inputRequired.elicit({
        message: requestText(request, PLAIN).trim(),
        requestedSchema: questionSchema(request),
      }),
    },
    requestState: await states.mint({ call: id } satisfies z.infer<typeof stateSchema>, context),
  });
}

function questionSchema({ tool }: ApprovalRequest) {
  return {
    type: "object" as const,
    properties: {
      approve: {
        type: "boolean" as const,
        title: "Approve",
        description: `Whether ${tool} may run, once, exactly as shown.`,
      },
      feedback: {
        type: "string" as const,
        title: "Feedback",
        description: "What to do instead; goes to the model.",
      },
    },
    required: ["approve"],
  };
}

/** Null for what is no answer: then it is asked again. */
function answerOf(response: unknown): ApprovalAnswer | null {
  const parsed = answerSchema.safeParse(response);
  if (!parsed.success) return null;
  const { action, content } = parsed.data;
  if (action === "accept" && content?.approve === undefined) return null;
  const feedback = content?.feedback ? { feedback: content.feedback } : {};
  return action === "accept" && content?.approve === true
    ? { outcome: "approve", scope: "once" }
    : { outcome: "reject", ...feedback };
}

function resultOf({ done: { runId, result } }: Extract<CallStep, { type: "done" }>): CallToolResult {
  if (result.isError) {
    const code = result.errorCode ?? "TOOL_FAILED";
    return {
      isError: true,
      content: [{ type: "text", text: `${code}: ${result.output}` }],
      structuredContent: { ok: false, error_code: code, error: result.output },
    };
  }
  const undo = result.changes.length > 0 ? `\nTo take it back: aksara ai agent --undo ${runId}` : "";
  return { content: [{ type: "text", text: `${result.output}${undo}` }] };
}

/** A failure that the model can do something about. */
export function failure({ code, message, hint, candidates }: AksaraError): CallToolResult {
  return {
    isError: true,
    content: [{ type: "text", text: `${code}: ${hint === null ? message : `${message} ${hint}`}` }],
    structuredContent: { ok: false, error_code: code, error: message, hint, candidates: [...candidates] },
  };
}

function listedTool(tool: Tool, inputSchema: Readonly<Record<string, unknown>>): ListedTool {
  const isRead = tool.class === "read";
  return {
    name: tool.name,
    title: titleOf(tool.name),
    description: tool.description,
    inputSchema: { ...inputSchema, type: "object" },
    annotations: {
      readOnlyHint: isRead,
      // A file that was written is taken back by name; a row or a command is not.
      ...(isRead ? {} : { destructiveHint: tool.class !== "write", idempotentHint: false }),
      openWorldHint: tool.name === "run_flow" || tool.class === "system",
    },
  };
}

/** `List models` for `list_models`. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

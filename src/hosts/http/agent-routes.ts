import type { TaskOptions } from "../../agent/options.ts";
import { modelTools } from "../../agent/tools/model-tools.ts";
import type { UndoTarget } from "../../agent/undo.ts";
import {
  type AgentEvent,
  type AgentResult,
  agentEventSchema,
  agentResultSchema,
} from "../../protocol/agent.ts";
import {
  agentSessionSchema,
  agentTaskSchema,
  agentToolListSchema,
  approvalListSchema,
  approvalResponseSchema,
  approvalTakenSchema,
  undoBodySchema,
  undoReportSchema,
} from "../../protocol/agent-http.ts";
import { readBody } from "./read-body.ts";
import type { Exchange, Route } from "./route.ts";
import { TransportError } from "./transport-error.ts";

const run: Route = {
  method: "POST",
  path: "/studio/agent/run",
  summary: "Lets an agent work on a task, go on with a run, or take the next turn of a session",
  body: agentTaskSchema,
  answer: agentResultSchema,
  events: agentEventSchema,
  isRun: true,
  handle: async (exchange) => {
    const { goal, sessionId, resume, approvals, ...settings } = await readBody(
      exchange.request,
      agentTaskSchema,
      "keep nulls",
    );
    const { agents, signal, workspace } = exchange;
    const options: TaskOptions = {
      ...settings,
      signal,
      ...(approvals === "wait" ? { approver: agents.approvals } : {}),
    };
    if ((goal === undefined) === (resume === undefined))
      throw new TransportError(422, "goal, resume: give one of them, and not both.");
    workspace.refresh();
    const { runtime } = await agents.access();
    if (resume !== undefined) return await toItsEnd(runtime.resumeStream(resume, options), exchange);
    const task = goal ?? "";
    return await toItsEnd(
      sessionId === undefined
        ? runtime.executeStream(task, options)
        : runtime.sendStream(sessionId, task, options),
      exchange,
    );
  },
};

async function toItsEnd(events: AsyncIterable<AgentEvent>, { sendEvent }: Exchange): Promise<AgentResult> {
  let result: AgentResult | null = null;
  for await (const event of events) {
    sendEvent?.(event);
    if (event.type === "complete" || event.type === "error" || event.type === "interrupted")
      result = event.result;
  }
  if (result === null) throw new Error("The run ended without a result.");
  return result;
}

const tools: Route = {
  method: "GET",
  path: "/studio/agent/tools",
  summary: "The tools that an agent may be given by name",
  body: null,
  answer: agentToolListSchema,
  events: null,
  isRun: false,
  handle: async ({ agents }) => {
    const found = (await agents.access()).tools.list();
    const described = modelTools(found);
    return {
      tools: found.map(({ name, class: kind, risk }, at) => ({
        name,
        description: described[at]?.description ?? "",
        class: kind,
        risk,
        inputSchema: described[at]?.inputSchema ?? {},
      })),
      total: found.length,
    };
  },
};

const sessions: Route = {
  method: "POST",
  path: "/studio/agent/sessions",
  summary: "Begins a conversation of several turns",
  body: null,
  answer: agentSessionSchema,
  events: null,
  isRun: false,
  handle: async ({ agents }) => {
    const { id } = await (await agents.access()).runtime.startSession();
    return { sessionId: id };
  },
};

const pending: Route = {
  method: "GET",
  path: "/studio/agent/approvals",
  summary: "The calls that wait for somebody to decide",
  body: null,
  answer: approvalListSchema,
  events: null,
  isRun: false,
  handle: async ({ agents }) => {
    const approvals = agents.approvals.list();
    return { approvals, total: approvals.length };
  },
};

const respond: Route = {
  method: "POST",
  path: "/studio/agent/approvals",
  summary: "Decides about a call that waits",
  body: approvalResponseSchema,
  answer: approvalTakenSchema,
  events: null,
  isRun: false,
  handle: async ({ request, agents }) => {
    const { id, ...answer } = await readBody(request, approvalResponseSchema, "keep nulls");
    agents.approvals.respond(id, answer);
    return { ok: true, id };
  },
};

const undo: Route = {
  method: "POST",
  path: "/studio/agent/undo",
  summary: "Takes back what runs changed in files",
  body: undoBodySchema,
  answer: undoReportSchema,
  events: null,
  isRun: false,
  handle: async ({ request, agents }) => {
    const { runId, callId, sessionId, lastTurnOnly } = await readBody(request, undoBodySchema);
    const target: UndoTarget | null =
      runId !== undefined && sessionId === undefined
        ? { runId, callId }
        : sessionId !== undefined && runId === undefined
          ? { sessionId, lastTurnOnly }
          : null;
    if (target === null) throw new TransportError(422, "runId, sessionId: give one of them, and not both.");
    return await (await agents.access()).runtime.undo(target);
  },
};

export const AGENT_ROUTES: readonly Route[] = [run, tools, sessions, pending, respond, undo];

import { describeAction } from "../../flows/actions/registry.ts";
import { FLOW_KINDS, type FlowContext, flowRequestSchema } from "../../protocol/action.ts";
import { flowRunSchema, runEventSchema } from "../../protocol/execution.ts";
import { actionListSchema, flowBodySchema } from "../../protocol/http.ts";
import { promptPackSchema } from "../../protocol/prompt-pack.ts";
import { runEvents } from "../shared/run-events.ts";
import { AGENT_ROUTES } from "./agent-routes.ts";
import { readBody } from "./read-body.ts";
import type { Route } from "./route.ts";

const actions: Route = {
  method: "GET",
  path: "/studio/ai/flows/actions",
  summary: "The actions of this workspace",
  body: null,
  answer: actionListSchema,
  events: null,
  isRun: false,
  handle: async ({ workspace }) => {
    workspace.refresh();
    const found = (await workspace.actions()).actions.map(describeAction);
    return { actions: found, total: found.length };
  },
};

const builds: readonly Route[] = FLOW_KINDS.map((kind) => ({
  method: "POST",
  path: `/studio/ai/flows/${kind}`,
  summary: `The prompt pack of an action on a ${kind}`,
  body: flowBodySchema,
  answer: promptPackSchema,
  events: null,
  isRun: false,
  handle: async ({ request, workspace, signal }) => {
    const { action_key, ...context } = await readBody(request, flowBodySchema);
    workspace.refresh();
    return await workspace.buildPack(
      { flow_type: kind, action_key, context: context satisfies FlowContext },
      { signal },
    );
  },
}));

const run: Route = {
  method: "POST",
  path: "/studio/ai/flows/run",
  summary: "Builds a prompt pack and runs it through a language model",
  body: flowRequestSchema,
  answer: flowRunSchema,
  events: runEventSchema,
  isRun: true,
  handle: async ({ request, workspace, signal, sendEvent }) => {
    const wanted = await readBody(request, flowRequestSchema);
    workspace.refresh();
    return await runEvents(
      (hooks) => workspace.run(wanted, { ...hooks, signal }),
      (event) => sendEvent?.(event),
    );
  },
};

export const STUDIO_ROUTES: readonly Route[] = [actions, ...builds, run, ...AGENT_ROUTES];

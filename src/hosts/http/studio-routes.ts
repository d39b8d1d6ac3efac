import type { IncomingMessage } from "node:http";
import type * as z from "zod/mini";
import { describeAction } from "../../flows/actions/registry.ts";
import { FLOW_KINDS, type FlowContext, flowRequestSchema } from "../../protocol/action.ts";
import { flowRunSchema, type RunEvent } from "../../protocol/execution.ts";
import { actionListSchema, flowBodySchema } from "../../protocol/http.ts";
import { promptPackSchema } from "../../protocol/prompt-pack.ts";
import { runEvents } from "../shared/run-events.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import { readBody } from "./read-body.ts";

/** One request, on its way through a route. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly workspace: StudioWorkspace;
  /** Fires when the client has gone, and when the server closes. */
  readonly signal: AbortSignal;
  /** Sends an event at once; null when the client asked for one document. */
  readonly sendEvent: ((event: RunEvent) => void) | null;
}

/** One path of the API. What OpenAPI says is derived from these. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  /** Null for a request without a body. */
  readonly body: z.ZodMiniType | null;
  readonly answer: z.ZodMiniType;
  /** Whether events are sent to who asks for them. */
  readonly streams: boolean;
  /** The document; failures of what was asked for are in it. @throws TransportError, AksaraError */
  handle(exchange: Exchange): Promise<unknown>;
}

const actions: Route = {
  method: "GET",
  path: "/studio/ai/flows/actions",
  summary: "The actions of this workspace",
  body: null,
  answer: actionListSchema,
  streams: false,
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
  streams: false,
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
  streams: true,
  handle: async ({ request, workspace, signal, sendEvent }) => {
    const wanted = await readBody(request, flowRequestSchema);
    workspace.refresh();
    return await runEvents(
      (hooks) => workspace.run(wanted, { ...hooks, signal }),
      (event) => sendEvent?.(event),
    );
  },
};

export const STUDIO_ROUTES: readonly Route[] = [actions, ...builds, run];

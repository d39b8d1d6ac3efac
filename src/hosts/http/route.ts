import type { IncomingMessage } from "node:http";
import type * as z from "zod/mini";
import type { AgentEvent } from "../../protocol/agent.ts";
import type { RunEvent } from "../../protocol/execution.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import type { AgentHost } from "./agent-host.ts";

export type StudioEvent = RunEvent | AgentEvent;

/** One request, on its way through a route. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly workspace: StudioWorkspace;
  readonly agents: AgentHost;
  /** Fires when the client has gone, and when the server closes. */
  readonly signal: AbortSignal;
  /** Sends an event at once; null when the client asked for one document. */
  readonly sendEvent: ((event: StudioEvent) => void) | null;
}

/** One path of the API. What OpenAPI says is derived from these. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  /** Null for a request without a body. */
  readonly body: z.ZodMiniType | null;
  readonly answer: z.ZodMiniType;
  /** What is sent to who asks for events; null where nothing happens before the answer. */
  readonly events: z.ZodMiniType | null;
  /** Whether a model is asked: only so many of these go at once. */
  readonly isRun: boolean;
  /** The document; failures of what was asked for are in it. @throws TransportError, AksaraError */
  handle(exchange: Exchange): Promise<unknown>;
}

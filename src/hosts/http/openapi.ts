import * as z from "zod/mini";
import { flowRequestSchema } from "../../protocol/action.ts";
import { agentEventSchema, agentResultSchema, approvalRequestSchema } from "../../protocol/agent.ts";
import { agentTaskSchema, approvalResponseSchema } from "../../protocol/agent-http.ts";
import { flowRunSchema, runEventSchema } from "../../protocol/execution.ts";
import { actionListSchema, flowBodySchema, transportErrorSchema } from "../../protocol/http.ts";
import { promptPackSchema } from "../../protocol/prompt-pack.ts";
import type { Route } from "./route.ts";

/** Schemas that the document names; what else a route uses stands in place. */
const NAMED: readonly (readonly [string, z.ZodMiniType])[] = [
  ["ActionList", actionListSchema],
  ["AgentEvent", agentEventSchema],
  ["AgentResult", agentResultSchema],
  ["AgentTask", agentTaskSchema],
  ["ApprovalRequest", approvalRequestSchema],
  ["ApprovalResponse", approvalResponseSchema],
  ["FlowBody", flowBodySchema],
  ["FlowRequest", flowRequestSchema],
  ["FlowRun", flowRunSchema],
  ["PromptPack", promptPackSchema],
  ["RunEvent", runEventSchema],
  ["TransportError", transportErrorSchema],
];

const REFUSALS = {
  401: "The bearer token is missing or wrong",
  403: "The Host or Origin header names another server",
  413: "The body is larger than 1 MiB",
  422: "The body is not JSON, or not of this form",
  429: "Too many runs at once",
} as const;

/** The description of the API, from the schemas that check it. */
export function openApiDocument(routes: readonly Route[], version: string): Record<string, unknown> {
  return {
    openapi: "3.1.0",
    info: {
      title: "Aksara Studio",
      version,
      description:
        "A document whose `ok` is false comes with status 200; other statuses are about the transport.",
    },
    security: [{ bearer: [] }],
    paths: Object.fromEntries(
      Object.entries(Object.groupBy(routes, ({ path }) => path)).map(([path, here = []]) => [
        path,
        Object.fromEntries(here.map((route) => [route.method.toLowerCase(), operationOf(route)])),
      ]),
    ),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: componentSchemas(),
    },
  };
}

function operationOf(route: Route): Record<string, unknown> {
  const events = route.events ? { "text/event-stream": { schema: schemaOf(route.events) } } : {};
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.body
      ? { requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body) } } } }
      : {}),
    responses: {
      200: {
        description: "The document",
        content: { "application/json": { schema: schemaOf(route.answer) }, ...events },
      },
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [status, refusal(description)]),
      ),
    },
  };
}

function refusal(description: string): Record<string, unknown> {
  return { description, content: { "application/json": { schema: reference("TransportError") } } };
}

/** `post_flows_model` for `POST /studio/ai/flows/model`, `post_agent_run` for `POST /studio/agent/run`. */
function operationId({ method, path }: Route): string {
  return [method.toLowerCase(), ...path.replace(/^\/studio\/(?:ai\/)?/, "").split("/")].join("_");
}

function schemaOf(schema: z.ZodMiniType): Record<string, unknown> {
  const name = NAMED.find(([, known]) => known === schema)?.[0];
  return name === undefined ? { ...z.toJSONSchema(schema) } : reference(name);
}

function reference(name: string): Record<string, unknown> {
  return { $ref: `#/components/schemas/${name}` };
}

function componentSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of NAMED) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _id, $schema: _dialect, ...schema }]) => [id, schema]),
  );
}

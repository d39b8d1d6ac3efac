import * as z from "zod/mini";

export const FLOW_KINDS = ["model", "route", "query", "migration", "diagnostic"] as const;
export type FlowKind = (typeof FLOW_KINDS)[number];

export const RISKS = ["low", "medium", "high"] as const;
export type Risk = (typeof RISKS)[number];

/** An action as `actions` lists it. */
export const actionDescriptorSchema = z.object({
  action_key: z.string(),
  kind: z.enum(FLOW_KINDS),
  title: z.string(),
  description: z.string(),
  risk: z.enum(RISKS),
  what_it_does: z.string(),
  what_it_cannot_do: z.string(),
  recommended_next: z.array(z.string()),
});
export type ActionDescriptor = z.infer<typeof actionDescriptorSchema>;

/** Arguments that name a flow's target; the same for functions, CLI, HTTP body and `run.context`. */
export const flowContextSchema = z.object({
  model_name: z.optional(z.string()),
  method: z.optional(z.string()),
  path: z.optional(z.string()),
  sql: z.optional(z.string()),
  query_id: z.optional(z.string()),
  include_explain: z.optional(z.boolean()),
  dialect: z.optional(z.string()),
  migration_id: z.optional(z.string()),
  app: z.optional(z.string()),
  name: z.optional(z.string()),
  issue_id: z.optional(z.string()),
  issue_payload: z.optional(z.record(z.string(), z.unknown())),
});
export type FlowContext = z.infer<typeof flowContextSchema>;

/** What to build: the wire form of every surface. */
export const flowRequestSchema = z.object({
  flow_type: z.string(),
  action_key: z.string(),
  context: flowContextSchema,
  provider_override: z.optional(z.nullable(z.string())),
  model_override: z.optional(z.nullable(z.string())),
});
export type FlowRequest = z.infer<typeof flowRequestSchema>;

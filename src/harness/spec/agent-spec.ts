import * as z from "zod";
import { ApprovalPolicyPatchSchema, ApprovalPolicySchema } from "./approval-policies.ts";
import { PlanSpecSchema } from "./plan-spec.ts";
import { ToolSpecSchema } from "./tool-spec.ts";

export const AGENT_ROLES = ["coordinator", "planner", "executor", "specialist"] as const;
export type AgentRole = (typeof AGENT_ROLES)[number];

/** The model that stands for whatever the AI Hub of the workspace is set to. */
export const HUB_MODEL = "default";

/** Which model an agent asks. A text is the model's id. */
export const ModelSpecSchema = z.union([
  z
    .string()
    .min(1)
    .transform((id): { readonly id: string; readonly provider: string | null } => ({ id, provider: null })),
  z.strictObject({ id: z.string().min(1), provider: z.string().min(1).nullable().default(null) }),
]);
export type ModelSpec = z.output<typeof ModelSpecSchema>;

const common = {
  name: z
    .string()
    .min(1, "expected a name")
    .max(80)
    .refine((name) => !name.includes("/"), "expected a name without /"),
  role: z.enum(AGENT_ROLES),
  stateful: z.boolean().describe("Whether it remembers its earlier turns of a thread."),
  model: ModelSpecSchema.describe(`The model's id; "${HUB_MODEL}" is what the AI Hub is set to.`),
  systemPrompt: z.string(),
  routes: z.array(z.string()).default([]).describe("Agents that it may hand tasks to."),
  toolkits: z.array(z.string().min(1)).default([]),
  maxTurns: z.int().min(1).nullable().default(null).describe("Most turns of one run."),
  approvalPolicies: ApprovalPolicyPatchSchema.nullable().default(null),
  toolApprovalPolicies: z.record(z.string(), ApprovalPolicySchema).default({}),
  promptCacheKey: z.string().min(1).nullable().default(null),
};

/** An agent of a runtime. */
export const AgentSpecSchema = z.strictObject({
  ...common,
  /** A plan, or the name of one that stands in the runtime's `plans`. */
  plan: z
    .union([z.string().min(1), PlanSpecSchema])
    .nullable()
    .default(null),
  /** Tools of the host, or names of tools that there are. */
  tools: z.array(z.union([z.string().min(1), ToolSpecSchema])).default([]),
});
export type AgentSpec = z.output<typeof AgentSpecSchema>;
export type AgentSpecInput = z.input<typeof AgentSpecSchema>;

/** An agent as a file may describe it: without anything that would have to run. */
export const FileAgentSpecSchema = z.strictObject({
  ...common,
  plan: z.string().min(1).nullable().default(null).describe("Name of a plan below `plans`."),
  tools: z.array(z.string().min(1)).default([]).describe("Names of tools, besides those of its toolkits."),
});

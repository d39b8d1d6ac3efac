import * as z from "zod";
import { type AgentSpec, AgentSpecSchema } from "./agent-spec.ts";
import {
  type ApprovalOverrides,
  ApprovalOverridesSchema,
  type ApprovalPolicies,
  ApprovalPoliciesSchema,
  DEFAULT_POLICIES,
} from "./approval-policies.ts";
import { type PlanSpec, PlanSpecSchema } from "./plan-spec.ts";
import { ReferenceSpecSchema } from "./reference-spec.ts";
import { problemsOf, specError } from "./spec-error.ts";
import { deeplyFrozen, type EitherSpelling, inSpellingOf } from "./spelling.ts";
import { StorageFactoriesSchema } from "./storage-spec.ts";
import { TenantIdentitySchema, type TenantInput } from "./tenant.ts";
import { withToolRows } from "./tool-rows.ts";
import { type ToolSpec, ToolSpecSchema } from "./tool-spec.ts";
import { wiringProblems } from "./wiring.ts";

/** A named set of tools. */
export const ToolkitSpecSchema = z.strictObject({
  id: z.string().min(1),
  config: z.unknown().optional(),
});
export type ToolkitSpec = z.output<typeof ToolkitSpecSchema>;

const shape = {
  tenant: TenantIdentitySchema,
  agents: z.array(AgentSpecSchema).default([]),
  references: z.array(ReferenceSpecSchema).default([]),
  plans: z.array(PlanSpecSchema).default([]),
  toolkits: z.array(ToolkitSpecSchema).default([]),
  storageFactories: StorageFactoriesSchema.prefault({}),
  /** Configurations of providers, by name: see `providers` of the AI Hub's file. */
  providers: z.record(z.string().min(1), z.record(z.string(), z.unknown())).default({}),
  toolBindings: z.array(ToolSpecSchema).default([]),
};

/** A spec as it is written; policies that are left out follow from the agents. */
const WrittenSpecSchema = z.strictObject({
  ...shape,
  approvalPolicies: ApprovalPoliciesSchema.optional(),
  approvalOverrides: ApprovalOverridesSchema.optional(),
});
type WrittenSpec = z.output<typeof WrittenSpecSchema>;

/** A whole runtime as data: everything that `createRuntime` needs to know about its agents. */
export const RuntimeSpecSchema = z.strictObject({
  ...shape,
  approvalPolicies: ApprovalPoliciesSchema.prefault({}),
  approvalOverrides: ApprovalOverridesSchema.prefault({}),
});
export type RuntimeSpec = z.output<typeof RuntimeSpecSchema>;
export type RuntimeSpecInput = EitherSpelling<z.input<typeof WrittenSpecSchema>>;
/** All of a spec but its tenant. */
export type RuntimeParts = EitherSpelling<Omit<z.input<typeof WrittenSpecSchema>, "tenant">>;

/** Specs that were validated here: they are not looked at again. */
const validated = new WeakSet<object>();

/**
 * A validated spec, frozen. Plans, toolkits and tools that agents declare are attached to it, and their tools are named
 * in the prompts.
 * @throws SPEC_INVALID with every place that is wrong and what was expected there
 */
export function defineRuntime(tenant: TenantInput, parts: RuntimeParts = {}): RuntimeSpec {
  return toRuntimeSpec({ ...parts, tenant } as RuntimeSpecInput);
}

/** The same from one document. @throws SPEC_INVALID */
export function toRuntimeSpec(input: RuntimeSpecInput | RuntimeSpec): RuntimeSpec {
  if (validated.has(input)) return input as RuntimeSpec;
  const parsed = WrittenSpecSchema.safeParse(inSpellingOf(WrittenSpecSchema, input));
  if (!parsed.success) throw specError(problemsOf(parsed.error));
  const { data } = parsed;
  const problems = wiringProblems(data);
  if (problems.length > 0) throw specError(problems);
  const spec = deeplyFrozen(attached(data));
  validated.add(spec);
  return spec;
}

function attached(data: WrittenSpec): RuntimeSpec {
  const plans = [...data.plans];
  const toolkits = [...data.toolkits];
  const toolBindings = [...data.toolBindings];
  for (const { plan, toolkits: wanted, tools } of data.agents) {
    if (plan !== null && typeof plan === "object" && !plans.some(({ name }) => name === plan.name))
      plans.push(plan);
    for (const id of wanted) if (!toolkits.some((known) => known.id === id)) toolkits.push({ id });
    for (const tool of tools)
      if (typeof tool === "object" && !toolBindings.some(({ name }) => name === tool.name))
        toolBindings.push(tool);
  }
  return {
    ...data,
    plans,
    toolkits,
    toolBindings,
    agents: data.agents.map((agent) => withToolRows(agent, toolBindings)),
    approvalPolicies: data.approvalPolicies ?? floorOf(data.agents),
    approvalOverrides: data.approvalOverrides ?? collectedOverrides(data.agents),
  };
}

/** What holds for all when the spec does not say: the defaults, with what the coordinator wants instead. */
function floorOf(agents: readonly AgentSpec[]): ApprovalPolicies {
  const patch = agents.find(({ role }) => role === "coordinator")?.approvalPolicies;
  return {
    plans: patch?.plans ?? DEFAULT_POLICIES.plans,
    tools: patch?.tools ?? DEFAULT_POLICIES.tools,
  };
}

function collectedOverrides(agents: readonly AgentSpec[]): ApprovalOverrides {
  return {
    agents: Object.fromEntries(
      agents.flatMap(({ name, approvalPolicies }) => (approvalPolicies ? [[name, approvalPolicies]] : [])),
    ),
    tools: Object.fromEntries(
      agents.flatMap(({ name, toolApprovalPolicies }) =>
        Object.keys(toolApprovalPolicies).length > 0 ? [[name, toolApprovalPolicies]] : [],
      ),
    ),
  };
}

/** The plan of an agent, looked up where the spec only names it; null when it has none. */
export function planOf(agent: AgentSpec, plans: readonly PlanSpec[]): PlanSpec | null {
  const { plan } = agent;
  return typeof plan === "string" ? (plans.find(({ name }) => name === plan) ?? null) : plan;
}

/** A tool of the spec by its name; null when it has none of that name. */
export function toolOf(name: string, spec: Pick<RuntimeSpec, "toolBindings">): ToolSpec | null {
  return spec.toolBindings.find((tool) => tool.name === name) ?? null;
}

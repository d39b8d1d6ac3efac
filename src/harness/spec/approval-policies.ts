import * as z from "zod";

const named = z
  .enum(["never", "always"])
  .transform((kind): { readonly kind: "never" | "always" } => ({ kind }));
const written = z.strictObject({ kind: z.enum(["never", "always"]) });

/** Whether a person is asked: `never`, `always`, or as a predicate of the host says. */
export const ApprovalPolicySchema = z.union([
  named,
  written,
  z.strictObject({
    kind: z.literal("dynamic"),
    value: z.string().min(1).describe("Name of a predicate in approvalPredicates."),
  }),
]);
export type ApprovalPolicy = z.output<typeof ApprovalPolicySchema>;

/** A tool's own policy; a dynamic one may bring its predicate as `approvalHandler` instead of naming it. */
export const ToolApprovalSchema = z.union([
  named,
  written,
  z.strictObject({ kind: z.literal("dynamic"), value: z.string().min(1).optional() }),
]);
export type ToolApproval = z.output<typeof ToolApprovalSchema>;

export const DEFAULT_POLICIES = { plans: { kind: "always" }, tools: { kind: "never" } } as const;

/** What holds for all agents. */
export const ApprovalPoliciesSchema = z.strictObject({
  plans: ApprovalPolicySchema.default(DEFAULT_POLICIES.plans).describe("For plans: always, when absent."),
  tools: ApprovalPolicySchema.default(DEFAULT_POLICIES.tools).describe("For tools: never, when absent."),
});
export type ApprovalPolicies = z.output<typeof ApprovalPoliciesSchema>;

/** One agent's policy; a channel that is left out stays as it is for all. */
export const ApprovalPolicyPatchSchema = z.strictObject({
  plans: ApprovalPolicySchema.optional(),
  tools: ApprovalPolicySchema.optional(),
});
export type ApprovalPolicyPatch = z.output<typeof ApprovalPolicyPatchSchema>;

/** Policies by agent, and by tool of an agent. */
export const ApprovalOverridesSchema = z.strictObject({
  agents: z.record(z.string(), ApprovalPolicyPatchSchema).default({}),
  tools: z.record(z.string(), z.record(z.string(), ApprovalPolicySchema)).default({}),
});
export type ApprovalOverrides = z.output<typeof ApprovalOverridesSchema>;

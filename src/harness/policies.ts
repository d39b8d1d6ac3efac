import type { JudgedCall } from "../agent/part.ts";
import type { AgentSpec } from "./spec/agent-spec.ts";
import type { ApprovalPolicy, ToolApproval } from "./spec/approval-policies.ts";
import { type RuntimeSpec, toolOf } from "./spec/runtime-spec.ts";
import { type SpecProblem, specError } from "./spec/spec-error.ts";
import type { ApprovalPredicate, PredicateContext } from "./spec/tool-spec.ts";

export type Predicates = Readonly<Record<string, ApprovalPredicate>>;

/** What a spec says about calls of a tool: the most specific that there is. */
export function toolPolicyOf(spec: RuntimeSpec, agent: string, tool: string): ToolApproval {
  const { approvalOverrides: overrides, approvalPolicies: policies } = spec;
  return (
    overrides.tools[agent]?.[tool] ??
    toolOf(tool, spec)?.approval ??
    overrides.agents[agent]?.tools ??
    policies.tools
  );
}

/** What a spec says about plans of an agent. */
export function planPolicyOf(spec: RuntimeSpec, agent: string): ApprovalPolicy {
  return spec.approvalOverrides.agents[agent]?.plans ?? spec.approvalPolicies.plans;
}

/** Whether a call of an agent is asked for by the spec. A predicate that fails asks: nothing is let through by a defect. */
export async function judge(
  { tool, input }: Pick<JudgedCall, "tool" | "input">,
  policy: ToolApproval,
  predicate: ApprovalPredicate | null,
  context: PredicateContext,
): Promise<"never" | "always"> {
  if (policy.kind !== "dynamic") return policy.kind;
  if (!predicate) return "always";
  try {
    return (await predicate(input, { ...context, tool })) === false ? "never" : "always";
  } catch {
    return "always";
  }
}

/** The predicate of a policy: the named one, or the one that a tool brings. */
export function predicateOf(
  policy: ToolApproval,
  tool: string | null,
  spec: RuntimeSpec,
  predicates: Predicates,
): ApprovalPredicate | null {
  if (policy.kind !== "dynamic") return null;
  if (policy.value !== undefined && Object.hasOwn(predicates, policy.value))
    return predicates[policy.value] ?? null;
  return (tool === null ? null : toolOf(tool, spec)?.approvalHandler) ?? null;
}

/** @throws SPEC_INVALID for every dynamic policy whose predicate nobody has registered */
export function demandPredicates(spec: RuntimeSpec, predicates: Predicates): void {
  const problems: SpecProblem[] = [];
  const check = (policy: ToolApproval | undefined, path: readonly PropertyKey[], hasHandler = false) => {
    if (policy?.kind !== "dynamic" || hasHandler) return;
    if (policy.value !== undefined && Object.hasOwn(predicates, policy.value)) return;
    const expected =
      policy.value === undefined
        ? "expected an approvalHandler, or the name of a predicate"
        : `expected a predicate that is registered in approvalPredicates, not "${policy.value}"`;
    problems.push({ path, message: `${expected}.` });
  };
  const { approvalPolicies, approvalOverrides, toolBindings } = spec;
  for (const channel of ["plans", "tools"] as const) {
    check(approvalPolicies[channel], ["approvalPolicies", channel]);
    for (const [agent, patch] of Object.entries(approvalOverrides.agents))
      check(patch[channel], ["approvalOverrides", "agents", agent, channel]);
  }
  for (const [agent, tools] of Object.entries(approvalOverrides.tools))
    for (const [tool, policy] of Object.entries(tools))
      check(
        policy,
        ["approvalOverrides", "tools", agent, tool],
        toolOf(tool, spec)?.approvalHandler !== undefined,
      );
  for (const [at, tool] of toolBindings.entries())
    check(tool.approval, ["toolBindings", at, "approval"], tool.approvalHandler !== undefined);
  if (problems.length > 0) throw specError(problems);
}

/** Most turns of one run of an agent; null leaves it to the settings. */
export function turnsOf({ maxTurns }: AgentSpec): { readonly maxIterations?: number } {
  return maxTurns === null ? {} : { maxIterations: maxTurns };
}

import { nearestNames } from "../../workspace/nearest-names.ts";
import type { AgentSpec } from "./agent-spec.ts";
import type { ApprovalOverrides } from "./approval-policies.ts";
import type { PlanSpec } from "./plan-spec.ts";
import type { ReferenceSpec } from "./reference-spec.ts";
import type { SpecProblem } from "./spec-error.ts";
import type { ToolSpec } from "./tool-spec.ts";

export interface WiredSpec {
  readonly agents: readonly AgentSpec[];
  readonly plans: readonly PlanSpec[];
  readonly references: readonly ReferenceSpec[];
  readonly toolkits: readonly { readonly id: string }[];
  readonly toolBindings: readonly ToolSpec[];
  readonly approvalOverrides?: ApprovalOverrides | undefined;
}

/** What is wrong with how the parts of a spec refer to each other; each part by itself is right. */
export function wiringProblems(spec: WiredSpec): readonly SpecProblem[] {
  const { agents } = spec;
  return [
    ...repeated(
      agents.map(({ name }) => name),
      "agents",
      "name",
    ),
    ...repeated(
      spec.plans.map(({ name }) => name),
      "plans",
      "name",
    ),
    ...repeated(
      spec.references.map(({ kind }) => kind),
      "references",
      "kind",
    ),
    ...repeated(
      spec.toolkits.map(({ id }) => id),
      "toolkits",
      "id",
    ),
    ...repeated(
      spec.toolBindings.map(({ name }) => name),
      "toolBindings",
      "name",
    ),
    ...coordinatorProblems(agents),
    ...agents.flatMap((agent, at) => [
      ...routeProblems(agent, at, agents),
      ...planProblems(agent, at, spec.plans),
      ...toolProblems(agent, at, spec),
    ]),
    ...overrideProblems(spec.approvalOverrides, agents),
  ];
}

function repeated(names: readonly string[], list: string, member: string): readonly SpecProblem[] {
  return names.flatMap((name, at) => {
    const first = names.indexOf(name);
    return first === at
      ? []
      : [
          {
            path: [list, at, member],
            message: `expected another ${member}: ${list}[${first}] is called "${name}".`,
          },
        ];
  });
}

function coordinatorProblems(agents: readonly AgentSpec[]): readonly SpecProblem[] {
  const coordinators = agents.flatMap(({ role, approvalPolicies }, at) =>
    role === "coordinator" ? [{ at, hasPolicies: approvalPolicies !== null }] : [],
  );
  const [first, ...others] = coordinators;
  if (!first) return [];
  const setting = coordinators.filter(({ hasPolicies }) => hasPolicies);
  return [
    ...others.map(({ at }) => ({
      path: ["agents", at, "role"],
      message: `expected one coordinator at most; agents[${first.at}] is one already.`,
    })),
    ...setting.slice(1).map(({ at }) => ({
      path: ["agents", at, "approvalPolicies"],
      message: `expected one coordinator at most to set the policies for all; agents[${setting[0]?.at}] sets them already.`,
    })),
  ];
}

function routeProblems(agent: AgentSpec, at: number, agents: readonly AgentSpec[]): readonly SpecProblem[] {
  const names = agents.map(({ name }) => name);
  return agent.routes.flatMap((route, index) => {
    const path = ["agents", at, "routes", index];
    if (route === agent.name)
      return [{ path, message: `expected another agent: "${route}" is this one itself.` }];
    if (agent.routes.indexOf(route) !== index)
      return [{ path, message: `expected each agent once: "${route}" stands here already.` }];
    return names.includes(route) ? [] : [unknownName(path, "an agent", route, names)];
  });
}

function planProblems(agent: AgentSpec, at: number, plans: readonly PlanSpec[]): readonly SpecProblem[] {
  const { plan } = agent;
  const names = plans.map(({ name }) => name);
  if (typeof plan !== "string" || names.includes(plan)) return [];
  return [unknownName(["agents", at, "plan"], "a plan", plan, names)];
}

/** Two tools of one name would hide each other; the same tool may be given to several agents. */
function toolProblems(agent: AgentSpec, at: number, spec: WiredSpec): readonly SpecProblem[] {
  return agent.tools.flatMap((tool, index) => {
    if (typeof tool === "string") return [];
    const others = [...spec.toolBindings, ...spec.agents.flatMap(({ tools }) => tools)];
    const first = others.find((other) => typeof other === "object" && other.name === tool.name);
    if (first === undefined || typeof first === "string" || first.handler === tool.handler) return [];
    return [
      {
        path: ["agents", at, "tools", index, "name"],
        message: `expected another name: there is another tool "${tool.name}".`,
      },
    ];
  });
}

function overrideProblems(
  overrides: ApprovalOverrides | undefined,
  agents: readonly AgentSpec[],
): readonly SpecProblem[] {
  const names = agents.map(({ name }) => name);
  return (["agents", "tools"] as const).flatMap((part) =>
    Object.keys(overrides?.[part] ?? {})
      .filter((name) => !names.includes(name))
      .map((name) => unknownName(["approvalOverrides", part, name], "an agent", name, names)),
  );
}

function unknownName(
  path: readonly PropertyKey[],
  what: string,
  name: string,
  names: readonly string[],
): SpecProblem {
  const near = nearestNames(name, names);
  const known = near.length > 0 ? near : names;
  const list =
    known.length === 0 ? "there is none" : `there is ${known.map((each) => `"${each}"`).join(", ")}`;
  return { path, message: `expected ${what} of this runtime, not "${name}"; ${list}.` };
}

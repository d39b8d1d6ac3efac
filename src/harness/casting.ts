import * as z from "zod";
import type { TaskOptions } from "../agent/options.ts";
import type { AgentPart, CallPolicy } from "../agent/part.ts";
import type { AgentModel } from "../agent/run/agent-run.ts";
import { PLAN_TOOL } from "../agent/tools/propose-plan.ts";
import { defineTool, type Tool } from "../agent/tools/tool.ts";
import type { PlanRecord } from "../records/plan-book.ts";
import type { Casting, Company } from "./company.ts";
import {
  callOf,
  DISPATCH_TOOL,
  dispatchTool,
  isApprovedStep,
  PlanConnector,
  STEP_TOOL,
} from "./execute-plan.ts";
import { handOffTool } from "./hand-off.ts";
import { hostTool } from "./host-tools.ts";
import { judge, planPolicyOf, predicateOf, toolPolicyOf, turnsOf } from "./policies.ts";
import { planTool } from "./propose-plan.ts";
import { runBelow } from "./run-below.ts";
import type { Seat } from "./seat.ts";
import type { AgentSpec } from "./spec/agent-spec.ts";
import { planOf, toolOf } from "./spec/runtime-spec.ts";
import { toolkitTools } from "./toolkit-tools.ts";
import { toolkitOf } from "./toolkits.ts";

/** Tools of the harness itself: a policy for all tools does not mean them, one that names them does. */
const OWN: readonly string[] = [
  "hand_off",
  "read_reference",
  STEP_TOOL,
  "catalog_search",
  "list_references",
  "resolve_reference",
  "list_notes",
  "write_note",
  "list_plans",
  "show_plan",
];

/**
 * An agent at its place. `before`: runs whose conversation it remembers. `carriedOut`: the approved plan that it does a
 * step of.
 */
export async function castAgent(
  agent: AgentSpec,
  seat: Seat,
  before: readonly string[],
  company: Company,
  signal: AbortSignal,
  carriedOut: PlanRecord | null = null,
): Promise<Casting> {
  const { spec, settings } = company;
  const plan = agent.role === "executor" ? null : planOf(agent, spec.plans);
  const own = [
    ...ownTools(agent, seat, company),
    ...(plan === null ? [] : [planTool(plan, seat, company.handlers.plans)]),
    ...(agent.routes.length === 0 ? [] : [handOffTool(agent, seat, company, { castAgent, castPlan })]),
  ];
  return {
    part: {
      ...commonPart(agent, seat),
      before: agent.stateful ? (isTurn(seat) ? "session" : before) : [],
      ownTools: own,
      model: await company.models.modelOf(agent, company.execution(), signal, seat.tree.hooks.agree),
      policy: policyOf(agent, seat, company, null),
      plan: carriedOut,
    },
    options: {
      ...settings,
      ...turnsOf(agent),
      tools: registryTools(agent, company),
      ...observing(seat),
      approver: company.keeper.approverOf(seat, plan?.name ?? null),
    },
  };
}

/** An executor with a plan: the plan itself says what is done next. */
export function castPlan(agent: AgentSpec, seat: Seat, plan: PlanRecord, company: Company): Casting {
  const { spec, settings, dispatcher, handlers } = company;
  const planSpec = spec.plans.find(({ name }) => name === plan.spec) ?? null;
  const wanted = plan.steps.map((step) => callOf(step, planSpec, dispatcher !== null).tool);
  const { threadId } = seat.tree;
  const own = [
    ...ownTools(agent, seat, company).filter(({ name }) => wanted.includes(name)),
    ...(dispatcher === null || !wanted.includes(DISPATCH_TOOL)
      ? []
      : [dispatchTool(plan.id, dispatcher, handlers, threadId)]),
    ...(wanted.includes(STEP_TOOL) ? [stepTool(agent, seat, plan, company)] : []),
  ];
  const connector = new PlanConnector(plan.id, handlers.plans, (step) =>
    callOf(step, planSpec, dispatcher !== null),
  );
  // Twice the steps and some more: nobody has to be told to come to an end.
  const most = plan.steps.length * 2 + 10;
  return {
    part: {
      ...commonPart(agent, seat),
      before: [],
      ownTools: own,
      model: { connector, kind: "noop", provider: "plan", model: plan.id } satisfies AgentModel,
      policy: policyOf(agent, seat, company, plan.id),
      plan,
      labels: { ...labelsOf(seat), plan: plan.id },
    },
    options: {
      ...settings,
      maxIterations: most,
      maxToolCalls: most,
      errorStrategy: "skip",
      tools: [...new Set(wanted)].filter((name) => company.registry.find(name) !== null),
      ...observing(seat),
      approver: company.keeper.approverOf(seat, null),
    },
  };
}

function commonPart(
  agent: AgentSpec,
  seat: Seat,
): Pick<
  AgentPart,
  | "runId"
  | "agent"
  | "role"
  | "sessionId"
  | "isTurn"
  | "lease"
  | "promptCacheKey"
  | "pool"
  | "labels"
  | "heldBack"
> {
  return {
    runId: seat.runId,
    agent: seat.path.join("/"),
    role: agent.systemPrompt,
    sessionId: seat.tree.session,
    isTurn: isTurn(seat),
    // The root holds the thread; the others are held by their run, which its parent started.
    lease: seat.path.length === 1 ? null : `run:${seat.runId}`,
    promptCacheKey: agent.promptCacheKey,
    pool: seat.tree.pool,
    labels: labelsOf(seat),
    heldBack: seat.tree.heldBack,
  };
}

function isTurn({ tree, path }: Seat): boolean {
  return tree.isTurn && path.length === 1;
}

function observing({ tree: { hooks } }: Seat): Pick<TaskOptions, "observe"> {
  return hooks.observe ? { observe: hooks.observe } : {};
}

function labelsOf({ tree, call }: Seat): Readonly<Record<string, string>> {
  const above = call === null ? {} : { parent: call.runId, call: call.callId };
  return { ...tree.labels, thread: tree.threadId, root: tree.rootRunId, ...above };
}

/** Tools of the registry that an agent has: of its toolkits, and those that it names. */
function registryTools({ toolkits, tools, name }: AgentSpec, { registry, spec }: Company): string[] {
  const at = spec.agents.findIndex((agent) => agent.name === name);
  const fromToolkits = toolkits.flatMap(
    (id, index) => toolkitOf(id, `agents[${at}].toolkits[${index}]`).tools,
  );
  const named = tools.filter((tool) => typeof tool === "string" && toolOf(tool, spec) === null) as string[];
  return [
    ...new Set([
      ...fromToolkits.filter((tool) => registry.find(tool) !== null),
      ...registry.pick(named).map((tool) => tool.name),
    ]),
  ];
}

/** Tools that are made for an agent: those of the host, and the harness's own of its toolkits. */
function ownTools(agent: AgentSpec, seat: Seat, { spec, handlers }: Company): readonly Tool[] {
  const { threadId } = seat.tree;
  const host = agent.tools.flatMap((tool) => {
    const found = typeof tool === "string" ? toolOf(tool, spec) : (toolOf(tool.name, spec) ?? tool);
    const made = found && hostTool(found, handlers, threadId);
    return made ? [made] : [];
  });
  return [...host, ...agent.toolkits.flatMap((id) => toolkitTools(id, handlers, threadId))];
}

function policyOf(agent: AgentSpec, seat: Seat, company: Company, planId: string | null): CallPolicy {
  const { spec, predicates, handlers } = company;
  const context = { agent: agent.name, threadId: seat.tree.threadId };
  return {
    policyOf: async (call) => {
      const isPlan = call.tool === PLAN_TOOL;
      const named = spec.approvalOverrides.tools[agent.name]?.[call.tool];
      if (named === undefined && OWN.includes(call.tool)) return null;
      const policy = isPlan
        ? (named ?? planPolicyOf(spec, agent.name))
        : toolPolicyOf(spec, agent.name, call.tool);
      const predicate = predicateOf(policy, isPlan ? null : call.tool, spec, predicates);
      return await judge(call, policy, predicate, { ...context, tool: call.tool });
    },
    grantOf: async (call) => {
      if (planId === null || call.tool !== DISPATCH_TOOL) return null;
      return isApprovedStep(await handlers.plans.find(planId), call.callId, call.input) ? "once" : null;
    },
  };
}

/** A step that neither a tool nor the host carries out: the executor does it itself, with its model and its tools. */
function stepTool(agent: AgentSpec, seat: Seat, plan: PlanRecord, company: Company): Tool {
  return defineTool({
    name: STEP_TOOL,
    description: "Carries out a step of the plan.",
    input: z.strictObject({ step: z.int(), action: z.looseObject({ type: z.string() }) }),
    timeoutSeconds: "run",
    execute: async ({ step, action }, context) => {
      const task = [
        `Carry out step ${step} of ${plan.steps.length} of a plan that is approved, and nothing else of it. The goal of the plan: ${plan.goal}`,
        `The step: ${JSON.stringify(action)}`,
      ].join("\n");
      return await runBelow(
        `step-${step}`,
        task,
        seat,
        context,
        (below) => castAgent(agent, below, [], company, context.signal, plan),
        company,
      );
    },
  }) as Tool;
}

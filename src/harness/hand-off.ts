import * as z from "zod";
import { QuestionLeftOpen } from "../agent/approvals/approver.ts";
import { LeftBehind } from "../agent/options.ts";
import { foldRun } from "../agent/run/run-state.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../agent/tools/tool.ts";
import { AksaraError } from "../errors.ts";
import { readJournal } from "../records/journal.ts";
import type { PlanRecord } from "../records/plan-book.ts";
import type { Casting, Company } from "./company.ts";
import { runBelow } from "./run-below.ts";
import { childRunId, DEEPEST, planIdOf, type Seat } from "./seat.ts";
import type { AgentSpec } from "./spec/agent-spec.ts";
import { planText } from "./toolkit-tools.ts";

/** How the other agents are made: they can hand tasks on themselves. */
export interface Casts {
  castAgent(
    agent: AgentSpec,
    seat: Seat,
    before: readonly string[],
    company: Company,
    signal: AbortSignal,
  ): Promise<Casting>;
  castPlan(agent: AgentSpec, seat: Seat, plan: PlanRecord, company: Company): Casting;
}

/** The tool by which an agent hands a task to another one and gets back what came of it. */
export function handOffTool(agent: AgentSpec, seat: Seat, company: Company, casts: Casts): Tool {
  const { agents } = company.spec;
  const routes = agent.routes.flatMap((name) => agents.find((each) => each.name === name) ?? []);
  const names = routes.map(({ name }) => name);
  return defineTool({
    name: "hand_off",
    description: [
      "Hands a task to another agent and gives what came of it. It sees nothing of this conversation: put everything it needs into the task.",
      ...routes.map(({ name, role, systemPrompt }) => `- ${name} (${role}): ${firstSentence(systemPrompt)}`),
    ].join("\n"),
    input: z.strictObject({
      agent: z.enum(names as [string, ...string[]]),
      task: z.string().min(1),
      plan_id: z.string().optional().describe("for an executor: the approved plan; the latest when absent"),
    }),
    // What it does is decided about by itself, call by call; after a crash it is gone on with, not done again.
    timeoutSeconds: "run",
    execute: async ({ agent: name, task, plan_id: planId }, context) => {
      const target = routes.find((each) => each.name === name);
      if (!target) throw new AksaraError("TOOL_INPUT_INVALID", `There is no agent ${name}.`);
      return await handOff(target, task, planId ?? null, seat, context, company, casts);
    },
  }) as Tool;
}

async function handOff(
  target: AgentSpec,
  task: string,
  planId: string | null,
  seat: Seat,
  context: ToolContext,
  company: Company,
  casts: Casts,
): Promise<ToolOutput> {
  if (seat.path.length > DEEPEST)
    throw new AksaraError("TOOL_NOT_ALLOWED", `Tasks are handed on ${DEEPEST} times at most.`, {
      hint: "Do it yourself, or say what is missing.",
    });
  if (target.stateful && seat.path.includes(target.name))
    throw new AksaraError(
      "TOOL_NOT_ALLOWED",
      `${target.name} waits for you itself: it cannot take another task.`,
      {
        hint: "Answer, and let it go on.",
      },
    );
  const { threadId } = seat.tree;
  if (target.role === "executor") {
    const plan = await planFor(planId, threadId, childRunId(context.runId, context.callId), company);
    const output = await runBelow(
      target.name,
      `Carry out the plan ${plan.id}: ${plan.goal}`,
      seat,
      context,
      async (below) => casts.castPlan(target, below, await company.handlers.plans.execute(plan.id), company),
      company,
    ).catch(async (error: unknown) => {
      const isLeft = error instanceof QuestionLeftOpen || context.signal.reason instanceof LeftBehind;
      if (!isLeft) await settlePlan(plan.id, context.signal.aborted, company);
      throw error;
    });
    await settlePlan(plan.id, context.signal.aborted, company);
    await tellPlan(plan.id, context, company);
    return output;
  }
  const cast = async (below: Seat): Promise<Casting> => {
    const before = target.stateful
      ? await company.threads.begin(threadId, { runId: below.runId, agent: target.name, task: null })
      : [];
    return await casts.castAgent(target, below, before, company, context.signal);
  };
  const work = () => runBelow(target.name, task, seat, context, cast, company);
  const output = target.stateful
    ? await company.turns.take(`${threadId} ${target.name}`, work, context.signal)
    : await work();
  const plan = await company.handlers.plans.find(planIdOf(childRunId(context.runId, context.callId)));
  return plan === null ? output : { ...output, output: `${output.output}\n\n${planText(plan)}` };
}

/** The plan that an executor is to carry out. A run that goes on takes the one that it began with. */
async function planFor(
  planId: string | null,
  threadId: string,
  runId: string,
  company: Company,
): Promise<PlanRecord> {
  const started = foldRun(await readJournal(company.store, runId)).started;
  return await readyPlan(started?.labels.plan ?? planId, threadId, company);
}

const READY: readonly PlanRecord["state"][] = ["approved", "executing", "failed", "cancelled"];

/** The named plan, or the latest of a thread that is approved and not done. @throws INVALID_REQUEST */
export async function readyPlan(
  planId: string | null,
  threadId: string,
  { handlers }: Pick<Company, "handlers">,
): Promise<PlanRecord> {
  const all = await handlers.plans.list(threadId);
  const plan =
    planId === null ? all.find(({ state }) => READY.includes(state)) : all.find(({ id }) => id === planId);
  if (!plan)
    throw new AksaraError(
      "INVALID_REQUEST",
      planId === null
        ? "There is no approved plan in this conversation."
        : `There is no plan ${planId} in this conversation.`,
      { hint: "Have one made and approved first." },
    );
  return plan;
}

/** A plan that is not executed any more says what it came to: cancelled, or failed at the step that was begun. */
export async function settlePlan(
  planId: string,
  isCancelled: boolean,
  { handlers }: Pick<Company, "handlers">,
): Promise<void> {
  const plan = await handlers.plans.find(planId);
  if (plan?.state !== "executing") return;
  const begun = plan.steps.find(({ state }) => state === "running" || state === "pending");
  if (isCancelled || !begun) await handlers.plans.cancel(planId);
  else
    await handlers.plans.step(
      planId,
      begun.number,
      "failed",
      "The run ended before it was done.",
      begun.state === "running",
    );
}

async function tellPlan(planId: string, context: ToolContext, { handlers }: Company): Promise<void> {
  const plan = await handlers.plans.find(planId);
  if (plan) await context.run.record({ type: "plan", plan });
}

function firstSentence(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line.slice(0, 200);
}

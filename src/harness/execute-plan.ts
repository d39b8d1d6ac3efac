import * as z from "zod";
import { defineTool, type Tool } from "../agent/tools/tool.ts";
import { AksaraError, throwIfCancelled } from "../errors.ts";
import { canonicalJson } from "../flows/pack/canonical-json.ts";
import {
  type Connector,
  type ModelCapabilities,
  type ModelPart,
  type ModelRequest,
  NO_CAPABILITIES,
  type ToolResult,
} from "../providers/model-stream.ts";
import type { PlanBook, PlanRecord, PlanStep } from "../records/plan-book.ts";
import { type HandlerParts, handlerContext } from "./host-tools.ts";
import type { PlanSpec } from "./spec/plan-spec.ts";
import type { ToolHandlerContext } from "./spec/tool-spec.ts";

export const DISPATCH_TOOL = "dispatch_action";
export const STEP_TOOL = "carry_out_step";

/** What an action dispatcher is told beside the action. */
export interface DispatchContext extends ToolHandlerContext {
  readonly planId: string;
  readonly step: number;
  /** The same whenever the same step of the same plan is dispatched: what has happened need not happen again. */
  readonly idempotencyKey: string;
}

/** Carries out the actions of plans in the host. */
export type ActionDispatcher = (action: PlanStep["action"], context: DispatchContext) => unknown;

/** The tool by which a step is carried out, and what it is given. */
export function callOf(
  step: PlanStep,
  spec: PlanSpec | null,
  hasDispatcher: boolean,
): { readonly tool: string; readonly input: Readonly<Record<string, unknown>> } {
  const { type, ...members } = step.action;
  const tool = spec?.actions[type]?.tool;
  if (tool !== undefined) return { tool, input: members };
  if (hasDispatcher) return { tool: DISPATCH_TOOL, input: step.action };
  return { tool: STEP_TOOL, input: { step: step.number, action: step.action } };
}

/**
 * A plan in the place of a model: asks for one step after the other, and ends with the first that fails. So the steps
 * go the way of every call: decided about, asked for, written down, gone on with after a crash.
 */
export class PlanConnector implements Connector {
  readonly kind = "noop";
  readonly defaultModel = "plan";
  readonly #planId: string;
  readonly #plans: PlanBook;
  readonly #callOf: (step: PlanStep) => ReturnType<typeof callOf>;

  constructor(planId: string, plans: PlanBook, callOfStep: (step: PlanStep) => ReturnType<typeof callOf>) {
    this.#planId = planId;
    this.#plans = plans;
    this.#callOf = callOfStep;
  }

  capabilities(): ModelCapabilities {
    return { ...NO_CAPABILITIES, tools: true };
  }

  async listModels(): Promise<readonly string[]> {
    return [this.defaultModel];
  }

  /** @throws the code of a step that failed */
  async *stream({ messages }: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    throwIfCancelled(signal);
    const last = messages.findLast(({ role }) => role === "tool");
    const plan = await this.#settle(last?.role === "tool" ? last.results : []);
    const next = plan.steps.find(({ state }) => state === "pending" || state === "running");
    if (plan.state === "executing" && next) {
      await this.#plans.step(plan.id, next.number, "running", null);
      const { tool, input } = this.#callOf(next);
      yield { type: "tool-call", id: `step_${next.number}`, name: tool, input, malformed: null };
    } else yield { type: "text", delta: endText(plan) };
    yield { type: "usage", usage: NOTHING };
    yield { type: "finish", reason: next ? "tool-calls" : "stop", model: this.defaultModel };
  }

  /** Writes what came of the step that ran. One that is to be run again was reset, and keeps nothing of before. */
  async #settle(results: readonly ToolResult[]): Promise<PlanRecord> {
    let plan = await this.#find();
    for (const { callId, output, isError } of results) {
      const number = Number(/^step_(\d+)/.exec(callId)?.[1] ?? 0);
      const step = plan.steps.find((each) => each.number === number);
      if (step?.state !== "running") continue;
      plan = await this.#plans.step(
        plan.id,
        number,
        isError ? "failed" : "done",
        output,
        isUncertain(output),
      );
      if (isError)
        throw new AksaraError(
          "TOOL_FAILED",
          `Step ${number} of ${plan.steps.length} (${step.action.type}) failed: ${output}`,
          {
            hint: "What was done before it stays done. Going on begins with this step.",
          },
        );
    }
    return plan;
  }

  async #find(): Promise<PlanRecord> {
    const plan = await this.#plans.find(this.#planId);
    if (plan) return plan;
    throw new AksaraError("RUN_NOT_FOUND", `There is no plan ${this.#planId}.`);
  }
}

const NOTHING = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

function isUncertain(output: string): boolean {
  return output.includes("is not known: find out before you do anything again");
}

function endText({ goal, steps, state }: PlanRecord): string {
  const lines = steps.map(
    ({ number, action, output }) => `${number}. ${action.type}: ${output?.split("\n")[0] ?? ""}`,
  );
  const what =
    state === "completed" ? `All ${steps.length} steps of the plan are done` : `The plan is ${state}`;
  return [`${what}: ${goal}`, ...lines].join("\n");
}

/** The tool by which a step reaches the host's dispatcher. */
export function dispatchTool(
  planId: string,
  dispatcher: ActionDispatcher,
  parts: HandlerParts,
  threadId: string,
): Tool {
  return defineTool({
    name: DISPATCH_TOOL,
    description: "Carries out an action of the plan in the application.",
    input: z.looseObject({ type: z.string() }),
    class: "data",
    execute: async (action, { callId, signal, run }) => {
      const step = Number(/^step_(\d+)/.exec(callId)?.[1] ?? 0);
      const plan = await parts.plans.find(planId);
      const output = await dispatcher(action, {
        ...handlerContext(parts, { toolUseId: callId, signal, agent: run.agent, threadId }),
        planId,
        step,
        idempotencyKey: `${planId}.${plan?.revision ?? 0}.${step}`,
      });
      return { output: output ?? "done" };
    },
  }) as Tool;
}

/** Whether a person has approved exactly this action as part of the plan, and nothing speaks against it since. */
export function isApprovedStep(plan: PlanRecord | null, callId: string, input: unknown): boolean {
  const number = Number(/^step_(\d+)/.exec(callId)?.[1] ?? 0);
  const step = plan?.steps.find((each) => each.number === number);
  if (!plan || !step || plan.approvedBy !== "person" || step.uncertain) return false;
  return canonicalJson(step.action) === canonicalJson(input);
}

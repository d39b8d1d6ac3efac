import * as z from "zod";
import type { AgentEvent } from "../../../protocol/agent.ts";
import { type ChatItemOf, type ChatStepState, STEP_STATES } from "../../../protocol/chat.ts";
import type { JournalRecord } from "../../../records/journal-record.ts";

type PlanItem = ChatItemOf<"plan">;
type PlanProgress = Pick<PlanItem, "goal" | "state" | "steps">;

/** A plan as its executor writes it down before the first step. */
const planSchema = z.object({
  goal: z.string(),
  steps: z.array(
    z.object({
      number: z.number(),
      action: z.record(z.string(), z.unknown()),
      state: z.enum(STEP_STATES),
      output: z.nullable(z.string()),
    }),
  ),
});

/** A plan after an entry of the run that carries it out; null where the entry says nothing of it. */
export function planAfter(before: PlanItem | null, entry: JournalRecord | AgentEvent): PlanProgress | null {
  if (entry.type === "plan") {
    const { data } = planSchema.safeParse(entry.plan);
    if (!data) return null;
    const steps = data.steps.map((step) => ({ ...step, output: firstLine(step.output ?? "") }));
    return { goal: data.goal, state: "executing", steps };
  }
  if (!before) return null;
  switch (entry.type) {
    case "action":
      return withStep(before, entry.id, "running", "");
    case "result": {
      const { isError, output, errorCode } = entry.result;
      // One that was stopped with the run has not failed: it is the one to go on with.
      if (errorCode === "CANCELLED") return withStep(before, entry.id, "pending", "");
      return withStep(before, entry.id, isError ? "failed" : "done", firstLine(output));
    }
    case "run-resumed":
      return { ...before, state: "executing" };
    case "complete":
      return { ...before, state: "completed" };
    case "error":
      return {
        ...before,
        state: "failed",
        steps: before.steps.map((step) => (step.state === "pending" ? { ...step, state: "skipped" } : step)),
      };
    case "interrupted":
      return { ...before, state: entry.result.stopReason === "waiting" ? "executing" : "stopped" };
    default:
      return null;
  }
}

function withStep(plan: PlanItem, call: string, state: ChatStepState, output: string): PlanProgress | null {
  const number = Number(/^step_(\d+)/.exec(call)?.[1] ?? 0);
  if (!plan.steps.some((step) => step.number === number)) return null;
  const steps = plan.steps.map((step) => (step.number === number ? { ...step, state, output } : step));
  return { ...plan, steps };
}

const LONGEST = 200;

function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).trimEnd()}…`;
}

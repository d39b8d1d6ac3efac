import { PLAN_TOOL } from "../agent/tools/propose-plan.ts";
import { defineTool, NO_INTENT, type Tool } from "../agent/tools/tool.ts";
import type { PlanBook } from "../records/plan-book.ts";
import { planIdOf, type Seat } from "./seat.ts";
import { kindsOf, type PlanSpec, proposedPlanSchema } from "./spec/plan-spec.ts";

/** The tool by which an agent proposes a plan of the kind that its spec says. */
export function planTool(spec: PlanSpec, seat: Seat, plans: PlanBook): Tool {
  const kinds = Object.entries(spec.actions).map(([type, { description }]) => `${type}: ${description}`);
  return defineTool({
    name: PLAN_TOOL,
    description: [
      `Proposes a plan${spec.description === "" ? "" : `: ${spec.description}`}. It is a goal and a list of actions, carried out one after the other by somebody else, who sees nothing but the action.`,
      ...kinds.map((kind) => `- ${kind}`),
    ].join("\n"),
    input: proposedPlanSchema(spec),
    intend: async () => ({ ...NO_INTENT, preview: { kind: "plan", kinds: kindsOf(spec) } }),
    execute: async ({ goal, actions }, { callId }) => {
      const id = planIdOf(seat.runId);
      const proposal = { id, threadId: seat.tree.threadId, spec: spec.name, callId, goal, actions };
      const { approvedBy } = await plans.propose(proposal);
      await plans.decide(id, "approved", { approvedBy: approvedBy ?? "policy" });
      return { output: `The plan is approved. Its id is ${id}; nothing of it has been done yet.` };
    },
  }) as Tool;
}

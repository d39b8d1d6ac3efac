import * as z from "zod";
import type { PlanKind } from "../../protocol/agent.ts";
import { defineTool, NO_INTENT } from "./tool.ts";

/** The tool by which an agent proposes what it is going to do; approving it is a question about a plan. */
export const PLAN_TOOL = "propose_plan";

const STEPS: PlanKind[] = [
  {
    type: "",
    description: "",
    members: [
      { name: "title", description: "", isText: true, required: true },
      { name: "details", description: "", isText: true, required: false },
    ],
  },
];

export const proposePlan = defineTool({
  name: PLAN_TOOL,
  description:
    "Proposes a plan to the person who supervises you: the steps, in order, with the files or objects each is about. Nothing may be changed before a plan was approved.",
  input: z.strictObject({
    goal: z.string().min(1),
    steps: z
      .array(z.strictObject({ title: z.string().min(1), details: z.string().default("") }))
      .min(1)
      .max(50),
  }),
  intend: async () => ({ ...NO_INTENT, preview: { kind: "plan", kinds: STEPS } }),
  execute: async () => ({
    output: "The plan was approved. Follow it; propose another one where it does not fit.",
  }),
});

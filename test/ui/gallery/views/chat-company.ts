import type { ApprovalRequest, PlanKind } from "../../../../src/protocol/agent.ts";
import type { ChatItem, ChatItemOf } from "../../../../src/protocol/chat.ts";
import { type ChatViewState, numbered, ready, thread, working } from "./chat-events.ts";
import { callItem, endItem, PATCH_REQUEST, PLAN_REQUEST, textItem, userItem } from "./chat-items.ts";

const member = (name: string, more: Partial<PlanKind["members"][number]> = {}) => ({
  name,
  description: "",
  isText: true,
  required: true,
  ...more,
});

const KINDS: PlanKind[] = [
  {
    type: "edit_file",
    description: "changes a file that is there",
    members: [member("path"), member("change")],
  },
  {
    type: "add_migration",
    description: "adds a migration",
    members: [member("app", { required: false }), member("change")],
  },
  { type: "run_command", description: "runs a command", members: [member("argv", { isText: false })] },
];

const ACTIONS = [
  {
    type: "edit_file",
    path: "orders/models.py",
    change: "Order has an index on customer and placed_at, in this order.",
  },
  { type: "add_migration", app: "orders", change: "Creates that index, concurrently where it can be." },
  {
    type: "edit_file",
    path: "orders/views.py",
    change: "The list of a customer's orders is read 50 at a time.",
  },
  { type: "run_command", argv: ["python", "manage.py", "test", "orders"] },
];

/** A plan of several kinds of actions, as a planner proposes it. */
export const ACTIONS_REQUEST: ApprovalRequest = {
  ...PLAN_REQUEST,
  input: { goal: "Make the list of a customer's orders fast", actions: ACTIONS },
  preview: { kind: "plan", kinds: KINDS },
};

const RUN = "run3";
const at = (within: string, agent: string) => ({
  within: `${RUN}.call.${within}`,
  agent: `coordinator/${agent}`,
});
const handOff = (order: number, agent: string, task: string, state: "running" | "done" | "failed" = "done") =>
  callItem(RUN, order, "hand_off", { agent, task }, { state, output: state === "done" ? "Done." : "" });

/** A planner has looked, and asks. */
const PLANNING: readonly ChatItem[] = [
  userItem(RUN, 3000, "Find slow endpoints and fix the worst."),
  textItem(RUN, 3001, "I have the queries looked at first."),
  handOff(3002, "queries", "Which endpoints are slow, and what do their queries cost?"),
  {
    ...textItem(RUN, 3003, "`GET /api/orders/` reads **every order** of a customer."),
    ...at("3002", "queries"),
  },
  handOff(3004, "planner", "Plan an index for the list of orders, and paging.", "running"),
  ...["orders/models.py", "orders/views.py", "orders/urls.py"].map((path, index) => ({
    ...callItem(RUN, 3005 + index, "read_file", { path }),
    ...at("3004", "planner"),
  })),
];

const PLAN_ASKED: ChatItem = {
  ...callItem(RUN, 3009, "propose_plan", ACTIONS_REQUEST.input, {
    state: "asking",
    decision: ACTIONS_REQUEST.decision,
    approval: { request: ACTIONS_REQUEST, answer: null },
  }),
  ...at("3004", "planner"),
};

type Plan = ChatItemOf<"plan">;

function planItem(state: Plan["state"], ...states: readonly Plan["steps"][number]["state"][]): ChatItem {
  return {
    kind: "plan",
    id: `${RUN}.plan`,
    order: 3010,
    run: RUN,
    plan: "plan-7",
    goal: "Make the list of a customer's orders fast",
    state,
    steps: ACTIONS.map((action, index) => ({
      number: index + 1,
      action,
      state: states[index] ?? "pending",
      output: states[index] === "failed" ? "There is a migration 0009 that is not applied." : "",
    })),
    ...at("3020", "executor"),
  };
}

const APPROVED: readonly ChatItem[] = [
  ...PLANNING.map((item) =>
    item.kind === "call" && item.state === "running" ? { ...item, state: "done" as const } : item,
  ),
];

/** An executor is in the middle of it, and asks for what it writes. */
const CARRYING_OUT: readonly ChatItem[] = [
  ...APPROVED,
  handOff(3020, "executor", "Carry out the plan.", "running"),
  planItem("executing", "done", "running"),
  {
    ...callItem(RUN, 3021, "carry_out_step", { step: 2, action: ACTIONS[1] }, { state: "running" }),
    ...at("3020", "executor"),
  },
  {
    ...callItem(RUN, 3022, "patch_file", PATCH_REQUEST.input, {
      class: "write",
      state: "asking",
      decision: PATCH_REQUEST.decision,
      approval: { request: PATCH_REQUEST, answer: null },
    }),
    ...at("3021", "executor/step-2"),
  },
];

const PLAN_DONE: readonly ChatItem[] = [
  ...APPROVED,
  handOff(3020, "executor", "Carry out the plan."),
  planItem("completed", "done", "done", "done", "done"),
  textItem(RUN, 3030, "The list is read 50 at a time, by an index."),
  endItem(RUN, 3999, { modified: ["orders/models.py", "orders/views.py"] }),
];

const PLAN_FAILED: readonly ChatItem[] = [
  ...APPROVED,
  handOff(3020, "executor", "Carry out the plan.", "failed"),
  planItem("failed", "done", "failed", "skipped", "skipped"),
  textItem(RUN, 3030, "A migration stands in the way. Apply it, then go on."),
  endItem(RUN, 3999),
];

/** The states of a turn that several agents work at. */
export const companyStates: readonly ChatViewState[] = [
  {
    name: "plan-proposed",
    boot: {},
    events: numbered(ready, thread(...PLANNING), working(true), { type: "item", item: PLAN_ASKED }),
    widths: [250, 420],
  },
  {
    name: "plan-edited",
    boot: {},
    events: numbered(ready, thread(...PLANNING), working(true), { type: "item", item: PLAN_ASKED }),
    prepare: async (page) => {
      await page.locator("aksara-approval-card vscode-button").nth(1).click();
      await page.locator("aksara-plan-editor .trash").last().click();
      await page.locator("aksara-plan-editor .add vscode-button").click();
      await page.locator("aksara-plan-editor .buttons vscode-button").first().click();
    },
    widths: [250, 420],
  },
  {
    name: "plan-carried-out",
    boot: {},
    events: numbered(ready, thread(...CARRYING_OUT), working(true)),
    widths: [250, 420],
  },
  { name: "plan-done", boot: {}, events: numbered(ready, thread(...PLAN_DONE)), widths: [250, 420] },
  { name: "plan-failed", boot: {}, events: numbered(ready, thread(...PLAN_FAILED)), widths: [250, 420] },
];

import type { Page } from "playwright-core";
import type { ApprovalRequest } from "../../../../src/protocol/agent.ts";
import type {
  ChatAccess,
  ChatAttachment,
  ChatCompletion,
  ChatEvent,
  ChatItem,
  ChatUsage,
} from "../../../../src/protocol/chat.ts";
import { companyStates } from "./chat-company.ts";
import { type ChatViewState, numbered, READY, ready, thread, working } from "./chat-events.ts";
import {
  COMMAND_REQUEST,
  callItem,
  DONE_TURN,
  endItem,
  FIRST_TURN,
  longThread,
  PATCH_REQUEST,
  PLAN_REQUEST,
  SECOND_TURN,
  SQL_REQUEST,
  textItem,
} from "./chat-items.ts";

const USAGE: ChatUsage = {
  inputTokens: 41_200,
  outputTokens: 3_150,
  totalTokens: 44_350,
  estimated: false,
  costUsd: 0.171,
  context: 12_800,
};

const ATTACHED: readonly ChatAttachment[] = [
  {
    kind: "model",
    label: "orders.Order",
    line: "model orders.Order (orders/models.py:31)",
    mention: "@model:orders.Order",
  },
  {
    kind: "diagnostic",
    label: "The foreign key orders.OrderLine.product has no index that begins with it",
    line: "issue foreign-key-without-index: The foreign key has no index (orders/models.py:80)",
    mention: "@issue:schema/foreign-key-without-index:model:orders.OrderLine#product",
  },
];

const kind = (icon: "model" | "route" | "file", detail: string): ChatCompletion => ({
  insert: `@${icon}:`,
  label: `@${icon}:`,
  detail,
  icon,
  goesOn: true,
});
const command = (label: string, detail: string): ChatCompletion => ({
  insert: label,
  label,
  detail,
  icon: "command",
  goesOn: false,
});

const MENTIONS: ChatCompletion[] = [
  kind("model", "A model"),
  kind("route", "A route"),
  kind("file", "A file"),
  {
    insert: "@model:orders.Order",
    label: "orders.Order",
    detail: "orders/models.py:31-88",
    icon: "model",
    goesOn: false,
  },
  {
    insert: "@route:POST:/api/orders/<int:pk>/cancel/",
    label: "POST /api/orders/<int:pk>/cancel/",
    detail: "orders/views.py:112-140",
    icon: "route",
    goesOn: false,
  },
  {
    insert: "@query:orders/services.py:place:3",
    label: "OrderLine.filter.select_related",
    detail: "orders/services.py:41",
    icon: "query",
    goesOn: false,
  },
  {
    insert: "@migration:orders.0007_order_channel",
    label: "orders.0007_order_channel",
    detail: "orders/migrations/0007_order_channel.py:1",
    icon: "migration",
    goesOn: false,
  },
  {
    insert: "@issue:schema/foreign-key-without-index:model:orders.OrderLine#product",
    label: "The foreign key orders.OrderLine.product has no index that begins with it",
    detail: "schema/foreign-key-without-index · orders/models.py:80",
    icon: "diagnostic",
    goesOn: false,
  },
  { insert: "@file:README.md", label: "README.md", detail: "README.md", icon: "file", goesOn: false },
];

const COMMANDS: ChatCompletion[] = [
  command("/explain_model", "Explain Model"),
  command("/suggest_constraints", "Suggest Constraints"),
  command("/review_endpoint", "Review Endpoint"),
  command("/plan", "Have a plan proposed before anything is changed"),
  command("/undo", "Take back what the last turn changed in files"),
];

/** Types, hears the host's answer once more, and goes one down in the list. */
async function typeAndChoose(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox").fill(text);
  await page.evaluate(`(() => {
    const composer = document.querySelector("aksara-chat").shadowRoot.querySelector("aksara-composer");
    composer.completions = { ...composer.completions };
  })()`);
  await page.locator("aksara-composer .completions").waitFor();
  await page.keyboard.press("ArrowDown");
}

/** An answer in the middle. */
export const BEGUN = "## What I will do\n\nThe model is small.\nIt has an ";

function asking(request: ApprovalRequest): readonly ChatEvent[] {
  const item = callItem("run2", 2002, request.tool, request.input, {
    class: request.class,
    state: "asking",
    decision: request.decision,
    approval: { request, answer: null },
  });
  return numbered(ready, thread(...FIRST_TURN, ...SECOND_TURN), working(true), { type: "item", item });
}

function access(change: Partial<ChatAccess>): readonly ChatEvent[] {
  const off = { ...READY, provider: null, model: null };
  return numbered(
    { type: "access", access: { ...off, ...change } },
    { type: "thread", thread: null, title: "", items: [] },
  );
}

export const states: readonly ChatViewState[] = [
  { name: "empty", boot: {}, events: [], widths: [250] },
  { name: "ready", boot: {}, events: access({ ...READY }), widths: [250, 420] },
  { name: "no-provider", boot: {}, events: access({ state: "no-provider" }), widths: [250] },
  { name: "untrusted", boot: {}, events: access({ state: "untrusted" }), widths: [250] },
  { name: "no-folder", boot: {}, events: access({ state: "no-folder" }), widths: [250] },
  {
    name: "starting",
    boot: {},
    events: numbered(ready, {
      type: "activity",
      activity: { state: "starting", text: "Why is the page of a customer's orders slow?" },
    }),
  },
  { name: "answered", boot: {}, events: numbered(ready, thread(...FIRST_TURN)), widths: [250, 420] },
  {
    name: "streaming",
    boot: {},
    events: numbered(
      ready,
      thread(...FIRST_TURN, ...SECOND_TURN),
      working(false),
      {
        type: "item",
        item: callItem(
          "run2",
          2002,
          "read_file",
          { path: "orders/models.py" },
          { state: "running", durationMs: null },
        ),
      },
      { type: "item", item: textItem("run2", 2003, BEGUN, true) },
      { type: "text", id: "run2.text.2003", offset: BEGUN.length, text: "index of its own" },
    ),
    widths: [250, 420],
  },
  {
    name: "queued",
    boot: {},
    events: numbered(
      ready,
      thread(...FIRST_TURN, {
        ...SECOND_TURN[0],
        attached: ["model orders.Order (orders/models.py:31)", "route GET /api/orders/ (orders/views.py:12)"],
      } as ChatItem),
      working(false),
      { type: "queue", texts: ["And then write a test for it, with two customers", "And the docs"] },
      { type: "usage", usage: USAGE },
      { type: "attached", attachments: [...ATTACHED] },
    ),
    prepare: (page) => page.getByRole("textbox").fill("One more thing"),
    widths: [250, 420],
  },
  {
    name: "writing-anew",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN), { type: "usage", usage: USAGE }),
    prepare: (page) => page.locator("aksara-user-message button").first().click({ force: true }),
    widths: [250],
  },
  { name: "approval-diff", boot: {}, events: asking(PATCH_REQUEST), widths: [250, 420] },
  { name: "approval-command", boot: {}, events: asking(COMMAND_REQUEST), widths: [250, 420] },
  { name: "approval-sql", boot: {}, events: asking(SQL_REQUEST), widths: [250] },
  { name: "approval-plan", boot: {}, events: asking(PLAN_REQUEST), widths: [250, 420] },
  ...companyStates,
  {
    name: "approval-editing",
    boot: {},
    events: asking(SQL_REQUEST),
    prepare: (page) => page.locator("aksara-approval-card vscode-button").nth(1).click(),
    widths: [250],
  },
  {
    name: "approval-feedback",
    boot: {},
    events: asking(PATCH_REQUEST),
    prepare: (page) => page.locator("aksara-approval-card vscode-button").nth(3).click(),
    widths: [250],
  },
  {
    name: "changed",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN, ...DONE_TURN)),
    prepare: async (page) => {
      await page.locator("aksara-tool-card .row").nth(1).click();
    },
    widths: [250, 420],
  },
  {
    name: "failed",
    boot: {},
    events: numbered(
      ready,
      thread(
        ...FIRST_TURN,
        ...SECOND_TURN,
        endItem("run2", 2999, {
          end: "failed",
          code: "RATE_LIMITED",
          message: "anthropic asks to wait: too many requests.",
          hint: "Wait a minute, then try again.",
        }),
      ),
    ),
    widths: [250],
  },
  {
    name: "limit",
    boot: {},
    events: numbered(
      ready,
      thread(
        ...FIRST_TURN,
        ...SECOND_TURN,
        { kind: "notice", id: "run2.notice", order: 2500, run: "run2", notice: "budget" },
        endItem("run2", 2999, {
          end: "limit",
          code: "MAX_ITERATIONS_EXCEEDED",
          message: "The run was stopped after 20 iterations.",
        }),
      ),
    ),
  },
  {
    name: "stopped",
    boot: {},
    events: numbered(
      ready,
      thread(...FIRST_TURN, ...SECOND_TURN, endItem("run2", 2999, { end: "stopped", code: "CANCELLED" })),
    ),
  },
  {
    name: "left-asking",
    boot: {},
    events: numbered(
      ready,
      thread(
        ...FIRST_TURN,
        ...SECOND_TURN,
        callItem("run2", 2002, "patch_file", PATCH_REQUEST.input, {
          class: "write",
          state: "asking",
          decision: PATCH_REQUEST.decision,
          approval: { request: PATCH_REQUEST, answer: null },
        }),
        endItem("run2", 2999, { end: "open", usage: null, durationMs: null }),
      ),
    ),
    widths: [250],
  },
  {
    name: "not-sent",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN), {
      type: "failure",
      failure: {
        code: "AI_HUB_NOT_CONFIGURED",
        message: "There is no key for anthropic at https://api.anthropic.com.",
        hint: "Set ANTHROPIC_API_KEY, or enter a key in the AI Hub.",
        text: "And the lines of an order?",
        from: null,
      },
    }),
    widths: [250],
  },
  {
    name: "mentioning",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN), { type: "completions", ask: 1, options: MENTIONS }),
    prepare: (page) => typeAndChoose(page, "@"),
    widths: [250, 420],
  },
  {
    name: "commands",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN), { type: "completions", ask: 1, options: COMMANDS }),
    prepare: (page) => typeAndChoose(page, "/"),
    widths: [250, 420],
  },
  {
    name: "no-such-name",
    boot: {},
    events: numbered(ready, thread(...FIRST_TURN), { type: "completions", ask: 1, options: [] }),
    prepare: (page) => typeAndChoose(page, "@model:zebra"),
    widths: [250],
  },
  {
    name: "command-sent",
    boot: {},
    events: numbered(
      ready,
      thread({
        ...FIRST_TURN[0],
        text: "/explain_model @model:orders.Order",
        attached: ["model orders.Order (orders/models.py:31)"],
        prompt: "You are a senior backend engineer who explains data models.\n\nExplain Model: orders.Order.",
      } as ChatItem),
    ),
    prepare: (page) => page.locator("aksara-user-message summary").click(),
    widths: [250],
  },
  {
    name: "threads",
    boot: {},
    events: numbered(
      ready,
      thread(...FIRST_TURN),
      {
        type: "threads",
        threads: [
          {
            id: "t1",
            title: "Why is the page of a customer's orders slow?",
            at: "2026-11-20T09:12:00.000Z",
            turns: 4,
            state: "asking",
          },
          {
            id: "t2",
            title: "Which routes can be called without signing in, and which of them change something?",
            at: "2026-11-19T16:40:00.000Z",
            turns: 2,
            state: "done",
          },
          {
            id: "t3",
            title: "Write tests for the discount rules",
            at: "2026-11-18T11:05:00.000Z",
            turns: 9,
            state: "open",
          },
          {
            id: "t4",
            title: "Rename reviews.Vote",
            at: "2026-11-12T08:00:00.000Z",
            turns: 1,
            state: "working",
          },
        ],
      },
      { type: "wish", wish: "show-threads" },
    ),
    widths: [250, 420],
  },
  { name: "long", boot: {}, events: numbered(ready, thread(...longThread(40))) },
];

import type { ApprovalRequest } from "../../../../src/protocol/agent.ts";
import type { ChatItem, ChatItemOf } from "../../../../src/protocol/chat.ts";

const ALLOWED = { verdict: "allow", rule: "mode", why: "Reading is allowed.", risk: "low" } as const;

export function userItem(run: string, order: number, text: string): ChatItem {
  return { kind: "user", id: `${run}.user`, order, run, text, attached: [], prompt: null };
}

export function textItem(run: string, order: number, text: string, going = false): ChatItem {
  return { kind: "text", id: `${run}.text.${order}`, order, run, text, going };
}

export function callItem(
  run: string,
  order: number,
  tool: string,
  input: unknown,
  more: Partial<ChatItemOf<"call">> = {},
): ChatItemOf<"call"> {
  return {
    kind: "call",
    id: `${run}.call.${order}`,
    call: `call_${order}`,
    order,
    run,
    tool,
    class: "read",
    input,
    state: "done",
    decision: ALLOWED,
    approval: null,
    output: "",
    hidden: 0,
    errorCode: null,
    durationMs: 12,
    changed: [],
    undone: false,
    ...more,
  };
}

export function endItem(
  run: string,
  order: number,
  more: Partial<ChatItemOf<"end">> = {},
): ChatItemOf<"end"> {
  return {
    kind: "end",
    id: `${run}.end`,
    order,
    run,
    end: "complete",
    code: null,
    message: null,
    hint: null,
    created: [],
    modified: [],
    deleted: [],
    suggestions: [],
    findings: [],
    usage: { inputTokens: 8120, outputTokens: 940, totalTokens: 9060, estimated: false, costUsd: 0.0384 },
    durationMs: 14_200,
    provider: "anthropic",
    model: "claude-sonnet-5",
    elsewhere: false,
    undone: false,
    ...more,
  };
}

const DIFF = `--- a/orders/models.py
+++ b/orders/models.py
@@ -41,9 +41,14 @@
     customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
     placed_at = models.DateTimeField(default=timezone.now)
     status = models.CharField(max_length=20, choices=Status.choices)
-    total = models.DecimalField(max_digits=10, decimal_places=2)
+    total = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
 
     class Meta:
         ordering = ["-placed_at"]
+        indexes = [
+            models.Index(fields=["customer", "placed_at"], name="order_customer_placed_idx"),
+        ]
+
 
     def __str__(self):
         return self.number
`;

export const PATCH_REQUEST: ApprovalRequest = {
  id: "run2.call_7",
  about: "tool",
  callId: "call_7",
  tool: "patch_file",
  input: {
    files: [
      {
        path: "orders/models.py",
        edits: [
          { old_text: 'ordering = ["-placed_at"]', new_text: 'ordering = ["-placed_at"]\nindexes = []' },
        ],
      },
    ],
  },
  class: "write",
  decision: { verdict: "ask", rule: "mode", why: "A write tool asks in supervised mode.", risk: "medium" },
  preview: {
    kind: "diff",
    files: [{ uri: "orders/models.py", change: "modify", diff: DIFF, before: "a1", after: "b2" }],
    divisible: true,
  },
  scopes: ["once", "session", "workspace", "always"],
  fingerprint: "f1",
};

export const COMMAND_REQUEST: ApprovalRequest = {
  ...PATCH_REQUEST,
  id: "run2.call_8",
  tool: "run_command",
  input: { argv: ["python", "manage.py", "migrate", "orders", "zero", "--database", "default"] },
  class: "system",
  decision: {
    verdict: "ask",
    rule: "danger",
    why: "It takes back migrations: tables and their rows are removed.",
    risk: "high",
  },
  preview: {
    kind: "command",
    command: "python manage.py migrate orders zero --database default",
    cwd: "backend",
  },
  scopes: ["once"],
};

export const SQL_REQUEST: ApprovalRequest = {
  ...PATCH_REQUEST,
  id: "run2.call_9",
  tool: "update_record",
  input: { model: "orders.Order", where: { status: "draft" }, values: { status: "cancelled" } },
  class: "data",
  decision: { verdict: "ask", rule: "mode", why: "A data tool asks in supervised mode.", risk: "medium" },
  preview: {
    kind: "sql",
    sql: "UPDATE orders_order SET status = $1 WHERE status = $2 AND placed_at < now() - interval '30 days'",
    parameters: ["cancelled", "draft"],
    rows: 1204,
  },
  scopes: ["once", "session"],
};

export const PLAN_REQUEST: ApprovalRequest = {
  ...PATCH_REQUEST,
  id: "run2.call_6",
  about: "plan",
  tool: "propose_plan",
  input: {
    goal: "Make the list of a customer's orders fast",
    steps: [
      {
        title: "Add an index on customer and date",
        details: "orders/models.py, with the migration that creates it.",
      },
      { title: "Read 50 orders at a time", details: "orders/views.py: the list is not paged today." },
      { title: "Run the tests of the app", details: "" },
    ],
  },
  class: "read",
  decision: { verdict: "ask", rule: "plan", why: "The agent proposes a plan.", risk: "low" },
  preview: {
    kind: "plan",
    kinds: [
      {
        type: "",
        description: "",
        members: [
          { name: "title", description: "", isText: true, required: true },
          { name: "details", description: "", isText: true, required: false },
        ],
      },
    ],
  },
  scopes: ["once"],
};

const ANSWER = `The list of a customer's orders reads **every order** of the shop: no index begins with \`customer_id\`.

| Query | Rows read | Rows wanted |
| --- | --- | --- |
| \`orders_order\` by customer | 48,000 | 12 |
| \`orders_line\` by order | 36 | 36 |

1. An index on \`customer_id, placed_at\` answers filter and order at once.
2. The view returns all orders; a page of 50 would do.

\`\`\`python
class Meta:
    indexes = [models.Index(fields=["customer", "placed_at"])]
\`\`\`

Shall I add the index and its migration?`;

export const FIRST_TURN: readonly ChatItem[] = [
  userItem("run1", 1000, "Why is the page of a customer's orders slow?"),
  {
    kind: "thinking",
    id: "run1.thinking.1",
    order: 1001,
    run: "run1",
    text: "The page lists orders of one customer. I look at the model and the query first.",
    going: false,
  },
  callItem(
    "run1",
    1002,
    "describe_model",
    { model: "orders.Order" },
    { output: "orders.Order: 9 fields, 2 relations" },
  ),
  callItem(
    "run1",
    1003,
    "search_files",
    { text: "Order.objects.filter(customer" },
    { output: "orders/views.py:31" },
  ),
  callItem(
    "run1",
    1004,
    "read_file",
    { path: "orders/views.py", start_line: 1, line_count: 80 },
    { output: "from django.views import generic\n…" },
  ),
  callItem(
    "run1",
    1005,
    "explain_query",
    { sql: "SELECT * FROM orders_order WHERE customer_id = $1 ORDER BY placed_at DESC" },
    { output: "Seq Scan on orders_order" },
  ),
  textItem("run1", 1006, ANSWER),
  endItem("run1", 1999),
];

export const SECOND_TURN: readonly ChatItem[] = [
  userItem("run2", 2000, "Yes, add it. Leave the view alone for now."),
  textItem("run2", 2001, "I add the index to the model, in the style of the others there."),
];

/** Many turns with many calls, as after a day of work. */
export function longThread(turns: number): readonly ChatItem[] {
  return Array.from({ length: turns }, (_, turn) =>
    FIRST_TURN.map((item) => ({
      ...item,
      id: `${item.id}.${turn}`,
      run: `${item.run}.${turn}`,
      order: item.order + turn * 1000,
    })),
  ).flat();
}

export const DONE_TURN: readonly ChatItem[] = [
  ...SECOND_TURN,
  callItem("run2", 2001.5, "propose_plan", PLAN_REQUEST.input, {
    decision: PLAN_REQUEST.decision,
    approval: { request: PLAN_REQUEST, answer: { outcome: "approve", scope: "once" } },
  }),
  callItem("run2", 2002, "patch_file", PATCH_REQUEST.input, {
    class: "write",
    decision: PATCH_REQUEST.decision,
    approval: { request: PATCH_REQUEST, answer: { outcome: "approve", scope: "once" } },
    changed: ["orders/models.py"],
    output: "changed orders/models.py",
  }),
  callItem(
    "run2",
    2003,
    "run_command",
    { argv: ["python", "manage.py", "test"] },
    {
      class: "system",
      state: "refused",
      errorCode: "APPROVAL_REJECTED",
      approval: { request: COMMAND_REQUEST, answer: { outcome: "reject", feedback: "I run them myself." } },
      output: "A person rejected this call of run_command.",
    },
  ),
  callItem(
    "run2",
    2004,
    "read_file",
    { path: "orders/migrations/0009_missing.py" },
    { state: "failed", errorCode: "CONTEXT_NOT_FOUND", output: "There is no such file." },
  ),
  textItem(
    "run2",
    2005,
    "The index stands in the model. Make the migration with `makemigrations`; the tests are yours to run.",
  ),
  endItem("run2", 2999, {
    modified: ["orders/models.py"],
    created: ["orders/migrations/0009_order_customer_placed_idx.py"],
    suggestions: ["Read the orders 50 at a time.", "Create the index concurrently in production."],
    findings: [
      {
        severity: "medium",
        issue: "The list is not paged.",
        fix: "Set paginate_by.",
        location: "orders/views.py:31",
      },
    ],
  }),
];

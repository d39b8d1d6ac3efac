import type { ExecutionResult } from "../../../../src/protocol/execution.ts";
import type { FlowPanelEvent, FlowPanelPack } from "../../../../src/protocol/flow-panel.ts";
import type { ViewState } from "../view-states.ts";

interface RunViewState extends ViewState {
  readonly events: readonly FlowPanelEvent[];
}

const PROSE = `## What this query does

It reads the orders of one customer, newest first [E1], and joins their lines [E2].

| Step | Rows | Why |
| --- | --- | --- |
| Scan of \`orders_order\` | 48,000 | no index fits the filter |
| Sort | 312 | the order of the index is not the wanted one |

1. The filter on \`customer_id\` reads the whole table.
2. The sort happens in memory.

\`\`\`sql
EXPLAIN (ANALYZE, BUFFERS)
SELECT * FROM orders_order WHERE customer_id = $1 ORDER BY placed_at DESC;
\`\`\`

An index on both columns answers filter and order at once.`;

const STRUCTURED =
  '{\n  "indexes": [\n    { "table": "orders_order", "columns": ["customer_id", "placed_at"] }\n  ]\n}';

export const RUN_RESULT: ExecutionResult = {
  ok: true,
  provider: "anthropic",
  model: "claude-sonnet-5",
  response: `${PROSE}\n\n\`\`\`json\n${STRUCTURED}\n\`\`\`\n`,
  tokens: { prompt: 1840, completion: 612, total: 2452 },
  elapsed_ms: 8421.5,
  error: null,
  error_code: null,
  hint: null,
  resolution: { provider: "hub", model: "default" },
  finish_reason: "stop",
  truncated: false,
  cost_usd: 0.0147,
  answer: {},
  suggestions: [
    {
      id: "S1",
      kind: "index",
      title: "Index on customer and date",
      reason: "Filter and order are answered by one index; the sort goes away.",
      language: "sql",
      statements: [
        "CREATE INDEX CONCURRENTLY orders_order_customer_placed_idx ON orders_order (customer_id, placed_at DESC)",
      ],
      rollback: ["DROP INDEX CONCURRENTLY orders_order_customer_placed_idx"],
      evidence: ["E1"],
      verdict: "verified",
      proof: {
        summary: "The plan reads 312 rows in place of 48,000.",
        details: { before: { cost: 1204.5, node: "Seq Scan" }, after: { cost: 12.4, node: "Index Scan" } },
      },
    },
    {
      id: "S2",
      kind: "rewrite",
      title: "Leave out the columns that nobody reads",
      reason: "The row is wide, and only four columns are shown.",
      language: "sql",
      statements: ["SELECT id, number, total, placed_at FROM orders_order WHERE customer_id = $1"],
      rollback: [],
      evidence: ["E2"],
      verdict: "refuted",
      proof: { summary: "The rewritten query gives other columns than the original.", details: {} },
    },
    {
      id: "S3",
      kind: "refactoring",
      title: "Page through the orders",
      reason: "",
      language: "text",
      statements: ["Read 50 orders at a time, from the last date on."],
      rollback: [],
      evidence: [],
      verdict: "unverified",
      proof: { summary: "Not checked: no engine is connected that could try it.", details: {} },
    },
  ],
  warnings: [],
  trace_id: "run-1",
};

const REASONING =
  "The filter names the customer, the order names the date. The model has an index on both, in the other order.";

/** The states of a run of a pack, each after the events that showed the pack. */
export function runStates(view: FlowPanelPack): readonly RunViewState[] {
  const boot = { state: null };
  const shown: readonly FlowPanelEvent[] = [
    { type: "loading", seq: 1, title: "Suggest Indexes" },
    { type: "pack", seq: 2, view: { ...view, run_disabled: null } },
    { type: "run-started", seq: 3, run: 1, started_at: Date.now() - 4000 },
    { type: "select-tab", seq: 4, tab: "answer" },
  ];
  const asking: FlowPanelEvent = {
    type: "run-progress",
    seq: 5,
    run: 1,
    stage: "asking",
    provider: "anthropic",
    model: "claude-sonnet-5",
  };
  const finished = (changes: Partial<ExecutionResult>): FlowPanelEvent => ({
    type: "run-finished",
    seq: 8,
    run: 1,
    result: { ...RUN_RESULT, ...changes },
  });
  const failed: Partial<ExecutionResult> = {
    ok: false,
    response: "",
    tokens: { prompt: null, completion: null, total: null },
    cost_usd: null,
    finish_reason: null,
    answer: null,
    suggestions: [],
  };
  return [
    { name: "ready", boot, events: shown.slice(0, 2) },
    { name: "run-resolving", boot, events: shown },
    {
      name: "run-confirming",
      boot,
      events: [...shown, { ...asking, stage: "confirming" }],
    },
    {
      name: "run-streaming",
      boot,
      events: [
        ...shown,
        asking,
        { type: "run-reasoning", seq: 6, run: 1, offset: 0, text: REASONING },
        { type: "run-text", seq: 7, run: 1, offset: 0, text: PROSE.slice(0, 420) },
      ],
      widths: [300, 1200],
    },
    {
      name: "run-answered",
      boot,
      events: [...shown, { type: "run-reasoning", seq: 6, run: 1, offset: 0, text: REASONING }, finished({})],
      widths: [300, 420, 1200],
    },
    {
      name: "run-unfolded",
      boot,
      events: [...shown, { type: "run-reasoning", seq: 6, run: 1, offset: 0, text: REASONING }, finished({})],
      prepare: async (page) => {
        for (const summary of await page.locator("aksara-answer-tab summary").all()) await summary.click();
      },
      widths: [300],
    },
    {
      name: "run-truncated",
      boot,
      events: [
        ...shown,
        finished({
          response: PROSE.slice(0, 300),
          truncated: true,
          finish_reason: "length",
          answer: null,
          suggestions: [],
          cost_usd: null,
          tokens: { prompt: null, completion: null, total: null },
          warnings: [
            {
              code: "MALFORMED_PROVIDER_RESPONSE",
              message: "The structured part of the answer cannot be used.",
            },
          ],
        }),
      ],
      widths: [300],
    },
    {
      name: "run-failed",
      boot,
      events: [
        ...shown,
        finished({
          ...failed,
          error: "invalid x-api-key",
          error_code: "AUTH_FAILED",
          hint: "Enter the key for https://api.anthropic.com again.",
        }),
      ],
      widths: [300],
    },
    {
      name: "run-interrupted",
      boot,
      events: [
        ...shown,
        finished({
          ...failed,
          response: PROSE.slice(0, 120),
          error: "The provider's answer ended without saying that it was complete.",
          error_code: "INTERRUPTED",
        }),
      ],
    },
    {
      name: "run-cancelled",
      boot,
      events: [
        ...shown,
        finished({ ...failed, error: "The request was cancelled.", error_code: "CANCELLED" }),
      ],
    },
  ];
}

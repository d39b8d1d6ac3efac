import type { ExecutionResult } from "../../../../src/protocol/execution.ts";
import type { FlowPanelEvent, FlowPanelPack } from "../../../../src/protocol/flow-panel.ts";
import type { EarlierRun, RunSummary } from "../../../../src/protocol/run-history.ts";
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

const NEWEST = Date.UTC(2026, 10, 21, 14, 5);

function summaryOf(number: number, result: ExecutionResult, fingerprint: string): RunSummary {
  const { ok, error_code, truncated, provider, model, tokens, elapsed_ms, cost_usd, suggestions } = result;
  return {
    trace_id: `run-${number}`,
    started_at: NEWEST - (number - 1) * 5_400_000,
    action_key: "suggest_indexes",
    target_id: "query:orders",
    fingerprint,
    ok,
    error_code,
    truncated,
    provider,
    model,
    tokens,
    elapsed_ms,
    cost_usd,
    suggestions: suggestions.length,
  };
}

const LOCAL: ExecutionResult = {
  ...RUN_RESULT,
  provider: "ollama",
  model: "qwen3-coder:30b-a3b-instruct-q4_K_M",
  response: `${PROSE.slice(0, 260)}\n\nThat is all.`,
  tokens: { prompt: 1702, completion: 98, total: 1800 },
  elapsed_ms: 74_210,
  cost_usd: 0,
  suggestions: [],
  trace_id: "run-2",
};

function earlierRuns({ pack }: FlowPanelPack): readonly EarlierRun[] {
  const { evidence, fingerprint } = pack;
  return [
    { summary: summaryOf(2, LOCAL, "older"), result: LOCAL, reasoning: REASONING, evidence },
    { summary: summaryOf(1, RUN_RESULT, fingerprint), result: RUN_RESULT, reasoning: "", evidence },
  ];
}

const NOTHING = { prompt: null, completion: null, total: null };

function historyOf({ pack: { fingerprint } }: FlowPanelPack): FlowPanelEvent {
  return {
    type: "history",
    seq: 9,
    runs: [
      summaryOf(1, RUN_RESULT, fingerprint),
      summaryOf(2, LOCAL, "older"),
      summaryOf(3, { ...LOCAL, truncated: true, cost_usd: null }, "older"),
      summaryOf(
        4,
        { ...LOCAL, ok: false, error_code: "CANCELLED", tokens: NOTHING, cost_usd: null },
        "older",
      ),
      summaryOf(
        5,
        {
          ...RUN_RESULT,
          ok: false,
          error_code: "AUTH_FAILED",
          tokens: NOTHING,
          cost_usd: null,
          suggestions: [],
        },
        "older",
      ),
    ],
  };
}

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
  const history = historyOf(view);
  const earlier = earlierRuns(view);
  const answered = [...shown, finished({})];
  const states: readonly RunViewState[] = [
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
      name: "run-restored",
      boot: { state: { request: view.request, tab: "answer" } },
      events: [...shown.slice(0, 3), finished({})],
    },
    {
      name: "run-declined",
      boot,
      events: [
        ...shown,
        finished({
          ...failed,
          tokens: { prompt: 0, completion: 0, total: 0 },
          error: "Nothing was sent.",
          error_code: "CANCELLED",
        }),
      ],
    },
    {
      name: "runs",
      boot,
      events: [...answered, history, { type: "select-tab", seq: 10, tab: "runs" }],
      widths: [300, 1200],
    },
    {
      name: "runs-chosen",
      boot,
      events: [...answered, history, { type: "select-tab", seq: 10, tab: "runs" }],
      prepare: async (page) => {
        for (const box of (await page.getByRole("checkbox").all()).slice(0, 2)) await box.click();
      },
    },
    {
      name: "run-opened",
      boot,
      events: [
        ...answered,
        history,
        { type: "select-tab", seq: 10, tab: "runs" },
        { type: "history-opened", seq: 11, runs: earlier.slice(0, 1) },
      ],
      widths: [300],
    },
    {
      name: "runs-compared",
      boot,
      events: [
        ...answered,
        history,
        { type: "select-tab", seq: 10, tab: "runs" },
        { type: "history-opened", seq: 11, runs: [...earlier] },
      ],
      widths: [300, 1200],
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
  return states.map((state) => ({
    ...state,
    events: state.events.map((event, index) => ({ ...event, seq: index + 1 })),
  }));
}

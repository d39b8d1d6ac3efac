import type { TracePanelEvent, TraceRow, TraceView } from "../../../../src/protocol/trace.ts";
import type { ViewState } from "../view-states.ts";

interface TraceViewState extends ViewState {
  readonly events: readonly TracePanelEvent[];
}

type Given = Pick<TraceRow, "id" | "kind" | "name" | "start" | "end"> & Partial<TraceRow>;

function row(given: Given): TraceRow {
  return {
    parent: null,
    depth: 0,
    agent: "coordinator",
    failed: false,
    errorCode: null,
    tokens: null,
    costUsd: null,
    attributes: [["gen_ai.operation.name", "chat"]],
    ...given,
  };
}

const WRITER = { agent: "coordinator/writer", depth: 3 };

/** A request that was handed on, asked about, failed once and done. */
const HANDED_ON: readonly TraceRow[] = [
  row({ id: "a", kind: "agent", name: "coordinator", start: 0, end: 64_200 }),
  row({
    id: "b",
    kind: "model",
    name: "claude-sonnet-4-5",
    parent: "a",
    depth: 1,
    start: 20,
    end: 2_400,
    tokens: { input: 3_182, output: 96 },
    costUsd: 0.011,
  }),
  row({ id: "c", kind: "tool", name: "hand_off", parent: "a", depth: 1, start: 2_410, end: 62_000 }),
  row({
    id: "d",
    kind: "agent",
    name: "coordinator/writer",
    parent: "c",
    agent: "coordinator/writer",
    depth: 2,
    start: 2_420,
    end: 61_900,
  }),
  row({
    ...WRITER,
    id: "e",
    kind: "model",
    name: "claude-sonnet-4-5",
    parent: "d",
    start: 2_430,
    end: 6_800,
    tokens: { input: 5_120, output: 310 },
    costUsd: 0.02,
  }),
  row({
    ...WRITER,
    id: "f",
    kind: "tool",
    name: "read_file",
    parent: "d",
    start: 6_810,
    end: 6_840,
    failed: true,
    errorCode: "SECRET_REFUSED",
    attributes: [
      ["gen_ai.operation.name", "execute_tool"],
      ["gen_ai.tool.name", "read_file"],
      ["error.type", "SECRET_REFUSED"],
      ["aksara.tool.class", "read"],
      ["aksara.decision.rule", "mode"],
    ],
  }),
  row({ ...WRITER, id: "g", kind: "approval", name: "write_file", parent: "d", start: 9_000, end: 58_000 }),
  row({ ...WRITER, id: "h", kind: "tool", name: "write_file", parent: "d", start: 58_010, end: 58_060 }),
  row({
    ...WRITER,
    id: "i",
    kind: "model",
    name: "claude-sonnet-4-5",
    parent: "d",
    start: 58_070,
    end: 61_800,
  }),
  row({
    id: "j",
    kind: "model",
    name: "claude-sonnet-4-5",
    parent: "a",
    depth: 1,
    start: 62_010,
    end: 64_100,
  }),
];

const VIEW: TraceView = {
  id: "019aa0000000aaaaaaaaaaaaaaaaaaaa",
  title: "Make the list of cancelled orders cheap, and write down what you did",
  agent: "coordinator",
  thread: "orders",
  startedAt: 1_790_000_000_000,
  duration: 64_200,
  status: "complete",
  errorCode: null,
  usage: { inputTokens: 14_402, outputTokens: 1_310, totalTokens: 15_712, estimated: false, costUsd: 0.063 },
  waits: [[9_000, 58_000]],
  rows: [...HANDED_ON],
};

/** Interrupted in the middle of a question, after a night's pause. */
const OPEN: TraceView = {
  ...VIEW,
  status: "interrupted",
  duration: 50_000_000,
  usage: null,
  waits: [
    [3_000, 43_000_000],
    [43_004_000, 50_000_000],
  ],
  rows: [
    row({ id: "a", kind: "agent", name: "coordinator", start: 0, end: null }),
    row({ id: "p", kind: "pause", name: "", parent: "a", depth: 1, start: 3_000, end: 43_000_000 }),
    row({ id: "b", kind: "model", name: "qwen3", parent: "a", depth: 1, start: 43_000_100, end: 43_004_000 }),
    row({
      id: "q",
      kind: "approval",
      name: "write_file",
      parent: "a",
      depth: 1,
      start: 43_004_000,
      end: null,
    }),
  ],
};

const FLOW: TraceView = {
  ...VIEW,
  title: "explain_model catalog.Product",
  agent: "explain_model",
  thread: null,
  status: "error",
  errorCode: "RATE_LIMITED",
  duration: 812,
  usage: null,
  waits: [],
  rows: [
    row({
      id: "a",
      kind: "flow",
      name: "explain_model",
      agent: "explain_model",
      start: 0,
      end: 812,
      failed: true,
      errorCode: "RATE_LIMITED",
    }),
    row({
      id: "b",
      kind: "model",
      name: "gpt-5.1",
      agent: "explain_model",
      parent: "a",
      depth: 1,
      start: 3,
      end: 810,
    }),
  ],
};

/** As many spans as a long run has. */
function manyRows(count: number): TraceRow[] {
  const rows = [row({ id: "root", kind: "agent", name: "coordinator", start: 0, end: count * 100 })];
  for (let at = 1; at < count; at++)
    rows.push(
      row({
        id: `s${at}`,
        kind: at % 2 === 0 ? "tool" : "model",
        name: at % 2 === 0 ? `read_file` : "claude-sonnet-4-5",
        parent: "root",
        depth: 1,
        start: at * 100,
        end: at * 100 + 90,
        failed: at % 97 === 0,
        errorCode: at % 97 === 0 ? "TOOL_FAILED" : null,
      }),
    );
  return rows;
}

const show = (view: TraceView): TracePanelEvent => ({ type: "trace", seq: 1, view });
const select = (id: string): TracePanelEvent => ({ type: "select", seq: 2, id });

export const states: readonly TraceViewState[] = [
  { name: "empty", boot: {}, events: [] },
  { name: "run", boot: {}, events: [show(VIEW)], widths: [300, 1200] },
  {
    name: "why",
    boot: {},
    events: [
      show(VIEW),
      select("f"),
      {
        type: "detail",
        seq: 3,
        detail: { id: "f", why: "Reading is allowed in this mode.", content: null },
      },
    ],
  },
  {
    name: "said",
    boot: {},
    events: [
      show(VIEW),
      select("h"),
      {
        type: "detail",
        seq: 3,
        detail: {
          id: "h",
          why: "A person approved this call.",
          content: { input: { path: "notes.md", content: "# Orders" }, output: "Created notes.md" },
        },
      },
    ],
    widths: [300],
  },
  { name: "open", boot: {}, events: [show(OPEN)] },
  { name: "flow", boot: {}, events: [show(FLOW)] },
  {
    name: "filtered",
    boot: {},
    events: [show(VIEW)],
    prepare: async (page) => {
      await page.locator("input[type=search]").fill("write_file");
    },
  },
  { name: "failed", boot: {}, events: [{ type: "failed", seq: 1, message: "That run is no longer kept." }] },
  {
    name: "long",
    boot: {},
    events: [show({ ...VIEW, duration: 200_000, waits: [], rows: manyRows(2_000) })],
  },
];

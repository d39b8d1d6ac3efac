import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type FlowPanelEvent,
  type FlowPanelPack,
  type FlowTab,
  flowPanelPackSchema,
} from "../../../../src/protocol/flow-panel.ts";
import type { ViewState } from "../view-states.ts";
import { runStates } from "./panel-runs.ts";

/** A pack of the flow panel from `fixtures/`, checked against the protocol. */
export function readPack(name: string): FlowPanelPack {
  const file = path.join(import.meta.dirname, "../fixtures", `${name}.json`);
  return flowPanelPackSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

const explain = readPack("explain-model");
const indexes = readPack("suggest-indexes");
const planned = readPack("query-plan");
const boot = { state: null };

const loading: FlowPanelEvent = { type: "loading", seq: 1, title: "Explain Model" };

function packEvents(view: FlowPanelPack, tab: FlowTab = "result"): FlowPanelEvent[] {
  return [loading, { type: "pack", seq: 2, view }, { type: "select-tab", seq: 3, tab }];
}

/** More of everything than a panel usually holds: long names, many findings, a document of some 300 KB. */
export function longPack(): FlowPanelPack {
  const { pack } = explain;
  const many = <T>(items: readonly T[], times: number, change: (item: T, index: number) => T): T[] =>
    Array.from({ length: times }, (_, index) =>
      items.map((item, at) => change(item, index * items.length + at)),
    ).flat();
  const folder = "services/commerce/order_management/infrastructure/persistence/";
  return {
    ...explain,
    cli_command: `aksara ai flows model ${"commerce.order_management.persistence."}HistoricalOrderStatusTransition --action explain_model`,
    pack: {
      ...pack,
      target:
        pack.target === null
          ? null
          : {
              ...pack.target,
              name: "HistoricalOrderStatusTransitionWithCustomerSnapshot",
              uri: `${folder}models.py`,
            },
      risk: "high",
      evidence: many(pack.evidence, 12, (item, index) => ({
        ...item,
        id: `E${index + 1}`,
        uri: folder + item.uri,
      })),
      findings: many(pack.findings, 10, (item, index) => ({ ...item, id: `${item.id}:${index}` })),
      user_prompt: `${pack.user_prompt}\n\n`.repeat(60),
      token_estimate: pack.token_estimate * 40,
      result_markdown: `${pack.result_markdown}\n\n${"a_very_long_identifier_without_any_break_".repeat(8)}\n`,
      result_json: {
        ...pack.result_json,
        rows: many([{ id: 1, name: "field", ratio: 0.25, ok: true, none: null }], 1500, (row, id) => ({
          ...row,
          id,
        })),
      },
    },
  };
}

/** A name that no object has, with one that comes near; the hint says it in words. */
export function unknownName(): FlowPanelPack {
  const view = readPack("ambiguous");
  return {
    ...view,
    pack: {
      ...view.pack,
      error_code: "CONTEXT_NOT_FOUND",
      error: 'There is no model called "orders.Ordr" in this workspace.',
      hint: 'Did you mean "orders.Order"?',
      candidates: ["orders.Order"],
    },
  };
}

/** A migration of a workspace that is not trusted. */
function withoutLocks(): FlowPanelPack {
  const view = readPack("migration-locks");
  const { facts, ...echo } = view.pack.result_json;
  const status = "not available (T0): the workspace is not trusted, so its schema is not built";
  const without = { ...(facts as object), locks: null, locks_status: status };
  return { ...view, pack: { ...view.pack, tier: "T0", result_json: { ...echo, facts: without } } };
}

interface PanelViewState extends ViewState {
  readonly events: readonly FlowPanelEvent[];
}

export const states: readonly PanelViewState[] = [
  { name: "empty", boot, events: [] },
  { name: "loading", boot, events: [loading] },
  { name: "result", boot, events: packEvents(explain), widths: [300, 320, 700, 1200, 1600] },
  { name: "prompt", boot, events: packEvents(indexes, "prompt"), widths: [320, 1200] },
  { name: "evidence", boot, events: packEvents(explain, "evidence"), widths: [320] },
  { name: "json", boot, events: packEvents(explain, "json"), widths: [320] },
  { name: "query", boot, events: packEvents(indexes), widths: [320, 1200] },
  { name: "plan", boot, events: packEvents(planned, "plan"), widths: [300, 320, 700, 1200] },
  {
    name: "plan-text",
    boot,
    events: packEvents(planned, "plan"),
    // The last of the folds, whatever language names it.
    prepare: (page) => page.locator("aksara-plan-tab summary").last().click(),
  },
  {
    name: "indexes",
    boot,
    events: packEvents(readPack("query-advice"), "plan"),
    widths: [300, 320, 700, 1200],
    prepare: async (page) => {
      for (const fold of await page.locator("aksara-index-advice summary").all()) await fold.click();
    },
  },
  {
    name: "locks",
    boot,
    events: packEvents(readPack("migration-locks"), "locks"),
    widths: [300, 320, 700, 1200],
  },
  { name: "no-locks", boot, events: packEvents(withoutLocks(), "locks"), widths: [320] },
  { name: "no-plan", boot, events: packEvents(readPack("query-no-plan"), "plan"), widths: [320] },
  { name: "long", boot, events: packEvents(longPack()), widths: [300, 1600] },
  { name: "long-json", boot, events: packEvents(longPack(), "json") },
  { name: "stale", boot, events: [...packEvents(indexes), { type: "stale", seq: 4 }], widths: [320] },
  { name: "rebuilding", boot, events: [...packEvents(explain), { ...loading, seq: 4 }] },
  {
    name: "ambiguous",
    boot,
    events: [loading, { type: "pack", seq: 2, view: readPack("ambiguous") }],
    widths: [320],
  },
  {
    name: "unknown",
    boot,
    events: [loading, { type: "pack", seq: 2, view: unknownName() }],
    widths: [320],
  },
  {
    name: "restored",
    boot: { state: { request: explain.request, tab: "evidence" } },
    events: [loading, { type: "pack", seq: 2, view: explain }],
  },
  {
    name: "failed",
    boot,
    events: [
      {
        type: "failed",
        seq: 1,
        code: "RUNTIME_ERROR",
        message: "No folder is open, so there is nothing to read.",
        hint: "Open the folder of your backend and try again.",
      },
    ],
  },
  {
    name: "tier",
    boot,
    events: packEvents(explain),
    prepare: (page) => page.locator("aksara-tier-badge button").click(),
    widths: [320],
  },
  ...runStates(indexes),
];

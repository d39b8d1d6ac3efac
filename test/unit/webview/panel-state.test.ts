import assert from "node:assert/strict";
import type { FlowPanelEvent } from "../../../src/protocol/flow-panel.ts";
import { nextPanelState, type PanelState } from "../../../webview/panel/panel-state.ts";
import { readPack } from "../../ui/gallery/views/panel.ts";

const view = readPack("explain-model");
const loading: FlowPanelEvent = { type: "loading", seq: 1, title: "Explain Model" };

function run(...events: FlowPanelEvent[]): PanelState {
  return events.reduce<PanelState>(nextPanelState, { kind: "empty" });
}

describe("state of the flow panel", () => {
  it("shows that a pack is being built, then the pack", () => {
    assert.deepEqual(run(loading), { kind: "loading", title: "Explain Model" });
    assert.deepEqual(run(loading, { type: "pack", seq: 2, view }), {
      kind: "full",
      view,
      stale: false,
      busy: false,
      run: null,
      history: [],
      opened: [],
    });
  });

  it("keeps a pack on screen while the next one is built", () => {
    assert.deepEqual(run({ type: "pack", seq: 1, view }, { ...loading, seq: 2 }), {
      kind: "full",
      view,
      stale: false,
      busy: true,
      run: null,
      history: [],
      opened: [],
    });
  });

  it("marks a pack as stale until a fresh one comes", () => {
    const stale = run({ type: "pack", seq: 1, view }, { type: "stale", seq: 2 });
    assert.equal(stale.kind === "full" && stale.stale, true);
    const fresh = nextPanelState(stale, { type: "pack", seq: 3, view });
    assert.equal(fresh.kind === "full" && fresh.stale, false);
    assert.deepEqual(run({ type: "stale", seq: 1 }), { kind: "empty" });
  });

  it("V03 keeps the answer where the same prompts were built anew", () => {
    const started: FlowPanelEvent = { type: "run-started", seq: 2, run: 1, started_at: 0 };
    const before = run({ type: "pack", seq: 1, view }, started, { type: "stale", seq: 3 });
    const after = nextPanelState(before, { type: "pack-refreshed", seq: 4, view });
    assert.ok(before.kind === "full" && after.kind === "full");
    assert.equal(after.stale, false);
    assert.notEqual(after.run, null);
    assert.equal(after.run, before.run);
  });

  it("shows why there is no pack, whether the builder or the host says so", () => {
    const ambiguous = run({ type: "pack", seq: 1, view: readPack("ambiguous") });
    assert.ok(ambiguous.kind === "failed");
    assert.equal(ambiguous.failure.code, "AMBIGUOUS_TARGET");
    assert.deepEqual(ambiguous.failure.candidates, ["orders.Order", "purchasing.Order", "legacy_shop.Order"]);
    const failed = run({ type: "failed", seq: 1, code: "RUNTIME_ERROR", message: "No folder.", hint: null });
    assert.ok(failed.kind === "failed");
    assert.equal(failed.failure.message, "No folder.");
  });
});

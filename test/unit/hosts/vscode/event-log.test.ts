import assert from "node:assert/strict";
import { EventLog } from "../../../../src/hosts/vscode/panel/event-log.ts";
import { foldPanelEvent } from "../../../../src/hosts/vscode/panel/fold-panel-event.ts";
import type { FlowPanelEvent } from "../../../../src/protocol/flow-panel.ts";
import { EventOrder } from "../../../../webview/ui/event-order.ts";
import { readPack } from "../../../ui/gallery/views/panel.ts";

interface Shown {
  readonly type: "loading" | "pack" | "stale";
  readonly seq: number;
}

function filledLog(): EventLog<Shown> {
  const log = new EventLog<Shown>((_earlier, later) => (later.type === "loading" ? "drop" : "keep"));
  for (const type of ["loading", "pack", "loading", "pack"] as const) log.append({ type });
  return log;
}

/** The events that a page takes, in the order in which they arrive. */
function taken(order: EventOrder, events: readonly Shown[]): readonly string[] {
  return events.filter(({ seq }) => order.judge(seq) === "take").map(({ type }) => type);
}

describe("the events of a panel", () => {
  it("V03 a page that starts gets the last pack and no older one", () => {
    assert.deepEqual(taken(new EventOrder(), filledLog().since(0)), ["loading", "pack"]);
  });

  it("V03 a page that was sent an event before it could ask still gets all that came before", () => {
    const log = filledLog();
    const order = new EventOrder();
    const early = log.append({ type: "stale" });
    assert.deepEqual(taken(order, [early, ...log.since(0)]), ["stale", "loading", "pack", "stale"]);
  });

  it("V03 a page that goes on gets what it missed and nothing twice", () => {
    const log = filledLog();
    const order = new EventOrder();
    taken(order, log.since(0));
    log.append({ type: "stale" });
    assert.deepEqual(taken(order, log.since(order.last)), ["stale"]);
    assert.deepEqual(log.since(order.last), []);
  });

  it("V03 a page from before a reload of the window gets everything", () => {
    assert.equal(filledLog().since(99).length, 2);
  });

  it("V03 changes of the workspace do not make the log longer", () => {
    const view = readPack("explain-model");
    const log = new EventLog<FlowPanelEvent>(foldPanelEvent);
    log.append({ type: "loading", title: "Explain Model" });
    log.append({ type: "pack", view });
    log.append({ type: "run-started", run: 1, started_at: 0 });
    for (let change = 0; change < 3; change++) {
      log.append({ type: "stale" });
      log.append({ type: "stale" });
      log.append({ type: "pack-refreshed", view });
    }
    assert.deepEqual(
      log.since(0).map(({ type }) => type),
      ["loading", "pack", "run-started", "pack-refreshed"],
    );
  });
});

import assert from "node:assert/strict";
import { EventLog } from "../../../../src/hosts/vscode/panel/event-log.ts";
import { foldPanelEvent } from "../../../../src/hosts/vscode/panel/fold-panel-event.ts";
import { lostResult } from "../../../../src/hosts/vscode/panel/kept-run.ts";
import { TextFlow } from "../../../../src/hosts/vscode/panel/text-flow.ts";
import type { FlowPanelEvent } from "../../../../src/protocol/flow-panel.ts";
import { nextPanelState, type PanelState } from "../../../../webview/panel/panel-state.ts";
import { readPack } from "../../../ui/gallery/views/panel.ts";

const view = readPack("explain-model");

function shown(events: readonly FlowPanelEvent[], from: PanelState = { kind: "empty" }): PanelState {
  return events.reduce<PanelState>(nextPanelState, from);
}

function logOfRun(): { log: EventLog<FlowPanelEvent>; sent: FlowPanelEvent[] } {
  const log = new EventLog<FlowPanelEvent>(foldPanelEvent);
  const sent = [
    log.append({ type: "loading", title: "Explain Model" }),
    log.append({ type: "pack", view }),
    log.append({ type: "run-started", run: 1, started_at: 5 }),
    log.append({ type: "run-progress", run: 1, stage: "asking", provider: "openai", model: "m" }),
  ];
  let offset = 0;
  for (let index = 0; index < 1000; index++) {
    const text = `word ${index} `;
    sent.push(log.append({ type: "run-text", run: 1, offset, text }));
    offset += text.length;
    if (index % 100 === 0)
      sent.push(log.append({ type: "run-reasoning", run: 1, offset: index / 100, text: "." }));
  }
  return { log, sent };
}

describe("the panel's log of a run", () => {
  it("V03 keeps the text so far, not the deltas it came in", () => {
    const { log } = logOfRun();
    assert.ok(log.since(0).length < 8);
    const texts = log.since(0).filter(({ type }) => type === "run-text");
    assert.equal(texts.length, 1);
  });

  it("V03 a page that starts anew, one that missed some, and one that saw all show the same", () => {
    const { log, sent } = logOfRun();
    const all = shown(sent);
    assert.ok(all.kind === "full" && all.run?.text.includes("word 999") && all.run.reasoning.length === 10);
    assert.deepEqual(shown(log.since(0)), all);
    for (const seen of [3, 10, 500, sent.length - 1]) {
      const half = shown(sent.slice(0, seen));
      const last = sent[seen - 1]?.seq ?? 0;
      assert.deepEqual(shown(log.since(last), half), all, `${seen} seen`);
    }
  });

  it("V03 a result takes the place of its deltas; the reasoning stays", () => {
    const { log } = logOfRun();
    log.append({
      type: "run-finished",
      run: 1,
      result: { ...lostResult({ provider: "", model: "", text: "whole" }, ""), ok: true },
    });
    assert.deepEqual(
      log.since(0).map(({ type }) => type),
      ["loading", "pack", "run-started", "run-reasoning", "run-finished"],
    );
    const state = shown(log.since(0));
    assert.ok(state.kind === "full");
    assert.equal(state.run?.text, "whole");
    assert.equal(state.run?.reasoning.length, 10);
  });

  it("V03 the next run forgets the one before, and what comes late from it changes nothing", () => {
    const { log } = logOfRun();
    log.append({ type: "run-started", run: 2, started_at: 9 });
    assert.deepEqual(
      log.since(0).map(({ type }) => type),
      ["loading", "pack", "run-started"],
    );
    const before = shown(log.since(0));
    const late = log.append({ type: "run-text", run: 1, offset: 0, text: "late" });
    assert.deepEqual(shown([late], before), before);
  });

  it("V03 a wish to select a tab that was met is not told again", () => {
    const log = new EventLog<FlowPanelEvent>(foldPanelEvent);
    log.append({ type: "pack", view });
    log.append({ type: "select-tab", tab: "answer" });
    log.forget("select-tab");
    assert.deepEqual(
      log.since(0).map(({ type }) => type),
      ["pack"],
    );
  });
});

describe("the flow of an answer's text", () => {
  it("gathers deltas, keeps their places, and sends the rest at the end", () => {
    const sent: [string, number, string][] = [];
    const flow = new TextFlow((...part) => sent.push(part));
    for (const delta of ["one ", "two ", "three"]) flow.add("run-text", delta);
    flow.add("run-reasoning", "why");
    assert.deepEqual(sent, []);
    assert.equal(flow.answer, "one two three");
    flow.dispose();
    assert.deepEqual(sent, [
      ["run-reasoning", 0, "why"],
      ["run-text", 0, "one two three"],
    ]);
    flow.add("run-text", "!");
    flow.dispose();
    assert.deepEqual(sent.at(-1), ["run-text", 13, "!"]);
  });
});

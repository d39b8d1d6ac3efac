import type { FlowPanelEvent } from "../../../protocol/flow-panel.ts";

/**
 * Keeps the panel's log short: a new pack makes all before it irrelevant, a run's deltas become the text so far, and
 * a result takes the place of what led to it.
 */
export function foldPanelEvent(
  earlier: FlowPanelEvent,
  later: FlowPanelEvent,
): FlowPanelEvent | "keep" | "drop" {
  switch (later.type) {
    case "loading":
      return "drop";
    case "select-tab":
    case "run-access":
    case "run-progress":
    case "history":
    case "history-opened":
      return earlier.type === later.type ? "drop" : "keep";
    case "run-started":
      return isOfRun(earlier) ? "drop" : "keep";
    case "run-text":
    case "run-reasoning":
      if (earlier.type !== later.type || earlier.run !== later.run) return "keep";
      return {
        ...later,
        offset: 0,
        text: earlier.text.slice(0, later.offset - earlier.offset) + later.text,
      };
    case "run-finished":
      // The reasoning is not part of the result.
      return earlier.type === "run-progress" || earlier.type === "run-text" ? "drop" : "keep";
    case "pack-refreshed":
    case "stale":
      return earlier.type === later.type || earlier.type === "stale" ? "drop" : "keep";
    case "pack":
      return earlier.type === "pack" ? "drop" : "keep";
    case "failed":
      return "keep";
  }
}

function isOfRun(event: FlowPanelEvent): boolean {
  return event.type.startsWith("run-") && event.type !== "run-access";
}

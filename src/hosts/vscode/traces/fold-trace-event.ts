import type { TracePanelEvent } from "../../../protocol/trace.ts";

/** A trace takes the place of all before it; of details and wishes, the latest of each counts. */
export function foldTraceEvent(earlier: TracePanelEvent, later: TracePanelEvent): "keep" | "drop" {
  switch (later.type) {
    case "loading":
    case "trace":
    case "failed":
      return "drop";
    case "detail":
      return earlier.type === "detail" && earlier.detail.id === later.detail.id ? "drop" : "keep";
    case "select":
      return earlier.type === "select" ? "drop" : "keep";
  }
}

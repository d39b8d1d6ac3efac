import type { FlowPanelEvent, FlowPanelPack } from "../../src/protocol/flow-panel.ts";
import type { EarlierRun, RunSummary } from "../../src/protocol/run-history.ts";
import { nextRunState, type RunState } from "./run-state.ts";

export interface PanelFailure {
  readonly title: string | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** Names to choose from. */
  readonly candidates: readonly string[];
}

/** What the panel shows. A pack stays on screen while the next one is built, so that nobody loses place or focus. */
export type PanelState =
  | { readonly kind: "empty" }
  | { readonly kind: "loading"; readonly title: string }
  | { readonly kind: "failed"; readonly failure: PanelFailure }
  | {
      readonly kind: "full";
      readonly view: FlowPanelPack;
      readonly stale: boolean;
      readonly busy: boolean;
      /** Null until the pack is run. */
      readonly run: RunState | null;
      /** Kept runs of the same action on the same object, the newest first. */
      readonly history: readonly RunSummary[];
      /** Those of them that are looked at. */
      readonly opened: readonly EarlierRun[];
    };

/** The state after an event. Selecting a tab is not part of it: the tab outlives packs. */
export function nextPanelState(state: PanelState, event: FlowPanelEvent): PanelState {
  switch (event.type) {
    case "loading":
      return state.kind === "full" ? { ...state, busy: true } : { kind: "loading", title: event.title };
    case "pack":
      return event.view.pack.ok
        ? { kind: "full", view: event.view, stale: false, busy: false, run: null, history: [], opened: [] }
        : { kind: "failed", failure: packFailure(event.view) };
    case "pack-refreshed":
      return state.kind === "full" ? { ...state, view: event.view, stale: false } : state;
    case "stale":
      return state.kind === "full" ? { ...state, stale: true } : state;
    case "failed": {
      const { code, message, hint } = event;
      return { kind: "failed", failure: { title: null, code, message, hint, candidates: [] } };
    }
    case "select-tab":
      return state;
    case "run-access":
      return state.kind === "full"
        ? { ...state, view: { ...state.view, run_disabled: event.disabled } }
        : state;
    case "history":
      return state.kind === "full" ? { ...state, history: event.runs } : state;
    case "history-opened":
      return state.kind === "full" ? { ...state, opened: event.runs } : state;
    case "run-started":
    case "run-progress":
    case "run-text":
    case "run-reasoning":
    case "run-finished":
      return state.kind === "full" ? { ...state, run: nextRunState(state.run, event) } : state;
  }
}

function packFailure({ pack, action }: FlowPanelPack): PanelFailure {
  return {
    title: action?.title ?? pack.action_key,
    code: pack.error_code ?? "RUNTIME_ERROR",
    message: pack.error ?? "",
    hint: pack.hint,
    candidates: pack.candidates,
  };
}

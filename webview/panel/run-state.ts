import type { ExecutionResult } from "../../src/protocol/execution.ts";
import type { FlowPanelEvent, RunStage } from "../../src/protocol/flow-panel.ts";
import type { EarlierRun } from "../../src/protocol/run-history.ts";

/** One run of the pack that is shown. */
export interface RunState {
  readonly run: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stage: RunStage;
  /** Null until they are found. */
  readonly provider: string | null;
  readonly model: string | null;
  /** The answer so far. */
  readonly text: string;
  readonly reasoning: string;
  /** Null while it goes on. */
  readonly result: ExecutionResult | null;
}

type RunEvent = Extract<FlowPanelEvent, { readonly run: number }>;

/** The run after an event; events of another run than the one that is shown change nothing. */
export function nextRunState(state: RunState | null, event: RunEvent): RunState | null {
  if (event.type === "run-started") {
    const { run, started_at: startedAt } = event;
    return {
      run,
      startedAt,
      stage: "resolving",
      provider: null,
      model: null,
      text: "",
      reasoning: "",
      result: null,
    };
  }
  if (state === null || state.run !== event.run) return state;
  switch (event.type) {
    case "run-progress": {
      const { stage, provider, model } = event;
      return { ...state, stage, provider, model };
    }
    case "run-text":
      return { ...state, text: state.text.slice(0, event.offset) + event.text };
    case "run-reasoning":
      return { ...state, reasoning: state.reasoning.slice(0, event.offset) + event.text };
    case "run-finished":
      return { ...state, text: event.result.response, result: event.result };
  }
}

/** An earlier run, as if it had just ended. */
export function endedRunState({ summary, result, reasoning }: EarlierRun): RunState {
  return {
    run: 0,
    startedAt: summary.started_at,
    stage: "asking",
    provider: result.provider,
    model: result.model,
    text: result.response,
    reasoning,
    result,
  };
}

import type { AgentUsage } from "../../../protocol/agent.ts";
import type { ChatItem } from "../../../protocol/chat.ts";
import type { RunStarted } from "../../../records/journal-record.ts";

/** Room in `order`: iterations of a turn, places in an iteration. */
export const TURN = 1_000_000;
export const ITERATION = 500;

/** A run as far as it has come, and where what it does stands. */
export interface Run {
  readonly started: RunStarted;
  /** Where it stands: the turn that it belongs to, and for one that was handed a task, by which call and to whom. */
  readonly place: Pick<ChatItem, "run" | "within" | "agent">;
  readonly turn: number;
  iteration: number;
  usage: AgentUsage | null;
  /** Tokens of the last prompt and its answer. */
  context: number | null;
  /** Calls that answers made, by id, with their place in them. */
  readonly places: Map<string, { readonly index: number; readonly iteration: number }>;
  /** Calls that an answer made and nothing has been told of yet. */
  readonly made: Map<string, { readonly tool: string; readonly input: unknown }>;
}

/** `turn`: its number, where nobody above has handed it its task. */
export function newRun(started: RunStarted, above: Run | null, turn: number): Run {
  const { runId, agent, labels } = started;
  const within = labels.parent && labels.call ? callId(labels.parent, labels.call) : undefined;
  return {
    started,
    place: above && within ? { run: above.place.run, within, agent } : { run: runId },
    turn: above?.turn ?? turn,
    iteration: 0,
    usage: null,
    context: null,
    places: new Map(),
    made: new Map(),
  };
}

export function orderOf({ turn }: Run, iteration: number, place: number): number {
  return turn * TURN + Math.min(iteration, TURN / ITERATION - 2) * ITERATION + Math.min(place, ITERATION - 1);
}

export function textId({ started, iteration }: Run, kind: "text" | "thinking"): string {
  return `${started.runId}.${kind}.${iteration}`;
}

export function callId(runId: string, call: string): string {
  return `${runId}.call.${call}`;
}

/** The call behind such an id. */
export function stepOf(id: string): { readonly runId: string; readonly callId: string } {
  const [runId = "", ...call] = id.split(".call.");
  return { runId, callId: call.join(".call.") };
}

export function endId(runId: string): string {
  return `${runId}.end`;
}

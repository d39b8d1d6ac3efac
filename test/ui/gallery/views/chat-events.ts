import type { ChatAccess, ChatEvent, ChatItem } from "../../../../src/protocol/chat.ts";
import type { ViewState } from "../view-states.ts";

export interface ChatViewState extends ViewState {
  readonly events: readonly ChatEvent[];
}

export type Unnumbered<Event> = Event extends unknown ? Omit<Event, "seq"> : never;

export const READY: ChatAccess = {
  state: "ready",
  reason: null,
  provider: "anthropic",
  model: "claude-sonnet-5",
  chosen: false,
  mode: "supervised",
};

export function numbered(...events: readonly Unnumbered<ChatEvent>[]): readonly ChatEvent[] {
  return events.map((event, index) => ({ ...event, seq: index + 1 }) as ChatEvent);
}

export function thread(...items: readonly ChatItem[]): Unnumbered<ChatEvent> {
  return {
    type: "thread",
    thread: "t1",
    title: "Why is the page of a customer's orders slow?",
    items: [...items],
  };
}

export const ready: Unnumbered<ChatEvent> = { type: "access", access: READY };
export const working = (waiting: boolean): Unnumbered<ChatEvent> => ({
  type: "activity",
  activity: {
    state: "working",
    startedAt: Date.now(),
    iteration: 3,
    maxIterations: 20,
    waiting,
    stopping: false,
  },
});

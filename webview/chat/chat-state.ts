import type {
  ChatAccess,
  ChatActivity,
  ChatAttachment,
  ChatCompletion,
  ChatEvent,
  ChatFailure,
  ChatItem,
  ChatUsage,
  ThreadSummary,
} from "../../src/protocol/chat.ts";

/** What the chat shows. */
export interface ChatState {
  /** Null before a message was sent. */
  readonly thread: string | null;
  readonly title: string;
  /** From top to bottom. */
  readonly items: readonly ChatItem[];
  readonly activity: ChatActivity;
  readonly access: ChatAccess;
  readonly failure: ChatFailure | null;
  /** Null before a model was asked. */
  readonly usage: ChatUsage | null;
  /** Messages that wait for the turn to end. */
  readonly queue: readonly string[];
  /** What the next message is about. */
  readonly attachments: readonly ChatAttachment[];
  /** What fits what is being typed, as the host last said. */
  readonly completions: { readonly ask: number; readonly options: readonly ChatCompletion[] };
  /** Null while they have not come. */
  readonly threads: readonly ThreadSummary[] | null;
}

export const EMPTY_CHAT: ChatState = {
  thread: null,
  title: "",
  items: [],
  activity: { state: "idle" },
  access: { state: "looking", reason: null, provider: null, model: null, chosen: false, mode: "supervised" },
  failure: null,
  usage: null,
  queue: [],
  attachments: [],
  completions: { ask: 0, options: [] },
  threads: null,
};

/** The state after an event. Items that did not change stay the same objects. */
export function nextChatState(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "thread": {
      const { thread, title, items } = event;
      const rest = { activity: { state: "idle" }, failure: null, usage: null, queue: [] } as const;
      return { ...state, thread, title, items, ...rest };
    }
    case "item":
      return { ...state, items: withItem(state.items, event.item) };
    case "item-gone":
      return { ...state, items: state.items.filter(({ id }) => id !== event.id) };
    case "text": {
      const { id, offset, text } = event;
      const at = lastIndexOf(state.items, id);
      const item = state.items[at];
      if (item?.kind !== "text" && item?.kind !== "thinking") return state;
      return {
        ...state,
        items: state.items.with(at, { ...item, text: item.text.slice(0, offset) + text }),
      };
    }
    case "activity":
      return { ...state, activity: event.activity };
    case "access":
      return { ...state, access: event.access };
    case "failure":
      return { ...state, failure: event.failure };
    case "usage":
      return { ...state, usage: event.usage };
    case "queue":
      return { ...state, queue: event.texts };
    case "attached":
      return { ...state, attachments: event.attachments };
    case "completions":
      return { ...state, completions: { ask: event.ask, options: event.options } };
    case "threads":
      return { ...state, threads: event.threads };
    case "wish":
      return state;
  }
}

function withItem(items: readonly ChatItem[], item: ChatItem): readonly ChatItem[] {
  const known = lastIndexOf(items, item.id);
  if (known >= 0) return items.with(known, item);
  // Nearly always at the end. Only things of one agent stand in an order among each other.
  const isBefore = (other: ChatItem) => other.within === item.within && other.order <= item.order;
  return items.toSpliced(items.findLastIndex(isBefore) + 1, 0, item);
}

/** What changes is nearly always near the end. */
function lastIndexOf(items: readonly ChatItem[], id: string): number {
  return items.findLastIndex((item) => item.id === id);
}

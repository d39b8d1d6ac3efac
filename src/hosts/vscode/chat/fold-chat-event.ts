import type { ChatEvent } from "../../../protocol/chat.ts";

/**
 * Keeps the chat's log as short as what is shown: another thread makes all before it irrelevant, an item takes the
 * place of what it was before, and the parts of a text become one.
 */
export function foldChatEvent(earlier: ChatEvent, later: ChatEvent): ChatEvent | "keep" | "drop" {
  switch (later.type) {
    case "thread":
      return OF_NO_THREAD.includes(earlier.type) ? "keep" : "drop";
    case "item":
      return idOf(earlier) === later.item.id ? "drop" : "keep";
    case "item-gone":
      return idOf(earlier) === later.id ? "drop" : "keep";
    case "text":
      if (earlier.type !== "text" || earlier.id !== later.id) return "keep";
      return {
        ...later,
        offset: earlier.offset,
        text: earlier.text.slice(0, later.offset - earlier.offset) + later.text,
      };
    case "activity":
    case "access":
    case "failure":
    case "threads":
    case "usage":
    case "queue":
    case "attached":
    case "completions":
    case "wish":
      return earlier.type === later.type ? "drop" : "keep";
  }
}

/** What holds whatever thread is shown. */
const OF_NO_THREAD: readonly ChatEvent["type"][] = ["access", "threads", "attached", "wish"];

function idOf(event: ChatEvent): string | null {
  if (event.type === "item") return event.item.id;
  return event.type === "text" || event.type === "item-gone" ? event.id : null;
}

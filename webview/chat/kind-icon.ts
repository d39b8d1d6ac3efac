import type { ChatAttachment, ChatCompletion } from "../../src/protocol/chat.ts";
import type { IconName } from "../ui/icon-glyphs.ts";

/** The icon of what a message can be about, or what can be typed into it. */
export function kindIcon(kind: ChatAttachment["kind"] | ChatCompletion["icon"]): IconName {
  switch (kind) {
    case "model":
      return "table";
    case "route":
      return "globe";
    case "query":
      return "database";
    case "migration":
      return "git-commit";
    case "diagnostic":
      return "issues";
    case "file":
    case "selection":
      return "file";
    case "command":
      return "play";
  }
}

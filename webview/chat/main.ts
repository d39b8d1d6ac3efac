import "../ui/strict-csp.ts";
import "../ui/toolkit.ts";
import "./chat.css";
import {
  type ChatEvent,
  type ChatMessage,
  type ChatPageState,
  chatBootSchema,
  chatEventSchema,
  chatMessageSchema,
  chatPageStateSchema,
} from "../../src/protocol/chat.ts";
import { readBoot } from "../ui/boot.ts";
import { HostPort } from "../ui/host-port.ts";
import { setTranslations } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { ChatAppElement } from "./chat-app.ts";
import { DraftEvent } from "./composer.ts";

const boot = readBoot(chatBootSchema);
setTranslations(boot.strings);

const chat = new ChatAppElement();
const port = new HostPort<ChatEvent, ChatMessage, ChatPageState>({
  events: chatEventSchema,
  state: chatPageStateSchema,
  onEvent: (event) => chat.receive(event),
});
chat.draft = port.getState()?.draft ?? "";
chat.addEventListener(PostEvent.type, (event) => {
  if (event instanceof PostEvent) port.post(chatMessageSchema.parse(event.message));
});
chat.addEventListener(DraftEvent.type, (event) => {
  if (event instanceof DraftEvent) port.setState({ draft: event.draft });
});
document.body.append(chat);
port.start();

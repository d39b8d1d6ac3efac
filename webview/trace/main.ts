import "../ui/strict-csp.ts";
import "../ui/toolkit.ts";
import "../ui/page.css";
import {
  type TracePanelEvent,
  type TracePanelMessage,
  type TracePanelState,
  tracePanelBootSchema,
  tracePanelEventSchema,
  tracePanelMessageSchema,
  tracePanelStateSchema,
} from "../../src/protocol/trace.ts";
import { readBoot } from "../ui/boot.ts";
import { HostPort } from "../ui/host-port.ts";
import { setTranslations } from "../ui/l10n.ts";
import { listenForPageKeys } from "../ui/page-keys.ts";
import { PostEvent } from "../ui/post-event.ts";
import { TracePageElement } from "./trace-page.ts";

const boot = readBoot(tracePanelBootSchema);
setTranslations(boot.strings);

const page = new TracePageElement();
const port = new HostPort<TracePanelEvent, TracePanelMessage, TracePanelState>({
  events: tracePanelEventSchema,
  state: tracePanelStateSchema,
  onEvent: (event) => {
    if (event.type === "trace") port.setState({ trace: event.view.id });
    page.receive(event);
  },
});
page.addEventListener(PostEvent.type, (event) => {
  if (event instanceof PostEvent) port.post(tracePanelMessageSchema.parse(event.message));
});
listenForPageKeys(
  { close: () => port.post({ type: "close" }), openHub: () => port.post({ type: "open-hub" }) },
  new AbortController().signal,
);
document.body.append(page);
port.start();

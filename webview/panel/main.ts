import "../ui/strict-csp.ts";
import "../ui/toolkit.ts";
import "../ui/page.css";
import {
  type FlowPanelEvent,
  type FlowPanelMessage,
  type FlowPanelState,
  flowPanelBootSchema,
  flowPanelEventSchema,
  flowPanelMessageSchema,
  flowPanelStateSchema,
} from "../../src/protocol/flow-panel.ts";
import { readBoot } from "../ui/boot.ts";
import { HostPort } from "../ui/host-port.ts";
import { setTranslations } from "../ui/l10n.ts";
import { listenForPageKeys } from "../ui/page-keys.ts";
import { PostEvent } from "../ui/post-event.ts";
import { FlowPanelElement, StateEvent } from "./flow-panel.ts";

const boot = readBoot(flowPanelBootSchema);
setTranslations(boot.strings);

const panel = new FlowPanelElement();
const port = new HostPort<FlowPanelEvent, FlowPanelMessage, FlowPanelState>({
  events: flowPanelEventSchema,
  state: flowPanelStateSchema,
  onEvent: (event) => panel.receive(event),
});
panel.restore(port.getState() ?? boot.state);
panel.addEventListener(PostEvent.type, (event) => {
  if (event instanceof PostEvent) port.post(flowPanelMessageSchema.parse(event.message));
});
panel.addEventListener(StateEvent.type, (event) => {
  if (!(event instanceof StateEvent)) return;
  port.setState(event.state);
  port.post({ type: "state", state: event.state });
});
listenForPageKeys(
  {
    // Closing ends a run, and Escape must not.
    close: () => (panel.running ? undefined : port.post({ type: "close" })),
    openHub: () => port.post({ type: "open-hub" }),
  },
  new AbortController().signal,
);
document.body.append(panel);
port.start();

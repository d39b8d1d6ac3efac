import "../ui/strict-csp.ts";
import "../ui/toolkit.ts";
import "../ui/page.css";
import {
  type ApprovalPanelEvent,
  type ApprovalPanelMessage,
  type ApprovalPanelState,
  approvalPanelBootSchema,
  approvalPanelEventSchema,
  approvalPanelMessageSchema,
  approvalPanelStateSchema,
} from "../../src/protocol/approval-panel.ts";
import { readBoot } from "../ui/boot.ts";
import { HostPort } from "../ui/host-port.ts";
import { setTranslations } from "../ui/l10n.ts";
import { listenForPageKeys } from "../ui/page-keys.ts";
import { PostEvent } from "../ui/post-event.ts";
import { WaitingApprovalsElement } from "./waiting-approvals.ts";

const boot = readBoot(approvalPanelBootSchema);
setTranslations(boot.strings);

const list = new WaitingApprovalsElement();
const port = new HostPort<ApprovalPanelEvent, ApprovalPanelMessage, ApprovalPanelState>({
  events: approvalPanelEventSchema,
  state: approvalPanelStateSchema,
  onEvent: (event) => list.receive(event),
});
list.addEventListener(PostEvent.type, (event) => {
  if (event instanceof PostEvent) port.post(approvalPanelMessageSchema.parse(event.message));
});
listenForPageKeys(
  { close: () => port.post({ type: "close" }), openHub: () => undefined },
  new AbortController().signal,
);
document.body.append(list);
port.start();

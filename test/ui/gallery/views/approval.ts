import type { ApprovalPanelEvent } from "../../../../src/protocol/approval-panel.ts";
import type { ViewState } from "../view-states.ts";
import { COMMAND_REQUEST, PATCH_REQUEST, PLAN_REQUEST, SQL_REQUEST } from "./chat-items.ts";

interface ApprovalViewState extends ViewState {
  readonly events: readonly ApprovalPanelEvent[];
}

const FROM = "@aksara, asked in the chat: make cancelled orders cheap to find";

function waiting(...requests: readonly (typeof PATCH_REQUEST)[]): readonly ApprovalPanelEvent[] {
  return [{ type: "waiting", seq: 1, waiting: requests.map((request) => ({ request, from: FROM })) }];
}

export const states: readonly ApprovalViewState[] = [
  { name: "one", boot: {}, events: waiting(PATCH_REQUEST) },
  { name: "several", boot: {}, events: waiting(PLAN_REQUEST, SQL_REQUEST, COMMAND_REQUEST), widths: [320] },
  { name: "empty", boot: {}, events: [] },
];

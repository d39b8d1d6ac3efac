import * as vscode from "vscode";
import { assertNever } from "../../../errors.ts";
import type { ApprovalAnswer } from "../../../protocol/agent.ts";
import {
  type ApprovalPanelEvent,
  type ApprovalPanelMessage,
  approvalPanelMessageSchema,
  type WaitingApproval,
} from "../../../protocol/approval-panel.ts";
import { loadChat } from "../chat/chat-view.ts";
import { loadReviews, settleReview } from "../edits/register-edit-reviews.ts";
import { EventLog } from "../panel/event-log.ts";
import { productIcon } from "../product-icon.ts";
import type { Studio } from "../studio.ts";
import { showPage } from "../webview-page.ts";
import type { ApprovalDesk, ApprovalDisplay } from "./approval-desk.ts";

const APPROVAL_PANEL_TYPE = "aksara.approval";

/**
 * The panel beside the editor in which a person answers. It comes with the first question and goes with the last; closed
 * before that, a message leads back to it, and the agents wait.
 */
export class ApprovalPanel implements ApprovalDisplay {
  readonly #studio: Studio;
  readonly #desk: ApprovalDesk;
  readonly #log = new EventLog<ApprovalPanelEvent>(() => "drop");
  #panel: vscode.WebviewPanel | null = null;
  /** Questions that it was last told of. */
  #shown: readonly string[] = [];
  #reminding = false;

  constructor(studio: Studio, desk: ApprovalDesk) {
    this.#studio = studio;
    this.#desk = desk;
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  show(waiting: readonly WaitingApproval[]): void {
    const event = this.#log.append({ type: "waiting", waiting: [...waiting] });
    const ids = waiting.map(({ request }) => request.id);
    for (const id of this.#shown) if (!ids.includes(id)) void settleReview(id);
    const more = ids.length > this.#shown.length;
    this.#shown = ids;
    if (waiting.length === 0) this.#panel?.dispose();
    else if (this.#panel) void this.#panel.webview.postMessage(event);
    // One that a person has closed does not come back by itself while they know of what waits.
    else if (more) this.open();
  }

  /** Opens it, or brings it to the front, without taking the focus from where somebody types. */
  open(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const { extensionUri } = this.#studio.extension;
    const panel = vscode.window.createWebviewPanel(APPROVAL_PANEL_TYPE, vscode.l10n.t("Approval"), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    this.#panel = panel;
    panel.iconPath = productIcon(extensionUri);
    panel.onDidDispose(() => {
      this.#panel = null;
      this.#remind();
    });
    showPage(panel.webview, {
      extensionUri,
      name: "approval",
      messages: approvalPanelMessageSchema,
      handle: (message) => this.#handle(message),
      log: this.#studio.log,
    });
  }

  #remind(): void {
    const { length } = this.#desk.waiting;
    if (length === 0 || this.#reminding) return;
    this.#reminding = true;
    const show = vscode.l10n.t("Show");
    void vscode.window
      .showInformationMessage(
        length === 1
          ? vscode.l10n.t("An agent waits for your answer.")
          : vscode.l10n.t("{0} questions of agents wait for your answer.", length),
        show,
      )
      .then((answer) => {
        this.#reminding = false;
        if (answer === show && this.#desk.waiting.length > 0) this.open();
      });
  }

  async #review(id: string): Promise<void> {
    const request = this.#desk.waiting.find((each) => each.request.id === id)?.request;
    if (!request) return;
    const { store } = await (await (await loadChat(this.#studio)).agents()).access();
    const { proposalReview } = await import("../edits/review-proposal.ts");
    const answer = async (given: ApprovalAnswer) => this.#desk.answer(id, given);
    await (await loadReviews()).open(await proposalReview(request, store.blobs, answer));
  }

  async #handle(message: ApprovalPanelMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        for (const event of this.#log.since(message.since)) void this.#panel?.webview.postMessage(event);
        return;
      case "answer":
        return this.#desk.answer(message.id, message.answer);
      case "review":
        return await this.#review(message.id);
      case "open-file": {
        const file = this.#studio.fileUri(message.uri);
        if (file) await vscode.window.showTextDocument(file, { preview: true });
        return;
      }
      case "copy-text":
        return await vscode.env.clipboard.writeText(message.text);
      case "close":
        this.#panel?.dispose();
        return;
      case "page-error":
        this.#studio.log.error(`approval panel: ${message.message}`);
        return;
      default:
        return assertNever(message);
    }
  }
}

import type * as vscode from "vscode";
import { type Approver, PendingApprovals } from "../../../agent/approvals/approver.ts";
import type { ApprovalAnswer } from "../../../protocol/agent.ts";
import type { WaitingApproval } from "../../../protocol/approval-panel.ts";

/** Shows what waits, or takes it away when nothing does. */
export interface ApprovalDisplay extends vscode.Disposable {
  show(waiting: readonly WaitingApproval[]): void;
}

/** The questions of agents that work elsewhere than in the chat, until a person has answered them. */
export class ApprovalDesk implements vscode.Disposable {
  readonly #display: ApprovalDisplay;
  readonly #pending = new PendingApprovals(() => this.#show());
  readonly #from = new Map<string, string>();

  /** `open` makes the display, which is told every change. */
  constructor(open: (desk: ApprovalDesk) => ApprovalDisplay) {
    this.#display = open(this);
  }

  dispose(): void {
    this.#display.dispose();
  }

  get waiting(): readonly WaitingApproval[] {
    return this.#pending.list().map((request) => ({ request, from: this.#from.get(request.id) ?? "" }));
  }

  /** Asks for an agent. `from` says to a person who asks, and for whom. */
  approver(from: string): Approver {
    return {
      ask: async (request, signal) => {
        this.#from.set(request.id, from);
        try {
          return await this.#pending.ask(request, signal);
        } finally {
          this.#from.delete(request.id);
        }
      },
    };
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_ALREADY_ANSWERED */
  answer(id: string, answer: ApprovalAnswer): void {
    this.#pending.respond(id, answer);
  }

  #show(): void {
    this.#display.show(this.waiting);
  }
}

import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ApprovalPanelEvent, WaitingApproval } from "../../src/protocol/approval-panel.ts";
import { titleOf } from "../chat/approval-card.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import "../chat/approval-card.ts";

/** The questions that wait, in the order in which they were asked; the same cards as in the chat. */
export class WaitingApprovalsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
        max-width: 900px;
        margin: 0 auto;
        padding: 16px 20px 24px;
      }
      h1 {
        font-size: 1.25em;
        font-weight: 600;
      }
      .from {
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 2px;
      }
      @media (max-width: 340px) {
        main {
          padding: 10px 8px;
        }
      }
    `,
  ];
  static override readonly properties = {
    waiting: { state: true },
    announcement: { state: true },
  };
  declare protected waiting: readonly WaitingApproval[];
  declare protected announcement: string;

  constructor() {
    super();
    this.waiting = [];
    this.announcement = "";
  }

  receive({ waiting }: ApprovalPanelEvent): void {
    const known = new Set(this.waiting.map(({ request }) => request.id));
    const asked = waiting.find(({ request }) => !known.has(request.id));
    this.waiting = waiting;
    if (asked) this.announcement = t("The agent asks: {0}", titleOf(asked.request));
  }

  protected override render(): TemplateResult {
    const { length } = this.waiting;
    return html`<main>
        <h1>${length === 1 ? t("An agent asks you") : t("{0} questions of agents", length)}</h1>
        ${repeat(
          this.waiting,
          ({ request }) => request.id,
          ({ request, from }) =>
            html`<section>
              <p class="from">${from}</p>
              <aksara-approval-card .request=${request}></aksara-approval-card>
            </section>`,
        )}
        ${length === 0 ? html`<p class="quiet">${t("Nothing waits for your answer.")}</p>` : null}
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>`;
  }
}

customElements.define("aksara-waiting-approvals", WaitingApprovalsElement);

import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatItemOf } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { stepWords } from "./plan-words.ts";
import "./plan-steps.ts";

/** An approved plan with how far it has come. One that failed can be gone on with at the step that did. */
export class PlanCardElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        margin: 4px 0;
        padding: 8px 12px 10px;
        border: 1px solid var(--ak-line);
        border-radius: 6px;
        background: var(--ak-surface);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 10px;
      }
      h3 {
        display: flex;
        flex: 1 1 12em;
        gap: 6px;
        min-width: 0;
        font-size: 1em;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .state {
        font-size: 12px;
        color: var(--ak-quiet);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
  static override readonly properties = { item: { attribute: false }, last: { type: Boolean } };
  declare item: ChatItemOf<"plan">;
  /** The last thing that was carried out, and nothing goes on: it can be gone on with. */
  declare last: boolean;

  constructor() {
    super();
    this.last = false;
  }

  protected override render(): TemplateResult {
    const { goal, steps, state } = this.item;
    const step = steps.find((each) => each.state === "failed");
    return html`<article aria-labelledby="goal">
      <div class="head">
        <h3 id="goal">${icon("checklist")}<span>${goal}</span></h3>
        <span class="state">${stateWords(this.item)}</span>
      </div>
      <aksara-plan-steps
        .steps=${steps.map((each) => ({ ...each, ...stepWords(each.action) }))}
      ></aksara-plan-steps>
      ${
        state === "failed" && step && this.last
          ? html`<div>
              <vscode-button appearance="secondary" @click=${() => this.#goOn(step.number)}
                >${t("Go on at step {0}", step.number)}</vscode-button
              >
            </div>`
          : null
      }
    </article>`;
  }

  #goOn(step: number): void {
    this.dispatchEvent(new PostEvent({ type: "go-on-with-plan", plan: this.item.plan, step }));
  }
}

function stateWords({ state, steps }: ChatItemOf<"plan">): string {
  const done = steps.filter((step) => step.state === "done").length;
  const count = t("{0} of {1} steps done", done, steps.length);
  switch (state) {
    case "executing":
    case "completed":
      return count;
    case "failed":
      return `${t("Failed")} · ${count}`;
    case "stopped":
      return `${t("Stopped")} · ${count}`;
  }
}

customElements.define("aksara-plan-card", PlanCardElement);

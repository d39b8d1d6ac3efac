import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatStepState } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import type { PlanStep } from "./plan-words.ts";
import "../ui/progress.ts";

/** The steps of a plan, in order: as they were proposed, or with what became of each. */
export class PlanStepsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      ol {
        display: grid;
        gap: 6px;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 8px;
        overflow-wrap: anywhere;
      }
      .mark {
        display: flex;
        align-items: flex-start;
        justify-content: flex-end;
        min-width: 16px;
        padding-top: 2px;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
        color: var(--ak-quiet);
      }
      .mark .icon {
        font-size: 14px;
      }
      .step {
        font-weight: 600;
      }
      li.skipped .step {
        font-weight: 400;
        color: var(--ak-quiet);
      }
      .details {
        color: var(--ak-quiet);
        white-space: pre-line;
      }
      .output {
        font-size: 12px;
        color: var(--ak-quiet);
      }
      li.failed .output {
        color: inherit;
      }
      aksara-progress {
        width: 14px;
        height: 14px;
      }
    `,
  ];
  static override readonly properties = { steps: { attribute: false } };
  declare steps: readonly PlanStep[];

  constructor() {
    super();
    this.steps = [];
  }

  protected override render(): TemplateResult {
    return html`<ol>
      ${this.steps.map(
        ({ title, details, state, output }, index) =>
          html`<li class=${state ?? ""} aria-current=${state === "running" ? "step" : "false"}>
            <span class="mark">${state === null || state === "pending" ? `${index + 1}.` : renderMark(state)}</span>
            <div>
              <span class="step">${title}</span>
              ${state === null ? null : html`<span class="visually-hidden">${stateWords(state)}</span>`}
              ${details === "" ? null : html`<p class="details">${details}</p>`}
              ${output === "" ? null : html`<p class="output">${output}</p>`}
            </div>
          </li>`,
      )}
    </ol>`;
  }
}

function renderMark(state: Exclude<ChatStepState, "pending">): TemplateResult {
  switch (state) {
    case "running":
      return html`<aksara-progress></aksara-progress>`;
    case "done":
      return html`${icon("pass", "low")}`;
    case "failed":
      return html`${icon("error", "error")}`;
    case "skipped":
      return html`${icon("circle-slash")}`;
  }
}

function stateWords(state: ChatStepState): string {
  switch (state) {
    case "pending":
      return t("to be done");
    case "running":
      return t("Running");
    case "done":
      return t("done");
    case "failed":
      return t("Failed");
    case "skipped":
      return t("skipped");
  }
}

customElements.define("aksara-plan-steps", PlanStepsElement);

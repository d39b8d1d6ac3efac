import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles } from "../ui/styles/base.css.ts";
import { planSteps } from "./tool-words.ts";

/** The steps of a plan, in order, as the agent proposed them. */
export class PlanStepsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      ol {
        display: grid;
        gap: 6px;
        padding-inline-start: 22px;
        list-style: decimal;
      }
      li {
        overflow-wrap: anywhere;
      }
      .step {
        font-weight: 600;
      }
      .details {
        color: var(--ak-quiet);
        white-space: pre-line;
      }
    `,
  ];
  static override readonly properties = { plan: { attribute: false } };
  /** The arguments of the call that proposed it. */
  declare plan: unknown;

  protected override render(): TemplateResult {
    return html`<ol>
      ${planSteps(this.plan).map(
        ({ title, details }) =>
          html`<li><span class="step">${title}</span>${details === "" ? null : html`<p class="details">${details}</p>`}</li>`,
      )}
    </ol>`;
  }
}

customElements.define("aksara-plan-steps", PlanStepsElement);

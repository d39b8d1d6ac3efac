import { css, html, LitElement, type TemplateResult } from "lit";
import type { Risk } from "../../src/protocol/action.ts";
import { icon } from "./icon.ts";
import type { IconName } from "./icon-glyphs.ts";
import { t } from "./l10n.ts";
import { baseStyles } from "./styles/base.css.ts";
import { pillStyles } from "./styles/pill.css.ts";

const icons: Readonly<Record<Risk, IconName>> = { low: "pass", medium: "warning", high: "flame" };

/** How much an action may change for the worse: shape and words say it, colour only repeats it. */
export class RiskBadgeElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    pillStyles,
    css`
      :host {
        display: inline-flex;
      }
    `,
  ];
  static override readonly properties = { risk: {} };
  declare risk: Risk;

  constructor() {
    super();
    this.risk = "low";
  }

  protected override render(): TemplateResult {
    return html`<span class="pill">${icon(icons[this.risk], this.risk)}${riskLabel(this.risk)}</span>`;
  }
}

function riskLabel(risk: Risk): string {
  switch (risk) {
    case "low":
      return t("Low risk");
    case "medium":
      return t("Medium risk");
    case "high":
      return t("High risk");
  }
}

customElements.define("aksara-risk-badge", RiskBadgeElement);

import { css, html, LitElement, type TemplateResult } from "lit";
import type { Verdict } from "../../src/protocol/execution.ts";
import { icon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { pillStyles } from "../ui/styles/pill.css.ts";

const icons: Readonly<Record<Verdict, readonly [IconName, string]>> = {
  verified: ["verified", "low"],
  refuted: ["x", "high"],
  unverified: ["unverified", ""],
};

/** What an engine found when it tried a suggestion; shape and words say it, colour only repeats it. */
export class VerdictBadgeElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    pillStyles,
    css`
      :host {
        display: inline-flex;
      }
    `,
  ];
  static override readonly properties = { verdict: {} };
  declare verdict: Verdict;

  constructor() {
    super();
    this.verdict = "unverified";
  }

  protected override render(): TemplateResult {
    const [glyph, tone] = icons[this.verdict];
    return html`<span class="pill">${icon(glyph, tone)}${verdictLabel(this.verdict)}</span>`;
  }
}

function verdictLabel(verdict: Verdict): string {
  switch (verdict) {
    case "verified":
      return t("Verified");
    case "refuted":
      return t("Refuted");
    case "unverified":
      return t("Not verified");
  }
}

customElements.define("aksara-verdict-badge", VerdictBadgeElement);

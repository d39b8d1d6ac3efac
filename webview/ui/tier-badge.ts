import { css, html, LitElement, type TemplateResult } from "lit";
import type { Tier } from "../../src/protocol/finding.ts";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { icon } from "./icon.ts";
import { t } from "./l10n.ts";
import { baseStyles } from "./styles/base.css.ts";
import { pillStyles } from "./styles/pill.css.ts";

/** How well the facts are founded. A press, or a rest of the pointer, explains the tier; Escape closes it again. */
export class TierBadgeElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    pillStyles,
    css`
      :host {
        display: inline-flex;
      }
      .explanation {
        width: max-content;
        min-width: min(200px, 100%);
        max-width: min(340px, 100%);
        padding: 8px 10px;
        border: 1px solid
          var(--vscode-contrastBorder, var(--vscode-editorHoverWidget-border, var(--vscode-widget-border, transparent)));
        border-radius: 4px;
        background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
        color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
        line-height: 1.45;
      }
      /* Below the badge; where a browser cannot anchor, in the middle of the page. */
      @supports (position-area: bottom) {
        .explanation {
          inset: auto;
          margin: 4px 0;
          position-area: bottom span-right;
          position-try-fallbacks:
            flip-inline,
            flip-block,
            flip-block flip-inline;
        }
      }
    `,
  ];
  static override readonly properties = { tier: {}, kind: {} };
  declare tier: Tier;
  /** What the facts are about: those of a migration have locks in place of plans. */
  declare kind: PromptPack["kind"];

  constructor() {
    super();
    this.tier = "T0";
    this.kind = "query";
  }

  protected override render(): TemplateResult {
    return html`<button
        type="button"
        class="pill"
        popovertarget="explanation"
        aria-describedby="explanation"
        title=${this.#explanation}
      >
        ${icon("question")}${this.#areLocks ? t("T1 locks measured") : tierLabel(this.tier)}
      </button>
      <div id="explanation" class="explanation" popover>${this.#explanation}</div>`;
  }

  get #areLocks(): boolean {
    return this.kind === "migration" && this.tier === "T1";
  }

  get #explanation(): string {
    return this.#areLocks
      ? t(
          "Locks were measured on an embedded PostgreSQL, in tables of a few rows. How large yours are is not known.",
        )
      : tierExplanation(this.tier);
  }
}

function tierLabel(tier: Tier): string {
  switch (tier) {
    case "T0":
      return t("T0 static");
    case "T1":
      return t("T1 row-count guess");
    case "T2":
      return t("T2 estimated statistics");
    case "T3":
      return t("T3 your statistics");
    case "T4":
      return t("T4 live plan");
  }
}

function tierExplanation(tier: Tier): string {
  switch (tier) {
    case "T0":
      return t(
        "Every fact was read from the source code. No database was asked, so sizes and costs are unknown.",
      );
    case "T1":
      return t(
        "Plans come from an empty database with guessed row counts. Shapes are right, costs are rough.",
      );
    case "T2":
      return t("Plans come from a planner with statistics derived from your schema. Costs are estimates.");
    case "T3":
      return t(
        "Plans come from a planner with the statistics that you provided. Costs are close to production.",
      );
    case "T4":
      return t("Plans come from EXPLAIN on the connected database.");
  }
}

customElements.define("aksara-tier-badge", TierBadgeElement);

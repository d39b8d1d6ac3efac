import { css, html, LitElement, type TemplateResult } from "lit";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import "../ui/copy-button.ts";
import "../ui/json-view.ts";

/** The whole document, the same that the command line prints. */
export class JsonTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 6px 16px;
        margin-bottom: 8px;
      }
    `,
  ];
  static override readonly properties = { pack: { attribute: false } };
  declare pack: PromptPack;

  protected override render(): TemplateResult {
    return html`<div class="bar">
        <p class="quiet">${t("The same document that the command line prints.")}</p>
        <aksara-copy-button
          appearance="secondary"
          label=${t("Copy JSON")}
          .message=${{ type: "copy", what: "json" }}
        ></aksara-copy-button>
      </div>
      <aksara-json-view .value=${this.pack}></aksara-json-view>`;
  }
}

customElements.define("aksara-json-tab", JsonTabElement);

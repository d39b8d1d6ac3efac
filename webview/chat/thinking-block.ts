import { css, html, LitElement, type TemplateResult } from "lit";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";

/** What the model thought before it spoke, folded away; it opens by itself for nobody. */
export class ThinkingBlockElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    foldStyles,
    css`
      summary {
        padding: 2px;
      }
      p {
        margin-inline-start: 9px;
        padding-inline-start: 12px;
        border-inline-start: 1px solid var(--ak-line);
        color: var(--ak-quiet);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { text: {}, going: { type: Boolean } };
  declare text: string;
  declare going: boolean;

  constructor() {
    super();
    this.text = "";
    this.going = false;
  }

  protected override render(): TemplateResult {
    return html`<details>
      <summary>${this.going ? t("Thinking …") : t("Thought")}</summary>
      <p>${this.text}</p>
    </details>`;
  }
}

customElements.define("aksara-thinking-block", ThinkingBlockElement);

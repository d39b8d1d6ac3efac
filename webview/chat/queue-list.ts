import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** Messages that wait until the agent has answered. */
export class QueueListElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      ul {
        display: grid;
        justify-items: end;
        gap: 4px;
        margin-top: 8px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
        max-width: 100%;
        padding: 4px 4px 4px 10px;
        border: 1px dashed var(--vscode-contrastBorder, var(--vscode-widget-border, var(--ak-line)));
        border-radius: 8px;
        color: var(--ak-quiet);
      }
      li span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        display: flex;
        flex: none;
        padding: 3px;
        border: none;
        border-radius: 4px;
        background: none;
        color: inherit;
        cursor: pointer;
      }
      button:hover {
        background: var(--vscode-toolbar-hoverBackground, transparent);
      }
      button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      .icon {
        font-size: 14px;
      }
    `,
  ];
  static override readonly properties = { texts: { attribute: false } };
  declare texts: readonly string[];

  constructor() {
    super();
    this.texts = [];
  }

  protected override render(): TemplateResult | null {
    if (this.texts.length === 0) return null;
    return html`<ul aria-label=${t("Sent once the agent has answered")}>
      ${this.texts.map(
        (text, index) =>
          html`<li title=${t("Sent once the agent has answered")}>
            <span>${text}</span>
            <button
              type="button"
              title=${t("Do not send")}
              aria-label=${t("Do not send")}
              @click=${() => this.dispatchEvent(new PostEvent({ type: "unqueue", index }))}
            >${icon("close")}</button>
          </li>`,
      )}
    </ul>`;
  }
}

customElements.define("aksara-queue-list", QueueListElement);

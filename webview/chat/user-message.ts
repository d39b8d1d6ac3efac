import { css, html, LitElement, type TemplateResult } from "lit";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** What a person said, as it was typed. */
export class UserMessageElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .bubble {
        width: fit-content;
        max-width: 100%;
        margin-inline-start: auto;
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
        border-radius: 8px;
        background: var(--vscode-chat-requestBubbleBackground, var(--vscode-list-hoverBackground, transparent));
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { text: {} };
  declare text: string;

  constructor() {
    super();
    this.text = "";
  }

  protected override render(): TemplateResult {
    return html`<div class="bubble"><span class="visually-hidden">${t("You")}: </span>${this.text}</div>`;
  }
}

customElements.define("aksara-user-message", UserMessageElement);

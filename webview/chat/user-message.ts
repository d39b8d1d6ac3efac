import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** Asks to write a message anew: what comes after it is left behind. */
export class EditEvent extends Event {
  static readonly type = "aksara-edit";
  readonly run: string;
  readonly text: string;

  constructor(run: string, text: string) {
    super(EditEvent.type, { bubbles: true, composed: true });
    this.run = run;
    this.text = text;
  }
}

/** What a person said, as it was typed, with what it is about. */
export class UserMessageElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .message {
        display: flex;
        align-items: flex-start;
        justify-content: flex-end;
        gap: 2px;
      }
      .bubble {
        min-width: 0;
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
        border-radius: 8px;
        background: var(--vscode-chat-requestBubbleBackground, var(--vscode-list-hoverBackground, transparent));
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .about {
        display: block;
        margin-top: 4px;
        font-size: 11px;
        color: var(--ak-quiet);
      }
      details {
        margin-top: 4px;
        font-size: 11px;
        color: var(--ak-quiet);
      }
      summary {
        cursor: pointer;
      }
      summary:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      details pre {
        max-height: 300px;
        margin-top: 4px;
        overflow: hidden auto;
      }
      .edit {
        display: flex;
        flex: none;
        margin: 4px 0 0;
        padding: 4px;
        border: none;
        border-radius: 5px;
        background: none;
        color: var(--ak-quiet);
        opacity: 0;
        cursor: pointer;
      }
      .message:hover .edit,
      .edit:focus-visible {
        opacity: 1;
      }
      .edit:hover {
        color: var(--vscode-foreground);
        background: var(--vscode-toolbar-hoverBackground, transparent);
      }
      .edit:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      @media (hover: none), (forced-colors: active) {
        .edit {
          opacity: 1;
        }
      }
    `,
  ];
  static override readonly properties = {
    text: {},
    attached: { attribute: false },
    prompt: { attribute: false },
    run: {},
  };
  declare text: string;
  declare attached: readonly string[];
  /** What a command of the chat added for the model; null where none did. */
  declare prompt: string | null;
  /** The turn that it began; "" while it can not be written anew. */
  declare run: string;

  constructor() {
    super();
    this.text = "";
    this.attached = [];
    this.prompt = null;
    this.run = "";
  }

  protected override render(): TemplateResult {
    return html`<div class="message">
      ${
        this.run === ""
          ? null
          : html`<button
              type="button"
              class="edit"
              title=${t("Edit and send again")}
              aria-label=${t("Edit and send again")}
              @click=${() => this.dispatchEvent(new EditEvent(this.run, this.text))}
            >${icon("edit")}</button>`
      }
      <div class="bubble"><span class="visually-hidden">${t("You")}: </span>${this.text}${this.attached.map(
        (line) => html`<span class="about">${line}</span>`,
      )}${
        this.prompt === null
          ? null
          : html`<details><summary>${t("What the model is asked")}</summary><pre tabindex="0">${this.prompt}</pre></details>`
      }</div>
    </div>`;
  }
}

customElements.define("aksara-user-message", UserMessageElement);

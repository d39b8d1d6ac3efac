import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatItemOf } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { rowStyles } from "./row.css.ts";
import { noteOf, renderState } from "./tool-card.ts";
import { toolWords } from "./tool-words.ts";

/** Says that the work of an agent is to be folded, or unfolded. */
export class FoldEvent extends Event {
  static readonly type = "fold";
  readonly id: string;
  readonly open: boolean;

  constructor(id: string, open: boolean) {
    super(FoldEvent.type, { bubbles: true, composed: true });
    this.id = id;
    this.open = open;
  }
}

/** A task that was handed to another agent, as one line above what that agent does. */
export class HandOffElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    rowStyles,
    css`
      .agent {
        font-weight: 600;
        color: var(--vscode-foreground);
      }
      .note {
        flex: none;
        font-size: 11px;
      }
      aksara-progress {
        width: 14px;
        height: 14px;
      }
    `,
  ];
  static override readonly properties = { item: { attribute: false }, open: { type: Boolean } };
  declare item: ChatItemOf<"call">;
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override render(): TemplateResult {
    const { icon: name, verb, object } = toolWords(this.item);
    const note = noteOf(this.item);
    return html`<button
      type="button"
      class="row"
      aria-expanded=${this.open}
      title=${`${verb} ${object}`.trim()}
      @click=${() => this.dispatchEvent(new FoldEvent(this.item.id, !this.open))}
    >
      ${renderState(this.item, name)}
      <span class="words"><span class="agent">${verb}</span>${object === "" ? null : html` ${object}`}</span>
      <span class="visually-hidden">${this.open ? t("Hide its work") : t("Show its work")}</span>
      ${note === null ? null : html`<span class="note">${note}</span>`}
      ${icon("chevron-right", "turn")}
    </button>`;
  }
}

customElements.define("aksara-hand-off", HandOffElement);

import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ChatItemOf } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { rowStyles } from "./row.css.ts";
import { toolWords } from "./tool-words.ts";
import "./tool-card.ts";

type Calls = readonly ChatItemOf<"call">[];

function differ(now: Calls, before: Calls | undefined): boolean {
  return before?.length !== now.length || now.some((item, index) => item !== before[index]);
}

/** Several things that were looked at one after the other, as one line. */
export class ToolGroupElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    rowStyles,
    css`
      .members {
        margin: 0 0 4px 9px;
        padding-inline-start: 8px;
        border-inline-start: 1px solid var(--ak-line);
      }
    `,
  ];
  static override readonly properties = {
    // A list is made anew whenever anything changes; mostly it holds the same.
    items: { attribute: false, hasChanged: differ },
    open: { state: true },
  };
  declare items: readonly ChatItemOf<"call">[];
  declare protected open: boolean;

  constructor() {
    super();
    this.items = [];
    this.open = false;
  }

  protected override render(): TemplateResult {
    const objects = [
      ...new Set(this.items.map((item) => toolWords(item).object).filter((each) => each !== "")),
    ];
    const words = t("Looked at {0} things", this.items.length);
    return html`<button type="button" class="row" aria-expanded=${this.open} title=${words} @click=${this.#toggle}>
        ${icon("eye")}
        <span class="words">${words} <span class="object">${objects.join(", ")}</span></span>
        ${icon("chevron-right", "turn")}
      </button>
      ${
        this.open
          ? html`<div class="members">
              ${repeat(
                this.items,
                ({ id }) => id,
                (item) => html`<aksara-tool-card .item=${item}></aksara-tool-card>`,
              )}
            </div>`
          : null
      }`;
  }

  #toggle(): void {
    this.open = !this.open;
  }
}

customElements.define("aksara-tool-group", ToolGroupElement);

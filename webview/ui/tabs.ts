import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { baseStyles } from "./styles/base.css.ts";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** A count beside the label; null for none. */
  readonly count: number | null;
}

/** Says which tab a person selected. */
export class TabSelectEvent extends Event {
  static readonly type = "tab-select";
  readonly id: string;

  constructor(id: string) {
    super(TabSelectEvent.type);
    this.id = id;
  }
}

/**
 * The toolkit's tabs with an editor's look. The content of tab `x` is slotted by `slot="x"`. Arrow keys, Home and End
 * move; selecting from outside by `active` moves no focus.
 */
export class TabsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      vscode-panels {
        /* Else the tabs, not the page, are what the sticky strip sticks to. */
        overflow: visible;
        color: inherit;
        grid-template-columns: minmax(0, 1fr);
      }
      vscode-panels::part(tablist) {
        grid-area: 1 / 1;
        position: sticky;
        z-index: 1;
        inset-block-start: 0;
        width: auto;
        grid-auto-columns: max-content;
        justify-content: start;
        column-gap: 20px;
        padding: 0 var(--page-gutter, 16px);
        overflow-x: auto;
        scrollbar-width: none;
        background: var(--vscode-editor-background);
        border-bottom: 1px solid var(--ak-line);
      }
      vscode-panels::part(tabpanel) {
        grid-area: 2 / 1;
        min-width: 0;
      }
      vscode-panel-tab {
        height: 32px;
        padding: 0 2px;
        border: none;
        border-block: 2px solid transparent;
        white-space: nowrap;
        color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-foreground));
      }
      vscode-panel-tab:hover,
      vscode-panel-tab[aria-selected="true"] {
        color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
      }
      vscode-panel-tab[aria-selected="true"] {
        border-block-end-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
      }
      vscode-panel-tab:focus-visible {
        border: none;
        border-block: 2px solid transparent;
        border-block-end-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -2px;
      }
      .count {
        margin-inline-start: 6px;
        min-width: 18px;
        padding: 0 5px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 9px;
        background: var(--vscode-badge-background);
        color: var(--vscode-badge-foreground);
        font-size: 11px;
        line-height: 16px;
        text-align: center;
      }
      vscode-panel-view {
        display: block;
        padding: 14px var(--page-gutter, 16px) 24px;
        border: none;
        font-size: inherit;
        line-height: inherit;
      }
      vscode-panel-view[hidden] {
        display: none;
      }
      @media (max-width: 420px) {
        vscode-panels::part(tablist) {
          column-gap: 14px;
        }
      }
      @media (max-width: 359px) {
        vscode-panels::part(tablist) {
          column-gap: 6px;
        }
        .count {
          min-width: 0;
          margin-inline-start: 4px;
          padding: 0;
          border: none;
          background: none;
          color: inherit;
        }
      }
      @media (forced-colors: active) {
        vscode-panel-tab {
          border-block-color: Canvas;
        }
        vscode-panel-tab[aria-selected="true"] {
          border-block-end-color: Highlight;
        }
      }
    `,
  ];
  static override readonly properties = { tabs: { attribute: false }, active: {}, label: {} };
  declare tabs: readonly Tab[];
  declare active: string;
  /** Name of the group for assistive technology. */
  declare label: string;

  constructor() {
    super();
    this.tabs = [];
    this.active = "";
    this.label = "";
  }

  protected override render(): TemplateResult {
    return html`<vscode-panels
      activeid=${`tab-${this.active}`}
      aria-label=${this.label}
      .activeindicator=${false}
      @change=${this.#change}
    >
      ${repeat(
        this.tabs,
        ({ id }) => id,
        (tab) =>
          html`<vscode-panel-tab id=${`tab-${tab.id}`}>${tab.label}${
            tab.count === null ? null : html`<span class="count">${tab.count}</span>`
          }</vscode-panel-tab>`,
      )}
      ${repeat(
        this.tabs,
        ({ id }) => id,
        (tab) =>
          html`<vscode-panel-view id=${`view-${tab.id}`}><slot name=${tab.id}></slot></vscode-panel-view>`,
      )}
    </vscode-panels>`;
  }

  /** The toolkit names a tab once, by what it first said. */
  protected override updated(): void {
    for (const tab of this.renderRoot.querySelectorAll("vscode-panel-tab")) {
      const name = tab.textContent?.trim() ?? "";
      if (tab.getAttribute("aria-label") !== name) tab.setAttribute("aria-label", name);
    }
    // The toolkit hears of a new tab after this. One that is new and active at once it does not know yet, and then it
    // makes its first tab the active one.
    queueMicrotask(() => this.#insist());
  }

  #insist(): void {
    const panels = this.renderRoot.querySelector<HTMLElement & { activeid: string }>("vscode-panels");
    const wanted = `tab-${this.active}`;
    if (panels !== null && panels.activeid !== wanted) panels.activeid = wanted;
  }

  #change(event: Event): void {
    const panels = event.currentTarget as HTMLElement & { activeid: string };
    const id = panels.activeid.replace(/^tab-/, "");
    if (id !== this.active) this.dispatchEvent(new TabSelectEvent(id));
  }
}

customElements.define("aksara-tabs", TabsElement);

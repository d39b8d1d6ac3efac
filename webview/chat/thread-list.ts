import { css, html, LitElement, type TemplateResult } from "lit";
import type { ThreadSummary } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { dateWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { fieldStyles } from "./field.css.ts";

/** The conversations of the workspace, the newest first, with a search in their titles. */
export class ThreadListElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-height: 0;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 6px;
        padding: 8px var(--chat-gutter, 14px);
      }
      .head input {
        flex: 1;
        min-width: 0;
      }
      ul {
        overflow: hidden auto;
        padding: 0 calc(var(--chat-gutter, 14px) - 6px) 10px;
      }
      .thread {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 8px;
        width: 100%;
        margin: 0;
        padding: 5px 6px;
        border: none;
        border-radius: 4px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      .thread:hover {
        background: var(--vscode-list-hoverBackground, transparent);
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .thread[aria-current="true"] {
        background: var(--vscode-list-inactiveSelectionBackground, var(--vscode-list-hoverBackground, transparent));
        outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .thread:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      li {
        position: relative;
      }
      .export {
        position: absolute;
        inset-block-end: 2px;
        inset-inline-end: 4px;
        opacity: 0;
      }
      li:hover .export,
      .export:focus-within {
        opacity: 1;
      }
      @media (hover: none), (forced-colors: active) {
        .export {
          opacity: 1;
        }
      }
      .title {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .facts {
        grid-column: 1 / -1;
        font-size: 11px;
        color: var(--ak-quiet);
      }
      .thread[aria-current="true"] .facts {
        color: inherit;
      }
      .none {
        padding: 20px var(--chat-gutter, 14px);
        text-align: center;
      }
    `,
  ];
  static override readonly properties = {
    threads: { attribute: false },
    current: {},
    wanted: { state: true },
  };
  /** Null while they have not come. */
  declare threads: readonly ThreadSummary[] | null;
  /** The one that is shown; null for a new one. */
  declare current: string | null;
  declare protected wanted: string;

  constructor() {
    super();
    this.threads = null;
    this.current = null;
    this.wanted = "";
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <input type="search" aria-label=${t("Search chats")} placeholder=${t("Search chats")} @input=${this.#search} @keydown=${this.#pressed} />
        <vscode-button appearance="icon" title=${t("Close")} aria-label=${t("Close")} @click=${this.#close}>${icon("close")}</vscode-button>
      </div>
      ${this.#renderList()}`;
  }

  #renderList(): TemplateResult | null {
    if (this.threads === null) return null;
    const wanted = this.wanted.toLocaleLowerCase();
    const found = this.threads.filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
    if (found.length === 0)
      return html`<p class="none quiet">${this.threads.length === 0 ? t("No chats yet.") : t("No chat has this in its title.")}</p>`;
    return html`<ul aria-label=${t("Chats")} @keydown=${this.#pressed}>
      ${found.map(
        (thread) =>
          html`<li>
            <button
              type="button"
              class="thread"
              aria-current=${thread.id === this.current}
              @click=${() => this.#pick(thread.id)}
            >
              <span class="title">${thread.title}</span>
              ${stateIcon(thread.state)}
              <span class="facts">${dateWords(Date.parse(thread.at))} · ${t("Turns: {0}", thread.turns)}${stateWords(thread.state)}</span>
            </button>
            <vscode-button
              class="export"
              appearance="icon"
              title=${t("Export")}
              aria-label=${t("Export {0}", thread.title)}
              @click=${() => this.dispatchEvent(new PostEvent({ type: "export-thread", id: thread.id }))}
              >${icon("export")}</vscode-button
            >
          </li>`,
      )}
    </ul>`;
  }

  #search(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.wanted = event.target.value;
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    this.#close();
  }

  #pick(id: string): void {
    this.dispatchEvent(new PostEvent({ type: "open-thread", id }));
    this.#close();
  }

  #close(): void {
    this.dispatchEvent(new Event("close"));
  }
}

function stateIcon(state: ThreadSummary["state"]): TemplateResult | null {
  switch (state) {
    case "asking":
      return icon("question", "info");
    case "working":
      return icon("play");
    case "open":
      return icon("circle-slash");
    case "done":
      return null;
  }
}

function stateWords(state: ThreadSummary["state"]): string {
  switch (state) {
    case "asking":
      return ` · ${t("waits for you")}`;
    case "working":
      return ` · ${t("working")}`;
    case "open":
      return ` · ${t("left in the middle")}`;
    case "done":
      return "";
  }
}

customElements.define("aksara-thread-list", ThreadListElement);

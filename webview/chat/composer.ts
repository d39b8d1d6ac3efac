import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import {
  CHAT_MODES,
  type ChatAccess,
  type ChatAttachment,
  type ChatMode,
  type ChatUsage,
} from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber, shortNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { formatDollars } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** Carries what is typed and not sent. */
export class DraftEvent extends Event {
  static readonly type = "aksara-draft";
  readonly draft: string;

  constructor(draft: string) {
    super(DraftEvent.type, { bubbles: true, composed: true });
    this.draft = draft;
  }
}

/** Carries a message to be sent. */
export class SendEvent extends Event {
  static readonly type = "aksara-send";
  readonly text: string;

  constructor(text: string) {
    super(SendEvent.type, { bubbles: true, composed: true });
    this.text = text;
  }
}

/** Where a person writes: the text, the mode, the model, and sending or stopping. Enter sends, Shift+Enter breaks the line. */
export class ComposerElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .box {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-widget-border, transparent)));
        border-radius: 8px;
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
      }
      .box:focus-within {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      textarea {
        field-sizing: content;
        display: block;
        width: 100%;
        min-height: 36px;
        max-height: 40vh;
        margin: 0;
        padding: 8px 10px 4px;
        border: none;
        outline: none;
        background: none;
        color: inherit;
        font: inherit;
        line-height: 1.45;
        resize: none;
      }
      textarea::placeholder {
        color: var(--vscode-input-placeholderForeground);
        opacity: 1;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding: 6px 6px 0;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        max-width: 100%;
        padding: 0 0 0 6px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--ak-line)));
        border-radius: 4px;
        font-size: 11px;
        line-height: 18px;
      }
      .chip span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .chip button {
        display: flex;
        flex: none;
        padding: 3px;
        border: none;
        border-radius: 3px;
        background: none;
        color: inherit;
        cursor: pointer;
      }
      .chip .icon {
        font-size: 12px;
      }
      .chip button:hover {
        background: var(--vscode-toolbar-hoverBackground, transparent);
      }
      .chip button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .meter {
        flex: none;
        padding-inline-end: 4px;
        font-size: 11px;
        color: var(--ak-quiet);
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 339px) {
        .meter {
          display: none;
        }
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 2px;
        padding: 2px 4px 4px;
      }
      .pick {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        position: relative;
        min-width: 0;
        height: 24px;
        margin: 0;
        padding: 0 6px;
        border: none;
        border-radius: 4px;
        background: none;
        color: var(--ak-quiet);
        font: inherit;
        font-size: 12px;
        cursor: pointer;
      }
      .pick:hover {
        color: var(--vscode-foreground);
        background: var(--vscode-toolbar-hoverBackground, transparent);
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .pick:focus-visible,
      .pick:focus-within {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .pick .icon {
        font-size: 14px;
      }
      .pick .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .mode {
        flex: none;
      }
      .mode select {
        position: absolute;
        inset: 0;
        width: 100%;
        opacity: 0;
        font: inherit;
        color: var(--vscode-dropdown-foreground);
        background: var(--vscode-dropdown-background);
        cursor: pointer;
      }
      .model {
        flex: 0 1 auto;
      }
      .gap {
        flex: 1;
      }
      .send {
        display: flex;
        flex: none;
        padding: 4px;
        margin: 0;
        border: 1px solid var(--vscode-button-border, transparent);
        border-radius: 5px;
        background: var(--vscode-button-background);
        color: var(--vscode-button-foreground);
        cursor: pointer;
      }
      .send:hover {
        background: var(--vscode-button-hoverBackground);
      }
      .send:disabled {
        background: none;
        border-color: transparent;
        color: var(--ak-quiet);
        opacity: 0.6;
        cursor: default;
      }
      .send:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
    `,
  ];
  static override readonly properties = {
    draft: {},
    access: { attribute: false },
    busy: { type: Boolean },
    stopping: { type: Boolean },
    attachments: { attribute: false },
    usage: { attribute: false },
    editing: { type: Boolean },
  };
  declare draft: string;
  declare access: ChatAccess;
  /** The agent works. */
  declare busy: boolean;
  declare stopping: boolean;
  /** What the message is about. */
  declare attachments: readonly ChatAttachment[];
  /** What the thread has used; null before a model was asked. */
  declare usage: ChatUsage | null;
  /** An earlier message is written anew. */
  declare editing: boolean;

  constructor() {
    super();
    this.attachments = [];
    this.usage = null;
    this.editing = false;
    this.draft = "";
    this.busy = false;
    this.stopping = false;
  }

  override focus(): void {
    this.#text?.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const text = this.#text;
    if (changed.has("draft") && text && text.value !== this.draft) text.value = this.draft;
  }

  protected override render(): TemplateResult {
    const { mode } = this.access;
    return html`<div class="box">
      ${this.#renderChips()}
      <textarea
        rows="1"
        aria-label=${t("Message to the agent")}
        aria-describedby="keys"
        placeholder=${placeholderOf(mode)}
        @input=${this.#typed}
        @keydown=${this.#pressed}
      ></textarea>
      <div class="bar">
        <slot></slot>
        <label class="pick mode" title=${modeHint(mode)}>
          ${icon(modeIcon(mode))}<span class="name" aria-hidden="true">${modeWords(mode)}</span>
          <select aria-label=${t("Mode")} @change=${this.#chooseMode}>
            ${CHAT_MODES.map(
              (each) =>
                html`<option value=${each} ?selected=${each === mode} title=${modeHint(each)}>${modeWords(each)}</option>`,
            )}
          </select>
        </label>
        ${this.#renderModel()}
        <span class="gap"></span>
        ${this.usage === null ? null : renderMeter(this.usage)}
        ${this.busy ? this.#renderStop() : null}
        ${this.busy && this.draft.trim() === "" ? null : this.#renderSend()}
      </div>
      <span class="visually-hidden" id="keys">${t("Enter sends, Shift+Enter starts a new line.")}</span>
    </div>`;
  }

  #renderChips(): TemplateResult | null {
    if (this.attachments.length === 0) return null;
    return html`<div class="chips" role="list" aria-label=${t("What the message is about")}>
      ${this.attachments.map(
        ({ label, line, kind }, index) =>
          html`<span class="chip" role="listitem" title=${line}>
            ${icon(kindIcon(kind))}<span>${label}</span>
            <button
              type="button"
              title=${t("Remove {0}", label)}
              aria-label=${t("Remove {0}", label)}
              @click=${() => this.#post({ type: "detach", index })}
            >${icon("close")}</button>
          </span>`,
      )}
    </div>`;
  }

  #renderModel(): TemplateResult | null {
    const { state, provider, model } = this.access;
    if (state !== "ready") return null;
    const name = model ?? provider ?? t("Model");
    const title =
      provider === null ? t("Choose a model") : t("Model: {0} of {1}. Choose another.", name, provider);
    return html`<button type="button" class="pick model" title=${title} aria-label=${title} @click=${() => this.#post({ type: "pick-model" })}>
      <span class="name">${name}</span>
    </button>`;
  }

  #renderSend(): TemplateResult {
    const empty = this.draft.trim() === "";
    const words = this.busy ? t("Send once the agent has answered") : t("Send");
    return html`<button
      type="button"
      class="send"
      title=${words}
      aria-label=${words}
      ?disabled=${empty || this.access.state !== "ready"}
      @click=${this.#send}
    >${icon("arrow-up")}</button>`;
  }

  #renderStop(): TemplateResult {
    const words = this.stopping ? t("Stopping …") : t("Stop");
    return html`<button
      type="button"
      class="send"
      title=${words}
      aria-label=${words}
      ?disabled=${this.stopping}
      @click=${() => this.#post({ type: "stop" })}
    >${icon("debug-stop")}</button>`;
  }

  get #text(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  #typed(event: Event): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.draft = event.target.value;
    this.dispatchEvent(new DraftEvent(this.draft));
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.editing) {
      event.stopPropagation();
      this.dispatchEvent(new Event("leave-edit"));
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.draft.trim();
    if (text === "" || this.access.state !== "ready") return;
    this.dispatchEvent(new SendEvent(text));
  }

  #chooseMode(event: Event): void {
    const chosen = event.target instanceof HTMLSelectElement ? event.target.value : "";
    const mode = CHAT_MODES.find((each) => each === chosen);
    if (mode) this.#post({ type: "set-mode", mode });
  }

  #post(message: unknown): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

/** How much the thread has used, short; the tooltip has the rest. */
function renderMeter(usage: ChatUsage): TemplateResult {
  const { totalTokens, inputTokens, outputTokens, costUsd, context } = usage;
  const lines = [
    t("This chat: {0} tokens read, {1} written", formatNumber(inputTokens), formatNumber(outputTokens)),
    ...(context === null ? [] : [t("The model read {0} tokens last.", formatNumber(context))]),
    costUsd === null ? t("Cost: unknown") : t("Cost: {0}", formatDollars(costUsd)),
  ];
  const words = lines.join("\n");
  return html`<span class="meter" role="img" title=${words} aria-label=${words}>${shortNumber(totalTokens)}</span>`;
}

function kindIcon(kind: ChatAttachment["kind"]): IconName {
  switch (kind) {
    case "model":
      return "table";
    case "route":
      return "globe";
    case "query":
      return "database";
    case "migration":
      return "git-commit";
    case "diagnostic":
      return "issues";
    case "selection":
      return "file";
  }
}

function modeIcon(mode: ChatMode): IconName {
  switch (mode) {
    case "ask":
      return "comment";
    case "supervised":
      return "shield";
    case "autonomous":
      return "rocket";
  }
}

function modeWords(mode: ChatMode): string {
  switch (mode) {
    case "ask":
      return t("Ask");
    case "supervised":
      return t("Supervised");
    case "autonomous":
      return t("Autonomous");
  }
}

function modeHint(mode: ChatMode): string {
  switch (mode) {
    case "ask":
      return t("Ask: reads and answers, changes nothing.");
    case "supervised":
      return t("Supervised: proposes a plan, and asks before each change.");
    case "autonomous":
      return t("Autonomous: changes files by itself, which can be undone; asks for everything else.");
  }
}

function placeholderOf(mode: ChatMode): string {
  return mode === "ask" ? t("Ask about this workspace") : t("What is to be done?");
}

customElements.define("aksara-composer", ComposerElement);

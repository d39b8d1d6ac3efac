import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
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
import { CompletionController, type Completions } from "./completion.ts";
import { completionStyles, renderCompletions } from "./completion-list.ts";
import { composerStyles } from "./composer.css.ts";
import { kindIcon } from "./kind-icon.ts";

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
  static override readonly styles = [baseStyles, composerStyles, completionStyles];
  static override readonly properties = {
    draft: {},
    access: { attribute: false },
    busy: { type: Boolean },
    stopping: { type: Boolean },
    attachments: { attribute: false },
    usage: { attribute: false },
    editing: { type: Boolean },
    completions: { attribute: false },
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
  /** What fits what is being typed, as the host last said. */
  declare completions: Completions;
  readonly #completion = new CompletionController(this);

  constructor() {
    super();
    this.attachments = [];
    this.usage = null;
    this.editing = false;
    this.completions = { ask: 0, options: [] };
    this.draft = "";
    this.busy = false;
    this.stopping = false;
  }

  override focus(): void {
    this.field?.focus();
  }

  /** Where a person types; null before it was rendered. */
  get field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("completions")) this.#completion.receive(this.completions);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const text = this.field;
    if (!changed.has("draft") || !text || text.value === this.draft) return;
    text.value = this.draft;
    this.#completion.close();
  }

  protected override render(): TemplateResult {
    const { mode } = this.access;
    const { isOpen } = this.#completion;
    return html`<div class="box">
      ${renderCompletions(this.#completion)} ${this.#renderChips()}
      <textarea
        rows="1"
        role=${isOpen ? "combobox" : nothing}
        aria-label=${t("Message to the agent")}
        aria-describedby="keys"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded=${isOpen ? "true" : nothing}
        aria-controls=${isOpen ? "completions" : nothing}
        aria-activedescendant=${this.#completion.activeId ?? nothing}
        placeholder=${placeholderOf(mode)}
        @input=${this.#typed}
        @keydown=${this.#pressed}
        @keyup=${this.#completion.look}
        @click=${this.#completion.look}
        @blur=${this.#completion.close}
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
              @click=${() => this.#detach(index)}
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

  #typed(event: Event): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    const before = this.draft;
    this.#setDraft(event.target.value);
    this.#detachGone(before);
    if (event instanceof InputEvent && event.isComposing) return;
    this.#completion.typed();
  }

  /** What is no longer named in the text is no longer what it is about. */
  #detachGone(before: string): void {
    for (const [index, { mention }] of [...this.attachments.entries()].reverse())
      if (mention !== null && before.includes(mention) && !this.draft.includes(mention))
        this.#post({ type: "detach", index });
  }

  /** What it is no longer about stays in the text as a plain name. */
  #detach(index: number): void {
    const mention = this.attachments[index]?.mention ?? null;
    this.#post({ type: "detach", index });
    if (mention !== null && this.draft.includes(mention))
      this.#setDraft(this.draft.replaceAll(mention, mention.replace(/^@[a-z]+:"?|"$/g, "")));
    this.focus();
  }

  #setDraft(draft: string): void {
    this.draft = draft;
    this.dispatchEvent(new DraftEvent(draft));
  }

  #pressed(event: KeyboardEvent): void {
    if (this.#completion.pressed(event)) return;
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

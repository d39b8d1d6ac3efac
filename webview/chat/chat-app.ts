import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { ChatEvent, ChatFailure, ChatItem } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { AnnounceEvent, PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { titleOf } from "./approval-card.ts";
import { type ChatState, EMPTY_CHAT, nextChatState } from "./chat-state.ts";
import { ComposerElement, DraftEvent, SendEvent } from "./composer.ts";
import { TranscriptElement } from "./transcript.ts";
import { RetryEvent } from "./turn-end.ts";
import { EditEvent } from "./user-message.ts";
import "./activity-line.ts";
import "./empty-state.ts";
import "./queue-list.ts";
import "./thread-list.ts";

/** How long a person must have typed nothing before a question may take the focus, in milliseconds. */
const IDLE_MS = 2_000;

/** The chat: what was said, a place to write, the list of chats. Fed with the host's events; speaks by `PostEvent`. */
export class ChatAppElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        --chat-gutter: 14px;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        height: 100%;
      }
      main {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-height: 0;
      }
      .foot {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        width: 100%;
        max-width: 900px;
        margin: 0 auto;
        padding: 4px var(--chat-gutter) 10px;
      }
      .failure {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 2px 8px;
        padding: 6px 6px 8px 10px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-inputValidation-errorBorder, var(--ak-line)));
        border-radius: 6px;
      }
      .editing {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 8px;
        padding-inline-start: 6px;
        font-size: 12px;
        color: var(--ak-quiet);
      }
      .failure p {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .failure .words {
        display: grid;
        gap: 4px;
        justify-items: start;
      }
      @media (max-width: 340px) {
        :host {
          --chat-gutter: 8px;
        }
      }
    `,
  ];
  static override readonly properties = {
    chat: { state: true },
    draft: {},
    listing: { state: true },
    editing: { state: true },
    announcement: { state: true },
  };
  declare protected chat: ChatState;
  /** What was typed and not sent. */
  declare draft: string;
  /** The list of chats covers the conversation. */
  declare protected listing: boolean;
  /** The turn whose message is written anew; null for a new message. */
  declare protected editing: string | null;
  declare protected announcement: string;
  #typedAt = 0;

  constructor() {
    super();
    this.chat = EMPTY_CHAT;
    this.draft = "";
    this.listing = false;
    this.editing = null;
    this.announcement = "";
    this.addEventListener(AnnounceEvent.type, (event) => {
      if (event instanceof AnnounceEvent) void this.#announce(event.text);
    });
    this.addEventListener(DraftEvent.type, (event) => {
      if (!(event instanceof DraftEvent)) return;
      this.draft = event.draft;
      this.#typedAt = Date.now();
    });
    this.addEventListener(SendEvent.type, (event) => {
      if (event instanceof SendEvent) this.#send(event.text, this.editing);
    });
    this.addEventListener(EditEvent.type, (event) => {
      if (event instanceof EditEvent) this.#edit(event.run, event.text);
    });
    this.addEventListener(RetryEvent.type, (event) => {
      if (event instanceof RetryEvent) this.#retry(event.run);
    });
  }

  receive(event: ChatEvent): void {
    const before = this.chat;
    this.chat = nextChatState(before, event);
    if (event.type === "item") this.#tellItem(event.item, before);
    else if (event.type === "failure") this.#tellFailure(event.failure);
    else if (event.type === "wish") this.#meet(event.wish);
    else if (event.type === "thread") this.#changeThread();
  }

  protected override render(): TemplateResult {
    const { items, activity, access } = this.chat;
    const pending = activity.state === "starting" ? activity.text : null;
    const isEmpty = items.length === 0 && pending === null;
    const busy = activity.state !== "idle";
    return html`<main>${
      this.listing
        ? html`<aksara-thread-list
            .threads=${this.chat.threads}
            .current=${this.chat.thread}
            @close=${this.#hideThreads}
          ></aksara-thread-list>`
        : isEmpty
          ? html`<aksara-empty-state .access=${access}></aksara-empty-state>`
          : html`<aksara-transcript .items=${items} .pending=${pending} ?busy=${busy}>
              <aksara-activity-line .activity=${activity}></aksara-activity-line>
              <aksara-queue-list .texts=${this.chat.queue}></aksara-queue-list>
            </aksara-transcript>`
    }</main>
      <footer class="foot">
        ${this.chat.failure === null ? null : this.#renderFailure(this.chat.failure)}
        ${this.editing === null ? null : this.#renderEditing()}
        <aksara-composer
          .draft=${this.draft}
          .attachments=${this.chat.attachments}
          .usage=${this.chat.usage}
          .completions=${this.chat.completions}
          ?editing=${this.editing !== null}
          @leave-edit=${this.#leaveEdit}
          .access=${access}
          ?busy=${busy}
          ?stopping=${activity.state === "working" && activity.stopping}
        ></aksara-composer>
      </footer>
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("listing") && this.listing)
      this.renderRoot.querySelector<HTMLElement>("aksara-thread-list")?.focus();
  }

  #renderFailure({ code, message, hint }: ChatFailure): TemplateResult {
    const toHub = code === "AUTH_FAILED" || code === "AI_HUB_NOT_CONFIGURED";
    return html`<section class="failure" role="alert">
      ${code === "CANCELLED" ? icon("circle-slash") : icon("error", "error")}
      <div class="words">
        <p>${message}</p>
        ${hint === null || code === "CANCELLED" ? null : html`<p class="quiet">${hint}</p>`}
        ${toHub ? html`<button type="button" class="link" @click=${() => this.#post({ type: "open-hub" })}>${t("Open AI Hub")}</button>` : null}
      </div>
      <vscode-button appearance="icon" title=${t("Close")} aria-label=${t("Close")} @click=${() => this.#post({ type: "dismiss-failure" })}>${icon("close")}</vscode-button>
    </section>`;
  }

  #renderEditing(): TemplateResult {
    return html`<div class="editing">
      ${icon("edit")}
      <p>${t("Sending goes on from here in a chat of its own. Files stay as they are.")}</p>
      <vscode-button appearance="icon" title=${t("Cancel")} aria-label=${t("Cancel")} @click=${this.#leaveEdit}>${icon("close")}</vscode-button>
    </div>`;
  }

  get #composer(): ComposerElement | null {
    const found = this.renderRoot.querySelector("aksara-composer");
    return found instanceof ComposerElement ? found : null;
  }

  get #transcript(): TranscriptElement | null {
    const found = this.renderRoot.querySelector("aksara-transcript");
    return found instanceof TranscriptElement ? found : null;
  }

  #send(text: string, from: string | null): void {
    this.listing = false;
    this.editing = null;
    if (text === this.draft.trim()) this.#setDraft("");
    this.#post({ type: "send", text, from });
    this.#transcript?.toEnd();
  }

  #edit(run: string, text: string): void {
    this.editing = run;
    this.#setDraft(text);
    void this.updateComplete.then(() => this.#composer?.focus());
  }

  #leaveEdit(): void {
    this.editing = null;
    this.#setDraft("");
    this.#composer?.focus();
  }

  #retry(run: string): void {
    const asked = this.chat.items.find((item) => item.kind === "user" && item.run === run);
    if (asked?.kind === "user") this.#send(asked.text, run);
  }

  #changeThread(): void {
    this.listing = false;
    this.editing = null;
  }

  /** What could not be sent is given back, unless something else was typed meanwhile. */
  #tellFailure(failure: ChatFailure | null): void {
    if (failure === null) return;
    for (const card of this.#transcript?.cards ?? []) card.reset();
    if (failure.text === null || this.draft.trim() !== "") return;
    this.#setDraft(failure.text);
    this.editing = failure.from;
  }

  #tellItem(item: ChatItem, before: ChatState): void {
    const known = before.items.find(({ id }) => id === item.id);
    if (item.kind === "call" && item.state === "asking" && item.approval) {
      if (known?.kind === "call" && known.state === "asking") return;
      void this.#announce(t("The agent asks: {0}", titleOf(item.approval.request)));
      void this.#offerFocus();
    } else if (item.kind === "end" && item.end !== "open") {
      void this.#announce(
        item.end === "complete" ? t("The agent has answered.") : t("The agent has stopped."),
      );
    }
  }

  /** Never from under somebody's hands. */
  async #offerFocus(): Promise<void> {
    await this.updateComplete;
    const idle = this.draft === "" && Date.now() - this.#typedAt > IDLE_MS;
    const transcript = this.#transcript;
    if (!idle || !document.hasFocus() || !transcript) return;
    await transcript.updateComplete;
    transcript.waiting?.focus();
  }

  #setDraft(draft: string): void {
    this.draft = draft;
    this.dispatchEvent(new DraftEvent(draft));
  }

  #meet(wish: "focus" | "show-threads"): void {
    this.#post({ type: "wish-met" });
    if (wish === "show-threads") this.#showThreads();
    else void this.updateComplete.then(() => this.#composer?.focus());
  }

  #showThreads(): void {
    this.listing = true;
    this.#post({ type: "list-threads" });
  }

  async #hideThreads(): Promise<void> {
    this.listing = false;
    await this.updateComplete;
    this.#composer?.focus();
  }

  /** Cleared first, so that the same words are announced again. */
  async #announce(text: string): Promise<void> {
    this.announcement = "";
    await this.updateComplete;
    this.announcement = text;
  }

  #post(message: unknown): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

customElements.define("aksara-chat", ChatAppElement);

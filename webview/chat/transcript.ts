import { css, html, LitElement, type nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ChatItem, ChatItemOf } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { ApprovalCardElement } from "./approval-card.ts";
import { FoldEvent } from "./hand-off.ts";
import { type Block, blocksOf, isAsked } from "./transcript-blocks.ts";
import "../ui/copy-button.ts";
import "../ui/growing-markdown.ts";
import "./plan-card.ts";
import "./thinking-block.ts";
import "./tool-card.ts";
import "./tool-group.ts";
import "./turn-end.ts";
import "./user-message.ts";

/** Blocks that are shown at first, and how many more each time. */
const SHOWN_BLOCKS = 120;

/** More than this is not moved in any further: views are narrow. */
const DEEPEST = 3;

/** How near to the end counts as being there, in pixels. */
const NEAR_END = 40;

/**
 * What was said and done, from top to bottom. Follows what is new as long as a person looks at the end. It is a log,
 * but not a live one: what matters is announced in words by the chat.
 */
export class TranscriptElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        position: relative;
        min-height: 0;
      }
      .scroll {
        height: 100%;
        overflow: hidden auto;
        overscroll-behavior: contain;
        /* What is at the end stays where it is: we follow it ourselves. */
        overflow-anchor: none;
      }
      .scroll:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .log {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        max-width: 900px;
        margin: 0 auto;
        padding: 12px var(--chat-gutter, 14px) 16px;
      }
      .item {
        min-width: 0;
        content-visibility: auto;
        contain-intrinsic-block-size: auto 40px;
      }
      .item.user {
        margin-top: 14px;
        margin-bottom: 4px;
      }
      .item.user:first-child {
        margin-top: 0;
      }
      .item.text {
        padding: 2px;
      }
      .depth-1,
      .depth-2,
      .depth-3 {
        margin-inline-start: 9px;
        padding-inline-start: 8px;
        border-inline-start: 1px solid var(--ak-line);
      }
      .depth-2 {
        margin-inline-start: 18px;
      }
      .depth-3 {
        margin-inline-start: 27px;
      }
      .item.end {
        margin-top: 4px;
      }
      .earlier {
        justify-self: center;
        margin-bottom: 8px;
        font-size: 12px;
      }
      .notice {
        font-size: 12px;
        color: var(--ak-quiet);
      }
      .down {
        position: absolute;
        inset-block-end: 8px;
        inset-inline-start: calc(50% - 13px);
        display: flex;
        padding: 4px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
        border-radius: 13px;
        background: var(--vscode-editorWidget-background, var(--vscode-sideBar-background));
        color: var(--vscode-foreground);
        box-shadow: 0 1px 4px var(--vscode-widget-shadow, transparent);
        cursor: pointer;
      }
      .down:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
    `,
  ];
  static override readonly properties = {
    items: { attribute: false },
    pending: {},
    busy: { type: Boolean },
    away: { state: true },
    most: { state: true },
    toggled: { state: true },
  };
  declare items: readonly ChatItem[];
  /** A message on its way; null when there is none. */
  declare pending: string | null;
  declare busy: boolean;
  /** The end is out of sight. */
  declare protected away: boolean;
  /** Blocks that are shown, from the end. */
  declare protected most: number;
  /** Calls whose work a person has folded, or unfolded. */
  declare protected toggled: ReadonlyMap<string, boolean>;
  /** What is new is followed. */
  #follows = true;
  #sizes: ResizeObserver | undefined;

  constructor() {
    super();
    this.items = [];
    this.pending = null;
    this.busy = false;
    this.away = false;
    this.most = SHOWN_BLOCKS;
    this.toggled = new Map();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  /** Shows the end, and follows it from now on. */
  toEnd(): void {
    this.#follows = true;
    const scroll = this.#scroll;
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
    this.away = false;
  }

  /** The first card that waits for an answer; null when there is none. */
  get waiting(): ApprovalCardElement | null {
    const card = this.renderRoot.querySelector("aksara-approval-card");
    return card instanceof ApprovalCardElement ? card : null;
  }

  get cards(): readonly ApprovalCardElement[] {
    return [...this.renderRoot.querySelectorAll("aksara-approval-card")].filter(
      (card) => card instanceof ApprovalCardElement,
    );
  }

  protected override render(): TemplateResult {
    const lastRun = this.items.at(-1)?.run;
    const asked = this.items.some((item) => isAsked(item));
    const blocks = blocksOf(this.items, this.toggled);
    const shown = blocks.slice(-this.most);
    const hidden = blocks.length - shown.length;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("Conversation")} @scroll=${this.#scrolled}>
        <div class="log" role="log" aria-live="off">
          ${hidden === 0 ? null : html`<button type="button" class="link earlier" @click=${this.#showEarlier}>${t("Show earlier messages")}</button>`}
          ${repeat(
            shown,
            ({ id }) => id,
            (block) =>
              html`<div class="item ${block.kind === "item" ? block.item.kind : ""} depth-${Math.min(block.depth, DEEPEST)}">${this.#renderBlock(block, lastRun, asked)}</div>`,
          )}
          ${
            this.pending === null
              ? null
              : html`<div class="item user"><aksara-user-message .text=${this.pending}></aksara-user-message></div>`
          }
          <slot></slot>
        </div>
      </div>
      ${
        this.away
          ? html`<button type="button" class="down" title=${t("To the end")} aria-label=${t("To the end")} @click=${this.toEnd}>${icon("arrow-down")}</button>`
          : null
      }`;
  }

  protected override firstUpdated(): void {
    const log = this.renderRoot.querySelector(".log");
    const scroll = this.#scroll;
    // Texts grow, pictures load, the window changes: whatever makes it longer, the end stays in sight.
    this.#sizes = new ResizeObserver(() => {
      if (this.#follows) this.toEnd();
    });
    for (const element of [log, scroll]) if (element) this.#sizes.observe(element);
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Who has just said something wants to see it.
    if (changed.has("pending") && this.pending !== null) this.toEnd();
    if (this.#follows) this.toEnd();
  }

  #renderBlock(block: Block, lastRun: string | undefined, asked: boolean): TemplateResult | typeof nothing {
    if (block.kind === "group") return html`<aksara-tool-group .items=${block.items}></aksara-tool-group>`;
    if (block.kind === "hand-off" && !isAsked(block.item))
      return html`<aksara-hand-off .item=${block.item} ?open=${block.open} @fold=${this.#fold}></aksara-hand-off>`;
    return this.#renderItem(block.item, block.item.run === lastRun, asked);
  }

  /** What is looked at stays where it is while more appears above it. */
  async #showEarlier(): Promise<void> {
    const scroll = this.#scroll;
    if (!scroll) return;
    this.#follows = false;
    const below = scroll.scrollHeight - scroll.scrollTop;
    this.most += SHOWN_BLOCKS;
    await this.updateComplete;
    scroll.scrollTop = scroll.scrollHeight - below;
  }

  #renderItem(item: ChatItem, last: boolean, asked: boolean): TemplateResult | typeof nothing {
    switch (item.kind) {
      case "user":
        return html`<aksara-user-message
          .text=${item.text}
          .attached=${item.attached}
          .prompt=${item.prompt}
          run=${this.busy ? "" : item.run}
        ></aksara-user-message>`;
      case "thinking":
        return html`<aksara-thinking-block .text=${item.text} ?going=${item.going}></aksara-thinking-block>`;
      case "text":
        return html`<aksara-growing-markdown .text=${item.text} .codeActions=${true} aria-busy=${item.going}></aksara-growing-markdown>`;
      case "call":
        return renderCall(item);
      case "plan":
        return html`<aksara-plan-card .item=${item} ?last=${!this.busy && item === this.#lastPlan}></aksara-plan-card>`;
      case "notice":
        return html`<p class="notice">${noticeWords(item.notice)}</p>`;
      case "end":
        return html`<aksara-turn-end
          .item=${item}
          ?last=${last}
          ?busy=${this.busy}
          ?asked=${asked}
        ></aksara-turn-end>`;
    }
  }

  /** The one that can be gone on with. */
  get #lastPlan(): ChatItem | undefined {
    return this.items.findLast(({ kind }) => kind === "plan");
  }

  #fold(event: Event): void {
    if (event instanceof FoldEvent) this.toggled = new Map(this.toggled).set(event.id, event.open);
  }

  get #scroll(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".scroll");
  }

  #scrolled(): void {
    const scroll = this.#scroll;
    if (!scroll) return;
    const left = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
    this.#follows = left < NEAR_END;
    this.away = left > scroll.clientHeight / 2;
  }
}

function renderCall(item: ChatItemOf<"call">): TemplateResult {
  return item.approval && isAsked(item)
    ? html`<aksara-approval-card .request=${item.approval.request} agent=${item.agent ?? ""}></aksara-approval-card>`
    : html`<aksara-tool-card .item=${item}></aksara-tool-card>`;
}

function noticeWords(notice: ChatItemOf<"notice">["notice"]): string {
  switch (notice) {
    case "budget":
      return t("The agent was told that most of what it may use in this turn is used.");
    case "loop":
      return t("The agent was told that it is going round in circles.");
    case "compacted":
      return t("Older parts of the conversation were shortened, so that the model can go on reading it.");
  }
}

customElements.define("aksara-transcript", TranscriptElement);

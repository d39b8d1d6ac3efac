import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatItemOf } from "../../src/protocol/chat.ts";
import { icon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { planSteps } from "./plan-words.ts";
import { rowStyles } from "./row.css.ts";
import { toolWords } from "./tool-words.ts";
import "../ui/copy-button.ts";
import "../ui/diff-view.ts";
import "../ui/json-view.ts";
import "../ui/progress.ts";
import "./plan-steps.ts";

const PLAN = "propose_plan";
const HAND_OFF = "hand_off";

/** One call of a tool as one quiet line; unfolded, what it was given, what it changed and what came of it. */
export class ToolCardElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    rowStyles,
    css`
      .note {
        flex: none;
        font-size: 11px;
      }
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        margin: 2px 0 6px 9px;
        padding: 4px 0 4px 12px;
        border-inline-start: 1px solid var(--ak-line);
      }
      .body h3 {
        margin-bottom: 3px;
        font-size: 11px;
        font-weight: 600;
        color: var(--ak-quiet);
      }
      .body pre {
        max-height: 240px;
        overflow: auto;
        padding: 6px 8px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 4px;
        background: var(--ak-surface);
      }
      .files {
        display: grid;
        gap: 2px;
      }
      .file {
        overflow: hidden;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
      }
      .why {
        font-size: 12px;
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      aksara-progress {
        width: 14px;
        height: 14px;
      }
    `,
  ];
  static override readonly properties = { item: { attribute: false }, open: { state: true } };
  declare item: ChatItemOf<"call">;
  /** Null until somebody has folded or unfolded it. */
  declare protected open: boolean | null;

  constructor() {
    super();
    this.open = null;
  }

  /** A plan that was approved is what all that follows is measured by: it stands there to be read. */
  get #isOpen(): boolean {
    return this.open ?? (this.item.tool === PLAN && this.item.state === "done");
  }

  protected override render(): TemplateResult {
    const { item } = this;
    const words = toolWords(item);
    return html`<button
        type="button"
        class="row"
        aria-expanded=${this.#isOpen}
        title=${`${words.verb} ${words.object}`.trim()}
        @click=${this.#toggle}
      >
        ${renderState(item, words.icon)}
        <span class="words">${words.verb}${words.object === "" ? null : html` <span class="object">${words.object}</span>`}</span>
        ${noteOf(item) === null ? null : html`<span class="note">${noteOf(item)}</span>`}
        ${icon("chevron-right", "turn")}
      </button>
      ${this.#isOpen ? this.#renderBody(words.file) : null}`;
  }

  #toggle(): void {
    this.open = !this.#isOpen;
  }

  #renderBody(file: string | null): TemplateResult {
    const { input, output, hidden, decision, approval, changed, tool } = this.item;
    const preview = approval?.request.preview;
    const files = changed.length > 0 ? changed : file === null ? [] : [file];
    if (tool === PLAN)
      return html`<div class="body"><aksara-plan-steps .steps=${planSteps(input)}></aksara-plan-steps></div>`;
    return html`<div class="body">
      ${files.length === 0 ? null : html`<div class="files">${files.map((uri) => this.#renderFile(uri))}</div>`}
      ${this.#renderReview()}
      ${
        preview?.kind === "diff"
          ? preview.files.map(
              ({ uri, diff }) =>
                html`<div class="file"><aksara-diff-view .diff=${diff} label=${uri}></aksara-diff-view></div>`,
            )
          : isEmpty(input)
            ? null
            : html`<div>
              <h3>${t("Given to {0}", tool)}</h3>
              <aksara-json-view .value=${input ?? {}}></aksara-json-view>
            </div>`
      }
      ${
        output === ""
          ? null
          : html`<div>
              <h3>${t("Result")}</h3>
              <pre tabindex="0" role="region" aria-label=${t("Result")}>${output}</pre>
              ${hidden === 0 ? null : html`<p class="why">${t("{0} more characters are not shown.", formatNumber(hidden))}</p>`}
            </div>`
      }
      <p>
        <button type="button" class="link why" @click=${this.#showTrace}>${t("Why did it do that?")}</button>
      </p>
      ${decision === null ? null : html`<p class="why" lang="en">${decision.why} <span class="rule">${t("Rule: {0}", decision.rule)}</span></p>`}
    </div>`;
  }

  #renderReview(): TemplateResult | null {
    const { state, changed, undone, id, tool } = this.item;
    // What another agent did has steps of its own.
    if (state !== "done" || changed.length === 0 || undone || tool === HAND_OFF) return null;
    return html`<div>
      <button
        type="button"
        class="link"
        title=${t("Compare in the editor, and take back what you do not want")}
        @click=${() => this.dispatchEvent(new PostEvent({ type: "review-step", id }))}
      >${t("Review changes")}</button>
    </div>`;
  }

  #showTrace(): void {
    const { run, call } = this.item;
    this.dispatchEvent(new PostEvent({ type: "show-trace", run, call }));
  }

  #renderFile(uri: string): TemplateResult {
    return html`<div>
      <button type="button" class="link mono" title=${t("Open {0}", uri)} @click=${() => this.dispatchEvent(new PostEvent({ type: "open-file", uri }))}>${uri}</button>
    </div>`;
  }
}

function isEmpty(input: unknown): boolean {
  return typeof input !== "object" || input === null || Object.keys(input).length === 0;
}

/** What it is about, or what became of it where that is worth more. */
export function renderState({ state }: ChatItemOf<"call">, about: IconName): TemplateResult {
  switch (state) {
    case "running":
      return html`<aksara-progress></aksara-progress><span class="visually-hidden">${t("Running")}</span>`;
    case "asking":
      return html`${icon("question", "info")}<span class="visually-hidden">${t("Waits for you")}</span>`;
    case "failed":
      return html`${icon("error", "error")}<span class="visually-hidden">${t("Failed")}</span>`;
    case "refused":
      return html`${icon("circle-slash")}<span class="visually-hidden">${t("Not run")}</span>`;
    case "unknown":
      return html`${icon("question", "warning")}<span class="visually-hidden">${t("Outcome unknown")}</span>`;
    case "done":
      return icon(about);
  }
}

export function noteOf({
  state,
  undone,
  undonePart,
  approval,
  errorCode,
}: ChatItemOf<"call">): string | null {
  if (undone) return t("taken back");
  if (undonePart) return t("partly taken back");
  switch (state) {
    case "failed":
      return errorCode;
    case "refused":
      return approval?.answer?.outcome === "reject"
        ? t("rejected")
        : approval?.answer?.outcome === "revise"
          ? t("changes asked for")
          : t("not run");
    case "unknown":
      return t("outcome unknown");
    case "done":
      if (approval?.answer?.chosen) return t("approved in part");
      return approval?.answer ? t("approved") : null;
    case "running":
    case "asking":
      return null;
  }
}

customElements.define("aksara-tool-card", ToolCardElement);

import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatItemOf } from "../../src/protocol/chat.ts";
import { icon, startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { elapsedWords, formatDollars } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { noteStyles } from "../ui/styles/note.css.ts";

/** Asks to give a turn another try: the same message once more, in a thread of its own. */
export class RetryEvent extends Event {
  static readonly type = "aksara-retry";
  readonly run: string;

  constructor(run: string) {
    super(RetryEvent.type, { bubbles: true, composed: true });
    this.run = run;
  }
}

/** How a turn ended: files it changed, what it suggests, what it cost; where it did not end well, why and how to go on. */
export class TurnEndElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    noteStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      .usage {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 10px;
        font-size: 11px;
        color: var(--ak-quiet);
        font-variant-numeric: tabular-nums;
      }
      .again {
        display: flex;
        margin: -3px 0;
        padding: 3px;
        border: none;
        border-radius: 5px;
        background: none;
        color: inherit;
        cursor: pointer;
      }
      .again .icon {
        font-size: 14px;
      }
      .again:hover {
        color: var(--vscode-foreground);
        background: var(--vscode-toolbar-hoverBackground, transparent);
      }
      .again:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      .usage span {
        overflow-wrap: anywhere;
      }
      h3 {
        margin-bottom: 3px;
        font-size: 1em;
        font-weight: 600;
      }
      section vscode-button {
        margin-top: 6px;
      }
      .files li {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      .files .quiet {
        font-size: 11px;
      }
      .points {
        display: grid;
        gap: 4px;
        padding-inline-start: 18px;
        list-style: disc;
      }
      .points li {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = {
    item: { attribute: false },
    last: { type: Boolean },
    busy: { type: Boolean },
    asked: { type: Boolean },
  };
  declare item: ChatItemOf<"end">;
  /** No turn comes after it: it can go on. */
  declare last: boolean;
  declare busy: boolean;
  /** A question of it still waits for an answer. */
  declare asked: boolean;

  protected override render(): TemplateResult {
    const { suggestions, findings } = this.item;
    return html`${this.#renderFiles()}
      ${findings.length === 0 ? null : renderFindings(findings)}
      ${
        suggestions.length === 0
          ? null
          : html`<section>
              <h3>${t("Suggestions")}</h3>
              <ul class="points">
                ${suggestions.map((text) => html`<li>${text}</li>`)}
              </ul>
            </section>`
      }
      ${this.item.end === "complete" ? null : this.#renderNote()} ${this.#renderUsage()}`;
  }

  #renderFiles(): TemplateResult | null {
    const { created, modified, deleted, undone } = this.item;
    if (created.length + modified.length + deleted.length === 0) return null;
    const list = (files: readonly string[], word: string, gone = false) =>
      files.map(
        (uri) => html`<li>
          ${
            gone
              ? html`<span class="mono">${uri}</span>`
              : html`<button type="button" class="link mono" title=${t("Open {0}", uri)} @click=${() => this.#post({ type: "open-file", uri })}>${uri}</button>`
          }
          <span class="quiet">${word}</span>
        </li>`,
      );
    return html`<section>
      <h3>${t("Changed files")}</h3>
      <ul class="files">
        ${list(created, t("created"))} ${list(modified, t("modified"))} ${list(deleted, t("deleted"), true)}
      </ul>
      ${
        undone
          ? html`<p class="quiet">${t("taken back")}</p>`
          : html`<vscode-button
              appearance="secondary"
              ?disabled=${this.busy}
              title=${t("Undo what this turn changed in files")}
              @click=${() => this.#post({ type: "undo", run: this.item.run })}
              >${startIcon("discard")}${t("Undo")}</vscode-button
            >`
      }
    </section>`;
  }

  #renderNote(): TemplateResult {
    const { end, code, message, hint, elsewhere } = this.item;
    const failed = end === "failed";
    return html`<section class="note" role=${failed ? "alert" : "status"}>
      ${failed ? icon("error", "error") : icon(end === "limit" ? "warning" : "circle-slash", end === "limit" ? "warning" : "")}
      <div>
        <p>${this.#words()}</p>
        ${failed && hint !== null ? html`<p class="quiet">${hint}</p>` : null}
        ${end === "limit" && message !== null ? html`<p class="quiet">${message}</p>` : null}
        <div class="buttons">
          ${
            !this.last || this.busy || elsewhere || this.asked
              ? null
              : html`<vscode-button appearance="secondary" @click=${() => this.#post({ type: "resume" })}
                  >${startIcon("play")}${failed ? t("Try again") : t("Go on")}</vscode-button
                >`
          }
          ${
            code === "AUTH_FAILED" || code === "AI_HUB_NOT_CONFIGURED"
              ? html`<vscode-button appearance="secondary" @click=${() => this.#post({ type: "open-hub" })}
                  >${t("Open AI Hub")}</vscode-button
                >`
              : null
          }
          ${failed && code !== null ? html`<span class="quiet mono">${code}</span>` : null}
        </div>
      </div>
    </section>`;
  }

  #words(): string {
    const { end, message, elsewhere } = this.item;
    if (end === "open") {
      if (elsewhere) return t("Another window or command line works on this chat.");
      return this.asked
        ? t("The window was closed before you answered. Your answer takes it up again.")
        : t("The window was closed while the agent worked.");
    }
    if (end === "stopped") return t("Stopped.");
    return end === "limit" ? t("The agent has reached a limit of this turn.") : (message ?? "");
  }

  #renderUsage(): TemplateResult | null {
    const { usage, durationMs, model, provider } = this.item;
    if (usage === null) return null;
    const tokens = formatNumber(usage.totalTokens);
    return html`<div class="usage">
      ${
        this.last && !this.busy
          ? html`<button
              type="button"
              class="again"
              title=${t("Ask again")}
              aria-label=${t("Ask again")}
              @click=${() => this.dispatchEvent(new RetryEvent(this.item.run))}
            >${icon("refresh")}</button>`
          : null
      }
      <button
        type="button"
        class="again"
        title=${t("Why did it do that?")}
        aria-label=${t("Why did it do that?")}
        @click=${() => this.#post({ type: "show-trace", run: this.item.run, call: null })}
      >${icon("pulse")}</button>
      <span>${model === provider ? model : `${model} · ${provider}`}</span>
      ${durationMs === null ? null : html`<span>${elapsedWords(durationMs)}</span>`}
      <span>${usage.estimated ? t("about {0} tokens", tokens) : t("{0} tokens", tokens)}</span>
      ${usage.costUsd === null || usage.costUsd === 0 ? null : html`<span>${formatDollars(usage.costUsd)}</span>`}
    </div>`;
  }

  #post(message: unknown): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

function renderFindings(findings: ChatItemOf<"end">["findings"]): TemplateResult {
  return html`<section>
    <h3>${t("Findings")}</h3>
    <ul class="points">
      ${findings.map(
        ({ severity, issue, fix, location }) =>
          html`<li>
            ${issue} <span class="quiet">(${severityWords(severity)}${location === null ? "" : ` · ${location}`})</span>
            ${fix === "" ? null : html`<p class="quiet">${fix}</p>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** A model may say what it likes. */
function severityWords(severity: string): string {
  switch (severity) {
    case "high":
      return t("high");
    case "medium":
      return t("medium");
    case "low":
      return t("low");
    default:
      return severity;
  }
}

customElements.define("aksara-turn-end", TurnEndElement);

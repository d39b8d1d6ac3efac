import { css, html, LitElement, type TemplateResult } from "lit";
import type { TraceView } from "../../src/protocol/trace.ts";
import { icon, startIcon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { costWords, dateWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { durationWords, statusWords } from "./span-words.ts";

const STATUS_ICONS: Readonly<Record<TraceView["status"], readonly [IconName, string]>> = {
  complete: ["pass", "low"],
  error: ["error", "error"],
  interrupted: ["circle-slash", ""],
  running: ["history", ""],
};

/** What the whole run was: asked for what, how it ended, how long it worked and waited, what it used. */
export class TraceHeadElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 4px;
        padding: 14px 16px 2px;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 6px 12px;
      }
      h1 {
        flex: 1 1 200px;
        min-width: 0;
        font-size: 1.25em;
        font-weight: 600;
        line-height: 1.35;
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        gap: 6px;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        font-variant-numeric: tabular-nums;
      }
      .numbers span {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { view: { attribute: false } };
  declare view: TraceView;

  protected override render(): TemplateResult {
    const { view } = this;
    const waited = view.waits.reduce((sum, [from, to]) => sum + to - from, 0);
    const failures = view.rows.filter(({ failed }) => failed).length;
    const [glyph, tone] = STATUS_ICONS[view.status];
    const { usage } = view;
    return html`<header>
      <div class="top">
        <h1>${view.title === "" ? view.agent : view.title}</h1>
        <div class="buttons">
          <vscode-button appearance="secondary" @click=${() => this.#post("refresh")}
            >${startIcon("refresh")}${t("Read again")}</vscode-button
          >
          <vscode-button appearance="secondary" @click=${() => this.#post("export")}
            >${startIcon("export")}${t("Export…")}</vscode-button
          >
        </div>
      </div>
      <div class="numbers">
        <span>${icon(glyph, tone)} ${statusWords(view.status)}${view.errorCode === null ? "" : `: ${view.errorCode}`}</span>
        <span>${t("took {0}", durationWords(view.duration))}</span>
        ${
          waited === 0
            ? null
            : html`<span>${t("worked {0}, waited for a person {1}", durationWords(view.duration - waited), durationWords(waited))}</span>`
        }
        ${
          usage === null
            ? null
            : html`<span>${t("{0} tokens in, {1} out", formatNumber(usage.inputTokens), formatNumber(usage.outputTokens))}</span>
                <span>${costWords(usage.costUsd)}</span>`
        }
      </div>
      <div class="numbers quiet">
        <span>${dateWords(view.startedAt)}</span>
        <span>${view.thread === null ? view.agent : t("{0} in {1}", view.agent, view.thread)}</span>
        <span>${t("{0} steps", formatNumber(view.rows.length))}</span>
        ${failures === 0 ? null : html`<span>${t("{0} failed", formatNumber(failures))}</span>`}
      </div>
    </header>`;
  }

  #post(type: "refresh" | "export"): void {
    this.dispatchEvent(new PostEvent({ type }));
  }
}

customElements.define("aksara-trace-head", TraceHeadElement);

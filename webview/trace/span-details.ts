import { css, html, LitElement, type TemplateResult } from "lit";
import type { SpanDetail, TraceRow } from "../../src/protocol/trace.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { costWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import { durationWords, KIND_ICONS, kindWords, rowDuration } from "./span-words.ts";
import "../ui/json-view.ts";

/** The person opened or closed what is told of a span on demand. */
export class AskEvent extends Event {
  static readonly type = "span-ask";
  readonly open: boolean;

  constructor(open: boolean) {
    super(AskEvent.type);
    this.open = open;
  }
}

/** One span in full: its numbers, why its call was decided as it was, and on demand what was said in it. */
export class SpanDetailsElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    foldStyles,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        padding: 10px 16px 16px;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: 1em;
        letter-spacing: normal;
        text-transform: none;
        color: var(--vscode-foreground);
      }
      h2 span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        font-variant-numeric: tabular-nums;
      }
      p {
        overflow-wrap: anywhere;
      }
      h3 {
        margin-bottom: 3px;
        font-size: 11px;
        font-weight: 600;
        color: var(--ak-quiet);
      }
      table {
        border-collapse: collapse;
      }
      td {
        padding: 1px 14px 1px 0;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      pre {
        padding: 6px 8px;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
      }
    `,
  ];
  static override readonly properties = {
    row: { attribute: false },
    detail: { attribute: false },
    asked: { attribute: false },
  };
  declare row: TraceRow;
  /** Null until it has come. */
  declare detail: SpanDetail | null;
  declare asked: boolean;

  constructor() {
    super();
    this.detail = null;
    this.asked = false;
  }

  protected override render(): TemplateResult {
    const { row } = this;
    const title = row.name === "" ? kindWords(row.kind) : `${kindWords(row.kind)}: ${row.name}`;
    return html`<section aria-label=${title}>
      <h2>${icon(KIND_ICONS[row.kind])}<span>${title}</span></h2>
      <div class="numbers quiet">
        <span>${row.agent}</span>
        <span>${t("after {0}", durationWords(row.start))}</span>
        <span>${row.end === null ? t("not ended") : t("took {0}", rowDuration(row))}</span>
        ${
          row.tokens === null
            ? null
            : html`<span>${t("{0} tokens in, {1} out", formatNumber(row.tokens.input), formatNumber(row.tokens.output))}</span>`
        }
        ${row.kind === "model" ? html`<span>${costWords(row.costUsd)}</span>` : null}
      </div>
      ${row.failed ? html`<p>${icon("error", "error")} ${t("Failed: {0}", row.errorCode ?? "")}</p>` : null}
      <details ?open=${this.asked} @toggle=${this.#toggle}>
        <summary>${t("Why, and what was said")}</summary>
        <div>${this.asked ? this.#renderDetail() : null}</div>
      </details>
      <details>
        <summary>${t("Attributes")}</summary>
        <table lang="en">
          <tbody>
            ${row.attributes.map(([name, value]) => html`<tr><td class="quiet mono">${name}</td><td class="mono">${value}</td></tr>`)}
          </tbody>
        </table>
      </details>
    </section>`;
  }

  #renderDetail(): TemplateResult {
    const { detail } = this;
    if (detail === null) return html`<p class="quiet">${t("Reading…")}</p>`;
    const { why, content } = detail;
    return html`${why === null ? null : html`<p lang="en">${why}</p>`}
      ${
        content === null
          ? html`<p class="quiet">
              ${t("What was said is left out of traces.")}
              <button type="button" class="link" @click=${() => this.dispatchEvent(new PostEvent({ type: "open-setting" }))}>
                ${t("Change the setting")}
              </button>
            </p>`
          : html`${renderSaid(t("Input"), content.input)} ${renderSaid(t("Output"), content.output)}
            ${
              content.input === null && content.output === null
                ? html`<p class="quiet">${t("Nothing was said in it.")}</p>`
                : null
            }`
      }`;
  }

  #toggle(event: Event): void {
    const open = event.target instanceof HTMLDetailsElement && event.target.open;
    if (open !== this.asked) this.dispatchEvent(new AskEvent(open));
  }
}

function renderSaid(title: string, value: unknown): TemplateResult | null {
  if (value === null || value === undefined) return null;
  return html`<div>
    <h3>${title}</h3>
    ${
      typeof value === "string"
        ? html`<pre tabindex="0" role="region" aria-label=${title}>${value}</pre>`
        : html`<aksara-json-view .value=${value}></aksara-json-view>`
    }
  </div>`;
}

customElements.define("aksara-span-details", SpanDetailsElement);

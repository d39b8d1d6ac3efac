import { css, html, LitElement, type TemplateResult } from "lit";
import type { AdvisedIndex, IndexAdvice } from "../../src/protocol/index-advice.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import "../ui/copy-button.ts";
import "./plan-tree.ts";

/** The indexes that were tried for a query and pay: what to build, what it gains, the plan with it. */
export class IndexAdviceElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    copyBoxStyles,
    foldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      ol {
        display: grid;
        gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li.index {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        padding: 10px 12px;
        border: 1px solid var(--ak-line);
        border-radius: 6px;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 0;
      }
      .numbers div {
        display: flex;
        gap: 6px;
      }
      dt {
        color: var(--ak-quiet);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }
      .rejected {
        display: grid;
        gap: 6px;
        margin: 6px 0 0;
        padding-inline-start: 18px;
      }
      .rejected code {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { advice: { attribute: false } };
  declare advice: IndexAdvice;

  protected override render(): TemplateResult {
    const { indexes, rejected, tried } = this.advice;
    return html`<p class="quiet">${adviceWords(indexes.length, tried)}</p>
      ${
        indexes.length === 0
          ? null
          : html`<ol>
              ${indexes.map((index) => this.#renderIndex(index))}
            </ol>`
      }
      ${
        rejected.length === 0
          ? null
          : html`<details class="fold">
              <summary>${t("Tried and not taken: {0}", rejected.length)}</summary>
              <ul class="rejected" lang="en">
                ${rejected.map(({ ddl, reason }) => html`<li><code class="mono">${ddl}</code><br />${reason}</li>`)}
              </ul>
            </details>`
      }`;
  }

  #renderIndex(index: AdvisedIndex): TemplateResult {
    const { ddl, code, serves, cost_before: from, cost_after: to, gain, size_bytes: bytes } = index;
    return html`<li class="index">
      ${renderCode(ddl, t("To build it"), t("Copy statement"))}
      <dl class="numbers">
        <div>
          <dt>${t("Cost")}</dt>
          <dd>${t("{0} → {1}", formatNumber(from), formatNumber(to))}, ${t("{0} % less", formatNumber(Math.floor(gain * 1000) / 10))}</dd>
        </div>
        ${
          bytes === null
            ? null
            : html`<div>
                <dt>${t("Size, about")}</dt>
                <dd>${sizeWords(bytes)}</dd>
              </div>`
        }
        <div>
          <dt>${t("For")}</dt>
          <dd lang="en">${serves}</dd>
        </div>
      </dl>
      ${index.overlaps.map((overlap) => html`<p>${overlapWords(overlap)}</p>`)}
      <details class="fold">
        <summary>${t("The plan with it")}</summary>
        <aksara-plan-tree .variant=${index.plan_after}></aksara-plan-tree>
      </details>
      ${
        code === null
          ? null
          : html`<details class="fold">
              <summary>${t("In the language of the project")}</summary>
              ${renderCode(code.text, t("In the language of the project"), t("Copy code"))}
            </details>`
      }
    </li>`;
  }
}

function renderCode(text: string, label: string, copy: string): TemplateResult {
  return html`<div class="copy-box">
    <pre tabindex="0" role="region" aria-label=${label}>${text}</pre>
    <aksara-copy-button label=${copy} .message=${{ type: "copy-text", text }}></aksara-copy-button>
  </div>`;
}

function adviceWords(paying: number, tried: number): string {
  if (tried === 0) return t("The query has no condition, join or order that an index could serve.");
  if (paying === 0) return t("Indexes that were tried here: {0}. None of them pays.", tried);
  return t(
    "Indexes that were tried here: {0}. Those that the planner uses, and that pay: {1}. Nothing was changed.",
    tried,
    paying,
  );
}

function overlapWords({ index, keys, relation }: AdvisedIndex["overlaps"][number]): string {
  const columns = keys.join(", ");
  switch (relation) {
    case "contained":
      return t("It begins with all columns of {0} ({1}), which may be superfluous then.", index, columns);
    case "longer":
      return t("{0} ({1}) begins with all of its columns.", index, columns);
    case "crossing":
      return t("{0} ({1}) begins with the same column.", index, columns);
  }
}

function sizeWords(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 0.1
    ? t("{0} kB", formatNumber(Math.ceil(bytes / 1000)))
    : t("{0} MB", formatNumber(Math.round(megabytes * 10) / 10));
}

customElements.define("aksara-index-advice", IndexAdviceElement);

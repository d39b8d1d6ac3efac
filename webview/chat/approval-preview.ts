import { css, html, LitElement, type TemplateResult } from "lit";
import type { ApprovalRequest, Preview } from "../../src/protocol/agent.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { countDiff, readUnifiedDiff } from "../ui/unified-diff.ts";
import { goalOf, planSteps } from "./plan-words.ts";
import "../ui/diff-view.ts";
import "../ui/json-view.ts";
import "./plan-steps.ts";

type FileDiff = Extract<Preview, { kind: "diff" }>["files"][number];

/** What a call would do, as exactly as it is known: the diff, the statement, the command, the plan, else its arguments. */
export class ApprovalPreviewElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
      }
      .box {
        overflow: hidden;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
      }
      .file {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 8px;
        padding: 4px 8px;
        border-bottom: 1px solid var(--ak-line);
        background: var(--ak-surface);
      }
      .file .link {
        flex: 1 1 auto;
      }
      .counts {
        font-size: 11px;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      pre {
        max-height: 260px;
        overflow: auto;
        padding: 6px 10px;
        background: var(--vscode-editor-background);
        color: var(--vscode-editor-foreground, inherit);
      }
      .goal {
        overflow-wrap: anywhere;
      }
      .review {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        justify-self: start;
      }
      .facts {
        padding: 4px 10px;
        border-top: 1px solid var(--ak-line);
        font-size: 12px;
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { request: { attribute: false } };
  declare request: ApprovalRequest;

  protected override render(): TemplateResult | readonly TemplateResult[] {
    const { preview, about, input } = this.request;
    if (about === "plan")
      return html`<p class="goal">${goalOf(input)}</p>
        <aksara-plan-steps .steps=${planSteps(input)}></aksara-plan-steps>`;
    switch (preview.kind) {
      case "diff":
        return html`${preview.files.map((file) => this.#renderFile(file))}
          ${preview.divisible ? this.#renderReview() : null}`;
      case "command":
        return html`<div class="box">
          <pre tabindex="0" role="region" aria-label=${t("Command")}>${preview.command}</pre>
          ${preview.cwd === "" ? null : html`<p class="facts">${t("in {0}", preview.cwd)}</p>`}
        </div>`;
      case "sql":
        return html`<div class="box">
          ${preview.place === undefined ? null : html`<p class="facts">${t("in {0}", preview.place)}</p>`}
          <pre tabindex="0" role="region" aria-label=${t("SQL statement")}>${preview.sql}</pre>
          ${
            preview.parameters.length === 0
              ? null
              : html`<p class="facts">${t("Parameters")}: <span class="mono">${JSON.stringify(preview.parameters)}</span></p>`
          }
          <p class="facts">${preview.rows === null ? t("How many rows it touches is not known.") : t("Rows it touches: {0}", formatNumber(preview.rows))}</p>
          ${
            preview.touched === undefined || preview.touched.length === 0
              ? null
              : html`<pre tabindex="0" role="region" aria-label=${t("Rows as they are now")}>${preview.touched.map((row) => JSON.stringify(row)).join("\n")}</pre>`
          }
          ${(preview.notes ?? []).map((note) => html`<p class="facts">${note}</p>`)}
        </div>`;
      case "plan":
      case "none":
        return html`<aksara-json-view .value=${input ?? {}}></aksara-json-view>`;
    }
  }

  #renderReview(): TemplateResult {
    const { id } = this.request;
    return html`<button
      type="button"
      class="link review"
      title=${t("Compare in the editor, and accept or reject each change")}
      @click=${() => this.dispatchEvent(new PostEvent({ type: "review", id }))}
    >
      ${icon("diff")}${t("Review changes")}
    </button>`;
  }

  #renderFile({ uri, change, diff }: FileDiff): TemplateResult {
    const { added, removed } = countDiff(readUnifiedDiff(diff));
    return html`<div class="box">
      <div class="file">
        ${
          change === "create"
            ? html`<span class="link mono">${uri}</span>`
            : html`<button type="button" class="link mono" title=${t("Open {0}", uri)} @click=${() => this.dispatchEvent(new PostEvent({ type: "open-file", uri }))}>${uri}</button>`
        }
        <span class="counts">
          ${change === "modify" ? null : html`<span class="quiet">${change === "create" ? t("new file") : t("deleted")}</span>`}
          <span title=${t("{0} lines added", added)}>+${added}</span>
          <span title=${t("{0} lines removed", removed)}>−${removed}</span>
        </span>
      </div>
      <aksara-diff-view .diff=${diff} label=${uri}></aksara-diff-view>
    </div>`;
  }
}

customElements.define("aksara-approval-preview", ApprovalPreviewElement);

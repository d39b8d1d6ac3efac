import { css, html, LitElement, type TemplateResult } from "lit";
import type { Proof, Suggestion } from "../../src/protocol/execution.ts";
import type { Evidence } from "../../src/protocol/prompt-pack.ts";
import { startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import "../ui/copy-button.ts";
import "../ui/json-view.ts";
import "../ui/source-link.ts";
import "./verdict-badge.ts";

/** One thing an answer proposes: why, what exactly, and whether anything has tried it. Nothing is applied from here. */
export class SuggestionCardElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    copyBoxStyles,
    foldStyles,
    css`
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        padding: 10px 12px;
        border: 1px solid var(--ak-line);
        border-radius: 6px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        justify-content: space-between;
        gap: 4px 12px;
      }
      h3 {
        flex: 1 1 200px;
        min-width: 0;
        font-size: 1em;
        font-weight: 600;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
      .reason {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
      }
      .places {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
        font-size: 12px;
      }
    `,
  ];
  static override readonly properties = {
    suggestion: { attribute: false },
    evidence: { attribute: false },
    traceId: { attribute: false },
  };
  declare suggestion: Suggestion;
  declare evidence: readonly Evidence[];
  /** Of the earlier run that it stands in; null in the run that is shown. */
  declare traceId: string | null;

  constructor() {
    super();
    this.traceId = null;
  }

  protected override render(): TemplateResult {
    const { id, title, reason, statements, rollback, verdict, proof } = this.suggestion;
    return html`<article aria-labelledby="title">
      <div class="head">
        <h3 id="title"><span class="quiet">${id}</span> ${title}</h3>
        <aksara-verdict-badge verdict=${verdict}></aksara-verdict-badge>
      </div>
      ${reason === "" ? null : html`<p class="reason">${reason}</p>`}
      ${statements.length === 0 ? null : this.#renderStatements(statements, t("To apply"), t("Copy statement"))}
      ${proof === null ? null : renderProof(proof)}
      ${
        rollback.length === 0
          ? null
          : html`<details>
            <summary>${t("How to take it back")}</summary>
            ${this.#renderStatements(rollback, t("How to take it back"), t("Copy statement"))}
          </details>`
      }
      <div class="foot">
        ${
          statements.length === 0
            ? null
            : html`<vscode-button
              appearance="secondary"
              title=${t("Shows the statements in a document of their own. Nothing is applied.")}
              @click=${() => this.#open(id)}
              >${startIcon("go-to-file")}${t("Open as edit preview")}</vscode-button
            >`
        }
        <span class="places">${this.#renderPlaces()}</span>
      </div>
    </article>`;
  }

  #open(id: string): void {
    this.dispatchEvent(new PostEvent({ type: "open-suggestion", id, trace_id: this.traceId }));
  }

  #renderStatements(statements: readonly string[], label: string, copy: string): TemplateResult {
    return html`<div>
      ${statements.map(
        (text) =>
          html`<div class="copy-box">
            <pre tabindex="0" role="region" aria-label=${label}>${text}</pre>
            <aksara-copy-button label=${copy} .message=${{ type: "copy-text", text }}></aksara-copy-button>
          </div>`,
      )}
    </div>`;
  }

  #renderPlaces(): readonly (TemplateResult | null)[] {
    return this.suggestion.evidence.map((id) => {
      const place = this.evidence.find((item) => item.id === id);
      if (place === undefined) return null;
      const { uri, range, hash } = place;
      return html`<aksara-source-link .source=${{ uri, range, hash }} label=${`[${id}]`}></aksara-source-link>`;
    });
  }
}

function renderProof({ summary, details }: Proof): TemplateResult {
  const more = Object.keys(details).length > 0;
  return html`<details>
    <summary>${t("What the check says")}</summary>
    <p>${summary}</p>
    ${more ? html`<aksara-json-view .value=${details}></aksara-json-view>` : null}
  </details>`;
}

customElements.define("aksara-suggestion-card", SuggestionCardElement);

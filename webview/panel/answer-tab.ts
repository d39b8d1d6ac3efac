import { css, html, LitElement, type TemplateResult } from "lit";
import type { ExecutionResult, RunWarning } from "../../src/protocol/execution.ts";
import type { Evidence } from "../../src/protocol/prompt-pack.ts";
import { icon, startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import { noteStyles } from "../ui/styles/note.css.ts";
import { answerParts } from "./answer-parts.ts";
import type { RunState } from "./run-state.ts";
import "../ui/copy-button.ts";
import "../ui/growing-markdown.ts";
import "./run-head.ts";
import "./suggestion-card.ts";

/** What a model says about the pack, as it comes: the answer, what is proposed, what went wrong. */
export class AnswerTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    foldStyles,
    noteStyles,
    css`
      :host {
        max-width: 860px;
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      .words {
        font-weight: 600;
      }
      .cards {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        margin-top: 6px;
      }
      .reasoning {
        padding-inline-start: 10px;
        border-inline-start: 2px solid var(--ak-line);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        color: var(--ak-quiet);
      }
      details > pre {
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 4px;
        background: var(--ak-surface);
      }
      .waiting {
        color: var(--ak-quiet);
      }
    `,
  ];
  static override readonly properties = {
    run: { attribute: false },
    evidence: { attribute: false },
    traceId: { attribute: false },
  };
  declare run: RunState;
  declare evidence: readonly Evidence[];
  /** Set for an earlier run, which can be read and copied, not repeated. */
  declare traceId: string | null;

  constructor() {
    super();
    this.traceId = null;
  }

  protected override render(): TemplateResult {
    const { text, reasoning, result } = this.run;
    const { prose, structured } = answerParts(text);
    return html`<div class="parts">
      <aksara-run-head .run=${this.run}></aksara-run-head>
      ${result === null || result.ok ? null : this.#renderFailure(result)}
      ${result === null ? null : renderWarnings(result)}
      ${
        reasoning === ""
          ? null
          : html`<details>
            <summary>${t("Reasoning")}</summary>
            <p class="reasoning">${reasoning}</p>
          </details>`
      }
      ${
        prose === ""
          ? null
          : html`<section role="region" aria-label=${t("Answer")} aria-busy=${result === null ? "true" : "false"}>
            <aksara-growing-markdown .text=${prose} .evidence=${this.evidence}></aksara-growing-markdown>
          </section>`
      }
      ${result === null && structured !== null ? html`<p class="waiting">${t("Writing the structured part …")}</p>` : null}
      ${result === null || result.suggestions.length === 0 ? null : this.#renderSuggestions(result)}
      ${result === null || structured === null ? null : this.#renderStructured(structured)}
      ${result === null ? null : this.#renderFoot(result)}
    </div>`;
  }

  #renderFailure({ error, error_code, hint, response, tokens }: ExecutionResult): TemplateResult {
    const cancelled = error_code === "CANCELLED";
    const end = tokens.total === 0 ? t("Nothing was sent.") : t("The run was cancelled.");
    return html`<section class="note" role=${cancelled ? "status" : "alert"}>
      ${cancelled ? icon("circle-slash") : icon("error", "error")}
      <div>
        <p class="words">${cancelled ? end : error}</p>
        ${hint === null || cancelled ? null : html`<p>${hint}</p>`}
        ${response === "" ? null : html`<p class="quiet">${t("Below is what had come before.")}</p>`}
        <div class="buttons">
          ${this.traceId === null ? this.#renderWaysOn(error_code) : null}
          <span class="quiet mono">${error_code}</span>
        </div>
      </div>
    </section>`;
  }

  #renderWaysOn(code: string | null): TemplateResult {
    return html`<vscode-button appearance="primary" @click=${() => this.#post({ type: "run-ai" })}
        >${startIcon("refresh")}${t("Retry")}</vscode-button
      >
      ${
        code === "AUTH_FAILED" || code === "AI_HUB_NOT_CONFIGURED"
          ? html`<vscode-button appearance="secondary" @click=${() => this.#post({ type: "open-hub" })}
            >${t("Open AI Hub")}</vscode-button
          >`
          : null
      }`;
  }

  #renderSuggestions({ suggestions }: ExecutionResult): TemplateResult {
    return html`<section aria-labelledby="suggestions">
      <h2 id="suggestions">${t("Suggestions")}</h2>
      <div class="cards">
        ${suggestions.map(
          (suggestion) =>
            html`<aksara-suggestion-card
              .suggestion=${suggestion}
              .evidence=${this.evidence}
              .traceId=${this.traceId}
            ></aksara-suggestion-card>`,
        )}
      </div>
    </section>`;
  }

  #renderStructured(structured: string): TemplateResult {
    return html`<details>
      <summary>${t("Structured part of the answer")}</summary>
      <pre tabindex="0" role="region" aria-label=${t("Structured part of the answer")}>${structured}</pre>
    </details>`;
  }

  #renderFoot({ response }: ExecutionResult): TemplateResult {
    const copy =
      response === ""
        ? null
        : html`<aksara-copy-button
            appearance="secondary"
            label=${t("Copy answer")}
            .message=${{ type: "copy-text", text: response }}
          ></aksara-copy-button>`;
    if (this.traceId !== null) return html`<div class="buttons">${copy}</div>`;
    return html`<div class="buttons">
      <vscode-button appearance="secondary" @click=${() => this.#post({ type: "run-with" })}
        >${startIcon("run-all")}${t("Run again with …")}</vscode-button
      >
      ${copy}
      <aksara-copy-button
        appearance="secondary"
        label=${t("Copy run as JSON")}
        .message=${{ type: "copy", what: "run" }}
      ></aksara-copy-button>
    </div>`;
  }

  #post(message: unknown): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

function renderWarnings({ truncated, warnings }: ExecutionResult): TemplateResult | null {
  const cut: readonly RunWarning[] = truncated
    ? [{ code: "", message: t("The answer was cut off: it reached the longest length the model allows.") }]
    : [];
  const all = [...cut, ...warnings];
  if (all.length === 0) return null;
  return html`<section class="note" role="status">
    ${icon("warning", "warning")}
    <div>${all.map(({ message }) => html`<p>${message}</p>`)}</div>
  </section>`;
}

customElements.define("aksara-answer-tab", AnswerTabElement);

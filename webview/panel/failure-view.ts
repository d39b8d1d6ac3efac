import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import type { PanelFailure } from "./panel-state.ts";

/** Why there is no pack and what a person can do about it: names to choose from, or another try. */
export class FailureViewElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        padding: 20px var(--page-gutter);
      }
      .failure {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 10px;
        max-width: 640px;
      }
      .icon {
        font-size: 20px;
      }
      h1 {
        font-size: 1.15em;
        font-weight: 600;
        line-height: 20px;
      }
      .body {
        display: grid;
        gap: 8px;
        justify-items: start;
      }
      p {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      h2 {
        margin-top: 8px;
      }
      .candidates {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin-top: 6px;
      }
      .candidates vscode-button {
        max-width: 100%;
      }
      .candidates vscode-button::part(control) {
        white-space: normal;
        overflow-wrap: anywhere;
        font-family: var(--ak-mono);
        font-size: var(--ak-mono-size);
      }
    `,
  ];
  static override readonly properties = { failure: { attribute: false } };
  declare failure: PanelFailure;

  protected override render(): TemplateResult {
    const { title, code, message, hint, candidates } = this.failure;
    const choosing = code === "AMBIGUOUS_TARGET";
    // The buttons with the candidates say what the hint says.
    const shownHint = candidates.length === 0 ? hint : null;
    return html`<section class="failure" role="alert">
      ${choosing ? icon("question", "info") : icon("error", "error")}
      <div class="body">
        <h1>${title ?? t("The prompt pack could not be built")}</h1>
        <p>${message}</p>
        ${shownHint === null ? null : html`<p class="quiet">${shownHint}</p>`}
        ${candidates.length === 0 ? null : this.#renderCandidates(candidates, choosing)}
        <div class="foot">
          <vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new PostEvent({ type: "rebuild" }))}
            >${t("Try again")}</vscode-button
          >
          <span class="quiet mono">${code}</span>
        </div>
      </div>
    </section>`;
  }

  #renderCandidates(candidates: readonly string[], choosing: boolean): TemplateResult {
    return html`<h2 id="candidates">${choosing ? t("Choose one") : t("Did you mean")}</h2>
      <ul class="candidates" aria-labelledby="candidates">
        ${candidates.map(
          (name) =>
            html`<li>
              <vscode-button
                appearance="secondary"
                @click=${() => this.dispatchEvent(new PostEvent({ type: "pick-candidate", name }))}
                >${name}</vscode-button
              >
            </li>`,
        )}
      </ul>`;
  }
}

customElements.define("aksara-failure-view", FailureViewElement);

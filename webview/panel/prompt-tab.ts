import { css, html, LitElement, type TemplateResult } from "lit";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { shareTokens } from "./token-share.ts";
import "../ui/copy-button.ts";

/** The two prompts exactly as a model would get them, and what was done to make them safe and small. */
export class PromptTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
        max-width: 1100px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 6px 16px;
      }
      .prompt {
        border: 1px solid var(--ak-line);
        border-radius: 4px;
        overflow: clip;
      }
      .prompt .bar {
        flex-wrap: nowrap;
        padding: 3px 4px 3px 12px;
        border-bottom: 1px solid var(--ak-line);
      }
      .prompt h2 {
        flex: none;
      }
      .prompt .tokens {
        flex: 1;
        font-size: 12px;
      }
      pre {
        padding: 10px 12px;
        background: var(--ak-surface);
      }
      .notes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
        gap: 18px 32px;
      }
      .notes section {
        display: grid;
        align-content: start;
        gap: 6px;
      }
      .notes ul {
        display: grid;
        gap: 4px;
      }
      .notes li {
        display: flex;
        gap: 6px;
        overflow-wrap: anywhere;
      }
      .notes .icon {
        margin-top: 1px;
        color: var(--ak-quiet);
      }
      .fingerprint {
        overflow-wrap: anywhere;
        font-size: 12px;
      }
    `,
  ];
  static override readonly properties = { pack: { attribute: false } };
  declare pack: PromptPack;

  protected override render(): TemplateResult {
    const { pack } = this;
    const tokens = shareTokens(pack);
    return html`<div class="bar">
        <p class="quiet">${t("About {0} tokens in both prompts", formatNumber(pack.token_estimate))}</p>
        <aksara-copy-button
          appearance="secondary"
          label=${t("Copy both")}
          .message=${{ type: "copy", what: "pack" }}
        ></aksara-copy-button>
      </div>
      ${this.#renderPrompt("system", t("System prompt"), t("Copy system prompt"), pack.system_prompt, tokens.system)}
      ${this.#renderPrompt("user", t("User prompt"), t("Copy user prompt"), pack.user_prompt, tokens.user)}
      <div class="notes">
        <section>
          <h2 id="redactions">${t("Redacted")}</h2>
          ${this.#renderRedactions(pack)}
        </section>
        <section>
          <h2 id="dropped">${t("Left out to stay within the budget")}</h2>
          ${this.#renderDropped(pack)}
        </section>
      </div>
      <p class="quiet fingerprint">${t("Fingerprint")} <span class="mono">${pack.fingerprint}</span></p>`;
  }

  #renderPrompt(
    what: "system" | "user",
    title: string,
    copy: string,
    text: string,
    tokens: number,
  ): TemplateResult {
    return html`<section class="prompt" aria-labelledby=${what}>
      <div class="bar">
        <h2 id=${what}>${title}</h2>
        <span class="quiet tokens">${t("about {0} tokens", formatNumber(tokens))}</span>
        <aksara-copy-button label=${copy} .message=${{ type: "copy", what }}></aksara-copy-button>
      </div>
      <pre lang="en" tabindex="0" role="region" aria-labelledby=${what}>${text}</pre>
    </section>`;
  }

  #renderRedactions({ redactions }: PromptPack): TemplateResult {
    if (redactions.length === 0)
      return html`<p class="quiet">${t("Nothing: no secret or personal value was found.")}</p>`;
    return html`<ul aria-labelledby="redactions">
      ${redactions.map(({ kind, count }) => html`<li>${icon("lock")}<span>${t("{0} × {1}", formatNumber(count), kind)}</span></li>`)}
    </ul>`;
  }

  #renderDropped({ dropped }: PromptPack): TemplateResult {
    if (dropped.length === 0) return html`<p class="quiet">${t("Nothing: everything fitted.")}</p>`;
    return html`<ul aria-labelledby="dropped">
      ${dropped.map(
        ({ section, reason }) =>
          html`<li lang="en"><span>${section} <span class="quiet">${reason}</span></span></li>`,
      )}
    </ul>`;
  }
}

customElements.define("aksara-prompt-tab", PromptTabElement);

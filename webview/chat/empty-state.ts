import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChatAccess } from "../../src/protocol/chat.ts";
import { icon, startIcon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { SendEvent } from "./composer.ts";

/** What stands where no conversation is: what can be asked, or what has to be done before anything can. */
export class EmptyStateElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        overflow: hidden auto;
        min-height: 0;
      }
      .middle {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 8px;
        min-height: 100%;
        max-width: 340px;
        margin: 0 auto;
        padding: 20px var(--chat-gutter, 14px);
        text-align: center;
      }
      .large {
        font-size: 28px;
        opacity: 0.8;
      }
      h2 {
        font-size: 1.15em;
        letter-spacing: normal;
        text-transform: none;
        line-height: 1.4;
        color: var(--vscode-foreground);
      }
      p {
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      ul {
        display: grid;
        gap: 6px;
        width: 100%;
        margin-top: 10px;
      }
      .example {
        width: 100%;
        margin: 0;
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
        border-radius: 6px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      .example:hover {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      .example:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      vscode-button {
        margin-top: 6px;
      }
    `,
  ];
  static override readonly properties = { access: { attribute: false } };
  declare access: ChatAccess;

  protected override render(): TemplateResult {
    return html`<div class="middle">${this.#renderState()}</div>`;
  }

  #renderState(): TemplateResult {
    const { state, reason } = this.access;
    switch (state) {
      case "looking":
      case "ready":
        return html`${glyph("comment-discussion")}
          <h2>${t("Ask about your backend")}</h2>
          <p>${t("The agent looks at models, routes, queries and migrations, and changes files when you say so.")}</p>
          ${state === "ready" ? this.#renderExamples() : null}`;
      case "no-provider":
        return html`${glyph("sparkle")}
          <h2>${t("No language model yet")}</h2>
          <p>${reason ?? t("The agent needs a provider: one with a key, a local server, or the models of the editor.")}</p>
          ${this.#renderButton("primary", t("Open AI Hub"), { type: "open-hub" })}`;
      case "untrusted":
        return html`${glyph("lock")}
          <h2>${t("Restricted Mode")}</h2>
          <p>${t("No agent works in a folder that is not trusted: what stands in it could tell the agent what to do.")}</p>
          ${this.#renderButton("primary", t("Manage Workspace Trust"), { type: "manage-trust" })}`;
      case "no-folder":
        return html`${glyph("folder")}
          <h2>${t("No folder is open")}</h2>
          <p>${t("The agent works in the folder of a backend.")}</p>
          ${this.#renderButton("primary", t("Open Folder"), { type: "open-folder" })}`;
    }
  }

  #renderExamples(): TemplateResult {
    const examples = [
      t("Which routes can be called without signing in?"),
      t("Which foreign keys have no index?"),
      t("How do the models hang together?"),
    ];
    return html`<ul aria-label=${t("Examples")}>
      ${examples.map(
        (text) =>
          html`<li>
            <button type="button" class="example" @click=${() => this.dispatchEvent(new SendEvent(text))}>${text}</button>
          </li>`,
      )}
    </ul>`;
  }

  #renderButton(appearance: string, words: string, message: unknown): TemplateResult {
    return html`<vscode-button appearance=${appearance} @click=${() => this.dispatchEvent(new PostEvent(message))}
      >${startIcon("arrow-right")}${words}</vscode-button
    >`;
  }
}

function glyph(name: IconName): TemplateResult {
  return icon(name, "large");
}

customElements.define("aksara-empty-state", EmptyStateElement);

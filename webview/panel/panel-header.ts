import { css, html, LitElement, type TemplateResult } from "lit";
import type { FlowKind } from "../../src/protocol/action.ts";
import type { FlowPanelPack } from "../../src/protocol/flow-panel.ts";
import type { PackTarget } from "../../src/protocol/prompt-pack.ts";
import { icon, startIcon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { sourcePlace } from "../ui/source-link.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import "../ui/copy-button.ts";
import "../ui/progress.ts";
import "../ui/risk-badge.ts";
import "../ui/source-link.ts";
import "../ui/tier-badge.ts";

const kindIcons: Readonly<Record<FlowKind, IconName>> = {
  model: "table",
  route: "globe",
  query: "database",
  migration: "git-commit",
  diagnostic: "issues",
};

/** What was asked about what, how risky and how well founded it is, and the three things to do with the pack. */
export class PanelHeaderElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 24px;
        padding: 12px var(--page-gutter) 10px;
      }
      h1 {
        flex: 1 1 200px;
        min-width: 0;
        font-size: 1.3em;
        font-weight: 600;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .facts {
        flex: 1 1 100%;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 8px;
      }
      .target {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        min-width: 0;
        margin-inline-end: 4px;
      }
      .name {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .place {
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
      }
      .reason {
        flex: 1 1 100%;
        font-size: 12px;
        color: var(--ak-quiet);
      }
      .stale {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        margin: 0 var(--page-gutter) 10px;
        padding: 5px 5px 5px 10px;
        border: 1px solid
          var(--vscode-contrastBorder, var(--vscode-inputValidation-warningBorder, var(--vscode-editorWarning-foreground)));
        border-radius: 4px;
        background: var(--vscode-inputValidation-warningBackground, transparent);
        color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
      }
      .stale p {
        flex: 1 1 180px;
      }
      aksara-progress {
        width: 16px;
        height: 16px;
      }
    `,
  ];
  static override readonly properties = {
    view: { attribute: false },
    stale: { type: Boolean },
    busy: { type: Boolean },
    running: { type: Boolean },
  };
  declare view: FlowPanelPack;
  declare stale: boolean;
  declare busy: boolean;
  /** An answer is on its way. */
  declare running: boolean;

  protected override render(): TemplateResult {
    const { pack, action, run_disabled } = this.view;
    return html`<header>
        <h1>${action?.title ?? pack.action_key}</h1>
        <div class="actions">
          <aksara-copy-button
            appearance="primary"
            label=${t("Copy prompt pack")}
            .message=${{ type: "copy", what: "pack" }}
          ></aksara-copy-button>
          <vscode-button
            appearance="secondary"
            title=${this.running ? t("The pack is being run.") : (run_disabled ?? t("Send the pack to your AI provider"))}
            ?disabled=${this.running || this.busy || run_disabled !== null}
            @click=${() => this.#post({ type: "run-ai" })}
            >${startIcon("sparkle")}${t("Run AI")}</vscode-button
          >
          <vscode-button
            appearance="icon"
            title=${t("Ask the agent about this")}
            aria-label=${t("Ask the agent about this")}
            @click=${() => this.#post({ type: "ask-agent" })}
            >${icon("comment")}</vscode-button
          >
          <vscode-button
            appearance="icon"
            title=${t("Rebuild")}
            aria-label=${t("Rebuild")}
            @click=${() => this.#post({ type: "rebuild" })}
            >${icon("refresh")}</vscode-button
          >
        </div>
        <div class="facts">
          ${pack.target === null ? null : this.#renderTarget(pack.target)}
          <aksara-risk-badge risk=${pack.risk}></aksara-risk-badge>
          <aksara-tier-badge tier=${pack.tier} kind=${pack.kind}></aksara-tier-badge>
          ${
            this.busy
              ? html`<aksara-progress></aksara-progress
                  ><span class="visually-hidden" role="status">${t("Building the prompt pack")}</span>`
              : null
          }
        </div>
        ${run_disabled === null || this.running ? null : this.#renderReason(run_disabled)}
      </header>
      ${this.stale ? this.#renderStale() : null}`;
  }

  #renderTarget(target: PackTarget): TemplateResult {
    const glyph = this.view.pack.kind === null ? null : icon(kindIcons[this.view.pack.kind]);
    const { uri, range, hash } = target;
    if (uri === null || range === null) {
      return html`<span class="target"><span class="name">${glyph}${target.name}</span></span>`;
    }
    const source = { uri, range, hash: hash ?? "" };
    return html`<span class="target">
      <span class="name">${glyph}<aksara-source-link .source=${source} label=${target.name}></aksara-source-link></span>
      <span class="place quiet mono">${sourcePlace(source)}</span>
    </span>`;
  }

  #renderReason(reason: string): TemplateResult {
    return html`<p class="reason">
      ${t("Run AI is off: {0}", reason)}
      <button type="button" class="link" @click=${() => this.#post({ type: "open-hub" })}>${t("Open AI Hub")}</button>
    </p>`;
  }

  #renderStale(): TemplateResult {
    return html`<div class="stale" role="status">
      ${icon("history", "warning")}
      <p>${t("The workspace has changed since this pack was built.")}</p>
      <vscode-button appearance="secondary" @click=${() => this.#post({ type: "rebuild" })}>${t("Rebuild")}</vscode-button>
    </div>`;
  }

  #post(message: unknown): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

customElements.define("aksara-panel-header", PanelHeaderElement);

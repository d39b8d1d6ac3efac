import { css, html, LitElement, type TemplateResult } from "lit";
import type { ActionDescriptor } from "../../src/protocol/action.ts";
import type { FlowPanelPack } from "../../src/protocol/flow-panel.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import "../ui/copy-button.ts";
import "../ui/markdown.ts";
import "../ui/risk-badge.ts";
import { withoutSections } from "./markdown-sections.ts";
import "./finding-list.ts";

/** The facts as prose, the findings, and beside them what the action is for and what to do next. */
export class ResultTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    copyBoxStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 22px 32px;
      }
      .main,
      aside {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: 18px;
        min-width: 0;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-height: 24px;
        margin-bottom: 4px;
      }
      aside section {
        display: grid;
        gap: 6px;
      }
      .next {
        display: grid;
        gap: 4px;
      }
      .action {
        display: grid;
        gap: 2px 8px;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        width: 100%;
        padding: 7px 10px;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      .action:hover {
        background: var(--vscode-list-hoverBackground, transparent);
        border-color: var(--vscode-contrastActiveBorder, var(--ak-line));
      }
      .action:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .action .title {
        font-weight: 600;
      }
      .action .description {
        grid-column: 1 / -1;
        font-size: 12px;
        line-height: 1.4;
      }
      .word {
        display: inline-block;
        max-width: 100%;
      }
      @container (min-width: 860px) {
        .columns {
          grid-template-columns: minmax(0, 820px) minmax(260px, 340px);
        }
        aside {
          padding-inline-start: 24px;
          border-inline-start: 1px solid var(--ak-line);
        }
      }
    `,
  ];
  static override readonly properties = { view: { attribute: false } };
  declare view: FlowPanelPack;

  protected override render(): TemplateResult {
    const { pack, action, next, cli_command } = this.view;
    return html`<div class="columns">
      <div class="main">
        ${
          pack.findings.length === 0
            ? null
            : html`<aksara-finding-list .findings=${pack.findings}></aksara-finding-list>`
        }
        <section aria-labelledby="summary">
          <div class="head">
            <h2 id="summary">${t("Summary")}</h2>
            <aksara-copy-button label=${t("Copy result")} .message=${{ type: "copy", what: "result" }}></aksara-copy-button>
          </div>
          <aksara-markdown lang="en" .text=${withoutSections(pack.result_markdown, this.#shownBeside())} .evidence=${pack.evidence}></aksara-markdown>
        </section>
      </div>
      <aside aria-label=${t("About this action")}>
        ${next.length === 0 ? null : this.#renderNext(next)}
        <section>
          <h2>${t("What it does")}</h2>
          <p>${action?.what_it_does ?? pack.what_it_does}</p>
        </section>
        <section>
          <h2>${t("What it cannot do")}</h2>
          <p>${action?.what_it_cannot_do ?? pack.what_it_cannot_do}</p>
        </section>
        <section>
          <h2 id="command">${t("On the command line")}</h2>
          <div class="copy-box">
            <pre tabindex="0" aria-labelledby="command">${splitWords(cli_command)}</pre>
            <aksara-copy-button label=${t("Copy command")} .message=${{ type: "copy", what: "cli" }}></aksara-copy-button>
          </div>
        </section>
      </aside>
    </div>`;
  }

  /** Parts of the result that the panel shows in a form of its own; whoever copies the result gets them. */
  #shownBeside(): string[] {
    const { pack, next } = this.view;
    return [...(pack.findings.length > 0 ? ["Findings"] : []), ...(next.length > 0 ? ["Next"] : [])];
  }

  #renderNext(next: readonly ActionDescriptor[]): TemplateResult {
    return html`<section>
      <h2 id="next">${t("Next")}</h2>
      <ul class="next" aria-labelledby="next">
        ${next.map(
          (action) =>
            html`<li>
              <button
                type="button"
                class="action"
                @click=${() => this.dispatchEvent(new PostEvent({ type: "run-action", action_key: action.action_key }))}
              >
                <span class="title">${action.title}</span>
                <aksara-risk-badge risk=${action.risk}></aksara-risk-badge>
                <span class="description quiet">${action.description}</span>
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

/** Words that wrap whole, so that no line of a command ends in the hyphens of its next option. */
function splitWords(command: string): (string | TemplateResult)[] {
  return command
    .split(/(\s+)/)
    .map((part) => (part.trim() === "" ? part : html`<span class="word">${part}</span>`));
}

customElements.define("aksara-result-tab", ResultTabElement);

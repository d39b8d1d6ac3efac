import { css, html, LitElement, type TemplateResult } from "lit";
import { t } from "./l10n.ts";
import { baseStyles } from "./styles/base.css.ts";
import { type DiffLine, readUnifiedDiff } from "./unified-diff.ts";

/** Lines that are shown at first. */
const FIRST_LINES = 60;

/** A unified diff of one file: what goes, what comes, and what stands around it. Signs say it, colours repeat it. */
export class DiffViewElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .lines {
        max-height: 320px;
        overflow: auto;
        padding: 4px 0;
        background: var(--vscode-editor-background);
        color: var(--vscode-editor-foreground, inherit);
        font-family: var(--ak-mono);
        font-size: var(--ak-mono-size);
        line-height: 1.5;
        tab-size: 4;
      }
      .lines:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .line {
        display: grid;
        grid-template-columns: 18px max-content;
        min-width: max-content;
        white-space: pre;
      }
      .sign {
        text-align: center;
        user-select: none;
      }
      .added {
        background: var(--vscode-diffEditor-insertedLineBackground, transparent);
      }
      .removed {
        background: var(--vscode-diffEditor-removedLineBackground, transparent);
      }
      .added .sign {
        color: var(--vscode-gitDecoration-addedResourceForeground, inherit);
      }
      .removed .sign {
        color: var(--vscode-gitDecoration-deletedResourceForeground, inherit);
      }
      .gap {
        margin: 3px 0;
        border-top: 1px dashed var(--ak-line);
      }
      .more {
        margin: 4px 8px 6px;
        font-size: 12px;
      }
      @media (forced-colors: active) {
        .added,
        .removed {
          font-weight: 600;
        }
      }
    `,
  ];
  static override readonly properties = { diff: {}, label: {}, whole: { state: true } };
  declare diff: string;
  /** Whose diff it is, for those who do not see it. */
  declare label: string;
  declare protected whole: boolean;

  constructor() {
    super();
    this.diff = "";
    this.label = "";
    this.whole = false;
  }

  protected override render(): TemplateResult {
    const lines = readUnifiedDiff(this.diff);
    const shown = this.whole ? lines : lines.slice(0, FIRST_LINES);
    const hidden = lines.length - shown.length;
    return html`<div class="lines" tabindex="0" role="region" aria-label=${t("Changes of {0}", this.label)}>
        ${shown.map(renderLine)}
      </div>
      ${
        hidden === 0
          ? null
          : html`<button type="button" class="link more" @click=${this.#showAll}>${t("Show {0} more lines", hidden)}</button>`
      }`;
  }

  #showAll(): void {
    this.whole = true;
  }
}

function renderLine({ kind, text }: DiffLine): TemplateResult {
  if (kind === "gap") return html`<div class="gap"></div>`;
  const sign = kind === "added" ? "+" : kind === "removed" ? "−" : "";
  return html`<div class="line ${kind}"><span class="sign">${sign}</span><span>${text === "" ? " " : text}</span></div>`;
}

customElements.define("aksara-diff-view", DiffViewElement);

import { css, LitElement } from "lit";
import { tokenizeJson } from "./json-tokens.ts";
import { t } from "./l10n.ts";
import { baseStyles } from "./styles/base.css.ts";

/** Lines in one block; the browser lays out only the blocks that are on screen. */
const BLOCK_LINES = 100;

/** A JSON document, indented and coloured. Cheap for some hundred kilobytes: plain nodes, no templates. */
export class JsonViewElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      pre {
        padding: 10px 12px;
        /* On the editor's own background: the token colours are chosen for it. */
        border: 1px solid var(--ak-line);
        border-radius: 4px;
      }
      .block {
        content-visibility: auto;
        contain-intrinsic-block-size: auto 1800px;
      }
      .key {
        color: var(--vscode-debugTokenExpression-name, var(--vscode-foreground));
      }
      .string {
        color: var(--vscode-debugTokenExpression-string, var(--vscode-foreground));
      }
      .number {
        color: var(--vscode-debugTokenExpression-number, var(--vscode-foreground));
      }
      .literal {
        color: var(--vscode-debugTokenExpression-boolean, var(--vscode-foreground));
      }
    `,
  ];
  static override readonly properties = { value: { attribute: false } };
  declare value: unknown;

  constructor() {
    super();
    this.value = null;
  }

  protected override updated(): void {
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", t("Raw JSON"));
    const lines = JSON.stringify(this.value, null, 2).split("\n");
    for (let start = 0; start < lines.length; start += BLOCK_LINES) {
      pre.append(renderBlock(lines.slice(start, start + BLOCK_LINES).join("\n")));
    }
    this.renderRoot.replaceChildren(pre);
  }
}

function renderBlock(text: string): HTMLElement {
  const block = document.createElement("div");
  block.className = "block";
  for (const token of tokenizeJson(text)) {
    if (token.kind === "punctuation") {
      block.append(token.text);
      continue;
    }
    const span = document.createElement("span");
    span.className = token.kind;
    span.textContent = token.text;
    block.append(span);
  }
  return block;
}

customElements.define("aksara-json-view", JsonViewElement);

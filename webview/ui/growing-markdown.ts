import { css, html, LitElement, type TemplateResult } from "lit";
import type { Evidence } from "../../src/protocol/prompt-pack.ts";
import { settledOffset } from "./markdown-blocks.ts";
import { baseStyles } from "./styles/base.css.ts";
import "./markdown.ts";

/**
 * Markdown that is still being written. What cannot change any more is rendered once; only the block at the end is
 * parsed again as it grows, once a frame at most.
 */
export class GrowingMarkdownElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      aksara-markdown + aksara-markdown {
        margin-top: 10px;
      }
    `,
  ];
  static override readonly properties = {
    text: { attribute: false },
    evidence: { attribute: false },
    codeActions: { attribute: false },
  };
  declare text: string;
  declare evidence: readonly Evidence[];
  declare codeActions: boolean;
  /** Ends of the pieces that are settled. */
  #ends: number[] = [];
  #seen = "";

  constructor() {
    super();
    this.text = "";
    this.evidence = [];
    this.codeActions = false;
  }

  /** One paint per frame, however many parts arrive within it. */
  protected override async scheduleUpdate(): Promise<void> {
    // A page that cannot be seen has no frames, and must still be right when it is seen.
    if (this.hasUpdated && document.visibilityState === "visible")
      await new Promise((resolve) => requestAnimationFrame(resolve));
    super.scheduleUpdate();
  }

  protected override render(): TemplateResult {
    if (!this.text.startsWith(this.#seen)) this.#ends = [];
    this.#seen = this.text;
    const last = this.#ends.at(-1) ?? 0;
    const settled = settledOffset(this.text, last);
    if (settled > last) this.#ends.push(settled);
    const starts = [0, ...this.#ends];
    const pieces = starts.map((start, index) => this.text.slice(start, this.#ends[index]));
    return html`${pieces
      .filter((piece, index) => piece !== "" || index === 0)
      .map(
        (piece) =>
          html`<aksara-markdown .text=${piece} .evidence=${this.evidence} .codeActions=${this.codeActions}></aksara-markdown>`,
      )}`;
  }
}

customElements.define("aksara-growing-markdown", GrowingMarkdownElement);

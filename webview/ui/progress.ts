import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles } from "./styles/base.css.ts";

/**
 * The toolkit's ring, for the eye only: it would interrupt a screen reader with an English "Loading". Whoever shows it
 * says beside it what is going on. Hidden where a person wants no motion.
 */
export class ProgressElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
        width: 28px;
        height: 28px;
      }
      vscode-progress-ring {
        width: 100%;
        height: 100%;
      }
      @media (prefers-reduced-motion: reduce) {
        :host {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<span aria-hidden="true"><vscode-progress-ring></vscode-progress-ring></span>`;
  }

  protected override firstUpdated(): void {
    const ring = this.renderRoot.querySelector("vscode-progress-ring");
    for (const name of ["role", "aria-live", "aria-label"]) ring?.removeAttribute(name);
  }
}

customElements.define("aksara-progress", ProgressElement);

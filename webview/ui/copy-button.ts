import { css, html, LitElement, type TemplateResult } from "lit";
import { icon, startIcon } from "./icon.ts";
import { t } from "./l10n.ts";
import { AnnounceEvent, PostEvent } from "./post-event.ts";
import { baseStyles } from "./styles/base.css.ts";

/** How long the button shows that it worked, in milliseconds. */
const CONFIRMATION_MS = 1600;

/** Asks the host to copy something; the host owns the clipboard. Says "Copied" for a moment, also aloud. */
export class CopyButtonElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
      }
    `,
  ];
  static override readonly properties = {
    message: { attribute: false },
    label: {},
    appearance: {},
    copied: { state: true },
  };
  /** Message that makes the host copy. */
  declare message: unknown;
  declare label: string;
  /** An icon alone, or one of the toolkit's buttons with words. */
  declare appearance: "icon" | "primary" | "secondary";
  declare protected copied: boolean;
  #confirmation: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.message = null;
    this.label = "";
    this.appearance = "icon";
    this.copied = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#confirmation);
    this.copied = false;
  }

  protected override render(): TemplateResult {
    const glyph = this.copied ? "check" : "copy";
    if (this.appearance === "icon") {
      return html`<vscode-button appearance="icon" aria-label=${this.label} title=${this.label} @click=${this.#copy}>
        ${icon(glyph)}
      </vscode-button>`;
    }
    return html`<vscode-button appearance=${this.appearance} @click=${this.#copy}>
      ${startIcon(glyph)}${this.label}
    </vscode-button>`;
  }

  #copy(): void {
    this.dispatchEvent(new PostEvent(this.message));
    this.dispatchEvent(new AnnounceEvent(t("Copied")));
    this.copied = true;
    clearTimeout(this.#confirmation);
    this.#confirmation = setTimeout(() => {
      this.copied = false;
    }, CONFIRMATION_MS);
  }
}

customElements.define("aksara-copy-button", CopyButtonElement);

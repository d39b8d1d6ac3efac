import { css, html, LitElement, type TemplateResult } from "lit";
import type { SourceRefDocument } from "../../src/protocol/source.ts";
import { t } from "./l10n.ts";
import { PostEvent } from "./post-event.ts";
import { baseStyles } from "./styles/base.css.ts";

/** A place in the workspace as `file:line`; a press opens it in the editor. */
export class SourceLinkElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline;
      }
    `,
  ];
  static override readonly properties = { source: { attribute: false }, label: {} };
  declare source: SourceRefDocument | null;
  /** Words in place of `file:line`. */
  declare label: string;

  constructor() {
    super();
    this.source = null;
    this.label = "";
  }

  protected override render(): TemplateResult | null {
    if (this.source === null) return null;
    const place = sourcePlace(this.source);
    const own = this.label !== "";
    return html`<button type="button" class="link ${own ? "" : "mono"}" title=${t("Open {0}", place)} @click=${this.#open}>${own ? this.label : breakable(place)}</button>`;
  }

  #open(): void {
    this.dispatchEvent(new PostEvent({ type: "open-source", source: this.source }));
  }
}

/** `file:line` with lines counted from 1, as editors print it. */
export function sourcePlace(source: SourceRefDocument): string {
  return `${source.uri}:${source.range.start.line + 1}`;
}

/** Lets a long path break after its slashes rather than within a name. */
function breakable(place: string): TemplateResult[] {
  const parts = place.split("/");
  return parts.map((part, index) => (index < parts.length - 1 ? html`${part}/<wbr />` : html`${part}`));
}

customElements.define("aksara-source-link", SourceLinkElement);

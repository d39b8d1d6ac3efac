import { css, html, LitElement, type TemplateResult } from "lit";
import type { Evidence } from "../../src/protocol/prompt-pack.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import "../ui/source-link.ts";

/** The places that the pack quotes, by the ids that claims in an answer cite. */
export class EvidenceTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        container-type: inline-size;
        max-width: 1100px;
      }
      .intro {
        margin-bottom: 8px;
      }
      .item {
        display: grid;
        grid-template-columns: 56px minmax(0, 1fr);
        gap: 1px 12px;
        padding: 6px 0;
        border-top: 1px solid var(--ak-line);
      }
      .item:last-child {
        border-bottom: 1px solid var(--ak-line);
      }
      .id,
      .label {
        overflow-wrap: anywhere;
      }
      .place {
        grid-column: 2;
        overflow-wrap: anywhere;
      }
      @container (min-width: 620px) {
        .item {
          grid-template-columns: 56px minmax(0, 3fr) minmax(0, 2fr);
          align-items: baseline;
        }
        .place {
          grid-column: 3;
        }
      }
    `,
  ];
  static override readonly properties = { evidence: { attribute: false } };
  declare evidence: readonly Evidence[];

  protected override render(): TemplateResult {
    if (this.evidence.length === 0) return html`<p class="quiet">${t("The pack quotes no source.")}</p>`;
    return html`<p class="intro quiet">${t("Claims in an answer cite these places by their ids.")}</p>
      <ul>
        ${this.evidence.map(
          ({ id, label, uri, range, hash }) =>
            html`<li class="item">
              <span class="id mono quiet">${id}</span>
              <span class="label" lang="en">${label}</span>
              <span class="place"><aksara-source-link .source=${{ uri, range, hash }}></aksara-source-link></span>
            </li>`,
        )}
      </ul>`;
  }
}

customElements.define("aksara-evidence-tab", EvidenceTabElement);

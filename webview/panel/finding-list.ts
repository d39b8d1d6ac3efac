import { css, html, LitElement, type TemplateResult } from "lit";
import { type Finding, SEVERITIES, type Severity } from "../../src/protocol/finding.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import "../ui/copy-button.ts";
import "../ui/source-link.ts";

/** Findings, the gravest first, each with its place, what to do, and what shows it. */
export class FindingListElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    foldStyles,
    copyBoxStyles,
    css`
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
        margin-bottom: 2px;
      }
      .count {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        font-size: 12px;
      }
      .count .icon {
        font-size: 14px;
      }
      .finding {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px 8px;
        padding: 8px 0;
      }
      .finding + .finding {
        border-top: 1px solid var(--ak-line);
      }
      .finding > .icon {
        margin-top: 1px;
      }
      .body {
        display: grid;
        gap: 4px;
      }
      .message {
        overflow-wrap: anywhere;
      }
      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        font-size: 12px;
      }
      details ul {
        padding-inline-start: 16px;
        list-style: disc;
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      details p {
        margin-top: 4px;
        font-size: 12px;
      }
    `,
  ];
  static override readonly properties = { findings: { attribute: false } };
  declare findings: readonly Finding[];

  protected override render(): TemplateResult {
    const ordered = this.findings.toSorted(
      (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
    );
    return html`<section aria-labelledby="findings">
      <div class="head">
        <h2 id="findings">${t("Findings")}</h2>
        ${SEVERITIES.map((severity) => this.#renderCount(severity))}
      </div>
      <ul>
        ${ordered.map((finding) => this.#renderFinding(finding))}
      </ul>
    </section>`;
  }

  #renderCount(severity: Severity): TemplateResult | null {
    const count = this.findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return null;
    return html`<span class="count" title=${severityLabel(severity)}
      >${icon(severity, severity)}${count}<span class="visually-hidden">${severityLabel(severity)}</span></span
    >`;
  }

  #renderFinding(finding: Finding): TemplateResult {
    return html`<li class="finding">
      ${icon(finding.severity, finding.severity)}
      <div class="body">
        <p class="message">
          <span class="visually-hidden">${severityLabel(finding.severity)}: </span><span lang="en">${finding.message}</span>
        </p>
        <p class="where">
          <aksara-source-link .source=${finding.source}></aksara-source-link>
          <span class="quiet mono">${finding.rule}</span>
        </p>
        ${
          finding.fix === null
            ? null
            : html`<div class="copy-box">
              <pre aria-label=${t("Fix")}>${finding.fix}</pre>
              <aksara-copy-button label=${t("Copy fix")} .message=${{ type: "copy-text", text: finding.fix }}></aksara-copy-button>
            </div>`
        }
        ${this.#renderDetails(finding)}
      </div>
    </li>`;
  }

  #renderDetails({ evidence, not_checked }: Finding): TemplateResult | null {
    if (evidence.length === 0 && not_checked === null) return null;
    return html`<details>
      <summary>${t("What shows it")}</summary>
      ${evidence.length === 0 ? null : html`<ul lang="en">${evidence.map((line) => html`<li>${line}</li>`)}</ul>`}
      ${not_checked === null ? null : html`<p class="quiet">${t("Not checked: {0}", not_checked)}</p>`}
    </details>`;
  }
}

function severityLabel(severity: Severity): string {
  switch (severity) {
    case "error":
      return t("Error");
    case "warning":
      return t("Warning");
    case "info":
      return t("Information");
  }
}

customElements.define("aksara-finding-list", FindingListElement);

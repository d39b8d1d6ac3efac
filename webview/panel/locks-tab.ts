import { css, html, LitElement, type TemplateResult } from "lit";
import {
  type MigrationLocks,
  migrationLocksSchema,
  type StatementLocks,
} from "../../src/protocol/migration-locks.ts";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import "../ui/copy-button.ts";
import "./lock-timeline.ts";
import { StatementSelectEvent } from "./lock-timeline.ts";
import { blockedWords, costWords, originWords } from "./lock-words.ts";
import { sentence } from "./plan-words.ts";

/** What a migration keeps others from: a timeline, the statement that is looked at, what breaks. Or why nothing is known. */
export class LocksTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    copyBoxStyles,
    foldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
        max-width: 1100px;
      }
      ul {
        display: grid;
        gap: 4px;
        margin: 0;
        padding-inline-start: 18px;
      }
      .message,
      .hazard {
        display: flex;
        gap: 6px;
      }
      .hazards {
        padding: 0;
        list-style: none;
      }
      .hazard .icon {
        flex: none;
        color: var(--vscode-problemsWarningIcon-foreground, var(--vscode-editorWarning-foreground));
      }
      .statement {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      ol.steps {
        display: grid;
        gap: 8px;
        margin: 0;
        padding-inline-start: 22px;
        list-style: decimal;
      }
      .safe {
        display: grid;
        gap: 8px;
        padding: 10px 12px;
        border: 1px solid var(--ak-line);
        border-radius: 6px;
      }
      h3 {
        font-size: 1em;
        font-weight: 600;
      }
      .places {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override readonly properties = { pack: { attribute: false }, chosen: { state: true } };
  declare pack: PromptPack;
  /** Position of the statement that is looked at; null before somebody chose one. */
  declare protected chosen: number | null;

  constructor() {
    super();
    this.chosen = null;
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has("pack")) this.chosen = null;
  }

  protected override render(): TemplateResult {
    const { locks, status } = lockFacts(this.pack);
    if (locks === null) {
      return html`<section>
        <h2>${t("No locks")}</h2>
        <p class="message">${icon("circle-slash")}<span lang="en">${sentence(status)}</span></p>
      </section>`;
    }
    const shown = this.chosen ?? worstOf(locks);
    const statement = locks.statements[shown];
    return html`<section aria-labelledby="timeline">
        <h2 id="timeline">${t("While it runs")}</h2>
        <p class="quiet">
          ${
            locks.transactional
              ? t("One transaction: what a statement locks stays locked until the last one has ended.")
              : t("No transaction around the statements: locks are given back after each.")
          }
        </p>
        <aksara-lock-timeline
          .locks=${locks}
          .shown=${shown}
          @statement-select=${this.#select}
        ></aksara-lock-timeline>
      </section>
      ${locks.hazards.length === 0 ? null : renderHazards(locks.hazards, t("Dangers of the whole"))}
      ${statement === undefined ? null : this.#renderStatement(statement, shown)}
      ${locks.broken.length === 0 ? null : renderBroken(locks)} ${renderBasis(locks)}`;
  }

  #select(event: Event): void {
    if (event instanceof StatementSelectEvent) this.chosen = event.statement;
  }

  #renderStatement(statement: StatementLocks, at: number): TemplateResult {
    const { sql, locks, cost, origin, hazards, safe, note } = statement;
    const old = locks.filter(({ existed }) => existed);
    return html`<section class="statement" aria-labelledby="statement" aria-live="polite">
      <h2 id="statement">${t("Statement {0}", at + 1)}</h2>
      ${renderSql(sql)}
      <p>${costWords(cost)} <span class="quiet">${originWords(origin)}</span></p>
      ${
        old.length === 0
          ? html`<p>${t("It locks no table that was there before.")}</p>`
          : html`<ul>
              ${old.map(
                ({ table, mode, blocks }) =>
                  html`<li><span class="mono">${mode}</span> · <span class="mono">${table}</span>: ${blockedWords(blocks)}</li>`,
              )}
            </ul>`
      }
      ${note === null ? null : html`<p class="quiet" lang="en">${note}</p>`}
      ${
        hazards.length === 0
          ? null
          : html`<ul class="hazards" lang="en">
              ${hazards.map((hazard) => html`<li class="hazard">${icon("warning")}<span>${hazard}</span></li>`)}
            </ul>`
      }
      ${
        safe === null
          ? null
          : html`<div class="safe">
              <h3>${t("A way that keeps nobody waiting")}</h3>
              <p lang="en">${safe.reason}</p>
              <ol class="steps">
                ${safe.steps.map(
                  ({ title, sql: texts, in_transaction: inside }) =>
                    html`<li>
                      <span lang="en">${title}</span>
                      ${inside || texts.length === 0 ? null : html`<span class="quiet">(${t("outside of a transaction")})</span>`}
                      ${texts.length === 0 ? null : renderSql(texts.join("\n"))}
                    </li>`,
                )}
              </ol>
              ${
                safe.code === null
                  ? null
                  : html`<details class="fold">
                      <summary>${t("In the language of the project")}</summary>
                      ${renderSql(safe.code.text, t("Copy code"))}
                    </details>`
              }
            </div>`
      }
    </section>`;
  }
}

function renderSql(text: string, copy = t("Copy statement")): TemplateResult {
  return html`<div class="copy-box">
    <pre tabindex="0" role="region" aria-label=${t("Statement")}>${text}</pre>
    <aksara-copy-button label=${copy} .message=${{ type: "copy-text", text }}></aksara-copy-button>
  </div>`;
}

function renderHazards(hazards: readonly string[], title: string): TemplateResult {
  return html`<section aria-labelledby="hazards">
    <h2 id="hazards">${title}</h2>
    <ul class="hazards" lang="en">
      ${hazards.map((hazard) => html`<li class="hazard">${icon("warning")}<span>${hazard}</span></li>`)}
    </ul>
  </section>`;
}

function renderBroken({ broken }: MigrationLocks): TemplateResult {
  return html`<section aria-labelledby="broken">
    <h2 id="broken">${t("Code that does not fit the new schema")}</h2>
    <ul class="places">
      ${broken.map(
        ({ change, what, uri, line }) =>
          html`<li><span lang="en">${change}</span>: <span class="mono">${what}</span> <span class="quiet">${uri}:${line}</span></li>`,
      )}
    </ul>
  </section>`;
}

function renderBasis({ engine, schema, unknown }: MigrationLocks): TemplateResult {
  const changes = [...unknown, ...schema.failures, ...schema.repairs];
  return html`<section aria-labelledby="basis">
    <h2 id="basis">${t("What it rests on")}</h2>
    <p lang="en">${engine}; ${schema.source}</p>
    ${
      changes.length === 0
        ? null
        : html`<details class="fold">
            <summary>${t("Changed or left out to build the schema: {0}", changes.length)}</summary>
            <ul lang="en">
              ${changes.map((change) => html`<li>${change}</li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

const WEIGHT: Readonly<Record<StatementLocks["blocks"], number>> = {
  none: 0,
  schema: 1,
  writes: 2,
  "reads-and-writes": 3,
};
const LENGTH: Readonly<Record<StatementLocks["cost"], number>> = {
  instant: 0,
  unknown: 1,
  scan: 2,
  rewrite: 3,
};

/** The statement to look at first: the longest of those that stop most. */
function worstOf({ statements }: MigrationLocks): number {
  const weight = ({ blocks, cost }: StatementLocks): number => WEIGHT[blocks] * (1 + LENGTH[cost]);
  const worst = Math.max(...statements.map(weight), 0);
  return Math.max(
    0,
    statements.findIndex((statement) => weight(statement) === worst),
  );
}

function lockFacts({ result_json: result }: PromptPack): {
  readonly locks: MigrationLocks | null;
  readonly status: string;
} {
  const { facts } = result;
  if (typeof facts !== "object" || facts === null) return { locks: null, status: "" };
  const { locks, locks_status: status } = facts as Readonly<Record<string, unknown>>;
  const parsed = migrationLocksSchema.safeParse(locks);
  return { locks: parsed.success ? parsed.data : null, status: typeof status === "string" ? status : "" };
}

customElements.define("aksara-locks-tab", LocksTabElement);

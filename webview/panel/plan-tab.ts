import { css, html, LitElement, type TemplateResult } from "lit";
import { type IndexAdvice, indexAdviceSchema } from "../../src/protocol/index-advice.ts";
import {
  type PlanRefusal,
  type PlanVariant,
  planRefusalSchema,
  type QueryPlan,
  queryPlanSchema,
} from "../../src/protocol/plan.ts";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { copyBoxStyles } from "../ui/styles/copy-box.css.ts";
import { foldStyles } from "../ui/styles/fold.css.ts";
import "../ui/copy-button.ts";
import "./index-advice.ts";
import "./plan-tree.ts";
import { planLines, sentence, sizeSource, variantExplanation, variantName } from "./plan-words.ts";

/** The plan of a query: the tree, what it rests on, the same as text. Or why there is none. */
export class PlanTabElement extends LitElement {
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
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
        margin-bottom: 10px;
      }
      .variants {
        display: inline-flex;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
        overflow: hidden;
      }
      .variants button {
        padding: 3px 10px;
        border: none;
        background: none;
        color: inherit;
        font: inherit;
        line-height: 18px;
        cursor: pointer;
      }
      .variants button + button {
        border-inline-start: 1px solid var(--ak-line);
      }
      .variants button[aria-pressed="true"] {
        background: var(--vscode-list-activeSelectionBackground, var(--vscode-button-background));
        color: var(--vscode-list-activeSelectionForeground, var(--vscode-button-foreground));
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -2px;
      }
      .variants button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -2px;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
      }
      dt {
        color: var(--ak-quiet);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .refusal {
        display: grid;
        gap: 8px;
      }
      .refusal .message {
        display: flex;
        gap: 6px;
      }
      @media (max-width: 420px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 6px;
        }
      }
    `,
  ];
  static override readonly properties = { pack: { attribute: false }, chosen: { state: true } };
  declare pack: PromptPack;
  declare protected chosen: PlanVariant["kind"] | null;

  constructor() {
    super();
    this.chosen = null;
  }

  protected override render(): TemplateResult {
    const { plan, status, refusal, sql, advice } = planFacts(this.pack);
    if (plan === null) return this.#renderRefusal(status, refusal, sql);
    const variant = plan.variants.find(({ kind }) => kind === this.chosen) ?? plan.variants[0];
    return variant === undefined
      ? this.#renderRefusal(status, null, sql)
      : this.#renderPlan(plan, variant, advice);
  }

  #renderPlan(plan: QueryPlan, variant: PlanVariant, advice: IndexAdvice | null): TemplateResult {
    const text = planLines(variant);
    return html`${
      advice === null
        ? null
        : html`<section aria-labelledby="indexes">
            <h2 id="indexes">${t("Indexes")}</h2>
            <aksara-index-advice .advice=${advice}></aksara-index-advice>
          </section>`
    }
      <section aria-labelledby="steps">
        <div class="top">
          <div>
            <h2 id="steps">${t("Steps")}</h2>
            <p class="quiet">${variantExplanation(variant.kind)}</p>
          </div>
          ${plan.variants.length < 2 ? null : this.#renderChoice(plan, variant)}
        </div>
        <aksara-plan-tree .variant=${variant}></aksara-plan-tree>
      </section>
      <section aria-labelledby="basis">
        <h2 id="basis">${t("What it rests on")}</h2>
        ${this.#renderBasis(plan, variant)}
      </section>
      <details class="fold">
        <summary>${t("As text")}</summary>
        <div class="copy-box">
          <pre tabindex="0" aria-label=${t("The plan as text")} lang="en">${text}</pre>
          <aksara-copy-button label=${t("Copy plan")} .message=${{ type: "copy-text", text }}></aksara-copy-button>
        </div>
      </details>`;
  }

  #renderChoice(plan: QueryPlan, shown: PlanVariant): TemplateResult {
    return html`<div class="variants" role="group" aria-label=${t("Values of the placeholders")}>
      ${plan.variants.map(
        ({ kind }) =>
          html`<button type="button" aria-pressed=${kind === shown.kind} @click=${() => this.#choose(kind)}>${variantName(kind)}</button>`,
      )}
    </div>`;
  }

  #choose(kind: PlanVariant["kind"]): void {
    this.chosen = kind;
  }

  #renderBasis(plan: QueryPlan, variant: PlanVariant): TemplateResult {
    const { schema } = plan;
    const changes = [...schema.failures, ...schema.repairs];
    return html`<dl>
        <dt>${t("Engine")}</dt>
        <dd lang="en">${plan.engine}</dd>
        <dt>${t("Statistics")}</dt>
        <dd lang="en">${plan.tier}: ${plan.basis}</dd>
        ${plan.tables.map(
          ({ table, rows, rows_from: from }) =>
            html`<dt class="mono">${table}</dt>
              <dd>${t("{0} rows", formatNumber(rows))}, ${sizeSource(from)}</dd>`,
        )}
        ${
          variant.kind !== "values"
            ? null
            : plan.parameters.map(
                ({ number, name, type, value }) =>
                  html`<dt class="mono">$${number}${name === null ? "" : ` ${name}`}</dt>
                  <dd class="mono">${value ?? "NULL"}${type === null ? "" : html` <span class="quiet" lang="en">${type}</span>`}</dd>`,
              )
        }
        <dt>${t("Schema")}</dt>
        <dd><span lang="en">${schema.source}</span>, ${t("{0} tables", schema.tables)}</dd>
        ${plan.notes.map((note) => html`<dt>${t("Note")}</dt><dd lang="en">${note}</dd>`)}
      </dl>
      ${
        changes.length === 0
          ? null
          : html`<details class="fold">
              <summary>${t("Changed or left out to build the schema: {0}", changes.length)}</summary>
              <ul lang="en">${changes.map((change) => html`<li>${change}</li>`)}</ul>
            </details>`
      }`;
  }

  #renderRefusal(status: string, refusal: PlanRefusal | null, sql: string): TemplateResult {
    return html`<section class="refusal">
      <h2>${t("No plan")}</h2>
      <p class="message">${icon("circle-slash")}<span lang="en">${refusal?.message ?? sentence(status)}</span></p>
      ${
        refusal?.position === null || refusal === null
          ? null
          : html`<div class="copy-box"><pre tabindex="0" aria-label=${t("The place in the query")}>${markedPlace(sql, refusal.position)}</pre></div>`
      }
      ${
        refusal === null || refusal.expected.length === 0
          ? null
          : html`<p>${t("Expected, or nearest: {0}", refusal.expected.join(", "))}</p>`
      }
    </section>`;
  }
}

interface PlanFacts {
  readonly plan: QueryPlan | null;
  readonly status: string;
  readonly refusal: PlanRefusal | null;
  readonly sql: string;
  /** Null where no indexes were tried. */
  readonly advice: IndexAdvice | null;
}

function planFacts({ result_json: result }: PromptPack): PlanFacts {
  const facts = isRecord(result.facts) ? result.facts : {};
  const plan = queryPlanSchema.safeParse(facts.plan);
  const refusal = planRefusalSchema.safeParse(facts.plan_refusal);
  const advice = indexAdviceSchema.safeParse(facts.index_advice);
  return {
    plan: plan.success ? plan.data : null,
    status: typeof facts.plan_status === "string" ? facts.plan_status : "",
    refusal: refusal.success ? refusal.data : null,
    sql: typeof facts.sql === "string" ? facts.sql : "",
    advice: advice.success ? advice.data : null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The line of the place, a mark under it. */
function markedPlace(sql: string, position: number): string {
  const start = sql.lastIndexOf("\n", position - 1) + 1;
  const end = sql.indexOf("\n", position);
  const line = sql.slice(start, end < 0 ? undefined : end).replaceAll("\t", " ");
  return `${line}\n${" ".repeat(position - start)}^`;
}

customElements.define("aksara-plan-tab", PlanTabElement);

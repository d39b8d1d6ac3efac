import { css, html, LitElement, type TemplateResult } from "lit";
import type { RunSummary } from "../../src/protocol/run-history.ts";
import { icon } from "../ui/icon.ts";
import type { IconName } from "../ui/icon-glyphs.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { costWords, dateWords, elapsedWords, tokenWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";

/** One earlier run in a line or two. `run-open`: look at it; `run-choose`: take it for a comparison, or no longer; `run-save`: keep it as an eval. */
export class RunRowElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .row {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 1px 6px;
        padding: 7px 0;
      }
      vscode-checkbox {
        margin: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 10px;
        line-height: 20px;
      }
      .model {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      .numbers {
        grid-column: 2;
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
  static override readonly properties = {
    run: { attribute: false },
    chosen: { attribute: false },
    closed: { attribute: false },
    sameprompts: { attribute: false },
  };
  declare run: RunSummary;
  declare chosen: boolean;
  /** As many as can be compared are chosen already. */
  declare closed: boolean;
  /** It was sent what the pack that is shown would send. */
  declare sameprompts: boolean;

  constructor() {
    super();
    this.chosen = false;
    this.closed = false;
    this.sameprompts = true;
  }

  /** Gives the focus to what opens the run. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }

  protected override render(): TemplateResult {
    const { run } = this;
    const date = dateWords(run.started_at);
    const [glyph, tone, words] = stateOf(run);
    return html`<div class="row">
      <vscode-checkbox
        .checked=${this.chosen}
        ?disabled=${this.closed}
        @change=${(event: Event) => this.#choose(event)}
      ></vscode-checkbox>
      <div class="head">
        <button type="button" class="link" @click=${() => this.dispatchEvent(new Event("run-open"))}>${date}</button>
        <span class="model">${run.model}</span>
        <span class="quiet">${run.provider}</span>
        <span class="state">${icon(glyph, tone)}${words}</span>
      </div>
      <div class="numbers quiet">
        <span>${elapsedWords(run.elapsed_ms)}</span>
        <span>${tokenWords(run.tokens)}</span>
        <span>${costWords(run.cost_usd)}</span>
        ${run.suggestions === 0 ? null : html`<span>${t("Suggestions: {0}", run.suggestions)}</span>`}
        <button
          type="button"
          class="link save"
          aria-label=${t("Save as eval case: run of {0}", date)}
          @click=${() => this.dispatchEvent(new Event("run-save"))}
        >${icon("beaker")} ${t("Save as eval case")}</button>
        <button
          type="button"
          class="link"
          aria-label=${t("Trace of the run of {0}", date)}
          @click=${() => this.dispatchEvent(new PostEvent({ type: "show-trace", trace_id: run.trace_id }))}
        >${t("Trace")}</button>
        ${this.sameprompts ? null : html`<span>${t("of other prompts")}</span>`}
      </div>
    </div>`;
  }

  /** The toolkit calls every box without words of its own "Checkbox". */
  protected override updated(): void {
    const name = t("Compare the run of {0}", dateWords(this.run.started_at));
    this.renderRoot.querySelector("vscode-checkbox")?.setAttribute("aria-label", name);
  }

  /** The box says so also when it was set from here. */
  #choose(event: Event): void {
    const box = event.target as HTMLElement & { readonly checked: boolean };
    if (box.checked !== this.chosen) this.dispatchEvent(new Event("run-choose"));
  }
}

function stateOf({ ok, truncated, error_code: code }: RunSummary): readonly [IconName, string, string] {
  if (truncated) return ["warning", "warning", t("Cut off")];
  if (ok) return ["pass", "low", t("Answered")];
  if (code === "CANCELLED") return ["circle-slash", "", t("Cancelled")];
  return ["error", "error", t("Failed: {0}", code ?? "")];
}

customElements.define("aksara-run-row", RunRowElement);

import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { type EarlierRun, MOST_COMPARED, type RunSummary } from "../../src/protocol/run-history.ts";
import { startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { AnnounceEvent, PostEvent } from "../ui/post-event.ts";
import { dateWords } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { RunRowElement } from "./run-row.ts";
import { endedRunState } from "./run-state.ts";
import "./answer-tab.ts";

/** The kept runs of an action on an object: a list, one of them, or two side by side. */
export class RunsTabElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        margin-bottom: 10px;
      }
      .top p {
        flex: 1 1 240px;
      }
      .list {
        max-width: 860px;
      }
      aksara-run-row + aksara-run-row {
        border-top: 1px solid var(--ak-line);
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 20px;
      }
      .columns > section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: 8px;
      }
      .columns > section + section {
        padding-top: 20px;
        border-top: 1px solid var(--ak-line);
      }
      @container (min-width: 620px) {
        .columns.two {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .columns > section + section {
          padding: 0 0 0 20px;
          border: none;
          border-inline-start: 1px solid var(--ak-line);
        }
      }
    `,
  ];
  static override readonly properties = {
    history: { attribute: false },
    opened: { attribute: false },
    fingerprint: { attribute: false },
    chosen: { state: true },
  };
  declare history: readonly RunSummary[];
  declare opened: readonly EarlierRun[];
  /** Of the pack that is shown. */
  declare fingerprint: string;
  /** Trace ids of the runs to compare, in the order they were chosen. */
  declare protected chosen: readonly string[];
  /** The person went to other runs and expects the focus there. */
  #follows = false;

  constructor() {
    super();
    this.history = [];
    this.opened = [];
    this.fingerprint = "";
    this.chosen = [];
    this.addEventListener("keydown", (event) => this.#leaveByKey(event));
  }

  protected override willUpdate(): void {
    const known = new Set(this.history.map(({ trace_id: id }) => id));
    if (this.chosen.some((id) => !known.has(id))) this.chosen = this.chosen.filter((id) => known.has(id));
  }

  protected override render(): TemplateResult {
    return this.opened.length === 0 ? this.#renderList() : this.#renderOpened(this.opened);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("opened") || !this.#follows) return;
    this.#follows = false;
    const [before] = changed.get("opened") ?? [];
    void this.#focus(this.opened.length === 0 ? before?.summary.trace_id : undefined);
  }

  /** On the row of a run in the list, or on the way back to the list. */
  async #focus(id: string | undefined): Promise<void> {
    if (id === undefined) {
      this.renderRoot.querySelector<HTMLElement>(".back")?.focus();
      return;
    }
    const rows = [...this.renderRoot.querySelectorAll("aksara-run-row")];
    const row = rows.find((each) => each instanceof RunRowElement && each.run.trace_id === id);
    if (!(row instanceof RunRowElement)) return;
    await row.updateComplete;
    row.focus();
  }

  #renderList(): TemplateResult {
    const full = this.chosen.length >= MOST_COMPARED;
    return html`<div class="list">
      <div class="top">
        <p class="quiet">${t("Earlier runs of this action on this object. Choose two to see them side by side.")}</p>
        <vscode-button
          appearance="secondary"
          ?disabled=${!full}
          @click=${() => this.#open(this.chosen)}
          >${startIcon("run-all")}${t("Compare")}</vscode-button
        >
      </div>
      <div role="list" aria-label=${t("Runs")}>
        ${this.history.map((run) => this.#renderRow(run, full))}
      </div>
    </div>`;
  }

  #renderRow(run: RunSummary, full: boolean): TemplateResult {
    const { trace_id: id, fingerprint } = run;
    const chosen = this.chosen.includes(id);
    return html`<aksara-run-row
      role="listitem"
      .run=${run}
      .chosen=${chosen}
      .closed=${full && !chosen}
      .sameprompts=${fingerprint === this.fingerprint}
      @run-open=${() => this.#open([id])}
      @run-save=${() => this.dispatchEvent(new PostEvent({ type: "save-eval", trace_id: id }))}
      @run-choose=${() => this.#choose(id)}
    ></aksara-run-row>`;
  }

  #renderOpened(runs: readonly EarlierRun[]): TemplateResult {
    const same = new Set(runs.map(({ summary }) => summary.fingerprint)).size === 1;
    return html`<div class="top">
        <vscode-button class="back" appearance="secondary" @click=${() => this.#open([])}
          >${startIcon("history")}${t("All runs")}</vscode-button
        >
        ${
          runs.length < MOST_COMPARED
            ? null
            : html`<p class="quiet">${same ? t("Both were sent the same prompts.") : t("The prompts differ: the workspace changed in between.")}</p>`
        }
      </div>
      <div class=${runs.length > 1 ? "columns two" : "columns"}>${runs.map((run) => this.#renderRun(run))}</div>`;
  }

  #renderRun(run: EarlierRun): TemplateResult {
    const title = t("Run of {0}", dateWords(run.summary.started_at));
    return html`<section aria-label=${`${title}, ${run.summary.model}`}>
      <h2>${title}</h2>
      <aksara-answer-tab
        .run=${endedRunState(run)}
        .evidence=${run.evidence}
        .traceId=${run.summary.trace_id}
      ></aksara-answer-tab>
    </section>`;
  }

  #choose(id: string): void {
    this.chosen = this.chosen.includes(id)
      ? this.chosen.filter((other) => other !== id)
      : [...this.chosen, id];
    this.dispatchEvent(new AnnounceEvent(t("{0} of {1} runs chosen", this.chosen.length, MOST_COMPARED)));
  }

  #open(ids: readonly string[]): void {
    this.#follows = true;
    // The older one first, as one reads.
    const order = this.history.map(({ trace_id: id }) => id).reverse();
    const trace_ids = [...ids].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    this.dispatchEvent(new PostEvent({ type: "open-runs", trace_ids }));
  }

  /** Escape leads back to the list before it closes the page. */
  #leaveByKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented || this.opened.length === 0)
      return;
    event.preventDefault();
    this.#open([]);
  }
}

customElements.define("aksara-runs-tab", RunsTabElement);

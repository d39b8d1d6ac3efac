import { css, html, LitElement, type TemplateResult } from "lit";
import {
  SPAN_KINDS,
  type SpanDetail,
  type SpanKind,
  type TracePanelEvent,
  type TracePanelMessage,
  type TraceRow,
  type TraceView,
} from "../../src/protocol/trace.ts";
import { fieldStyles } from "../chat/field.css.ts";
import { startIcon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { PostEvent } from "../ui/post-event.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { AskEvent, SpanDetailsElement } from "./span-details.ts";
import { kindWords } from "./span-words.ts";
import { TimeScale } from "./time-scale.ts";
import { type SpanFoldEvent, type SpanSelectEvent, TraceGridElement } from "./trace-grid.ts";
import "./trace-head.ts";
import { isEmpty, NO_FILTER, type RowFilter, visibleRows } from "./visible-rows.ts";

/** How long a person stays on a span before it is asked about, in milliseconds: arrows run through many. */
const STAY_MS = 120;

/** A trace as a waterfall: its numbers, what to look for, the spans, and one of them in full. */
export class TracePageElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    fieldStyles,
    css`
      :host {
        height: 100vh;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto auto minmax(160px, 1fr) auto;
        height: 100%;
      }
      .message {
        display: grid;
        gap: 10px;
        justify-items: start;
        padding: 20px;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        padding: 8px 16px;
      }
      form input {
        flex: 1 1 160px;
        width: auto;
        min-width: 0;
      }
      form select {
        flex: 0 1 auto;
        width: auto;
        max-width: 100%;
      }
      vscode-checkbox {
        margin: 0;
      }
      aksara-span-details {
        max-height: 42vh;
        overflow: auto;
      }
      .none {
        padding: 14px 16px;
        border-block: 1px solid var(--ak-line);
      }
    `,
  ];
  static override readonly properties = {
    view: { state: true },
    failure: { state: true },
    filter: { state: true },
    closed: { state: true },
    selected: { state: true },
    details: { state: true },
    asked: { state: true },
    shorten: { state: true },
    announcement: { state: true },
  };
  declare protected view: TraceView | null;
  declare protected failure: string | null;
  declare protected filter: RowFilter;
  declare protected closed: ReadonlySet<string>;
  declare protected selected: string | null;
  declare protected details: ReadonlyMap<string, SpanDetail>;
  /** The person wants to know what was said, of whatever span they look at. */
  declare protected asked: boolean;
  /** Waiting is drawn shorter than it was. */
  declare protected shorten: boolean;
  declare protected announcement: string;
  #staying: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.view = null;
    this.failure = null;
    this.filter = NO_FILTER;
    this.closed = new Set();
    this.selected = null;
    this.details = new Map();
    this.asked = false;
    this.shorten = false;
    this.announcement = "";
  }

  receive(event: TracePanelEvent): void {
    switch (event.type) {
      case "loading":
        this.failure = null;
        return;
      case "failed":
        this.view = null;
        this.failure = event.message;
        return;
      case "trace":
        this.#show(event.view);
        return;
      case "detail":
        this.details = new Map(this.details).set(event.detail.id, event.detail);
        return;
      case "select":
        this.asked = true;
        this.filter = NO_FILTER;
        this.closed = new Set();
        this.#select(event.id);
        this.#post({ type: "selected" });
    }
  }

  #show(view: TraceView): void {
    const isAnother = this.view?.id !== view.id;
    this.view = view;
    this.failure = null;
    this.details = new Map();
    if (isAnother) {
      this.filter = NO_FILTER;
      this.closed = new Set();
      this.shorten = waitedOf(view) > view.duration / 2;
      this.selected = view.rows[0]?.id ?? null;
    }
    this.#ask();
  }

  protected override render(): TemplateResult {
    return html`${this.#renderBody()}
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>`;
  }

  #renderBody(): TemplateResult {
    const { view, failure } = this;
    if (failure !== null)
      return html`<div class="message" role="alert">
        <p>${failure}</p>
        <vscode-button appearance="secondary" @click=${() => this.#post({ type: "pick" })}
          >${startIcon("history")}${t("Choose a run…")}</vscode-button
        >
      </div>`;
    if (view === null)
      return html`<div class="message" role="status"><p class="quiet">${t("Reading the trace…")}</p></div>`;
    const rows = visibleRows(view.rows, this.filter, this.closed);
    const row = view.rows.find(({ id }) => id === this.selected);
    return html`<main>
      <aksara-trace-head .view=${view}></aksara-trace-head>
      ${this.#renderFilter(view)}
      ${
        rows.length === 0
          ? html`<p class="none quiet">${t("Nothing in this trace fits.")}</p>`
          : html`<aksara-trace-grid
              .rows=${rows}
              .scale=${new TimeScale(view.duration, view.waits, this.shorten)}
              .duration=${view.duration}
              .selected=${this.selected}
              @span-select=${(event: SpanSelectEvent) => this.#select(event.id)}
              @span-fold=${(event: SpanFoldEvent) => this.#fold(event)}
              @keydown=${this.#enter}
            ></aksara-trace-grid>`
      }
      ${row === undefined ? null : this.#renderDetails(row)}
    </main>`;
  }

  #renderFilter({ rows, waits }: TraceView): TemplateResult {
    const kinds = SPAN_KINDS.filter((kind) => rows.some((row) => row.kind === kind));
    const agents = [...new Set(rows.map(({ agent }) => agent))];
    const change = (part: Partial<RowFilter>) => this.#narrow({ ...this.filter, ...part });
    return html`<form role="search" @submit=${(event: Event) => event.preventDefault()}>
      <input
        type="search"
        placeholder=${t("Filter by text")}
        aria-label=${t("Filter by text")}
        .value=${this.filter.text}
        @input=${(event: Event) => change({ text: chosenOf(event) })}
      />
      <select
        aria-label=${t("Kind")}
        .value=${this.filter.kind ?? ""}
        @change=${(event: Event) => change({ kind: kindOf(chosenOf(event)) })}
      >
        <option value="">${t("All kinds")}</option>
        ${kinds.map((kind) => html`<option value=${kind}>${kindWords(kind)}</option>`)}
      </select>
      ${
        agents.length < 2
          ? null
          : html`<select
              aria-label=${t("Agent")}
              .value=${this.filter.agent ?? ""}
              @change=${(event: Event) => change({ agent: chosenOf(event) || null })}
            >
              <option value="">${t("All agents")}</option>
              ${agents.map((agent) => html`<option value=${agent}>${agent}</option>`)}
            </select>`
      }
      <vscode-checkbox
        .checked=${this.filter.failed}
        @change=${(event: Event) => change({ failed: isChecked(event) })}
        >${t("Failures only")}</vscode-checkbox
      >
      ${
        waits.length === 0
          ? null
          : html`<vscode-checkbox
              .checked=${this.shorten}
              @change=${(event: Event) => {
                this.shorten = isChecked(event);
              }}
              >${t("Shorten waiting")}</vscode-checkbox
            >`
      }
    </form>`;
  }

  #renderDetails(row: TraceRow): TemplateResult {
    return html`<aksara-span-details
      .row=${row}
      .detail=${this.details.get(row.id) ?? null}
      .asked=${this.asked}
      @span-ask=${(event: Event) => {
        this.asked = event instanceof AskEvent && event.open;
        this.#ask();
      }}
      @keydown=${this.#leave}
    ></aksara-span-details>`;
  }

  #narrow(filter: RowFilter): void {
    this.filter = filter;
    if (!this.view) return;
    const found = visibleRows(this.view.rows, filter, this.closed);
    this.announcement = t(
      "{0} of {1} steps",
      found.filter(({ wanted }) => wanted).length,
      this.view.rows.length,
    );
    if (!isEmpty(filter) && !found.some(({ row, wanted }) => wanted && row.id === this.selected)) {
      const first = found.find(({ wanted }) => wanted);
      if (first) this.#select(first.row.id);
    }
  }

  #fold({ id, open }: SpanFoldEvent): void {
    const closed = new Set(this.closed);
    if (open) closed.delete(id);
    else closed.add(id);
    this.closed = closed;
  }

  #select(id: string): void {
    this.selected = id;
    this.#ask();
  }

  #ask(): void {
    clearTimeout(this.#staying);
    const id = this.selected;
    if (!this.asked || id === null || this.details.has(id)) return;
    this.#staying = setTimeout(() => {
      if (!this.details.has(id)) this.#post({ type: "ask-detail", id });
    }, STAY_MS);
  }

  /** Enter leads from a span to what is told of it. */
  #enter(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const details = this.renderRoot.querySelector("aksara-span-details");
    if (details instanceof SpanDetailsElement)
      details.renderRoot.querySelector<HTMLElement>("summary")?.focus();
  }

  /** Escape leads back to the span before it closes the page. */
  #leave(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    const grid = this.renderRoot.querySelector("aksara-trace-grid");
    if (grid instanceof TraceGridElement) grid.focus();
  }

  #post(message: TracePanelMessage): void {
    this.dispatchEvent(new PostEvent(message));
  }
}

function waitedOf({ waits }: TraceView): number {
  return waits.reduce((sum, [from, to]) => sum + to - from, 0);
}

function chosenOf({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : "";
}

function isChecked({ target }: Event): boolean {
  return (target as HTMLElement & { readonly checked: boolean }).checked;
}

function kindOf(value: string): SpanKind | null {
  return SPAN_KINDS.find((kind) => kind === value) ?? null;
}

customElements.define("aksara-trace-page", TracePageElement);

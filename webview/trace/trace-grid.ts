import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatDollars } from "../ui/run-numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { durationWords, KIND_ICONS, kindWords, rowDuration, rowTokens } from "./span-words.ts";
import type { TimeScale } from "./time-scale.ts";
import { gridStyles, ROW_HEIGHT } from "./trace-grid.css.ts";
import type { VisibleRow } from "./visible-rows.ts";

/** Rows drawn above and below those that can be seen. */
const SPARE_ROWS = 12;
/** Spans below this depth are not moved further in. */
const DEEPEST = 10;
/** Places, from 0 to 1, where the time is written above the bars. */
const TICKS = [0, 0.25, 0.5, 0.75];

/** A span was chosen. */
export class SpanSelectEvent extends Event {
  static readonly type = "span-select";
  readonly id: string;

  constructor(id: string) {
    super(SpanSelectEvent.type);
    this.id = id;
  }
}

/** A span is to be folded, or unfolded. */
export class SpanFoldEvent extends Event {
  static readonly type = "span-fold";
  readonly id: string;
  readonly open: boolean;

  constructor(id: string, open: boolean) {
    super(SpanFoldEvent.type);
    this.id = id;
    this.open = open;
  }
}

/**
 * Spans as a tree with a bar each, from when to when they lasted. Only the rows that can be seen are in the page: the
 * focus is the grid's, and the row it is on is named to assistive technology.
 */
export class TraceGridElement extends LitElement {
  static override readonly styles = [baseStyles, gridStyles];
  static override readonly properties = {
    rows: { attribute: false },
    scale: { attribute: false },
    duration: { attribute: false },
    selected: { attribute: false },
    first: { state: true },
    count: { state: true },
  };
  declare rows: readonly VisibleRow[];
  declare scale: TimeScale;
  /** Of the whole trace, in milliseconds. */
  declare duration: number;
  /** Id of the span that is looked at; null for none. */
  declare selected: string | null;
  /** The first row that is drawn, and how many are. */
  declare protected first: number;
  declare protected count: number;
  readonly #resized = new ResizeObserver(() => this.#look());

  constructor() {
    super();
    this.rows = [];
    this.duration = 0;
    this.selected = null;
    this.first = 0;
    this.count = 60;
  }

  override focus(): void {
    this.#grid()?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override render(): TemplateResult {
    const drawn = this.rows.slice(this.first, this.first + this.count);
    const active = drawn.some(({ row }) => row.id === this.selected);
    return html`<div
      role="treegrid"
      tabindex="0"
      aria-label=${t("What happened")}
      aria-rowcount=${this.rows.length + 1}
      aria-activedescendant=${active ? `row-${this.selected}` : nothing}
      @keydown=${this.#keydown}
      @focus=${this.#showSelected}
      @scroll=${this.#look}
    >
      <div role="rowgroup" class="top">
        <div role="row" class="row head" aria-rowindex="1">
          <span role="columnheader">${t("Step")}</span>
          <span role="columnheader" class="number took">${t("Duration")}</span>
          <span role="columnheader" class="number tokens">${t("Tokens")}</span>
          <span role="columnheader" class="number cost">${t("Cost")}</span>
          <span role="columnheader" class="line" aria-label=${t("From when to when")}>
            ${TICKS.map((place) => html`<span class="tick" data-place=${place}>${durationWords(this.scale.timeAt(place))}</span>`)}
          </span>
        </div>
      </div>
      <div role="rowgroup" class="all">
          <div class="drawn" role="presentation">
            ${repeat(
              drawn,
              ({ row }) => row.id,
              (visible, at) => this.#renderRow(visible, this.first + at),
            )}
          </div>
      </div>
    </div>`;
  }

  #renderRow({ row, level, position, siblings, open, wanted }: VisibleRow, index: number): TemplateResult {
    const start = this.scale.place(row.start);
    const end = this.scale.place(row.end ?? this.duration);
    return html`<div
      role="row"
      id=${`row-${row.id}`}
      class="row ${row.kind} ${row.failed ? "failed" : ""} ${wanted ? "" : "passing"}"
      aria-rowindex=${index + 2}
      aria-level=${level}
      aria-posinset=${position}
      aria-setsize=${siblings}
      aria-selected=${row.id === this.selected}
      aria-expanded=${open === null ? nothing : open}
      @click=${(event: MouseEvent) => this.#press(event, row.id, open)}
    >
      <span role="gridcell" class="name" data-indent=${level - 1}>
        <span class="twist" aria-hidden="true">${open === null ? "" : open ? "▾" : "▸"}</span>
        ${icon(row.failed ? "error" : KIND_ICONS[row.kind], row.failed ? "error" : "")}
        <span class="words">${row.name === "" ? kindWords(row.kind) : row.name}</span>
        <span class="visually-hidden">${row.name === "" ? "" : kindWords(row.kind)} ${row.failed ? t("Failed: {0}", row.errorCode ?? "") : ""}</span>
      </span>
      <span role="gridcell" class="number took">${rowDuration(row)}</span>
      <span role="gridcell" class="number tokens">${rowTokens(row)}</span>
      <span role="gridcell" class="number cost">${row.costUsd === null ? "" : formatDollars(row.costUsd)}</span>
      <span role="gridcell" class="line"
        ><span class="visually-hidden">${t("after {0}", durationWords(row.start))}</span
        ><span class="bar ${row.end === null ? "open" : ""}" data-start=${start} data-length=${end - start}></span
      ></span>
    </div>`;
  }

  protected override firstUpdated(): void {
    const grid = this.#grid();
    if (grid) this.#resized.observe(grid);
  }

  /** Through the object model: the page's policy forbids styles in markup. */
  protected override updated(changed: PropertyValues<this>): void {
    this.#place(".all", "height", `${this.rows.length * ROW_HEIGHT}px`);
    this.#place(".drawn", "transform", `translateY(${this.first * ROW_HEIGHT}px)`);
    for (const name of this.renderRoot.querySelectorAll<HTMLElement>("[data-indent]"))
      name.style.setProperty("--depth", String(Math.min(Number(name.dataset.indent), DEEPEST)));
    for (const tick of this.renderRoot.querySelectorAll<HTMLElement>("[data-place]"))
      tick.style.insetInlineStart = `${Number(tick.dataset.place) * 100}%`;
    for (const bar of this.renderRoot.querySelectorAll<HTMLElement>("[data-start]")) {
      bar.style.insetInlineStart = `${Number(bar.dataset.start) * 100}%`;
      bar.style.width = `${Number(bar.dataset.length) * 100}%`;
    }
    if (changed.has("selected")) this.#showSelected();
    if (changed.has("rows")) this.#look();
  }

  #place(selector: string, property: "height" | "transform", value: string): void {
    const element = this.renderRoot.querySelector<HTMLElement>(selector);
    if (element) element.style[property] = value;
  }

  #grid(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("[role=treegrid]");
  }

  /** Draws what can be seen just now. */
  #look(): void {
    const grid = this.#grid();
    if (!grid) return;
    this.first = Math.max(0, Math.floor(grid.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    this.count = Math.ceil(grid.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS;
  }

  #showSelected(): void {
    const grid = this.#grid();
    const at = this.#indexOf(this.selected);
    if (!grid || at === -1) return;
    const top = at * ROW_HEIGHT;
    // The head covers the topmost row.
    const room = grid.clientHeight - ROW_HEIGHT;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + ROW_HEIGHT > grid.scrollTop + room) grid.scrollTop = top + ROW_HEIGHT - room;
    this.#look();
  }

  #indexOf(id: string | null): number {
    return this.rows.findIndex(({ row }) => row.id === id);
  }

  #press(event: MouseEvent, id: string, open: boolean | null): void {
    const isTwist = event.target instanceof Element && event.target.matches(".twist");
    if (open !== null && (isTwist || event.detail === 2)) this.dispatchEvent(new SpanFoldEvent(id, !open));
    this.dispatchEvent(new SpanSelectEvent(id));
  }

  #keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = this.#indexOf(this.selected);
    const current = this.rows[at];
    const target = this.#targetOf(event.key, at, current);
    if (target === null) return;
    event.preventDefault();
    const row = this.rows[Math.min(Math.max(target, 0), this.rows.length - 1)]?.row;
    if (row && row.id !== this.selected) this.dispatchEvent(new SpanSelectEvent(row.id));
  }

  /** Index of the row to go to; null for a key that means nothing here. */
  #targetOf(key: string, at: number, current: VisibleRow | undefined): number | null {
    const page = Math.max(1, this.count - 2 * SPARE_ROWS - 1);
    switch (key) {
      case "ArrowDown":
        return at + 1;
      case "ArrowUp":
        return at - 1;
      case "PageDown":
        return at + page;
      case "PageUp":
        return at - page;
      case "Home":
        return 0;
      case "End":
        return this.rows.length - 1;
      case "ArrowRight":
        if (current?.open === false) this.dispatchEvent(new SpanFoldEvent(current.row.id, true));
        return current?.open === true ? at + 1 : at;
      case "ArrowLeft":
        if (current?.open !== true) return current?.row.parent ? this.#indexOf(current.row.parent) : at;
        this.dispatchEvent(new SpanFoldEvent(current.row.id, false));
        return at;
      default:
        return null;
    }
  }
}

customElements.define("aksara-trace-grid", TraceGridElement);

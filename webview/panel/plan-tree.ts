import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PlanNode, PlanVariant } from "../../src/protocol/plan.ts";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { nodeName, shareText } from "./plan-words.ts";

/** Steps below this depth are not moved further in. */
const DEEPEST = 12;

/** The steps of a plan as a tree: what each costs, how many rows it gives, where it is slow. Moved through by arrows. */
export class PlanTreeElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .head,
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 104px 76px 132px;
        gap: 0 12px;
        align-items: center;
      }
      .head {
        padding: 0 8px 4px;
        font-size: 11px;
        color: var(--ak-quiet);
      }
      .number {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      [role="tree"] {
        border-block: 1px solid var(--ak-line);
      }
      [role="treeitem"] {
        border: 1px solid transparent;
        border-block-start-color: var(--ak-line);
        cursor: default;
      }
      [role="treeitem"]:first-child {
        border-block-start-color: transparent;
      }
      [role="treeitem"]:hover {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      [role="treeitem"][aria-selected="true"] {
        background: var(--vscode-list-inactiveSelectionBackground, transparent);
        border-color: var(--vscode-contrastActiveBorder, transparent);
      }
      [role="treeitem"]:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .row {
        min-height: 30px;
        padding: 4px 8px;
      }
      .step {
        display: flex;
        align-items: baseline;
        gap: 6px;
        min-width: 0;
        padding-inline-start: calc(var(--depth, 0) * 14px);
      }
      .twist {
        flex: none;
        width: 12px;
        color: var(--ak-quiet);
        text-align: center;
      }
      .name {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .type {
        font-weight: 600;
      }
      .hot {
        display: inline-flex;
        align-items: center;
        gap: 3px;
        flex: none;
        padding: 0 6px;
        border: 1px solid currentColor;
        border-radius: 9px;
        font-size: 11px;
        line-height: 16px;
      }
      .hot .icon {
        font-size: 12px;
        color: var(--vscode-problemsWarningIcon-foreground, var(--vscode-editorWarning-foreground));
      }
      .share {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 40px;
        gap: 8px;
        align-items: center;
      }
      .bar {
        height: 8px;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
        overflow: hidden;
      }
      .fill {
        display: block;
        height: 100%;
        background: var(--vscode-progressBar-background, var(--vscode-focusBorder));
      }
      .is-hot .fill {
        background: var(--vscode-problemsWarningIcon-foreground, var(--vscode-editorWarning-foreground));
      }
      .details {
        display: grid;
        gap: 2px;
        padding: 0 8px 6px calc(var(--depth, 0) * 14px + 26px);
        color: var(--ak-quiet);
        overflow-wrap: anywhere;
      }
      /* On the colour of a row that is chosen, or under the mouse, quiet words are too faint. */
      [role="treeitem"]:hover .details,
      [role="treeitem"][aria-selected="true"] .details {
        color: inherit;
      }
      @container (max-width: 560px) {
        .head {
          display: none;
        }
        .row {
          grid-template-columns: minmax(0, 1fr) auto;
          gap: 2px 12px;
        }
        .step {
          grid-column: 1 / -1;
        }
        .rows,
        .cost {
          text-align: start;
        }
        .cost {
          display: none;
        }
        .share {
          grid-column: 2;
          width: 132px;
        }
      }
      @media (forced-colors: active) {
        .fill,
        .is-hot .fill {
          background: Highlight;
        }
      }
    `,
  ];
  static override readonly properties = {
    variant: { attribute: false },
    selected: { state: true },
    closed: { state: true },
  };
  declare variant: PlanVariant;
  /** Id of the step that has, or last had, the focus. */
  declare protected selected: number;
  declare protected closed: ReadonlySet<number>;

  constructor() {
    super();
    this.selected = 0;
    this.closed = new Set();
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (!changed.has("variant")) return;
    this.selected = this.variant.nodes.find(({ hot }) => hot)?.id ?? 0;
    this.closed = new Set();
  }

  protected override render(): TemplateResult {
    return html`<div class="head" aria-hidden="true">
        <span>${t("Step")}</span>
        <span class="number">${t("Rows")}</span>
        <span class="number">${t("Cost")}</span>
        <span>${t("Share of the cost")}</span>
      </div>
      <div role="tree" aria-label=${t("Steps of the plan")} @keydown=${this.#keydown}>
        ${repeat(
          this.#visible(),
          ({ id }) => id,
          (node) => this.#renderNode(node),
        )}
      </div>`;
  }

  /** Through the object model: the page's policy forbids styles in markup. */
  protected override updated(): void {
    for (const element of this.renderRoot.querySelectorAll<HTMLElement>("[data-indent]")) {
      element.style.setProperty("--depth", String(Math.min(Number(element.dataset.indent), DEEPEST)));
    }
    for (const element of this.renderRoot.querySelectorAll<HTMLElement>("[data-share]")) {
      element.style.width = `${Number(element.dataset.share) * 100}%`;
    }
  }

  #renderNode(node: PlanNode): TemplateResult {
    const children = this.#children(node.id);
    const open = !this.closed.has(node.id);
    const siblings = node.parent === null ? [node] : this.#children(node.parent);
    return html`<div
      role="treeitem"
      class=${node.hot ? "is-hot" : ""}
      data-id=${node.id}
      tabindex=${node.id === this.selected ? 0 : -1}
      aria-level=${node.depth + 1}
      aria-posinset=${siblings.indexOf(node) + 1}
      aria-setsize=${siblings.length}
      aria-selected=${node.id === this.selected}
      aria-expanded=${children.length === 0 ? nothing : open}
      @click=${() => this.#press(node)}
    >
      <div class="row">
        <div class="step" data-indent=${node.depth}>
          <span class="twist">${children.length === 0 ? "" : open ? "▾" : "▸"}</span>
          <span class="name" lang="en"><span class="type">${node.type}</span> ${nodeName(node)}</span>
          ${node.hot ? html`<span class="hot">${icon("flame")}${t("hot spot")}</span>` : null}
        </div>
        <span class="number rows">${t("{0} rows", formatNumber(node.rows))}</span>
        <span class="number cost"><span class="visually-hidden">${t("Cost")} </span>${formatNumber(Math.round(node.total_cost))}</span>
        <span class="share">
          <span class="bar"><span class="fill" data-share=${node.share}></span></span>
          <span class="number">${shareText(node.share)}<span class="visually-hidden"> ${t("Share of the cost")}</span></span>
        </span>
      </div>
      ${
        node.details.length === 0
          ? null
          : html`<div
              class="details mono"
              lang="en"
              data-indent=${node.depth}
            >
              ${node.details.map((detail) => html`<div>${detail}</div>`)}
            </div>`
      }
    </div>`;
  }

  #children(id: number): readonly PlanNode[] {
    return this.variant.nodes.filter(({ parent }) => parent === id);
  }

  /** Steps whose parents are all open. */
  #visible(): readonly PlanNode[] {
    const hidden = new Set<number>();
    return this.variant.nodes.filter(({ id, parent }) => {
      if (parent === null || (!hidden.has(parent) && !this.closed.has(parent))) return true;
      hidden.add(id);
      return false;
    });
  }

  #press(node: PlanNode): void {
    if (node.id === this.selected) this.#toggle(node.id, this.closed.has(node.id));
    this.#focus(node.id);
  }

  #toggle(id: number, open: boolean): void {
    if (this.#children(id).length === 0) return;
    const closed = new Set(this.closed);
    if (open) closed.delete(id);
    else closed.add(id);
    this.closed = closed;
  }

  #keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const visible = this.#visible();
    const at = visible.findIndex(({ id }) => id === this.selected);
    const node = visible[at];
    if (node === undefined) return;
    const target = this.#targetOf(event.key, node, visible, at);
    if (target === null) return;
    event.preventDefault();
    this.#focus(target);
  }

  /** The step to go to; null for a key that means nothing here. */
  #targetOf(key: string, node: PlanNode, visible: readonly PlanNode[], at: number): number | null {
    const open = !this.closed.has(node.id);
    const [child] = this.#children(node.id);
    switch (key) {
      case "ArrowDown":
        return visible[at + 1]?.id ?? node.id;
      case "ArrowUp":
        return visible[at - 1]?.id ?? node.id;
      case "Home":
        return visible[0]?.id ?? node.id;
      case "End":
        return visible.at(-1)?.id ?? node.id;
      case "ArrowRight":
        if (child !== undefined && open) return child.id;
        this.#toggle(node.id, true);
        return node.id;
      case "ArrowLeft":
        if (child === undefined || !open) return node.parent ?? node.id;
        this.#toggle(node.id, false);
        return node.id;
      case "Enter":
      case " ":
        this.#toggle(node.id, !open);
        return node.id;
      default:
        return null;
    }
  }

  async #focus(id: number): Promise<void> {
    this.selected = id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  }
}

customElements.define("aksara-plan-tree", PlanTreeElement);

import { css, html, LitElement, type TemplateResult } from "lit";
import type { Blocked, MigrationLocks } from "../../src/protocol/migration-locks.ts";
import { t } from "../ui/l10n.ts";
import { baseStyles } from "../ui/styles/base.css.ts";
import { blockedWord } from "./lock-words.ts";

/** A person wants to see one statement; `statement` counts from 0. */
export class StatementSelectEvent extends Event {
  readonly statement: number;

  constructor(statement: number) {
    super("statement-select", { bubbles: true, composed: true });
    this.statement = statement;
  }
}

interface Cell {
  readonly blocks: Blocked;
  /** The lock was taken by an earlier statement of the transaction. */
  readonly held: boolean;
}

/** Tables down, statements across: who is kept from what, and for how long. A table, so that it can be read aloud. */
export class LockTimelineElement extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .scroll {
        overflow-x: auto;
        padding-bottom: 4px;
      }
      table {
        border-collapse: collapse;
        font-size: 12px;
      }
      th,
      td {
        padding: 3px 2px;
        text-align: start;
        font-weight: normal;
      }
      tbody th {
        padding-inline-end: 12px;
        white-space: nowrap;
      }
      thead th:first-child {
        color: var(--ak-quiet);
      }
      button {
        min-width: 64px;
        width: 100%;
        padding: 2px 6px;
        border: 1px solid var(--ak-line);
        border-radius: 4px;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      button[aria-pressed="true"] {
        background: var(--vscode-list-activeSelectionBackground, var(--vscode-button-background));
        color: var(--vscode-list-activeSelectionForeground, var(--vscode-button-foreground));
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -2px;
      }
      button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
      .bar {
        display: block;
        min-height: 14px;
        padding: 1px 6px;
        border: 1px solid currentColor;
        border-radius: 3px;
        font-size: 11px;
        line-height: 14px;
        white-space: nowrap;
      }
      .bar.reads-and-writes {
        border-width: 2px;
        border-color: var(--vscode-problemsErrorIcon-foreground, var(--vscode-editorError-foreground));
        font-weight: 600;
      }
      .bar.writes {
        border-color: var(--vscode-problemsWarningIcon-foreground, var(--vscode-editorWarning-foreground));
      }
      .bar.schema {
        border-style: dotted;
        border-color: var(--vscode-problemsInfoIcon-foreground, var(--vscode-editorInfo-foreground));
      }
      .bar.held {
        border-style: dashed;
        font-weight: normal;
      }
      .cost {
        font-size: 11px;
        color: var(--ak-quiet);
      }
    `,
  ];
  static override readonly properties = { locks: { attribute: false }, shown: { attribute: false } };
  declare locks: MigrationLocks;
  /** The statement that is looked at, from 0. */
  declare shown: number;

  protected override render(): TemplateResult {
    const { statements } = this.locks;
    const rows = rowsOf(this.locks);
    return html`${rows.length > 0 ? null : html`<p>${t("No statement locks a table that was there before: nobody waits.")}</p>`}
      <div class="scroll" tabindex="0" role="region" aria-label=${t("Locks of each statement")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("Statement")}</th>
              ${statements.map(
                ({ sql }, at) =>
                  html`<th scope="col">
                    <button
                      type="button"
                      aria-pressed=${at === this.shown}
                      aria-label=${t("Statement {0}", at + 1)}
                      title=${sql.slice(0, 200)}
                      @click=${() => this.dispatchEvent(new StatementSelectEvent(at))}
                    >
                      ${at + 1}
                    </button>
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ table, cells }) =>
                html`<tr>
                  <th scope="row" class="mono">${table}</th>
                  ${cells.map((cell) => html`<td>${renderCell(cell)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}

function renderCell({ blocks, held }: Cell): TemplateResult | null {
  if (blocks === "none") return null;
  const word = blockedWord(blocks);
  return html`<span class="bar ${blocks} ${held ? "held" : ""}">${held ? t("still {0}", word) : word}</span>`;
}

const ORDER: readonly Blocked[] = ["none", "schema", "writes", "reads-and-writes"];

function rowsOf({ statements, transactional }: MigrationLocks): readonly {
  readonly table: string;
  readonly cells: readonly Cell[];
}[] {
  const tables = new Set(
    statements.flatMap(({ locks }) =>
      locks.filter(({ existed, blocks }) => existed && blocks !== "none").map(({ table }) => table),
    ),
  );
  return [...tables].map((table) => {
    let before: Blocked = "none";
    const cells = statements.map(({ locks }): Cell => {
      const own = locks.find((lock) => lock.table === table && lock.existed)?.blocks ?? "none";
      const isHeld = transactional && ORDER.indexOf(before) > ORDER.indexOf(own);
      const blocks = isHeld ? before : own;
      if (transactional) before = blocks;
      return { blocks, held: isHeld };
    });
    return { table, cells };
  });
}

customElements.define("aksara-lock-timeline", LockTimelineElement);

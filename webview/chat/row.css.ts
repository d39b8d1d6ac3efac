import { css } from "lit";

/** One quiet line that unfolds. */
export const rowStyles = css`
  .row {
    display: flex;
    align-items: center;
    gap: 6px;
    width: 100%;
    min-height: 24px;
    margin: 0;
    padding: 1px 4px 1px 2px;
    border: none;
    border-radius: 4px;
    background: none;
    color: var(--ak-quiet);
    font: inherit;
    text-align: start;
    cursor: pointer;
  }
  .row:hover {
    color: var(--vscode-foreground);
    background: var(--vscode-list-hoverBackground, transparent);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .words {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .object {
    color: var(--vscode-foreground);
    font-family: var(--ak-mono);
    font-size: var(--ak-mono-size);
  }
  .icon {
    font-size: 14px;
  }
  .turn {
    transition: transform 0.1s;
  }
  .row[aria-expanded="true"] .turn {
    transform: rotate(90deg);
  }
`;

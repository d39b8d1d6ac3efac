import { css } from "lit";

/** A small outlined label: an icon and one or two words. */
export const pillStyles = css`
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 20px;
    margin: 0;
    padding: 0 7px 0 5px;
    border: 1px solid var(--ak-line);
    border-radius: 10px;
    background: none;
    color: var(--vscode-foreground);
    font: inherit;
    font-size: 11px;
    line-height: 18px;
    white-space: nowrap;
  }
  .pill .icon {
    font-size: 13px;
  }
  button.pill {
    cursor: pointer;
  }
  button.pill:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
    border-color: var(--vscode-contrastActiveBorder, var(--ak-line));
  }
  button.pill:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
`;

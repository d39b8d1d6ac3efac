import { css } from "lit";

/** A text to take along: as it is, the button that copies it at its end. */
export const copyBoxStyles = css`
  .copy-box {
    display: flex;
    align-items: flex-start;
    gap: 4px;
    padding: 3px 3px 3px 10px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 4px;
    background: var(--ak-surface);
  }
  .copy-box + .copy-box {
    margin-top: 4px;
  }
  .copy-box pre {
    flex: 1;
    min-width: 0;
    padding-block: 2px;
  }
`;

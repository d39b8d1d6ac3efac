import { css } from "lit";

/** A part that is folded away until somebody wants it. */
export const foldStyles = css`
  summary {
    width: max-content;
    max-width: 100%;
    font-size: 12px;
    color: var(--ak-quiet);
    cursor: pointer;
  }
  summary:hover {
    color: var(--vscode-foreground);
  }
  summary:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 2px;
  }
  details > :not(summary) {
    margin-top: 6px;
  }
`;

import { css } from "lit";

/** A framed note that begins with an icon, and what can be done about it. */
export const noteStyles = css`
  .note {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 2px 8px;
    padding: 8px 10px;
    border: 1px solid var(--vscode-contrastBorder, var(--ak-line));
    border-radius: 4px;
  }
  .note > div {
    display: grid;
    gap: 6px;
    justify-items: start;
  }
  .note p {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
`;

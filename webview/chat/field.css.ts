import { css } from "lit";

/** What a person types into, or chooses from. */
export const fieldStyles = css`
  textarea,
  input,
  select {
    width: 100%;
    margin: 0;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
  }
  textarea {
    display: block;
    padding: 5px 7px;
    line-height: 1.45;
    resize: vertical;
  }
  input {
    padding: 3px 7px;
  }
  select {
    padding: 3px 4px;
    background: var(--vscode-dropdown-background);
    color: var(--vscode-dropdown-foreground);
    border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
  }
  textarea::placeholder,
  input::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  textarea:focus-visible,
  input:focus-visible,
  select:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`;

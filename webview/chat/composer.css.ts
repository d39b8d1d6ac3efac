import { css } from "lit";

/** The box that a person writes in, with what stands above and below the text. */
export const composerStyles = css`
  .box {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-widget-border, transparent)));
    border-radius: 8px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
  }
  .box:focus-within {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  textarea {
    field-sizing: content;
    display: block;
    width: 100%;
    min-height: 36px;
    max-height: 40vh;
    margin: 0;
    padding: 8px 10px 4px;
    border: none;
    outline: none;
    background: none;
    color: inherit;
    font: inherit;
    line-height: 1.45;
    resize: none;
  }
  textarea::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 6px 6px 0;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
    padding: 0 0 0 6px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--ak-line)));
    border-radius: 4px;
    font-size: 11px;
    line-height: 18px;
  }
  .chip span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip button {
    display: flex;
    flex: none;
    padding: 3px;
    border: none;
    border-radius: 3px;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  .chip .icon {
    font-size: 12px;
  }
  .chip button:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
  }
  .chip button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .meter {
    flex: none;
    padding-inline-end: 4px;
    font-size: 11px;
    color: var(--ak-quiet);
    font-variant-numeric: tabular-nums;
  }
  @media (max-width: 339px) {
    .meter {
      display: none;
    }
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 2px 4px 4px;
  }
  .pick {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    position: relative;
    min-width: 0;
    height: 24px;
    margin: 0;
    padding: 0 6px;
    border: none;
    border-radius: 4px;
    background: none;
    color: var(--ak-quiet);
    font: inherit;
    font-size: 12px;
    cursor: pointer;
  }
  .pick:hover {
    color: var(--vscode-foreground);
    background: var(--vscode-toolbar-hoverBackground, transparent);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .pick:focus-visible,
  .pick:focus-within {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .pick .icon {
    font-size: 14px;
  }
  .pick .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .mode {
    flex: none;
  }
  .mode select {
    position: absolute;
    inset: 0;
    width: 100%;
    opacity: 0;
    font: inherit;
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    cursor: pointer;
  }
  .model {
    flex: 0 1 auto;
  }
  .gap {
    flex: 1;
  }
  .send {
    display: flex;
    flex: none;
    padding: 4px;
    margin: 0;
    border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 5px;
    background: var(--vscode-button-background);
    color: var(--vscode-button-foreground);
    cursor: pointer;
  }
  .send:hover {
    background: var(--vscode-button-hoverBackground);
  }
  .send:disabled {
    background: none;
    border-color: transparent;
    color: var(--ak-quiet);
    opacity: 0.6;
    cursor: default;
  }
  .send:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
`;

import { css } from "lit";

/**
 * What every element of a page shares. Colours are the editor's own variables; where a theme leaves one out (the high
 * contrast themes do), the contrast border takes its place.
 */
export const baseStyles = css`
  :host {
    --ak-line: var(--vscode-contrastBorder, var(--vscode-panel-border, var(--vscode-widget-border, transparent)));
    --ak-quiet: var(--vscode-descriptionForeground, var(--vscode-foreground));
    --ak-surface: var(--vscode-textCodeBlock-background, transparent);
    --ak-mono: var(--vscode-editor-font-family, monospace);
    --ak-mono-size: calc(var(--vscode-editor-font-size, 13px) * 0.93);
    display: block;
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 11px;
    font-weight: 600;
    line-height: 16px;
    letter-spacing: 0.03em;
    text-transform: uppercase;
    color: var(--ak-quiet);
  }
  .quiet {
    color: var(--ak-quiet);
  }
  .icon {
    font: normal 16px/1 codicon;
    display: inline-block;
    flex: none;
    vertical-align: text-bottom;
    user-select: none;
    -webkit-font-smoothing: antialiased;
  }
  .icon.error,
  .icon.high {
    color: var(--vscode-problemsErrorIcon-foreground, var(--vscode-editorError-foreground));
  }
  .icon.warning,
  .icon.medium {
    color: var(--vscode-problemsWarningIcon-foreground, var(--vscode-editorWarning-foreground));
  }
  .icon.info {
    color: var(--vscode-problemsInfoIcon-foreground, var(--vscode-editorInfo-foreground));
  }
  .icon.low {
    color: var(--vscode-testing-iconPassed, var(--vscode-foreground));
  }
  .link {
    display: inline;
    max-width: 100%;
    margin: 0;
    padding: 0;
    border: none;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  .link:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 2px;
    border-radius: 2px;
  }
  .mono {
    font-family: var(--ak-mono);
    font-size: var(--ak-mono-size);
  }
  vscode-button {
    flex: none;
    border-radius: 4px;
  }
  vscode-button::part(control) {
    white-space: nowrap;
    line-height: 18px;
    padding: 3px 10px;
  }
  @media (max-width: 420px) {
    vscode-button::part(control) {
      padding-inline: 8px;
    }
  }
  vscode-button[appearance="icon"] {
    width: 24px;
    height: 24px;
  }
  vscode-button[appearance="icon"]::part(control) {
    padding: 3px;
  }
  pre {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font-family: var(--ak-mono);
    font-size: var(--ak-mono-size);
    line-height: 1.5;
    tab-size: 4;
  }
  pre:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
    }
  }
  @media (forced-colors: active) {
    .icon {
      color: CanvasText;
    }
    .link {
      color: LinkText;
    }
  }
`;

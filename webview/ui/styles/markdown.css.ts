import { css } from "lit";

/** Prose: comfortable lines, headings that stay below the page's own title, code and tables that never widen the page. */
export const markdownStyles = css`
  :host {
    line-height: 1.55;
    overflow-wrap: break-word;
  }
  p,
  ul,
  ol,
  blockquote,
  .table,
  .code {
    margin: 0 0 10px;
  }
  :host > :last-child {
    margin-bottom: 0;
  }
  h1,
  h2,
  h3,
  h4,
  h5,
  h6 {
    margin: 18px 0 6px;
    font-weight: 600;
    line-height: 1.35;
    letter-spacing: normal;
    text-transform: none;
    color: var(--vscode-foreground);
  }
  h1 {
    font-size: 1.25em;
  }
  h2 {
    font-size: 1.12em;
  }
  h3,
  h4,
  h5,
  h6 {
    font-size: 1em;
  }
  :first-child {
    margin-top: 0;
  }
  ul,
  ol {
    padding-inline-start: 22px;
  }
  ul {
    list-style: disc;
  }
  ol {
    list-style: decimal;
  }
  li > ul,
  li > ol {
    margin-bottom: 0;
  }
  li + li {
    margin-top: 3px;
  }
  li > p {
    margin-bottom: 4px;
  }
  blockquote {
    padding: 2px 0 2px 12px;
    border-inline-start: 3px solid var(--vscode-textBlockQuote-border, var(--ak-line));
    color: var(--ak-quiet);
  }
  blockquote > :last-child {
    margin-bottom: 0;
  }
  hr {
    margin: 14px 0;
    border: none;
    border-top: 1px solid var(--ak-line);
  }
  code {
    font-family: var(--ak-mono);
    font-size: var(--ak-mono-size);
    color: var(--vscode-textPreformat-foreground, inherit);
    background: var(--vscode-textPreformat-background, transparent);
    padding: 1px 4px;
    border-radius: 3px;
    overflow-wrap: anywhere;
  }
  /* A cell or an item that is code as a whole needs no box around each. */
  td > code:only-child,
  li > code:only-child {
    padding: 0;
    color: inherit;
    background: none;
  }
  .code {
    position: relative;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 4px;
    background: var(--ak-surface);
  }
  /* Plans and code keep their lines; the block scrolls, never the page. */
  .code pre {
    padding: 8px 12px;
    border-radius: inherit;
    overflow-x: auto;
    white-space: pre;
    overflow-wrap: normal;
  }
  .code code {
    padding: 0;
    color: var(--vscode-editor-foreground, inherit);
    background: none;
  }
  .code-bar {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    display: flex;
    align-items: center;
    gap: 4px;
    padding-inline-start: 6px;
    border-radius: 4px;
    background: inherit;
    color: var(--ak-quiet);
    font-size: 11px;
    user-select: none;
  }
  /* Where there is more to do with code, its bar is a head of its own: it would cover the first line. */
  .code.headed {
    display: flex;
    flex-direction: column-reverse;
  }
  .headed .code-bar {
    position: static;
    padding: 1px 4px 1px 12px;
    border-bottom: 1px solid color-mix(in srgb, var(--ak-line) 60%, transparent);
    border-radius: 4px 4px 0 0;
  }
  .headed .code-bar span {
    flex: 1;
  }
  .code-bar button {
    display: flex;
    width: 24px;
    height: 24px;
    margin: 0;
    padding: 4px;
    border: none;
    border-radius: 5px;
    background: none;
    color: var(--vscode-foreground);
    cursor: pointer;
  }
  .code-bar button:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .code-bar button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  /* A shadow at the edge behind which there is more: it scrolls with the table, its cover does not. */
  .table {
    --more: color-mix(in srgb, var(--vscode-scrollbar-shadow, transparent) 40%, transparent);
    overflow-x: auto;
    border: 1px solid var(--ak-line);
    border-radius: 4px;
    background:
      linear-gradient(to right, var(--vscode-editor-background) 40%, transparent) left / 28px 100% no-repeat local,
      linear-gradient(to left, var(--vscode-editor-background) 40%, transparent) right / 28px 100% no-repeat local,
      linear-gradient(to right, var(--more), transparent) left / 12px 100% no-repeat scroll,
      linear-gradient(to left, var(--more), transparent) right / 12px 100% no-repeat scroll;
  }
  .table:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  table {
    min-width: 100%;
    border-collapse: collapse;
    line-height: 1.4;
  }
  th,
  td {
    padding: 4px 10px;
    text-align: start;
    vertical-align: top;
  }
  th {
    font-weight: 600;
    white-space: nowrap;
    border-bottom: 1px solid var(--ak-line);
  }
  .table code {
    overflow-wrap: normal;
  }
  td + td,
  th + th {
    border-inline-start: 1px solid var(--vscode-contrastBorder, transparent);
  }
  tbody tr + tr td {
    border-top: 1px solid color-mix(in srgb, var(--ak-line) 60%, transparent);
  }
  .citation {
    font-size: 0.92em;
  }
`;

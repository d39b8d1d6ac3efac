import { css, unsafeCSS } from "lit";

/** Of every row, in pixels: what can be seen is reckoned from it. */
export const ROW_HEIGHT = 24;

const rowHeight = unsafeCSS(`${ROW_HEIGHT}px`);

export const gridStyles = css`
  :host {
    container-type: inline-size;
    min-height: 0;
  }
  [role="treegrid"] {
    height: 100%;
    overflow: hidden auto;
    border-block: 1px solid var(--ak-line);
  }
  [role="treegrid"]:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .top {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    background: var(--vscode-editor-background);
  }
  .all {
    overflow: hidden;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 5fr) 76px 104px 72px minmax(0, 6fr);
    align-items: center;
    height: ${rowHeight};
    padding: 0 8px;
    border: 1px solid transparent;
    cursor: default;
  }
  .head {
    border-block-end-color: var(--ak-line);
    font-size: 11px;
    color: var(--ak-quiet);
  }
  .row:not(.head):hover {
    background: var(--vscode-list-hoverBackground, transparent);
  }
  .row[aria-selected="true"] {
    background: var(--vscode-list-inactiveSelectionBackground, transparent);
    border-color: var(--vscode-contrastActiveBorder, transparent);
  }
  [role="treegrid"]:focus-visible .row[aria-selected="true"] {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .passing > :not(.line) {
    opacity: 0.75;
  }
  .name {
    display: flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    padding-inline-start: calc(var(--depth, 0) * 12px);
  }
  .name .icon {
    font-size: 14px;
  }
  .twist {
    flex: none;
    width: 12px;
    text-align: center;
    cursor: pointer;
  }
  .words {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .agent .words {
    font-weight: 600;
  }
  .number {
    padding-inline-start: 10px;
    overflow: hidden;
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .line {
    position: relative;
    align-self: stretch;
    margin-inline-start: 14px;
    /* A quarter each, to see what stands above what. */
    background: repeating-linear-gradient(
      to right,
      color-mix(in srgb, var(--ak-line) 45%, transparent) 0 1px,
      transparent 1px 25%
    );
  }
  .tick {
    position: absolute;
    inset-block-start: 3px;
    padding-inline-start: 4px;
    white-space: nowrap;
  }
  .bar {
    position: absolute;
    inset-block-start: 6px;
    height: 10px;
    min-width: 3px;
    max-width: 100%;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 2px;
    background: var(--bar);
  }
  .row {
    --bar: var(--vscode-charts-foreground, var(--vscode-foreground));
  }
  .agent,
  .flow {
    --bar: color-mix(in srgb, var(--vscode-charts-foreground, var(--vscode-foreground)) 45%, transparent);
  }
  .model {
    --bar: var(--vscode-charts-blue, var(--vscode-foreground));
  }
  .tool {
    --bar: var(--vscode-charts-green, var(--vscode-foreground));
  }
  /* What waits is no work: it is drawn as a frame. */
  .approval .bar,
  .pause .bar {
    border: 1px dashed var(--vscode-charts-yellow, var(--vscode-foreground));
    background: none;
  }
  .failed .bar {
    background: var(--vscode-charts-red, var(--vscode-errorForeground));
  }
  .bar.open {
    border-inline-end: none;
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  @container (max-width: 720px) {
    .row {
      grid-template-columns: minmax(0, 5fr) 76px 104px minmax(0, 5fr);
    }
    .cost {
      display: none;
    }
  }
  @container (max-width: 560px) {
    .row {
      grid-template-columns: minmax(0, 4fr) 70px minmax(0, 3fr);
    }
    .tokens {
      display: none;
    }
    .tick:nth-child(even) {
      display: none;
    }
  }
  @container (max-width: 380px) {
    .tick:nth-child(n + 2) {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .bar {
      border-color: CanvasText;
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;

import { css, html, type TemplateResult } from "lit";
import { icon } from "../ui/icon.ts";
import { t } from "../ui/l10n.ts";
import type { CompletionController } from "./completion.ts";
import { kindIcon } from "./kind-icon.ts";

/** The list stands over what is above the box that a person types in. */
export const completionStyles = css`
  .completions {
    position: absolute;
    inset-inline: 0;
    inset-block-end: calc(100% + 4px);
    z-index: 1;
    max-height: min(45vh, 320px);
    overflow: hidden auto;
    padding: 4px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--ak-line)));
    border-radius: 6px;
    background: var(--vscode-editorWidget-background, var(--vscode-sideBar-background));
    color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .option {
    display: flex;
    align-items: baseline;
    gap: 6px;
    padding: 3px 6px;
    border-radius: 3px;
    line-height: 18px;
    cursor: pointer;
  }
  .option .icon {
    align-self: center;
    font-size: 14px;
  }
  .option .label {
    flex: 0 1 auto;
    min-width: 40%;
    overflow: hidden;
    /* The end of a name is what is cut, in whatever direction the page runs. */
    text-align: -webkit-match-parent;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .option .detail {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 11px;
    text-align: end;
    color: var(--ak-quiet);
  }
  .option:hover {
    background: var(--vscode-list-hoverBackground, transparent);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .option[aria-selected="true"] {
    background: var(--vscode-list-activeSelectionBackground, transparent);
    color: var(--vscode-list-activeSelectionForeground, inherit);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .option[aria-selected="true"] .detail {
    color: inherit;
  }
  .completions p {
    padding: 3px 6px;
    overflow-wrap: anywhere;
  }
  @media (max-width: 300px) {
    .option {
      flex-wrap: wrap;
      gap: 0 6px;
    }
    .option .label {
      flex: 1 1 0;
    }
    .option .detail {
      flex: 1 0 100%;
      padding-inline-start: 20px;
      text-align: start;
    }
  }
`;

/** The list, or that nothing fits what was asked for. It never has the focus: the field says which option is chosen. */
export function renderCompletions(completion: CompletionController): TemplateResult | null {
  const { isOpen, nothingFits, options, active } = completion;
  if (nothingFits)
    return html`<div class="completions" role="status"><p class="quiet">${t("Nothing here has such a name.")}</p></div>`;
  if (!isOpen) return null;
  return html`<div class="completions" role="listbox" id="completions" aria-label=${t("Suggestions")} @mousedown=${keepFocus}>
    ${options.map(
      ({ label, detail, icon: name }, index) =>
        html`<div
          class="option"
          role="option"
          id="option-${index}"
          aria-selected=${index === active}
          title=${`${label}\n${detail}`}
          @click=${() => completion.take(index)}
        >${icon(kindIcon(name))}<span class="label" dir="auto">${label}</span><span class="detail"><bdi>${detail}</bdi></span></div>`,
    )}
  </div>`;
}

/** A press on the list must not take the focus from the field: losing it closes the list. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

import { html, type TemplateResult } from "lit";
import { ICON_GLYPHS, type IconName } from "./icon-glyphs.ts";

/**
 * A codicon, always decorative: the words beside it, or the label of the button around it, carry the meaning.
 * `slot` places it inside a toolkit button.
 */
export function icon(name: IconName, tone = ""): TemplateResult {
  return html`<i class="icon ${tone}" aria-hidden="true">${String.fromCodePoint(ICON_GLYPHS[name])}</i>`;
}

/** The same at the start of a toolkit button or link. */
export function startIcon(name: IconName): TemplateResult {
  return html`<i slot="start" class="icon" aria-hidden="true">${String.fromCodePoint(ICON_GLYPHS[name])}</i>`;
}

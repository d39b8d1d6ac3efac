/** The keys a page answers to itself, because a keybinding of VS Code would also fire while someone types in it. */
export interface PageKeys {
  /** Escape. */
  readonly close: () => void;
  /** Shift+A. */
  readonly openHub: () => void;
}

const editable =
  "input, textarea, select, [contenteditable]:not([contenteditable='false']), [role='textbox'], [role='combobox'], vscode-text-field, vscode-text-area, vscode-dropdown";
const popup = ":popover-open, dialog[open], [aria-expanded='true'][aria-haspopup]";

/** Whether any of the elements that a key event passes, innermost first, is one that a person types into. */
export function isEditable(composedPath: readonly EventTarget[]): boolean {
  return composedPath.some((target) => target instanceof Element && target.matches(editable));
}

/** Whether the tree under `root`, shadow trees included, shows a popup, which Escape then belongs to. */
export function hasOpenPopup(root: ParentNode): boolean {
  if (root.querySelector(popup) !== null) return true;
  for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot !== null && hasOpenPopup(element.shadowRoot)) return true;
  }
  return false;
}

/** Listens for the page's keys until the signal fires. */
export function listenForPageKeys(keys: PageKeys, signal: AbortSignal): void {
  let popupWasOpen = false;
  // A popup closes on Escape while the event travels, so whether one was open is asked before anybody answers.
  const look = (event: KeyboardEvent): void => {
    popupWasOpen = event.key === "Escape" && hasOpenPopup(document);
  };
  const answer = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.composedPath())) return;
    if (event.key === "Escape" && !event.shiftKey && !popupWasOpen) keys.close();
    else if (event.key === "A" && event.shiftKey && !hasOpenPopup(document)) keys.openHub();
  };
  window.addEventListener("keydown", look, { capture: true, signal });
  window.addEventListener("keydown", answer, { signal });
}

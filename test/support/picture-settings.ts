/** User settings that make a picture show the extension and nothing that distracts from it. */
export const pictureSettings: Readonly<Record<string, unknown>> = {
  "chat.disableAIFeatures": true,
  "editor.fontFamily": "'JetBrains Mono', 'DejaVu Sans Mono', monospace",
  "editor.fontSize": 13,
  "editor.minimap.enabled": false,
  "editor.occurrencesHighlight": "off",
  "editor.selectionHighlight": false,
  "editor.stickyScroll.enabled": false,
  "window.menuBarVisibility": "hidden",
  "workbench.layoutControl.enabled": false,
};

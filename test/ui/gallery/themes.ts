/** A theme of VS Code as a webview meets it. */
export interface Theme {
  /** Also the name of its file in `themes/`. */
  readonly name: string;
  /** The class that VS Code puts on the page's body, and the value of `data-vscode-theme-kind`. */
  readonly kind: "vscode-dark" | "vscode-light" | "vscode-high-contrast" | "vscode-high-contrast-light";
}

export const THEMES: readonly Theme[] = [
  { name: "dark-modern", kind: "vscode-dark" },
  { name: "light-modern", kind: "vscode-light" },
  { name: "hc-black", kind: "vscode-high-contrast" },
  { name: "hc-light", kind: "vscode-high-contrast-light" },
];

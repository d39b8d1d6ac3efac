import * as vscode from "vscode";

/** The product's mark on tabs and beside answers. */
export function productIcon(extensionUri: vscode.Uri): {
  readonly light: vscode.Uri;
  readonly dark: vscode.Uri;
} {
  return {
    light: vscode.Uri.joinPath(extensionUri, "media", "aksara-light.svg"),
    dark: vscode.Uri.joinPath(extensionUri, "media", "aksara-dark.svg"),
  };
}

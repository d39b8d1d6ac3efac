import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";

/** The AI Hub in its first form: says what works without a provider and that none is configured. */
export function registerHubView(_host: HostContext): vscode.Disposable {
  const items = [
    item(vscode.l10n.t("Build and copy prompt packs"), "pass", vscode.l10n.t("works without a provider")),
    item(vscode.l10n.t("Run AI"), "circle-slash", vscode.l10n.t("no provider is configured")),
  ];
  return vscode.window.createTreeView("aksara.hub", {
    treeDataProvider: {
      getTreeItem: (element: vscode.TreeItem) => element,
      getChildren: (element) => (element ? [] : items),
    },
  });
}

function item(label: string, icon: string, description: string): vscode.TreeItem {
  const result = new vscode.TreeItem(label);
  result.iconPath = new vscode.ThemeIcon(icon);
  result.description = description;
  result.accessibilityInformation = { label: `${label}: ${description}` };
  return result;
}

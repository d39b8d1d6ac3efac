import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";

/** The model that would answer, in the status bar; not there while nothing is configured. */
export function registerModelStatus({ studio }: HostContext): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("aksara.model", vscode.StatusBarAlignment.Right, 50);
  item.name = vscode.l10n.t("Aksara: model");
  item.command = "aksara.openHub";
  const show = (): void => {
    const { refusal, provider, model } = studio.access;
    if (refusal || provider === null) {
      item.hide();
      return;
    }
    item.text = `$(sparkle) ${model ?? provider}`;
    item.tooltip =
      model === null
        ? vscode.l10n.t("Aksara runs prompt packs with {0}. Open the AI Hub.", provider)
        : vscode.l10n.t("Aksara runs prompt packs with {0} of {1}. Open the AI Hub.", model, provider);
    item.show();
  };
  return vscode.Disposable.from(item, studio.onDidChangeAccess(show));
}

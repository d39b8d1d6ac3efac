import * as vscode from "vscode";
import type { CompactReport } from "../../../agent/compact-session.ts";

/** Says what became of a conversation that was to be shortened; null: nothing. */
export function tellCompacted(report: CompactReport | null): void {
  void vscode.window.showInformationMessage(
    report === null
      ? vscode.l10n.t("There is nothing to shorten now.")
      : vscode.l10n.t("About {0} tokens of this chat became {1}.", report.before, report.after),
  );
}

import * as vscode from "vscode";
import type { HostContext } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import { targetById } from "./flow-target.ts";
import { ReadingReports } from "./reading-reports.ts";

/** Commands that are not flows and belong to no view. */
export function registerStudioCommands({ studio, panel }: HostContext): vscode.Disposable {
  const reports = new ReadingReports(studio);
  const commands: Readonly<Record<string, (argument?: unknown) => Promise<unknown>>> = {
    "aksara.openHub": async () => {
      await vscode.commands.executeCommand("aksara.hub.focus");
    },
    "aksara.refreshCatalog": async () => {
      await studio.refresh();
      await studio.view();
    },
    "aksara.showReadingReport": async () => {
      // A failure to read is told like any other.
      await studio.view();
      await reports.show();
    },
    "aksara.copyPromptPack": async () => {
      const { pack } = panel;
      if (!pack) return;
      await vscode.env.clipboard.writeText(`${pack.system_prompt}\n\n${pack.user_prompt}`);
      vscode.window.setStatusBarMessage(vscode.l10n.t("Prompt pack copied"), 3000);
    },
    "aksara.copyCliCommand": async () => {
      if (panel.cliCommand === null) return;
      await vscode.env.clipboard.writeText(panel.cliCommand);
      vscode.window.setStatusBarMessage(vscode.l10n.t("Command copied"), 3000);
    },
    "aksara.runAi": () => panel.run(),
    "aksara.runAiWith": () => panel.run(true),
    "aksara.cancelRun": async () => panel.cancelRun(),
    "aksara.closePanel": async () => panel.close(),
    "aksara.revealObject": async (argument) => {
      const id = (argument as { readonly objectId?: unknown } | undefined)?.objectId;
      const target = typeof id === "string" ? targetById(await studio.view(), id) : null;
      if (!target) return;
      const source =
        target.kind === "diagnostic" ? target.finding.source : { uri: target.uri, range: target.nameRange };
      await studio.reveal(source);
    },
    "aksara.runSelfCheck": async () => {
      const { runSelfCheck } = await import("../../self-check.ts");
      const distDir = vscode.Uri.joinPath(studio.extension.extensionUri, "dist").fsPath;
      const results = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t("Aksara: checking this installation"),
        },
        () => runSelfCheck({ distDir }),
      );
      for (const result of results)
        studio.log.info(`${result.ok ? "ok  " : "FAIL"} ${result.name}: ${result.detail}`);
      const failed = results.filter((result) => !result.ok);
      if (failed.length === 0) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t("All {0} parts of Aksara Studio work here.", results.length),
        );
      } else {
        studio.log.show();
        void vscode.window.showErrorMessage(
          vscode.l10n.t("Not working here: {0}", failed.map((result) => result.name).join(", ")),
        );
      }
      return results;
    },
    "aksara.showLog": async () => studio.log.show(),
  };
  return vscode.Disposable.from(
    reports,
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, (argument?: unknown) => reportFailure(studio, () => run(argument))),
    ),
  );
}

import * as vscode from "vscode";
import { isAksaraError, isCancelled } from "../../errors.ts";
import type { Studio } from "./studio.ts";

/** Runs a command; a failure is shown with what to do, and logged. Cancelling is not a failure. */
export async function reportFailure(studio: Studio, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isCancelled(error)) return;
    studio.log.error(error instanceof Error ? error : String(error));
    const message = error instanceof Error ? error.message : String(error);
    const hint = isAksaraError(error) && error.hint ? ` ${error.hint}` : "";
    const showLog = vscode.l10n.t("Show Log");
    const answer = await vscode.window.showErrorMessage(`${message}${hint}`, showLog);
    if (answer === showLog) studio.log.show();
  }
}

import * as vscode from "vscode";
import { isAksaraError, isCancelled } from "../../errors.ts";
import type { Studio } from "./studio.ts";

/**
 * Runs a command; a failure is shown with what to do, and logged. Cancelling is not a failure. Does not wait for the
 * person to read the message, or whoever called the command would.
 */
export async function reportFailure<T>(studio: Studio, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (isCancelled(error)) return undefined;
    studio.log.error(error instanceof Error ? error : String(error));
    const message = error instanceof Error ? error.message : String(error);
    const hint = isAksaraError(error) && error.hint ? ` ${error.hint}` : "";
    const showLog = vscode.l10n.t("Show Log");
    void vscode.window.showErrorMessage(`${message}${hint}`, showLog).then((answer) => {
      if (answer === showLog) studio.log.show();
    });
    return undefined;
  }
}

import * as vscode from "vscode";
import type { ChatItem } from "../../../protocol/chat.ts";

/** The turn whose changes a person wants back, the last that changed any file when none is named; null when they do not. */
export async function turnToTakeBack(
  items: readonly ChatItem[],
  run: string | undefined,
): Promise<string | null> {
  const ends = items.filter((item) => item.kind === "end");
  const end =
    run === undefined
      ? ends.findLast(
          ({ undone, created, modified, deleted }) =>
            !undone && created.length + modified.length + deleted.length > 0,
        )
      : ends.find((item) => item.run === run);
  if (!end) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No turn of this chat has changed a file."));
    return null;
  }
  const take = vscode.l10n.t("Take Back");
  const files = [...end.created, ...end.modified, ...end.deleted];
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("Take back what this turn changed?"),
    { modal: true, detail: files.join("\n") },
    take,
  );
  return answer === take ? end.run : null;
}

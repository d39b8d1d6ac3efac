import * as vscode from "vscode";
import { titleOf } from "../../../records/task-title.ts";
import type { ChatThread } from "./chat-thread.ts";
import { EXPORT_FORMATS, type ExportFormat, exportThread } from "./export-thread.ts";

/** Opens a thread as a document that is not saved yet: where it goes, the person says. */
export async function openExport(thread: ChatThread | null, wanted: string | undefined): Promise<void> {
  if (!thread || thread.transcript.items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was said in this chat yet."));
    return;
  }
  const format = formatOf(wanted ?? "") ?? (await pickFormat());
  if (!format) return;
  const { title, items, usage } = thread.transcript;
  const content = exportThread({ thread: thread.id, title: titleOf(title), items, usage }, format);
  const document = await vscode.workspace.openTextDocument({ content, language: format });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

function formatOf(word: string): ExportFormat | null {
  const wanted = word.trim().toLowerCase();
  return wanted === "md" ? "markdown" : (EXPORT_FORMATS.find((format) => format === wanted) ?? null);
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t("As Markdown"),
        detail: vscode.l10n.t("To read, and to hand on"),
        format: "markdown" as const,
      },
      { label: vscode.l10n.t("As JSON"), detail: vscode.l10n.t("For programs"), format: "json" as const },
    ],
    { placeHolder: vscode.l10n.t("Export this chat") },
  );
  return picked?.format;
}

import * as vscode from "vscode";

export interface FileQuestion {
  /** Of several folders, it begins with the folder's name. */
  readonly uri: string;
  readonly message: string;
  readonly detail: string;
}

/** Asks a person to allow what a file of the workspace names; the file can be read before the answer. */
export async function askAboutFile({ uri, message, detail }: FileQuestion): Promise<boolean> {
  const allow = vscode.l10n.t("Allow");
  const read = vscode.l10n.t("Read It");
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, allow, read);
  // Who reads first is asked again when it is next needed.
  if (answer === read) await vscode.window.showTextDocument(placeOf(uri));
  return answer === allow;
}

function placeOf(uri: string): vscode.Uri {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const named = folders.length > 1 ? folders.find(({ name }) => uri.startsWith(`${name}/`)) : undefined;
  const base = named ?? folders[0];
  const path = named ? uri.slice(named.name.length + 1) : uri;
  return base ? vscode.Uri.joinPath(base.uri, path) : vscode.Uri.file(path);
}

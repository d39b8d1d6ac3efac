import * as vscode from "vscode";
import type { AskForToolFile } from "../../../agent/tool-files/tool-files.ts";

/** Asks whether a file of the workspace may be a tool; the file can be read before the answer. */
export const askForToolFile: AskForToolFile = async ({ uri, hash, declares, changed }, signal) => {
  const allow = vscode.l10n.t("Allow");
  const read = vscode.l10n.t("Read It");
  const { name, class: toolClass, risk } = declares;
  const answer = await vscode.window.showWarningMessage(
    changed
      ? vscode.l10n.t("{0} has changed since you allowed it, and wants to be a tool of the agent.", uri)
      : vscode.l10n.t("{0} wants to be a tool of the agent.", uri),
    {
      modal: true,
      detail: vscode.l10n.t(
        "It says: name {0}, class {1}, risk {2}. It can do whatever you can. A yes is for exactly this content ({3}).",
        name ?? "?",
        toolClass ?? "?",
        risk ?? "?",
        hash.slice(0, 16),
      ),
    },
    allow,
    read,
  );
  // Who reads first is asked again when the agents are next opened.
  if (answer === read) await vscode.window.showTextDocument(placeOf(uri));
  return answer === allow && !signal.aborted;
};

/** Of several folders, a uri begins with the folder's name. */
function placeOf(uri: string): vscode.Uri {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const named = folders.length > 1 ? folders.find(({ name }) => uri.startsWith(`${name}/`)) : undefined;
  const base = named ?? folders[0];
  const path = named ? uri.slice(named.name.length + 1) : uri;
  return base ? vscode.Uri.joinPath(base.uri, path) : vscode.Uri.file(path);
}

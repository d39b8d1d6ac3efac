import * as vscode from "vscode";
import type { AskForToolFile } from "../../../agent/tool-files/tool-files.ts";
import { askAboutFile } from "./ask-about-file.ts";

/** Asks whether a file of the workspace may be a tool. */
export const askForToolFile: AskForToolFile = async ({ uri, hash, declares, changed }, signal) => {
  const { name, class: toolClass, risk } = declares;
  const isAllowed = await askAboutFile({
    uri,
    message: changed
      ? vscode.l10n.t("{0} has changed since you allowed it, and wants to be a tool of the agent.", uri)
      : vscode.l10n.t("{0} wants to be a tool of the agent.", uri),
    detail: vscode.l10n.t(
      "It says: name {0}, class {1}, risk {2}. It can do whatever you can. A yes is for exactly this content ({3}).",
      name ?? "?",
      toolClass ?? "?",
      risk ?? "?",
      hash.slice(0, 16),
    ),
  });
  return isAllowed && !signal.aborted;
};

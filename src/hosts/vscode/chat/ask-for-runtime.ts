import * as vscode from "vscode";
import { askAboutFile } from "./ask-about-file.ts";
import type { AskForRuntime } from "./company.ts";

/** Asks whether the agents that the workspace describes may work in the chat. */
export const askForRuntime: AskForRuntime = ({ uri, hash, spec, changed }) =>
  askAboutFile({
    uri,
    message: changed
      ? vscode.l10n.t("{0} has changed since you allowed it, and wants its agents to work in this chat.", uri)
      : vscode.l10n.t("{0} wants its agents to work in this chat.", uri),
    detail: vscode.l10n.t(
      "They are: {0}. What they are told stands in the file; what they may do is what you allow. Without a yes the agents that ship work. A yes is for exactly this content ({1}).",
      spec.agents.map(({ name }) => name).join(", "),
      hash.slice(0, 16),
    ),
  });

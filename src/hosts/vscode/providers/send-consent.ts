import * as vscode from "vscode";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import { sentParts } from "./sent-parts.ts";

/** Where a pack would go. */
export interface Destination {
  /** The provider's name, as results carry it. */
  readonly provider: string;
  /** Scheme, host and port; the provider's kind where it is not reached by an address. */
  readonly origin: string;
  /** What a person reads for it. */
  readonly words: string;
  readonly model: string;
}

const REMEMBERED = "aksara.run.agreed";

/**
 * The question before something of a workspace leaves the machine. A yes is remembered for one origin: for this
 * workspace, or everywhere, in the editor's own storage, where no file of a workspace can put it.
 */
export async function agreeToSend(
  extension: vscode.ExtensionContext,
  destination: Destination,
  pack: PromptPack,
): Promise<boolean> {
  const { origin, words } = destination;
  const each = vscode.workspace.getConfiguration("aksara").get<string>("run.confirm") === "always";
  const memories = [extension.workspaceState, extension.globalState];
  if (!each && memories.some((memory) => agreed(memory).includes(origin))) return true;
  const send = vscode.l10n.t("Send");
  const always = vscode.l10n.t("Always for This Provider");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("Send this prompt pack to {0}?", words),
    { modal: true, detail: describe(destination, pack) },
    ...(each ? [send] : [send, always]),
  );
  if (answer === undefined) return false;
  if (!each) await remember(answer === always ? extension.globalState : extension.workspaceState, origin);
  return true;
}

function describe({ provider, model }: Destination, pack: PromptPack): string {
  const { tokens, sections, redactions, redacted } = sentParts(pack);
  return [
    vscode.l10n.t("{0} ({1}) gets about {2} tokens.", model, provider, tokens.toLocaleString()),
    sections.length === 0
      ? vscode.l10n.t("Nothing of the workspace is quoted.")
      : vscode.l10n.t("Parts: {0}", sections.join(" · ")),
    redactions === 0
      ? vscode.l10n.t("Nothing had to be hidden.")
      : vscode.l10n.t("Hidden before sending: {0} ({1}).", redactions, redacted.join(", ")),
  ].join("\n");
}

function agreed(memory: vscode.Memento): readonly string[] {
  const value: unknown = memory.get(REMEMBERED);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

async function remember(memory: vscode.Memento, origin: string): Promise<void> {
  await memory.update(REMEMBERED, [...new Set([...agreed(memory), origin])]);
}

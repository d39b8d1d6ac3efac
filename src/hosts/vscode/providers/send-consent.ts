import * as vscode from "vscode";
import type { RunDestination } from "../../../execution/run-options.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import { baseUrlOf, type Environment } from "../../../providers/provider-address.ts";
import { describeProvider } from "../../../providers/provider-descriptors.ts";
import { isLoopback } from "../../../providers/transport/proxy-options.ts";
import { sentParts } from "./sent-parts.ts";

/** Where something of a workspace would go. */
export interface Destination {
  /** The provider's name, as results carry it. */
  readonly provider: string;
  /** Scheme, host and port; the provider's kind where it is not reached by an address. */
  readonly origin: string;
  /** What a person reads for it. */
  readonly words: string;
  readonly model: string;
}

/** What is asked about. A yes to one kind of sending is none to another. */
interface Sending {
  /** Where answers to it are remembered. */
  readonly memory: string;
  readonly question: string;
  readonly detail: string;
}

/** Where a run goes that leaves this machine; null for what stays here, is replayed, or needs no model. */
export function destinationOf(
  { setup, model }: RunDestination,
  environment: Environment,
): Destination | null {
  const { kind, name, config } = setup;
  const { baseUrlName } = describeProvider(kind);
  const url = baseUrlName ? baseUrlOf(config, environment) : null;
  if (url ? isLoopback(url) : kind !== "vscode-lm") return null;
  return url
    ? { provider: name, model, origin: url.origin, words: url.origin }
    : { provider: name, model, origin: kind, words: vscode.l10n.t("the language models of the editor") };
}

/** The question before a pack leaves the machine. */
export async function agreeToSend(
  extension: vscode.ExtensionContext,
  destination: Destination,
  pack: PromptPack,
): Promise<boolean> {
  return await ask(extension, destination, {
    memory: "aksara.run.agreed",
    question: vscode.l10n.t("Send this prompt pack to {0}?", destination.words),
    detail: describe(destination, pack),
  });
}

/** The question before an agent talks to a model elsewhere: it sends more than can be shown beforehand. */
export async function agreeToChat(
  extension: vscode.ExtensionContext,
  destination: Destination,
): Promise<boolean> {
  const { words, model, provider } = destination;
  return await ask(extension, destination, {
    memory: "aksara.agent.agreed",
    question: vscode.l10n.t("Let the agent send parts of this workspace to {0}?", words),
    detail: vscode.l10n.t(
      "{0} ({1}) gets your messages, and what the agent's tools read to answer them: objects of the catalog, files, search results. Files that hold secrets cannot be read.",
      model,
      provider,
    ),
  });
}

/** The question before evals ask a model elsewhere: a whole suite of prompts. */
export async function agreeToEvaluate(
  extension: vscode.ExtensionContext,
  destination: Destination,
): Promise<boolean> {
  const { words, model, provider } = destination;
  return await ask(extension, destination, {
    memory: "aksara.eval.agreed",
    question: vscode.l10n.t("Let evals send parts of this workspace to {0}?", words),
    detail: vscode.l10n.t(
      "{0} ({1}) gets the prompts of the cases, and what the agent's tools read to answer them. Recorded cases ask nobody.",
      model,
      provider,
    ),
  });
}

/**
 * Asks, unless a yes is remembered: for one origin, in this workspace or everywhere, in the editor's own storage, where
 * no file of a workspace can put it.
 */
async function ask(
  extension: vscode.ExtensionContext,
  { origin }: Destination,
  { memory, question, detail }: Sending,
): Promise<boolean> {
  const each = vscode.workspace.getConfiguration("aksara").get<string>("run.confirm") === "always";
  const memories = [extension.workspaceState, extension.globalState];
  if (!each && memories.some((place) => agreed(place, memory).includes(origin))) return true;
  const send = vscode.l10n.t("Send");
  const always = vscode.l10n.t("Always for This Provider");
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail },
    ...(each ? [send] : [send, always]),
  );
  if (answer === undefined) return false;
  if (!each)
    await remember(answer === always ? extension.globalState : extension.workspaceState, memory, origin);
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

function agreed(place: vscode.Memento, memory: string): readonly string[] {
  const value: unknown = place.get(memory);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

async function remember(place: vscode.Memento, memory: string, origin: string): Promise<void> {
  await place.update(memory, [...new Set([...agreed(place, memory), origin])]);
}

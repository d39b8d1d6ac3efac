import * as vscode from "vscode";
import { AksaraError, isAksaraError } from "../../../errors.ts";
import type { FlowAction } from "../../../flows/actions/action.ts";
import { contextOf, type FlowTarget } from "../../../flows/context-of.ts";
import type { ChatAttachment, ChatMode } from "../../../protocol/chat.ts";
import { nearestNames } from "../../../workspace/nearest-names.ts";
import { actionPrompt } from "../action-prompt.ts";
import { targetById } from "../commands/flow-target.ts";
import type { Studio } from "../studio.ts";
import { attachTarget } from "./attach.ts";
import { mentionsIn } from "./mentions.ts";
import type { Message } from "./message-text.ts";
import { type Resolved, resolveMention } from "./resolve-mention.ts";
import { asChatWord, CHAT_WORDS, type ChatWord, commandIn, PLAN_FIRST } from "./slash-commands.ts";

/** What a person has typed, understood. */
export type Draft =
  | {
      readonly kind: "message";
      readonly message: Message;
      /** The mode that it asks for; null leaves the one that was chosen. */
      readonly mode: ChatMode | null;
    }
  /** Something to do at once, that says nothing to the model. */
  | { readonly kind: "command"; readonly command: ChatWord; readonly words: string };

/**
 * Understands what is about to be sent: finds what it names, and what its command stands for. Nothing is sent yet.
 * @throws CONTEXT_NOT_FOUND and AMBIGUOUS_TARGET for a name, INVALID_ACTION for a command, CANCELLED
 */
export async function readDraft(
  studio: Studio,
  text: string,
  attachments: readonly ChatAttachment[],
): Promise<Draft> {
  const command = commandIn(text);
  const word = command && asChatWord(command.name);
  if (command && word && (word !== "plan" || command.words === ""))
    return { kind: "command", command: word, words: command.words };
  const mentioned = await resolveAll(studio, text);
  const about = [...attachments, ...mentioned.map(({ attachment }) => attachment)];
  if (!command) return said(text, about, null);
  if (word === "plan") return { ...said(text, about, PLAN_FIRST), mode: "supervised" };
  const action = await actionNamed(studio, command.name);
  const attached = await resolveAll(studio, attachments.flatMap(({ mention }) => mention ?? []).join(" "));
  const { catalog, findings } = await studio.view();
  const named = subjectOf(action, command.words, mentioned, attached);
  const subject = typeof named === "string" ? named : contextOf(named, catalog);
  const { prompt, targetId } = await actionPrompt(studio, action, subject);
  const target = targetId === null ? null : targetById({ catalog, findings }, targetId);
  return said(text, target ? [...about, attachTarget(target, catalog)] : about, prompt);
}

/** The actions that can be called in this workspace. */
export async function actionsOf(studio: Studio): Promise<readonly FlowAction[]> {
  return (await (await studio.workspace()).actions()).actions;
}

/** What an action is about: what its message mentions, or says, or what goes with it; "" where nothing is named. */
function subjectOf(
  { kind }: FlowAction,
  words: string,
  mentioned: readonly Resolved[],
  attached: readonly Resolved[],
): FlowTarget | string {
  const ofKind = (resolved: readonly Resolved[]) =>
    resolved.flatMap(({ target }) => (target?.kind === kind ? target : []))[0];
  const plain = mentionsIn(words)
    .reduce((rest, { text }) => rest.replaceAll(text, ""), words)
    .trim();
  return ofKind(mentioned) ?? (plain === "" ? ofKind(attached) : undefined) ?? plain;
}

/** All that a text mentions, found. @throws what was not found, all of it at once */
async function resolveAll(studio: Studio, text: string): Promise<readonly Resolved[]> {
  const mentions = mentionsIn(text);
  if (mentions.length === 0) return [];
  const [view, { roots }] = await Promise.all([studio.view(), studio.workspace()]);
  const missing: AksaraError[] = [];
  const found: Resolved[] = [];
  for (const mention of mentions)
    try {
      found.push(await resolveMention(mention, view, roots));
    } catch (error) {
      if (!isAksaraError(error)) throw error;
      missing.push(error);
    }
  const [first] = missing;
  if (!first) return found;
  const lines = (each: readonly (string | null | undefined)[]) =>
    [...new Set(each.filter((line) => line != null && line !== ""))].join("\n");
  throw new AksaraError(first.code, lines(missing.map(({ message }) => message)), {
    hint: lines(missing.map(({ hint }) => hint)),
  });
}

async function actionNamed(studio: Studio, name: string): Promise<FlowAction> {
  const actions = await actionsOf(studio);
  const action = actions.find(({ key }) => key === name);
  if (action) return action;
  const near = nearestNames(name, [...actions.map(({ key }) => key), ...CHAT_WORDS]);
  throw new AksaraError("INVALID_ACTION", vscode.l10n.t("There is no command /{0}.", name), {
    hint:
      near.length > 0
        ? vscode.l10n.t("Did you mean {0}?", near.map((each) => `/${each}`).join(", "))
        : vscode.l10n.t("Type / to see what there is."),
    candidates: near,
  });
}

function said(
  text: string,
  about: readonly ChatAttachment[],
  prompt: string | null,
): Draft & { kind: "message" } {
  const attached = [...new Set(about.map(({ line }) => line))];
  return { kind: "message", message: { text, attached, prompt }, mode: null };
}

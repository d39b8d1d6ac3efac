import * as vscode from "vscode";
import type { ChatAccess, ChatMode } from "../../../protocol/chat.ts";
import { type RunAccess, unknownAccess } from "../run-refusal.ts";
import type { ChosenModel } from "./chat-agents.ts";

/** Why the agent cannot even read its journals; null when it can. */
export function agentRefusal(): "no-folder" | "untrusted" | null {
  if (!vscode.workspace.isTrusted) return "untrusted";
  return vscode.workspace.workspaceFolders?.length ? null : "no-folder";
}

export interface KnownAccess {
  readonly access: RunAccess;
  readonly chosen: ChosenModel;
  readonly mode: ChatMode;
  /** Whether anybody is there has been found out. */
  readonly looked: boolean;
}

/** Who would answer in the chat, or why nobody would, as far as it is known. */
export function accessNow({ access, chosen, mode, looked }: KnownAccess): ChatAccess {
  const off = { reason: null, provider: null, model: null, chosen: false, mode };
  const state = agentRefusal();
  if (state !== null) return { ...off, state };
  if (chosen) return { ...off, state: "ready", ...chosen, chosen: true };
  const { refusal, provider, model } = access;
  if (refusal === null) return { ...off, state: "ready", provider, model };
  if (!looked) return { ...off, state: "looking" };
  // What is said in general is said of packs.
  const isGeneral = refusal.error === unknownAccess().refusal?.error;
  return { ...off, state: "no-provider", reason: isGeneral ? null : refusal.error };
}

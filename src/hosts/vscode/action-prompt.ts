import * as vscode from "vscode";
import { AksaraError } from "../../errors.ts";
import type { FlowAction } from "../../flows/actions/action.ts";
import { contextFromWords } from "../../flows/context-from-words.ts";
import { conversationPrompt } from "../../flows/prompts/conversation-prompt.ts";
import type { FlowContext } from "../../protocol/action.ts";
import { resolveContext } from "./commands/flow-target.ts";
import type { Studio } from "./studio.ts";

/** What a slash command of a chat says to the model. */
export interface ActionPrompt {
  readonly prompt: string;
  /** What it is about, by its id in the catalog; null for what has none. */
  readonly targetId: string | null;
}

/**
 * The prompt of an action on what was named behind it; where nothing was, on what the editor shows, or the person picks.
 * @throws CONTEXT_NOT_FOUND, AMBIGUOUS_TARGET, CANCELLED when nothing was picked
 */
export async function actionPrompt(
  studio: Studio,
  action: FlowAction,
  named: string | FlowContext,
  signal?: AbortSignal,
): Promise<ActionPrompt> {
  const given = typeof named === "string" ? contextFromWords(action.kind, named) : named;
  const context = given ?? (await resolveContext(studio, action.kind, undefined));
  if (!context) throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was chosen."));
  const request = { flow_type: action.kind, action_key: action.key, context };
  const pack = await studio.build(request, signal);
  if (pack.ok) return { prompt: conversationPrompt(pack), targetId: pack.target?.id ?? null };
  throw new AksaraError("CONTEXT_NOT_FOUND", pack.error ?? "", pack.hint ? { hint: pack.hint } : {});
}

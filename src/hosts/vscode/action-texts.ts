import * as vscode from "vscode";
import { ACTION_TEXT_FIELDS, type FlowAction } from "../../flows/actions/action.ts";

/**
 * The action with its texts in the person's language. Those of an action from a workspace file stay as they were
 * written. The only place where a text to translate is not a literal: the registry of actions is its source.
 */
export function translateAction(action: FlowAction): FlowAction {
  if (action.origin.kind !== "shipped") return action;
  const texts = ACTION_TEXT_FIELDS.map((field) => [field, vscode.l10n.t(action[field])]);
  return { ...action, ...Object.fromEntries(texts) };
}

import * as vscode from "vscode";
import { RULES } from "../../analysis/registry.ts";

const TITLES: ReadonlyMap<string, string> = new Map(RULES.map((rule) => [rule.id, rule.title]));

/** What a rule looks for, in the person's language; its id where it is not one of ours. */
export function ruleTitle(id: string): string {
  const title = TITLES.get(id);
  return title === undefined ? id : vscode.l10n.t(title);
}

import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { FlowKind } from "../../../protocol/action.ts";
import { iconOf, labelOf } from "../views/describe-target.ts";

interface TargetItem extends vscode.QuickPickItem {
  readonly target: FlowTarget;
}

const NONE: Readonly<Record<FlowKind, () => string>> = {
  model: () => vscode.l10n.t("No models were found in the workspace."),
  route: () => vscode.l10n.t("No routes were found in the workspace."),
  query: () => vscode.l10n.t("No queries were found in the workspace. Select SQL in an editor to use it."),
  migration: () => vscode.l10n.t("No migrations were found in the workspace."),
  diagnostic: () => vscode.l10n.t("No issue stands at the cursor."),
};

/** Lets the person choose one of several objects of a kind; undefined when there is none or the picker was left. */
export async function pickTarget(
  kind: FlowKind,
  targets: readonly FlowTarget[],
): Promise<FlowTarget | undefined> {
  const items: TargetItem[] = targets.map((target) => {
    const source = target.kind === "diagnostic" ? target.finding.source : target;
    return {
      label: `$(${iconOf(target)}) ${labelOf(target)}`,
      description: target.kind === "diagnostic" ? target.finding.rule : "",
      detail: placeText(source),
      target,
    };
  });
  if (items.length === 0) {
    void vscode.window.showInformationMessage(NONE[kind]());
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t("Choose what to run the action on"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.target;
}

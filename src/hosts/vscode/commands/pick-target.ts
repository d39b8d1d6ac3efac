import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import { iconOf, labelOf } from "../views/describe-target.ts";

interface TargetItem extends vscode.QuickPickItem {
  readonly target: FlowTarget;
}

/** Lets the person choose one of several objects; undefined when there is none or the picker was left. */
export async function pickTarget(targets: readonly FlowTarget[]): Promise<FlowTarget | undefined> {
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
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Nothing of this kind was found in the workspace."),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t("Choose what to run the action on"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.target;
}

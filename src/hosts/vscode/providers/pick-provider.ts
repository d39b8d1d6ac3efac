import * as vscode from "vscode";
import type { Studio } from "../studio.ts";
import type { HubRow } from "./hub-rows.ts";
import { readHub } from "./read-hub.ts";

/**
 * Lets a person choose among the providers whose row offers something. `need`: the word of the row's context value.
 * Null when nobody chose, or there is none.
 */
export async function pickProvider(studio: Studio, need: string): Promise<string | null> {
  const rows = (await readHub(studio, new AbortController().signal))
    .flatMap((row) => [row, ...row.children])
    .filter((row) => row.provider !== null && row.contextValue.split(" ").includes(need));
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("There is no provider that this can be done with."),
    );
    return null;
  }
  const picked = await vscode.window.showQuickPick(rows.map(itemOf), {
    placeHolder: vscode.l10n.t("Choose a provider"),
    matchOnDescription: true,
  });
  return picked?.row.provider ?? null;
}

function itemOf(row: HubRow): vscode.QuickPickItem & { readonly row: HubRow } {
  return { label: row.label, description: row.description, iconPath: new vscode.ThemeIcon(row.icon), row };
}

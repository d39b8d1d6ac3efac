import * as vscode from "vscode";

/** Opens a link from a page after a person said yes to the full address. Anything but https and http is refused. */
export async function openCheckedLink(href: string): Promise<void> {
  const uri = vscode.Uri.parse(href, true);
  if (uri.scheme !== "https" && uri.scheme !== "http") {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("This kind of link is not opened: {0}", href.slice(0, 200)),
    );
    return;
  }
  const open = vscode.l10n.t("Open");
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t("Open this address in the browser?"),
    { modal: true, detail: href.slice(0, 1000) },
    open,
  );
  if (answer === open) await vscode.env.openExternal(uri);
}

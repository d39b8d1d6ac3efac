import * as vscode from "vscode";

/** A command, a tree, a panel whose button counts, and a secret that remembers across windows. */
export function activate(context) {
  const state = async () => ({
    trusted: vscode.workspace.isTrusted,
    folder: vscode.workspace.workspaceFolders?.[0]?.name ?? null,
    secret: (await context.secrets.get("probe")) ?? null,
    global: context.globalState.get("probe") ?? null,
    workspace: context.workspaceState.get("probe") ?? null,
  });
  context.subscriptions.push(
    vscode.commands.registerCommand("probe.state", state),
    vscode.commands.registerCommand("probe.openPanel", async () => {
      const panel = vscode.window.createWebviewPanel("probe", "Probe", vscode.ViewColumn.Beside, {
        enableScripts: true,
      });
      panel.webview.onDidReceiveMessage(async (value) => {
        await context.secrets.store("probe", value);
        await context.globalState.update("probe", value);
        await context.workspaceState.update("probe", value);
        await panel.webview.postMessage("kept");
      });
      panel.webview.html = page(await state());
    }),
    vscode.window.registerTreeDataProvider("probe.rows", {
      getChildren: () => ["first row", "second row"],
      getTreeItem: (label) => new vscode.TreeItem(label),
    }),
  );
}

function page(state) {
  const nonce = Math.random().toString(36).slice(2);
  return `<!doctype html><html lang="en"><head><title>Probe</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'"></head>
<body><main><h1>Probe</h1><pre>${JSON.stringify(state)}</pre><button>Keep</button><p role="status"></p></main>
<script nonce="${nonce}">
const host = acquireVsCodeApi();
document.querySelector("button").addEventListener("click", () => host.postMessage("a value"));
addEventListener("message", (event) => (document.querySelector("[role=status]").textContent = event.data));
</script></body></html>`;
}

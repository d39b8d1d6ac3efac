import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";

describe("harness: a suite inside VS Code", () => {
  it("finds the extension and runs its command", async () => {
    assert.ok(vscode.extensions.getExtension("aksara-studio-tests.probe"), "the extension is there");
    const state = await vscode.commands.executeCommand<{ folder: string }>("probe.state");
    assert.equal(state.folder, "probe-workspace");
  });

  it("runs in the VS Code that was asked for", () => {
    assert.ok(vscode.version.startsWith(process.env.PROBE_VSCODE ?? "unset"), vscode.version);
  });

  it("starts with the trust that was asked for", () => {
    assert.equal(String(vscode.workspace.isTrusted), process.env.PROBE_TRUSTED);
  });

  it("reads the user settings that were given", () => {
    assert.equal(vscode.workspace.getConfiguration("editor").get("tabSize"), 7);
  });

  it("sees a file appear in a folder below", async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root, "a folder is open");
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.sql");
    const folder = path.join(root, "below");
    await mkdir(folder);
    let seen: string | undefined;
    watcher.onDidCreate((uri) => {
      seen = path.basename(uri.fsPath);
    });
    try {
      // Nothing says when the watcher has begun to look, and what appears before is not reported: so write again.
      for (let count = 0; seen === undefined; count++) {
        await writeFile(path.join(folder, `${count}.sql`), "select 1");
        await delay(200);
      }
      assert.match(seen, /^\d+\.sql$/);
    } finally {
      watcher.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

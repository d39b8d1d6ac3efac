import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { openAt, root, until } from "../aksara.ts";

describe("settings that a cloned repository brings", () => {
  const settings = () => vscode.workspace.getConfiguration("aksara");
  const folder = () => path.join(root(), ".vscode");

  after(async () => {
    await settings().update("run.confirm", undefined, vscode.ConfigurationTarget.Global);
    await rm(folder(), { recursive: true, force: true });
  });

  // Red when "aksara.run.confirm" has another scope than "machine".
  it("V06 cannot take back the question before a pack is sent, even in a trusted workspace", async () => {
    assert.equal(vscode.workspace.isTrusted, true);
    await openAt("catalog/models.py", "class Product(");
    await settings().update("run.confirm", "always", vscode.ConfigurationTarget.Global);
    await mkdir(folder(), { recursive: true });
    await writeFile(
      path.join(folder(), "settings.json"),
      JSON.stringify({ "aksara.run.confirm": "first", "aksara.codeLens.enabled": false }),
    );
    await until("the file was read", () => settings().get("codeLens.enabled") === false);
    assert.equal(settings().get("run.confirm"), "always");
    assert.equal(settings().inspect("run.confirm")?.workspaceValue, undefined);
  });
});

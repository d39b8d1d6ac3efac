import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extension, openAt, until } from "../aksara.ts";

describe("activation in a backend", () => {
  it("V01 opening the folder alone does not activate, opening one of its files does", async () => {
    assert.equal(extension().isActive, false);
    await openAt("catalog/models.py", "class Product(");
    await until("the extension is active", () => extension().isActive);
  });

  it("V02 lenses stand above the objects of the file", async () => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      uri,
      50,
    );
    const commands = lenses.map(({ command }) => command?.command);
    assert.ok(commands.includes("aksara.flow.explain_model"), commands.join(", "));
    assert.ok(commands.includes("aksara.flow.suggest_constraints"), commands.join(", "));
  });
});

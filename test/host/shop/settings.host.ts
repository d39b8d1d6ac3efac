import assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, openAt, runFlow, until } from "../aksara.ts";

const settings = () => vscode.workspace.getConfiguration("aksara");

describe("the settings", () => {
  afterEach(async () => {
    for (const key of ["codeLens.enabled", "issues.showInProblems", "flows.tokenBudget"])
      await settings().update(key, undefined, vscode.ConfigurationTarget.Workspace);
  });

  async function set(key: string, value: unknown): Promise<void> {
    await settings().update(key, value, vscode.ConfigurationTarget.Workspace);
  }

  it("V02 aksara.codeLens.enabled turns the lenses off and on", async () => {
    const { document } = await openAt("catalog/models.py", "class Product(");
    const count = async () =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          "vscode.executeCodeLensProvider",
          document.uri,
        )
      ).length;
    assert.ok((await count()) > 0);
    await set("codeLens.enabled", false);
    assert.equal(await count(), 0);
    await set("codeLens.enabled", true);
    assert.ok((await count()) > 0);
  });

  it("V02 aksara.issues.showInProblems takes the issues out of the Problems view and back", async () => {
    await openAt("catalog/models.py", "class Product(");
    const count = () =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([, diagnostics]) => diagnostics)
        .filter(({ source }) => source === "Aksara").length;
    await until("the issues are there", () => count() > 0);
    const all = count();
    await set("issues.showInProblems", false);
    await until("no issue is there", () => count() === 0);
    await set("issues.showInProblems", true);
    await until("they are back", () => count() === all);
  });

  it("F15 aksara.flows.tokenBudget makes the pack say what it left out", async () => {
    const context = { model_name: "catalog.Product" };
    assert.deepEqual((await runFlow("explain_model", { context })).dropped, []);
    await set("flows.tokenBudget", 1000);
    const small = await (await api()).buildPromptPack({
      flow_type: "model",
      action_key: "explain_model",
      context,
    });
    assert.equal(small.ok, true, small.error ?? "");
    assert.ok(small.dropped.length > 0);
  });
});

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { api, extension, until } from "../aksara.ts";

describe("a window without a folder", () => {
  it("V01 showing a view activates", async () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    assert.equal(extension().isActive, false);
    await vscode.commands.executeCommand("aksara.models.focus");
    await until("the extension is active", () => extension().isActive);
  });

  it("V02 every command ends, and none opens a panel", async () => {
    for (const { key } of SHIPPED_ACTIONS) await vscode.commands.executeCommand(`aksara.flow.${key}`);
    for (const id of ["refreshCatalog", "showReadingReport", "revealInTree", "runAction", "openHub"]) {
      await vscode.commands.executeCommand(`aksara.${id}`);
    }
    assert.equal((await api()).currentPack(), null);
  });

  it("F08 building says that no folder is open and what to do", async () => {
    const request = { flow_type: "model", action_key: "explain_model", context: { model_name: "Product" } };
    await assert.rejects((await api()).buildPromptPack(request), (error: Error & { hint?: string }) => {
      assert.equal((error as Error & { code?: string }).code, "CONTEXT_NOT_FOUND");
      assert.match(error.message, /No folder is open/);
      assert.match(error.hint ?? "", /Open the folder/);
      return true;
    });
  });
});

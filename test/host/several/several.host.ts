import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { api, runFlow, until } from "../aksara.ts";

// Three folders, two of them of one name: `backend` (the shop in Django) and `backend` (the shop in Prisma), `sql`.
describe("a workspace of several folders", () => {
  const folders = (): readonly vscode.WorkspaceFolder[] => vscode.workspace.workspaceFolders ?? [];

  // VS Code reads the workspace file over the connection, and may start its host before the folders are known. Where
  // that read fails, the window stays empty until the file changes; so it is written again, as it is, now and then.
  before(async function () {
    this.timeout(70_000);
    for (let attempt = 0; attempt < 12 && folders().length === 0; attempt++) {
      const opened = await until(
        "the folders of the workspace file are open",
        () => folders().length > 0,
        5000,
      )
        .then(() => true)
        .catch(() => false);
      const file = vscode.workspace.workspaceFile?.fsPath;
      if (!opened && file !== undefined) await writeFile(file, await readFile(file));
    }
    assert.ok(folders().length > 0, "the folders of the workspace file are open");
  });

  it("C02 objects of all folders are found, each under the name of its folder", async () => {
    assert.deepEqual(
      folders().map(({ name }) => name),
      ["backend", "backend", "sql"],
    );
    const django = await runFlow("explain_model", { context: { model_name: "catalog.Product" } });
    assert.equal(django.target?.uri, "backend/catalog/models.py");
    const prisma = await runFlow("explain_model", { context: { model_name: "model:prisma:Product" } });
    assert.match(prisma.target?.uri ?? "", /^backend-2\/prisma\/schema\//);
  });

  it("V02 the cursor in the second folder of a name finds the object of that folder", async () => {
    const prisma = await runFlow("explain_model", { context: { model_name: "model:prisma:Product" } });
    assert.ok(prisma.target?.uri && prisma.target.range);
    const second = folders()[1];
    assert.ok(second);
    const file = path.join(second.uri.fsPath, prisma.target.uri.replace(/^backend-2\//, ""));
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
    const { line } = prisma.target.range.start;
    editor.selection = new vscode.Selection(line, 8, line, 8);
    const atCursor = await runFlow("suggest_constraints");
    assert.equal(atCursor.target?.id, prisma.target.id);
  });

  it("V02 an object opens in the folder it comes from", async () => {
    const pack = await (await api()).buildPromptPack({
      flow_type: "model",
      action_key: "explain_model",
      context: { model_name: "model:prisma:Product" },
    });
    await vscode.commands.executeCommand("aksara.revealObject", { objectId: pack.target?.id });
    const shown = vscode.window.activeTextEditor;
    const second = folders()[1];
    assert.ok(shown && second);
    assert.ok(shown.document.uri.fsPath.startsWith(second.uri.fsPath));
    assert.equal(shown.selection.active.line, pack.target?.range?.start.line);
  });
});

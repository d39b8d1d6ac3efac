import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { api, openAt, root, until } from "../aksara.ts";

async function explain(model: string): Promise<PromptPack> {
  const request = { flow_type: "model", action_key: "explain_model", context: { model_name: model } };
  return await (await api()).buildPromptPack(request);
}

describe("changes of the workspace", () => {
  it("C03 a change saved in the editor reaches the catalog", async () => {
    const before = await explain("catalog.Category");
    assert.ok(!before.user_prompt.includes("shelf_colour"));
    const editor = await openAt("catalog/models.py", "    position = models.PositiveSmallIntegerField");
    await editor.edit((edit) =>
      edit.insert(editor.selection.active, "    shelf_colour = models.CharField(max_length=7)\n"),
    );
    assert.ok(
      !(await explain("catalog.Category")).user_prompt.includes("shelf_colour"),
      "not before it is saved",
    );
    await editor.document.save();
    await until("the new field is known", async () =>
      (await explain("catalog.Category")).user_prompt.includes("shelf_colour"),
    );
  });

  it("C03 a file that another program writes, and its removal, reach the catalog", async () => {
    const file = path.join(root(), "reviews/extra_models.py");
    const source = await readFile(path.join(root(), "reviews/models.py"), "utf8");
    await writeFile(
      file,
      'from django.db import models\n\n\nclass Shelf(models.Model):\n    label = models.CharField(max_length=40)\n\n    class Meta:\n        app_label = "reviews"\n',
    );
    await until("the new model is known", async () => (await explain("Shelf")).ok);
    await rm(file);
    await until("the model is gone", async () => (await explain("Shelf")).error_code === "CONTEXT_NOT_FOUND");
    assert.equal(await readFile(path.join(root(), "reviews/models.py"), "utf8"), source);
  });

  it("E12 the commands changed no file", async () => {
    assert.deepEqual(
      vscode.workspace.textDocuments
        .filter((document) => document.isDirty && !document.isUntitled)
        .map((document) => document.fileName),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { api, openAt, root, runFlow, until } from "../aksara.ts";

const MODEL = (name: string): string =>
  `from django.db import models\n\n\nclass ${name}(models.Model):\n    title = models.CharField(max_length=20)\n    note = models.TextField(blank=True)\n\n    class Meta:\n        app_label = "inventory"\n`;

async function explain(model: string): Promise<PromptPack> {
  const request = { flow_type: "model", action_key: "explain_model", context: { model_name: model } };
  return await (await api()).buildPromptPack(request);
}

describe("files that are not as they should be", () => {
  before("they are written", async () => {
    const folder = path.join(root(), "inventory");
    await mkdir(folder, { recursive: true });
    const files: Readonly<Record<string, string | Buffer>> = {
      "with_crlf.py": MODEL("WithCrlf").replaceAll("\n", "\r\n"),
      "with_bom.py": `\uFEFF${MODEL("WithBom")}`,
      "with_bytes.py": Buffer.concat([
        Buffer.from(MODEL("WithBytes")),
        Buffer.from([0x23, 0x20, 0xff, 0xfe, 0xc3, 0x28, 0x0a]),
      ]),
      "with_error.py": `${MODEL("WithError")}\n\ndef broken(:\n    return (\n`,
      "very_large.py": `${MODEL("VeryLarge")}\nDATA = """\n${"0123456789abcdef\n".repeat(320_000)}"""\n`,
      "empty.py": "",
      "zeros.py": Buffer.alloc(4096),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    await vscode.commands.executeCommand("aksara.refreshCatalog");
  });

  for (const name of ["WithCrlf", "WithBom", "WithBytes", "WithError"]) {
    it(`C08 the model ${name} is read`, async () => {
      const pack = await explain(name);
      assert.equal(pack.ok, true, `${pack.error_code}: ${pack.error}`);
      assert.match(pack.user_prompt, /title/);
      assert.match(pack.user_prompt, /note/);
    });
  }

  it("F09 a name that two apps use is ambiguous, and each candidate resolves", async () => {
    const pack = await runFlow("explain_model", { context: { model_name: "Item" } });
    assert.equal(pack.error_code, "AMBIGUOUS_TARGET");
    assert.equal(pack.candidates.length, 2);
    for (const name of pack.candidates) assert.equal((await explain(name)).ok, true, name);
  });

  it("C02 the range of a model in a file with carriage returns and a byte order mark fits the editor", async () => {
    for (const [file, name] of [
      ["inventory/with_crlf.py", "WithCrlf"],
      ["inventory/with_bom.py", "WithBom"],
    ] as const) {
      const editor = await openAt(file, `class ${name}`);
      const pack = await runFlow("explain_model");
      assert.equal(pack.target?.name, `inventory.${name}`);
      const { start } = pack.target.range ?? {};
      assert.deepEqual([start?.line, start?.character], [editor.selection.active.line, 0]);
    }
  });

  it("C08 what was left out is said with a reason", async () => {
    await vscode.commands.executeCommand("aksara.showReadingReport");
    const report = vscode.window.activeTextEditor?.document.getText() ?? "";
    assert.match(report, /^# What Aksara Studio read/);
    assert.match(report, /very_large\.py/);
    assert.equal((await explain("VeryLarge")).error_code, "CONTEXT_NOT_FOUND");
  });

  it("V02 a command in a file that holds nothing asks what to take, and ends", async () => {
    await vscode.commands.executeCommand("aksara.closePanel");
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(root(), "inventory/empty.py")));
    const running = vscode.commands.executeCommand("aksara.flow.explain_model");
    await until("the picker was closed", async () => {
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return await Promise.race([
        running.then(() => true),
        new Promise<false>((go) => setTimeout(go, 100, false)),
      ]);
    });
    assert.equal((await api()).currentPack(), null);
  });
});

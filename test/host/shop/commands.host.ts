import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import type { FlowContext, FlowKind } from "../../../src/protocol/action.ts";
import { api, idOf, openAt, root, runFlow } from "../aksara.ts";

/** One object of each kind of the shop, by name and by a place of its source. */
const OBJECTS: Readonly<
  Record<FlowKind, { context: FlowContext; name: string; file: string; text: string }>
> = {
  model: {
    context: { model_name: "catalog.Product" },
    name: "catalog.Product",
    file: "catalog/models.py",
    text: "class Product(",
  },
  route: {
    context: { method: "GET", path: "/healthz/" },
    name: "ANY /healthz/",
    file: "config/views.py",
    text: "def healthz",
  },
  query: {
    context: { query_id: "query:accounts/serializers.py:RegistrationSerializer.create:1" },
    name: "User.create_user",
    file: "accounts/serializers.py",
    text: "User.objects.create_user",
  },
  migration: {
    context: { app: "accounts", name: "0001_initial" },
    name: "accounts.0001_initial",
    file: "accounts/migrations/0001_initial.py",
    text: "class Migration",
  },
  diagnostic: { context: {}, name: "", file: "catalog/models.py", text: "class Product(" },
};

describe("the twelve commands", () => {
  it("V02 there are twelve", () => assert.equal(SHIPPED_ACTIONS.length, 12));

  for (const action of SHIPPED_ACTIONS) {
    const { context, name, file, text } = OBJECTS[action.kind];
    it(`V02 ${action.key} opens its flow for a context, an id and the cursor`, async () => {
      const named = await runFlow(action.key, { context });
      assert.deepEqual([named.ok, named.kind, named.error], [true, action.kind, null]);
      assert.ok(named.target?.name.includes(name), `${named.target?.name} is about ${name}`);
      if (action.kind === "diagnostic") return;

      const id = await idOf(action.kind, action.key, context);
      const byId = await runFlow(action.key, { objectId: id });
      assert.equal(byId.target?.id, id);
      assert.equal(byId.fingerprint, named.fingerprint);

      await vscode.commands.executeCommand("aksara.closePanel");
      assert.equal((await api()).currentPack(), null);
      await openAt(file, text);
      const atCursor = await runFlow(action.key);
      assert.equal(atCursor.target?.id, id);
    });
  }

  it("V02 an issue is the target by its id, from its line, and all issues are without either", async () => {
    const all = await runFlow("diagnostic_prioritize");
    assert.ok(all.findings.length > 1, "the shop has several issues");
    const [first] = all.findings;
    assert.ok(first);
    const byId = await runFlow("diagnostic_prioritize", { objectId: first.id });
    assert.deepEqual(
      byId.findings.map(({ id }) => id),
      [first.id],
    );
    const uri = vscode.Uri.file(path.join(root(), first.source.uri));
    const editor = await vscode.window.showTextDocument(uri);
    const { line, character } = first.source.range.start;
    editor.selection = new vscode.Selection(line, character, line, character);
    // The editor's menu passes the file.
    const fromMenu = await runFlow("diagnostic_prioritize", uri);
    assert.equal(fromMenu.findings.length, 1);
    assert.equal(fromMenu.findings[0]?.source.range.start.line, line);
  });

  it("V02 selected SQL is the target of the query actions, without the quotes around it", async () => {
    const sql = "SELECT id, title FROM catalog_product WHERE price > 10 ORDER BY title";
    const document = await vscode.workspace.openTextDocument({
      language: "python",
      content: `cursor.execute("${sql}")\n`,
    });
    const editor = await vscode.window.showTextDocument(document);
    const start = document.getText().indexOf('"');
    editor.selection = new vscode.Selection(
      document.positionAt(start),
      document.positionAt(start + sql.length + 2),
    );
    for (const { key } of SHIPPED_ACTIONS.filter(({ kind }) => kind === "query")) {
      const pack = await runFlow(key);
      assert.equal(pack.ok, true, pack.error ?? "");
      assert.ok(pack.user_prompt.includes(sql));
      assert.equal(pack.result_json.sql, sql);
    }
  });

  it("V02 an object that is gone is refused, whatever stands at the cursor", async () => {
    await vscode.commands.executeCommand("aksara.closePanel");
    await openAt("catalog/models.py", "class Product(");
    await vscode.commands.executeCommand("aksara.flow.explain_model", { objectId: "model:catalog.Gone" });
    assert.equal((await api()).currentPack(), null);
  });

  it("F05 F08 F09 what is wrong with a request stands in the pack that the panel shows", async () => {
    const near = await runFlow("explain_model", { context: { model_name: "Prodct" } });
    assert.equal(near.error_code, "CONTEXT_NOT_FOUND");
    assert.ok(
      near.candidates.some((name) => name.includes("Product")),
      near.candidates.join(", "),
    );
    const wrong = await (await api()).buildPromptPack({
      flow_type: "route",
      action_key: "explain_model",
      context: { model_name: "Product" },
    });
    assert.equal(wrong.error_code, "INVALID_ACTION");
  });

  it("F07 building works without a provider; running says what is missing", async () => {
    assert.equal((await api()).runRefusal()?.error_code, "AI_HUB_NOT_CONFIGURED");
  });
});

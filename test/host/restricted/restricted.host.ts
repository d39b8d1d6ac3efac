import assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, openAt, runFlow } from "../aksara.ts";

describe("Restricted Mode", () => {
  before("the window is in Restricted Mode", () => assert.equal(vscode.workspace.isTrusted, false));

  it("V05 packs can be built", async () => {
    await openAt("catalog/models.py", "class Product(");
    const pack = await runFlow("explain_model");
    assert.equal(pack.ok, true, pack.error ?? "");
    assert.equal(pack.target?.name, "catalog.Product");
  });

  // Red when runRefusal() no longer asks vscode.workspace.isTrusted first.
  it("V05 running is refused for the lack of trust, before any provider is looked at", async () => {
    const refusal = (await api()).runRefusal();
    assert.equal(refusal?.error_code, "WORKSPACE_UNTRUSTED");
    assert.match(refusal.error, /Restricted Mode/);
  });

  // Red when ChatHost no longer asks for trust before it opens the agents.
  it("V05 the agent is refused, and writes no journal", async () => {
    const { askAgent, agentThread } = await api();
    await assert.rejects(askAgent("Which models are there?"), { code: "WORKSPACE_UNTRUSTED" });
    assert.deepEqual(await agentThread(), []);
  });

  // Red when mcpDefinitions() no longer asks for trust first.
  it("V05 no MCP server is offered", async () => {
    assert.deepEqual((await api()).mcpServers(), []);
  });
});

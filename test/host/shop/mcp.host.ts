import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type * as vscode from "vscode";
import { api, extension, root } from "../aksara.ts";

interface Answer {
  readonly serverInfo?: { readonly name: string };
  readonly tools?: readonly { readonly name: string }[];
}

/** What a server answers to requests, one after the other. */
async function converse(
  definition: vscode.McpStdioServerDefinition,
  requests: readonly { readonly method: string; readonly params: object }[],
): Promise<readonly Answer[]> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...definition.env }).map(([name, value]) => [name, String(value)]),
  );
  const server = spawn(definition.command, definition.args, { env, cwd: definition.cwd?.fsPath });
  const ended = once(server, "exit");
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]();
  const answers: Answer[] = [];
  try {
    for (const [id, request] of requests.entries()) {
      server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...request })}\n`);
      const { value } = await lines.next();
      answers.push(JSON.parse(value).result);
    }
    return answers;
  } finally {
    server.stdin.end();
    await ended;
  }
}

describe("the MCP server that the editor is offered", () => {
  it("V09d is declared, so that the editor asks for it without starting it", () => {
    const { contributes } = extension().packageJSON;
    assert.deepEqual(contributes.mcpServerDefinitionProviders, [
      { id: "aksara.workspace", label: "Aksara Studio" },
    ]);
  });

  it("V09d is started by the editor's own Node, and knows the open folder", async function () {
    this.timeout(60_000);
    const [definition, ...others] = (await api()).mcpServers();
    assert.ok(definition);
    assert.deepEqual(others, []);
    assert.equal(definition.label, "Aksara Studio");
    assert.equal(definition.cwd?.fsPath, root());
    const [hello, listed, called] = await converse(definition, [
      {
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          clientInfo: { name: "host test", version: "0" },
        },
      },
      { method: "tools/list", params: {} },
      { method: "tools/call", params: { name: "describe_model", arguments: { model: "catalog.Product" } } },
    ]);
    assert.equal(hello?.serverInfo?.name, "aksara-studio");
    const names = listed?.tools?.map(({ name }) => name) ?? [];
    assert.ok(names.includes("describe_model"), names.join());
    assert.match(JSON.stringify(called), /catalog\.Product/);
  });
});

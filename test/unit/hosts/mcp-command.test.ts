import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "@modelcontextprotocol/client";
import { aksara, cliEnvironment } from "../../support/aksara-process.ts";
import { connectStdio, ERAS, newClient, textOf } from "../../support/mcp/client.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const MAIN = fileURLToPath(new URL("../../../src/hosts/cli/main.ts", import.meta.url));
const WRITE = { name: "write_file", arguments: { path: "notes.txt", content: "hello\n" } };

describe("aksara mcp", function () {
  this.timeout(120_000);
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  const clients: Client[] = [];
  const connect = async (client: Client, ...args: readonly string[]) => {
    clients.push(client);
    const environment = cliEnvironment(temporary.folder);
    return await connectStdio(client, [MAIN, "mcp", "--workspace", shop.folder, ...args], environment);
  };
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("mcp-cli");
    shop = await copyWorkspace(SHOP);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await shop.remove();
    await temporary.remove();
  });

  for (const era of ERAS)
    it(`H24 speaks over its standard streams to a client of the ${era} revision, and ends with it`, async () => {
      const client = newClient(era, () => ({ action: "accept", content: { approve: true } }));
      const transport = await connect(client, "--allow-system");
      const errors: string[] = [];
      transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
      const { pid } = transport;
      const { tools } = await client.listTools();
      assert.ok(tools.some(({ name }) => name === "run_command"));
      assert.match(textOf(await client.callTool({ name: "list_routes", arguments: {} })), /\/api\/orders\//);
      const written = await client.callTool(WRITE);
      assert.equal(written.isError ?? false, false, textOf(written));
      assert.equal(await readFile(join(shop.folder, "notes.txt"), "utf8"), "hello\n");
      await client.close();
      assert.throws(() => process.kill(pid ?? 0, 0), "it lives on without its client");
      assert.equal(errors.join(""), "");
    });

  it("H24 shows only the tools that are named, and none that write when it is told so", async () => {
    const client = newClient("modern");
    await connect(client, "--tools", "list_models,write_file", "--no-writes");
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name).filter((name) => !name.startsWith("flow_")),
      ["list_models"],
    );
  });

  it("refuses a tool it does not know, and a port without --http", async () => {
    const environment = cliEnvironment(temporary.folder);
    const unknown = await aksara(["mcp", "--workspace", shop.folder, "--tools", "list_model"], environment);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /list_models/);
    assert.equal((await aksara(["mcp", "--workspace", shop.folder, "--port", "1"], environment)).code, 2);
  });
});

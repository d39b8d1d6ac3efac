import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentResultSchema } from "../../../src/protocol/agent.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const SERVER = fileURLToPath(new URL("../../support/mcp/tool-server.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../../../src/hosts/cli/main.ts", import.meta.url));

/** An agent that calls a tool of the server that reads, and one that changes something. */
const SCRIPT = {
  answers: [
    {
      steps: [
        { tool: "tools__echo", input: { text: "hello" } },
        { tool: "tools__store", input: { text: "kept" } },
      ],
    },
    { steps: [{ text: "Done." }] },
  ],
};

describe("MCP servers on the command line", function () {
  this.timeout(60_000);
  let temporary: TemporaryFolder;
  let workspace: string;
  let log: string;
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("mcp-servers-cli");
    workspace = join(temporary.folder, "workspace");
    log = join(temporary.folder, "calls.log");
    await mkdir(join(workspace, ".aksara"), { recursive: true });
    await writeFile(join(temporary.folder, "script.json"), JSON.stringify(SCRIPT));
    const env = { TOOL_SERVER_LOG: log };
    await writeFile(
      join(workspace, ".aksara/mcp.json"),
      JSON.stringify({ servers: { tools: { command: process.execPath, args: [SERVER], env } } }),
    );
  });
  afterEach(() => temporary.remove());

  const environment = () =>
    cliEnvironment(temporary.folder, { AKSARA_SCRIPT: join(temporary.folder, "script.json") });
  const mcp = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(["mcp", ...args, "--workspace", workspace], environment());
  const agent = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(
      ["ai", "agent", "Do it", "--provider", "scripted", "--workspace", workspace, ...args],
      environment(),
    );
  const calls = () => readFile(log, "utf8").catch(() => "");

  it("A17b lists, allows and forgets what the workspace names", async () => {
    const before = await mcp("list");
    assert.match(before.out, /tools +not allowed +runs/);
    assert.equal((await mcp("allow", "tols")).code, 1);
    const allowed = await mcp("allow", "tools", "--reads");
    assert.equal(allowed.code, 0, allowed.err);
    const { out } = await mcp("list", "--format", "json");
    const { servers } = JSON.parse(out);
    assert.equal(servers[0].state, "ready");
    assert.equal(servers[0].extent, "reads");
    assert.ok(servers[0].tools.some(({ name }: { name: string }) => name === "tools__echo"));
    assert.match((await mcp("forget", "tools")).out, /not allowed any more/);
    assert.match((await mcp("list")).out, /not allowed/);
    assert.equal((await mcp("allow")).code, 2);
  });

  it("A17b starts nothing where nobody is there to ask, and says how to allow it", async () => {
    const { err } = await agent();
    assert.match(err, /aksara mcp allow tools/);
    assert.equal(await calls(), "");
  });

  it("A17b calls what was allowed; what changes something is refused where nobody can be asked", async () => {
    await mcp("allow", "tools", "--reads");
    const { out, code } = await agent("--format", "json");
    const result = agentResultSchema.parse(JSON.parse(out));
    assert.deepEqual(
      result.actions.map(({ tool, error }) => [tool, error]),
      [
        ["tools__echo", null],
        ["tools__store", "APPROVAL_REQUIRED"],
      ],
    );
    assert.equal(code, 1);
    assert.equal(await calls(), "echo hello\n");
  });

  it("A17b asks at the terminal about the server, then about the call", async () => {
    const args = ["ai", "agent", "--interactive", "--provider", "scripted", "--workspace", workspace];
    const child = spawn(process.execPath, [MAIN, ...args], { env: environment() });
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.stdout.resume();
    child.stdin.end(["r", "Do it", "a", "exit", ""].join("\n"));
    await new Promise((resolve) => child.once("close", resolve));
    assert.match(err, /names the MCP server[\s\S]*tool-server\.ts/);
    assert.equal(await calls(), "echo hello\nstore kept\n", err);
  });
});

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { FileConsents } from "../../../src/agent/approvals/file-consents.ts";
import { callReadTool } from "../../../src/agent/call-read-tool.ts";
import { McpServers } from "../../../src/agent/mcp-client/mcp-servers.ts";
import { qualifiedName, type ServerExtent } from "../../../src/agent/mcp-client/server-tools.ts";
import type { Tool } from "../../../src/agent/tools/tool.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { McpHttpServer } from "../../../src/hosts/mcp/http-server.ts";
import { signedStates } from "../../../src/hosts/mcp/workspace-surface.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { conformanceSurface } from "../../support/mcp/conformance-surface.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { type AgentBench, openBench } from "./support.ts";

const SERVER = fileURLToPath(new URL("../../support/mcp/tool-server.ts", import.meta.url));
const never = new AbortController().signal;

describe("MCP servers that a workspace names", function () {
  this.timeout(180_000);
  let temporary: TemporaryFolder;
  let consents: FileConsents;
  let opened: McpServers[];

  beforeEach(async () => {
    temporary = await makeTemporaryFolder("mcp-servers");
    consents = new FileConsents(new MemoryStore());
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((servers) => servers.dispose()));
    await temporary.remove();
  });

  const inFolder = (name: string) => join(temporary.folder, name);
  async function name(servers: object): Promise<void> {
    await mkdir(inFolder(".aksara"), { recursive: true });
    await writeFile(inFolder(".aksara/mcp.json"), JSON.stringify({ servers }));
  }
  const local = (more: object = {}) => ({
    command: process.execPath,
    args: [SERVER],
    env: { TOOL_SERVER_LOG: inFolder("calls.log") },
    ...more,
  });
  async function open(
    answer: ServerExtent | null | "nobody" = "reads",
    more: { trusted?: boolean; environment?: NodeJS.ProcessEnv; asked?: string[] } = {},
  ): Promise<McpServers> {
    const servers = await McpServers.open(
      {
        roots: [{ name: "workspace", path: temporary.folder }],
        trusted: more.trusted ?? true,
        consents,
        ask:
          answer === "nobody"
            ? null
            : async (server) => {
                more.asked?.push(server.name);
                return answer;
              },
        environment: { PATH: process.env.PATH, ...more.environment },
      },
      never,
    );
    opened.push(servers);
    return servers;
  }
  function toolOf(servers: McpServers, tool: string): Tool {
    const found = servers.tools.find((each) => each.name === tool);
    assert.ok(
      found,
      `${tool} of ${servers.tools.map((each) => each.name).join()} ${servers.states[0]?.error}`,
    );
    return found;
  }
  async function call(tool: Tool, input: object = {}, bench?: AgentBench): Promise<string> {
    const { workspace } = bench ?? (await openBench([], { files: {} }));
    return await callReadTool(tool, input, { workspace, sql: null as never }, never);
  }
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it("gives their tools to the agent under qualified names, with their schemas", async () => {
    await name({ tools: local() });
    const servers = await open();
    const echo = toolOf(servers, "tools__echo");
    const schema = z.toJSONSchema(echo.input, { io: "input" });
    assert.deepEqual(Object.keys(schema.properties ?? {}), ["text"]);
    assert.deepEqual(schema.required, ["text"]);
    assert.equal(await call(echo, { text: "é😀" }), "é😀");
    await assert.rejects(
      call(echo, { wrong: 1 }),
      (error) => isAksaraError(error) && error.code === "TOOL_FAILED",
    );
    assert.equal(qualifiedName("tools", "a.b/c"), "tools__a_b_c");
    assert.equal(qualifiedName("tools", "x".repeat(80)), null);
  });

  // prove: src/agent/mcp-client/server-tools.ts :: const isRead = annotations.readOnlyHint === true && extent === "reads"; => const isRead = annotations.readOnlyHint === true;
  it("A17 takes a tool for what it says of itself only as far as the person said", async () => {
    await name({ tools: local() });
    const trusting = await open("reads");
    assert.deepEqual(
      ["echo", "store", "destroy"].map((tool) => {
        const { class: kind, risk } = toolOf(trusting, `tools__${tool}`);
        return [kind, risk];
      }),
      [
        ["read", "low"],
        ["data", "medium"],
        ["data", "high"],
      ],
    );
    await consents.revoke("mcp-server", "tools");
    const asking = await open("ask");
    assert.ok(asking.tools.every((tool) => tool.class === "data"));
    assert.equal(toolOf(asking, "tools__echo").risk, "medium");
  });

  // prove: src/agent/approvals/file-consents.ts :: return consent?.hash === hash ? consent : null; => return consent ?? null;
  it("A17b asks once for a state of the file, and again when it or the program has changed", async () => {
    const program = inFolder("server.mjs");
    await writeFile(program, `await import(${JSON.stringify(SERVER)});`);
    await name({ tools: local({ args: ["server.mjs"] }) });
    const asked: string[] = [];
    await open("reads", { asked });
    await open("reads", { asked });
    assert.deepEqual(asked, ["tools"]);
    await name({ tools: local({ args: ["server.mjs", "--other"] }) });
    await open("reads", { asked });
    assert.deepEqual(asked, ["tools", "tools"]);
    await writeFile(program, `await import(${JSON.stringify(SERVER)}); // changed`);
    await open("reads", { asked });
    assert.deepEqual(asked, ["tools", "tools", "tools"]);
  });

  it("A17b starts nothing without a yes, where nobody can be asked, or in a workspace that is not trusted", async () => {
    await name({ tools: local({ args: ["-e", `require("fs").writeFileSync("started", "")`] }) });
    for (const servers of [await open(null), await open("nobody"), await open("reads", { trusted: false })]) {
      assert.deepEqual(servers.tools, []);
      assert.ok(servers.states.every(({ state }) => state === "not-allowed"));
    }
    await assert.rejects(readFile(inFolder("started")));
  });

  it("A17b cannot be allowed by a file of the workspace", async () => {
    await name({ tools: local() });
    const text = JSON.parse(await readFile(inFolder(".aksara/mcp.json"), "utf8"));
    for (const grant of [{ allowed: true }, { trust: "reads" }, { class: "read" }]) {
      await writeFile(
        inFolder(".aksara/mcp.json"),
        JSON.stringify({ servers: { tools: { ...text.servers.tools, ...grant } } }),
      );
      const servers = await open("nobody");
      assert.deepEqual(servers.states, []);
      assert.match(servers.problems.join(), /mcp\.json/);
    }
  });

  it("A16 gets nothing of the person's environment but what the file names and the person saw", async () => {
    await name({ tools: local() });
    const environment = { SECRET_OF_PERSON: "hidden-word", OPENAI_API_KEY: "hidden-word" };
    const closed = await open("reads", { environment });
    assert.match(await call(toolOf(closed, "tools__leak")), /variable is undefined/);
    await name({ tools: local({ pass_env: ["SECRET_OF_PERSON"] }) });
    const passing = await open("reads", { environment });
    assert.match(await call(toolOf(passing, "tools__leak")), /variable is hidden-word/);
  });

  it("F14 keeps secrets and floods of a server from the model", async () => {
    await name({ tools: local() });
    const servers = await open();
    assert.ok(!(await call(toolOf(servers, "tools__leak"))).includes("sk_live_4eC39HqLyjWDarjtT1zdp7dc"));
    const flood = await call(toolOf(servers, "tools__flood"));
    assert.ok(flood.length < 25_000, `${flood.length} characters`);
    assert.match(flood, /characters left out/);
  });

  it("A09 gives up a call that is never answered", async () => {
    await name({ tools: local({ timeout_seconds: 1 }) });
    const servers = await open();
    await assert.rejects(
      call(toolOf(servers, "tools__hang")),
      (error) => isAksaraError(error) && error.code === "TOOL_TIMEOUT",
    );
    assert.equal(await call(toolOf(servers, "tools__echo"), { text: "still there" }), "still there");
  });

  it("begins a server anew that ended, and does not repeat the call that broke off", async () => {
    await name({ tools: local() });
    const servers = await open();
    const before = JSON.parse(await call(toolOf(servers, "tools__pids")));
    await assert.rejects(call(toolOf(servers, "tools__exit")), isAksaraError);
    const after = JSON.parse(await call(toolOf(servers, "tools__pids")));
    assert.notEqual(before[0], after[0]);
    assert.equal(await call(toolOf(servers, "tools__echo"), { text: "once" }), "once");
    assert.equal(await readFile(inFolder("calls.log"), "utf8"), "echo once\n");
  });

  // prove: src/agent/process-tree.ts :: for (const target of [-pid, ...tree]) { => for (const target of [pid]) {
  it("A16 ends a server with the processes that it started", async () => {
    await name({ tools: local() });
    const servers = await open();
    const pids: number[] = JSON.parse(await call(toolOf(servers, "tools__pids")));
    assert.equal(pids.length, 2);
    assert.ok(pids.every(isAlive));
    await servers.dispose();
    for (let tries = 0; tries < 40 && pids.some(isAlive); tries++) await pause(50);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it("leaves the others as they are when one does not start", async () => {
    await name({
      gone: { command: inFolder("no-such-program") },
      broken: { command: process.execPath, args: ["-e", "console.error('no licence'); process.exit(1)"] },
      tools: local({ tools: ["echo"] }),
    });
    const servers = await open();
    const [gone, broken, tools] = servers.states;
    assert.equal(gone?.state, "failed");
    assert.equal(broken?.state, "failed");
    assert.match(broken?.error ?? "", /no licence/);
    assert.deepEqual(
      tools?.tools.map((tool) => tool.name),
      ["tools__echo"],
    );
  });

  it("E09b speaks to a server by address, with a token that it only sends there", async () => {
    const server = await McpHttpServer.start({
      surface: conformanceSurface,
      version: "0",
      states: signedStates(),
      port: 0,
      onCrash: assert.ifError,
    });
    try {
      const environment = { REMOTE_TOKEN: server.token };
      await name({ remote: { url: server.url, bearer_env: "REMOTE_TOKEN" } });
      const servers = await open("reads", { environment });
      const tool = toolOf(servers, "remote__test_simple_text");
      assert.equal(tool.class, "data");
      const described = servers.states.map((state) => JSON.stringify(state.server)).join();
      assert.ok(!described.includes(server.token));
      await name({
        remote: { url: server.url },
        open: { url: "http://mcp.example/mcp", bearer_env: "REMOTE_TOKEN" },
      });
      const [remote, elsewhere] = (await open("reads", { environment })).states;
      assert.equal(remote?.state, "failed");
      assert.match(elsewhere?.error ?? "", /without encryption/);
      assert.ok(!`${remote?.error}${elsewhere?.error}`.includes(server.token));
    } finally {
      await server.close();
    }
  });

  for (const [title, text] of [
    ["no JSON", "{"],
    ["a name that is none", JSON.stringify({ servers: { "A b": { command: "x" } } })],
    ["a key that is unknown", JSON.stringify({ servers: { a: { command: "x", shell: true } } })],
    ["an address of a file", JSON.stringify({ servers: { a: { url: "file:///etc/passwd" } } })],
  ] as const)
    it(`says what is wrong with a file that has ${title}`, async () => {
      await mkdir(inFolder(".aksara"));
      await writeFile(inFolder(".aksara/mcp.json"), text);
      const servers = await open();
      assert.deepEqual(servers.states, []);
      assert.ok(servers.problems.length > 0);
    });
});

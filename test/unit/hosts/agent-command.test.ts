import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { AgentRuntime, defineTool, openWorkspace } from "../../../src/index.ts";
import { agentEventSchema, agentResultSchema } from "../../../src/protocol/agent.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const MAIN = fileURLToPath(new URL("../../../src/hosts/cli/main.ts", import.meta.url));

/** "Add a slug to Product, with migration and test", as a model might go about it. */
const SLUG = {
  answers: [
    // The script begins anew with each turn.
    { when: { last: "Is it as before?" }, steps: [{ text: "All is as before.\n" }] },
    {
      steps: [
        { text: "I look at the model.\n" },
        { tool: "describe_model", input: { model: "catalog.Product" } },
        { tool: "read_file", input: { path: "catalog/models.py" } },
        { tool: "list_migrations", input: { app: "catalog" } },
      ],
    },
    {
      steps: [
        {
          tool: "patch_file",
          input: {
            files: [
              {
                path: "catalog/models.py",
                edits: [
                  {
                    old_text: "class Product(UUIDModel, TimeStampedModel, SoftDeleteMixin):\n",
                    new_text: "class Product(UUIDModel, TimeStampedModel, SoftDeleteMixin):\n    # a slug\n",
                  },
                ],
              },
            ],
          },
        },
      ],
    },
    {
      steps: [
        {
          tool: "write_file",
          input: { path: "catalog/migrations/0006_product_slug.py", content: "# wrong place\n" },
        },
      ],
    },
    {
      steps: [
        {
          tool: "write_file",
          input: { path: "catalog/tests/test_slug.py", content: "def test_slug():\n    assert False\n" },
        },
      ],
    },
    { steps: [{ text: "Added the slug.\n" }] },
  ],
};

describe("aksara ai agent", () => {
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  let script: string;

  beforeEach(async () => {
    temporary = await makeTemporaryFolder("agent-cli");
    shop = await copyWorkspace(SHOP);
    script = join(temporary.folder, "script.json");
    await writeFile(script, JSON.stringify(SLUG));
  });
  afterEach(async () => {
    await shop.remove();
    await temporary.remove();
  });

  const environment = () => cliEnvironment(temporary.folder, { AKSARA_SCRIPT: script });
  const agent = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(["ai", "agent", "--provider", "scripted", "--workspace", shop.folder, ...args], environment());

  /** The same with a person who types; Ctrl-D at the end. */
  function typed(lines: readonly string[], ...args: readonly string[]): Promise<CliAnswer> {
    const child = spawn(
      process.execPath,
      [MAIN, "ai", "agent", "--provider", "scripted", "--workspace", shop.folder, ...args],
      { env: environment(), stdio: ["pipe", "pipe", "pipe"] },
    );
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.stdin.end(lines.map((line) => `${line}\n`).join(""));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code: code ?? -1, out, err })));
  }

  it("A19 A07 adds a slug in three approvals, one edited and one rejected with feedback, and takes the turn back", async () => {
    const models = await readFile(join(shop.folder, "catalog/models.py"), "utf8");
    const before = await hashFolder(shop.folder);
    const { code, out, err } = await typed(
      [
        "Add a slug to Product, with migration and test",
        "a",
        "r Migrations are made by makemigrations.",
        'e {"content": "def test_slug():\\n    assert True\\n"}',
        "undo",
        "Is it as before?",
        "exit",
      ],
      "--interactive",
      "--tools",
      "all",
    );
    assert.equal(code, 0, err);
    assert.match(err, /\+ {4}# a slug/);
    assert.match(err, /medium risk/);
    assert.match(
      out,
      /Added the slug\.\n {2}- Created catalog\/tests\/test_slug\.py\n {2}- Modified catalog\/models\.py\n/,
    );
    assert.match(err, /Restored catalog\/models\.py/);
    assert.match(out, /All is as before\./);
    assert.equal(await readFile(join(shop.folder, "catalog/models.py"), "utf8"), models);
    assert.deepEqual(await hashFolder(shop.folder), before);
  });

  it("E12 A07 without a terminal it asks nobody, changes nothing, and says so by its exit code", async () => {
    const before = await hashFolder(shop.folder);
    const { code, out, err } = await agent("Add a slug", "--tools", "all", "--format", "json");
    assert.equal(code, 1, err);
    const result = agentResultSchema.parse(JSON.parse(out));
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      [null, null, null, "APPROVAL_REQUIRED", "APPROVAL_REQUIRED", "APPROVAL_REQUIRED"],
    );
    assert.match(result.actions[0]?.output ?? "", /catalog\.Product/);
    assert.deepEqual(await hashFolder(shop.folder), before);
  });

  it("A02 A03 autonomous mode writes, as events of one line each, and a run is taken back by its id", async () => {
    const before = await hashFolder(shop.folder);
    const { code, out, err } = await agent(
      "Add a slug",
      "--tools",
      "all",
      "--mode",
      "autonomous",
      "--stream-json",
    );
    assert.equal(code, 0, err);
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => agentEventSchema.parse(JSON.parse(line)));
    const last = events.at(-1);
    assert.ok(last?.type === "complete");
    assert.equal(
      events.filter(({ type }) => type === "complete" || type === "error" || type === "interrupted").length,
      1,
    );
    assert.deepEqual(last.result.createdFiles, [
      "catalog/migrations/0006_product_slug.py",
      "catalog/tests/test_slug.py",
    ]);
    const undone = await agent("--undo", last.runId);
    assert.equal(undone.code, 0, undone.err);
    assert.match(undone.out, /Restored catalog\/models\.py/);
    assert.deepEqual(await hashFolder(shop.folder), before);
    assert.equal((await agent("--undo", last.runId)).code, 1);
  });

  it("A08 a run that a limit ended goes on with --resume", async () => {
    const limited = await agent("Look", "--tools", "all", "--max-iterations", "1", "--format", "json");
    assert.equal(limited.code, 1);
    const { runId, errorCode } = agentResultSchema.parse(JSON.parse(limited.out));
    assert.equal(errorCode, "MAX_ITERATIONS_EXCEEDED");
    await writeFile(script, JSON.stringify({ answers: [{ steps: [{ text: "Seen." }] }] }));
    const resumed = await agent("--resume", runId, "--format", "json");
    assert.equal(resumed.code, 0, resumed.err);
    const result = agentResultSchema.parse(JSON.parse(resumed.out));
    assert.equal(result.runId, runId);
    assert.equal(result.actions.length, 3);
    assert.equal(result.output, "Seen.");
  });

  it("A01 stops cleanly on Ctrl-C, with what was done, and goes on with --resume", async () => {
    await writeFile(
      script,
      JSON.stringify({
        answers: [
          { when: { last: "Look" }, steps: [{ tool: "list_migrations", input: {} }] },
          { when: { tool_result: "list_migrations" }, steps: [{ text: "Thinking …\n" }, { hang: true }] },
        ],
      }),
    );
    const child = spawn(
      process.execPath,
      [
        MAIN,
        "ai",
        "agent",
        "Look",
        "--tools",
        "all",
        "--stream-json",
        "--provider",
        "scripted",
        "--workspace",
        shop.folder,
      ],
      { env: environment(), stdio: ["ignore", "pipe", "inherit"] },
    );
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!out.includes("Thinking") && (out + text).includes("Thinking")) child.kill("SIGINT");
      out += text;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(code, 130);
    const last = agentEventSchema.parse(JSON.parse(out.trimEnd().split("\n").at(-1) ?? ""));
    assert.ok(last.type === "interrupted");
    assert.equal(last.result.actions.length, 1);
    await writeFile(script, JSON.stringify({ answers: [{ steps: [{ text: "Went on." }] }] }));
    const resumed = await agent("--resume", last.resumeToken);
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal(resumed.out, "Went on.\n");
  });

  it("A07 lists the approvals that were given for longer, and takes them back", async () => {
    await typed(["Add a slug", "a workspace", "exit"], "--interactive", "--tools", "all");
    const listed = await agent("--approvals");
    assert.match(listed.out, /^patch_file +workspace +\S+ +files of the workspace\n$/);
    assert.equal((await agent("--reset-approvals")).out, "Took back 1 approvals.\n");
    assert.equal(
      (await agent("--approvals", "--format", "json")).out,
      '{\n  "approvals": [],\n  "removed": 0\n}\n',
    );
  });

  it("says what is wrong with a command line", async () => {
    for (const [args, message] of [
      [[], /There is no task/],
      [["x", "--mode", "free"], /--mode is ask, default, supervised or autonomous/],
      [["x", "--max-iterations", "0"], /whole number above 0/],
    ] as const) {
      const { code, err } = await agent(...args);
      assert.equal(code, 2);
      assert.match(err, message);
    }
    const unknown = await agent("x", "--tools", "read_fil");
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /no tool "read_fil"/);
    assert.equal((await agent("--resume", "0".repeat(32))).code, 1);
  });

  it("A17 A19 the library runs a tool of the caller's own, and reviews a model", async () => {
    const deploy = defineTool({
      name: "deploy",
      description: "Deploys the application",
      input: z.strictObject({ environment: z.enum(["staging", "production"]) }),
      class: "system",
      execute: async ({ environment: where }) => ({ output: { status: "deployed", where } }),
    });
    await writeFile(
      script,
      JSON.stringify({
        answers: [
          {
            steps: [
              { tool: "deploy", input: { environment: "moon" } },
              { tool: "deploy", input: { environment: "staging" } },
            ],
          },
          {
            steps: [
              {
                text: 'Reviewed.\n\n```json\n{"suggestions": ["Add index on created_at for faster queries"]}\n```',
              },
            ],
          },
        ],
      }),
    );
    const workspace = openWorkspace(shop.folder, { cache: false, environment: { AKSARA_SCRIPT: script } });
    const runtime = new AgentRuntime({
      workspace,
      keep: false,
      provider: "scripted",
      allowSystemTools: true,
      tools: ["deploy"],
      approvalCallback: (tool, input) =>
        tool === "deploy" && JSON.stringify(input) === '{"environment":"staging"}',
    }).registerTool(deploy);
    try {
      const result = await runtime.execute("Deploy, then review the Post model and suggest improvements");
      assert.deepEqual(
        result.actions.map(({ error }) => error),
        ["TOOL_INPUT_INVALID", null],
      );
      assert.match(result.actions[1]?.output ?? "", /"status": "deployed"/);
      assert.deepEqual(result.suggestions, ["Add index on created_at for faster queries"]);
      assert.equal(result.output, "Reviewed.");
    } finally {
      await runtime.dispose();
      await workspace.dispose();
    }
  });

  it("A17 A17b a tool of a file is asked about at the prompt, and left out where nobody can be asked", async () => {
    const folder = join(shop.folder, ".aksara/tools");
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "count.mjs"),
      'export default {\n  name: "count_files",\n  description: "Counts.",\n  inputSchema: { type: "object" },\n  class: "read",\n  risk: "low",\n  execute: () => 7,\n};\n',
    );
    await writeFile(
      script,
      JSON.stringify({
        answers: [{ steps: [{ tool: "count_files", input: {} }] }, { steps: [{ text: "Seven.\n" }] }],
      }),
    );
    const alone = await agent("Count", "--tools", "all", "--format", "json");
    assert.match(alone.err, /count\.mjs is no tool of this run: nobody has allowed it/);
    assert.equal(JSON.parse(alone.out).actions[0].error, "TOOL_NOT_FOUND");
    const asked = await typed(["y", "exit"], "Count", "--interactive", "--tools", "all", "--format", "json");
    assert.match(asked.err, /name count_files, class read, risk low/);
    assert.equal(JSON.parse(asked.out).actions[0].output, "7");
    const known = await agent("Count", "--tools", "count_files", "--format", "json");
    assert.equal(JSON.parse(known.out).actions[0].output, "7");
    assert.match((await agent("--reset-approvals")).out, /Took back 1 approvals/);
    assert.match((await agent("Count", "--tools", "all", "--format", "json")).err, /nobody has allowed it/);
  });
});

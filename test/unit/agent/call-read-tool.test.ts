import assert from "node:assert/strict";
import * as z from "zod";
import { callReadTool } from "../../../src/agent/call-read-tool.ts";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { defineTool, type Tool } from "../../../src/agent/tools/tool.ts";
import { AksaraError } from "../../../src/errors.ts";
import { postgresParser } from "../../support/scripted-workspace.ts";
import { type AgentBench, type BenchOptions, openBench } from "./support.ts";

const FILES = {
  "manage.py": "",
  "shop/models.py":
    "from django.db import models\n\n\nclass Product(models.Model):\n    name = models.CharField(max_length=20)\n",
};

describe("a call of a tool outside a run", () => {
  const sql = postgresParser();
  let bench: AgentBench;

  afterEach(() => bench.dispose());
  after(() => sql.dispose());

  async function open(options: BenchOptions = {}): Promise<void> {
    bench = await openBench([], { files: FILES, ...options });
  }

  function call(tool: Tool | string, input: unknown, signal = new AbortController().signal): Promise<string> {
    const [found] = typeof tool === "string" ? shippedTools().pick([tool]) : [tool];
    assert.ok(found);
    return callReadTool(found, input, { workspace: bench.workspace, sql }, signal);
  }

  function failsWith(code: string, words: RegExp) {
    return (error: unknown) =>
      error instanceof AksaraError &&
      error.code === code &&
      words.test(`${error.message} ${error.hint ?? ""}`);
  }

  it("V09c gives what the tool gives in a run, and leaves no journal", async () => {
    await open();
    assert.match(await call("list_models", {}), /shop\.Product · table shop_product · 2 fields/);
    assert.match(await call("describe_model", { model: "Product" }), /name/);
    assert.deepEqual(await bench.store.logs.list(), []);
  });

  it("V09c checks the arguments before anything is done", async () => {
    await open();
    await assert.rejects(call("describe_model", { modle: "x" }), failsWith("TOOL_INPUT_INVALID", /model/));
    await assert.rejects(
      call("describe_model", { model: "Prodct" }),
      failsWith("CONTEXT_NOT_FOUND", /Product/),
    );
  });

  it("V09c V05 refuses what does more than read, and a workspace that is not trusted", async () => {
    await open();
    for (const tool of shippedTools().list())
      if (tool.class !== "read")
        await assert.rejects(call(tool, { path: "a", content: "b" }), failsWith("TOOL_NOT_ALLOWED", /agent/));
    await bench.dispose();
    await open({ trusted: false });
    await assert.rejects(call("list_models", {}), failsWith("WORKSPACE_UNTRUSTED", /Trust/));
  });

  it("V09c ends with its caller, and at its time limit", async () => {
    await open();
    const slow = defineTool({
      name: "slow",
      description: "waits",
      input: z.strictObject({}),
      timeoutSeconds: 0.05,
      execute: (_input, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
    });
    await assert.rejects(call(slow, {}), failsWith("TOOL_TIMEOUT", /0\.05 seconds/));
    const controller = new AbortController();
    const called = call({ ...slow, timeoutSeconds: 60 }, {}, controller.signal);
    controller.abort();
    await assert.rejects(called, failsWith("CANCELLED", /stopped/));
  });

  it("V09c A14 hides secrets, and cuts what is too long without promising the rest", async () => {
    await open();
    const secret = `ghp_${"a1B2c3D4e5".repeat(4)}`.slice(0, 40);
    const long = defineTool({
      name: "long",
      description: "says much",
      input: z.strictObject({}),
      outputBudget: 400,
      execute: async () => ({ output: `token = "${secret}"\n${"a line of text\n".repeat(100)}` }),
    });
    const text = await call(long, {});
    assert.ok(!text.includes(secret));
    assert.match(text, /characters left out; ask for a part\]/);
    assert.ok(text.length < 600);
  });
});

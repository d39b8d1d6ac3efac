import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { modelTools } from "../../../src/agent/tools/model-tools.ts";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { type AgentBench, calls, openBench, says } from "./support.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-sql", import.meta.url));

describe("tools on the catalog", () => {
  let bench: AgentBench;
  let shop: WorkspaceCopy;
  const use = async (tool: string, input: object) => {
    const runtime = bench.again([calls([tool, input]), says("done")]);
    const [action] = (await runtime.execute("go")).actions;
    assert.ok(action);
    return action;
  };
  before(async () => {
    shop = await copyWorkspace(SHOP);
    bench = await openBench([], { folder: shop.folder });
  });
  after(async () => {
    await bench.dispose();
    await shop.remove();
  });

  it("list_models and describe_model give what the catalog knows, with the nearest names for one that is not there", async () => {
    const listed = await use("list_models", {});
    assert.match(listed.output, /^\S+ · table \S+ · \d+ fields · \S+:\d+$/m);
    const name = /^(\S+) ·/.exec(listed.output)?.[1] ?? "";
    const described = await use("describe_model", { model: name });
    assert.match(described.output, /### Fields/);
    const unknown = await use("describe_model", { model: `${name}x` });
    assert.equal(unknown.error, "CONTEXT_NOT_FOUND");
    assert.match(unknown.output, /Did you mean/);
  });

  it("list_migrations, get_diagnostics and list_routes name files and what is there", async () => {
    assert.match((await use("list_migrations", {})).output, /\.sql$/m);
    assert.match(
      (await use("get_diagnostics", {})).output,
      /^(?:error|warning|info) \S+ \S+:\d+: |^No rule/m,
    );
    assert.equal(
      (await use("list_routes", { path: "/nowhere" })).output,
      "No such routes were found in this workspace.",
    );
  });

  it("explain_query gives the facts about SQL that the workspace's tables answer", async () => {
    const listed = await use("list_models", {});
    const table = /table (\S+)/.exec(listed.output)?.[1] ?? "";
    const explained = await use("explain_query", { sql: `SELECT * FROM ${table} WHERE id = 1` });
    assert.equal(explained.error, null, explained.output);
    assert.ok(explained.output.includes(table.split(".").at(-1) ?? table));
    assert.equal((await use("explain_query", {})).error, "TOOL_INPUT_INVALID");
  }).timeout(120_000);

  it("run_flow runs a flow of the workspace through the same model, and changes nothing", async () => {
    const listed = await use("list_models", {});
    const name = /^(\S+) ·/.exec(listed.output)?.[1] ?? "";
    const runtime = bench.again([
      calls(["run_flow", { flow_type: "model", action_key: "explain_model", context: { model_name: name } }]),
      { when: { tool_result: "run_flow" }, ...says("done") },
      {
        when: { last: "Explain Model" },
        ...says("It holds things."),
        usage: { input: 7_000, output: 30 },
      },
    ]);
    const { actions, usage } = await runtime.execute("go");
    const [action] = actions;
    assert.equal(action?.error, null, action?.output);
    assert.match(action?.output ?? "", /^It holds things\./);
    assert.ok(usage.inputTokens >= 7_000 && usage.outputTokens >= 30, JSON.stringify(usage));
    assert.equal(
      (
        await use("run_flow", {
          flow_type: "model",
          action_key: "explain_route",
          context: { model_name: name },
        })
      ).error,
      "INVALID_ACTION",
    );
  });

  it("every tool that ships has a name of its own, says what it does, and has a schema that providers take", () => {
    const tools = shippedTools().list();
    for (const { name, description, inputSchema } of modelTools(tools)) {
      assert.match(name, /^[a-z]+(?:_[a-z]+)+$/);
      assert.ok(description.length > 30 && description.endsWith("."), name);
      assert.equal(inputSchema.type, "object", name);
    }
    assert.throws(
      () => shippedTools().register(tools[0] as (typeof tools)[number]),
      (error) => isAksaraError(error) && error.code === "SPEC_INVALID",
    );
  });
});

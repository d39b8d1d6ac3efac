import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { CHANGE_PLAN, defaultRuntime } from "../../../src/harness/default-runtime/default-runtime.ts";
import { parseRuntimeFile, runtimeFileJsonSchema } from "../../../src/harness/runtime-file.ts";
import { readRuntime } from "../../../src/harness/runtime-options.ts";
import { proposedPlanSchema } from "../../../src/harness/spec/plan-spec.ts";
import { readRuntimeFile } from "../../../src/hosts/shared/runtime-file.ts";
import { as, calls, collect, endOf, eventsOf, openHarness, says } from "./support.ts";

const YAML = `
# The agents of this workspace.
tenant: {resource_id: shop, version: "2"}
agents:
  - name: boss
    role: coordinator
    stateful: true
    model: default
    system_prompt: You are boss.
    toolkits: [catalog]
    plan: change
plans:
  - name: change
    actions:
      rename:
        description: renames a thing
        input: {type: object, properties: {to_name: {type: string}}, required: [to_name]}
approval_policies: {tools: always}
`;

describe("a runtime in a file", () => {
  it("H15 is read from YAML and from JSON alike, in both spellings", async () => {
    const fromYaml = await parseRuntimeFile(".aksara/runtime.yaml", YAML);
    assert.deepEqual(fromYaml.problems, []);
    const json = JSON.stringify({
      tenant: { resourceId: "shop", version: "2" },
      agents: [
        {
          name: "boss",
          role: "coordinator",
          stateful: true,
          model: "default",
          systemPrompt: "You are boss.",
          toolkits: ["catalog"],
          plan: "change",
        },
      ],
      plans: [
        {
          name: "change",
          actions: {
            rename: {
              description: "renames a thing",
              input: { type: "object", properties: { to_name: { type: "string" } }, required: ["to_name"] },
            },
          },
        },
      ],
      approvalPolicies: { tools: "always" },
    });
    const fromJson = await parseRuntimeFile(".aksara/runtime.json", json);
    assert.deepEqual(fromYaml.spec, fromJson.spec);
    assert.equal(
      fromYaml.spec?.agents[0]?.systemPrompt.startsWith("You are boss.\n\nYour tools:\n- list_models"),
      true,
    );
    const plan = fromYaml.spec?.plans[0];
    assert.ok(plan);
    const schema = proposedPlanSchema(plan);
    assert.equal(
      schema.safeParse({ goal: "g", actions: [{ type: "rename", to_name: "x" }] }).success,
      true,
      "names below an input are the author's own",
    );
    assert.equal(schema.safeParse({ goal: "g", actions: [{ type: "rename" }] }).success, false);
  });

  it("H10 says line and place of everything that is wrong, and gives no spec", async () => {
    const broken: readonly (readonly [string, string, number, RegExp])[] = [
      ["agents: [", "", 0, /flow/i],
      [YAML.replace("role: coordinator", "role: king"), "", 5, /^agents\[0\]\.role: /],
      [
        YAML.replace("plan: change", "plan: chagne"),
        "",
        10,
        /^agents\[0\]\.plan: expected a plan.*there is "change"/,
      ],
      [
        YAML.replace("[catalog]", "[catalogs]"),
        "",
        9,
        /^agents\[0\]\.toolkits\[0\]: there is no toolkit "catalogs"\. Did you mean catalog/,
      ],
      [YAML.replace("tools: always", "tools: sometimes"), "", 17, /^approvalPolicies\.tools: /],
      ["", "", 0, /^The file: /],
    ];
    for (const [text, , line, message] of broken) {
      const { spec, problems } = await parseRuntimeFile("r.yaml", text);
      assert.equal(spec, null);
      assert.match(problems[0]?.message ?? "", message);
      assert.equal(problems[0]?.line, line, problems[0]?.message);
    }
  });

  // prove: src/harness/runtime-file.ts :: export const RuntimeFileSchema = z.strictObject({ => export const RuntimeFileSchema = z.looseObject({
  it("V06b brings no code, no store and no provider", async () => {
    for (const member of [
      "providers: {openai: {base_url: 'http://evil.example'}}",
      "storage_factories: {kv: {kind: sqlite, config: {path: /etc}}}",
      "tool_bindings: [{name: x}]",
    ]) {
      const { spec, problems } = await parseRuntimeFile("r.yaml", `${YAML}${member}\n`);
      assert.equal(spec, null, member);
      assert.match(problems[0]?.message ?? "", /Unrecognized key/);
    }
  });

  // prove: src/agent/approvals/decide.ts :: const asked = cell === "ask" || question.toolPolicy === "always"; => const asked = question.toolPolicy === "always";
  it("V06b loosens nothing: what classes and modes demand is asked for all the same", async () => {
    const { spec } = await parseRuntimeFile(
      "r.yaml",
      `${YAML.replace("[catalog]", "[edits, shell]").replace("tools: always", "tools: never")}approval_overrides: {tools: {boss: {write_file: never, run_command: never}}}\n`,
    );
    assert.ok(spec);
    const bench = await openHarness(spec, [
      calls(["write_file", { path: "a.txt", content: "x" }], ["run_command", { argv: ["true"] }]),
      says("done"),
    ]);
    const events = await collect(bench.runtime.query("go", "t", null, { approvals: "leave-open" }));
    assert.equal(endOf(events).result.stopReason, "waiting");
    assert.deepEqual(
      eventsOf(events, "approval").map(({ request }) => [request.tool, request.decision.rule]),
      [["write_file", "mode"]],
    );
    const [gate] = await bench.runtime.listPendingApprovals();
    await bench.runtime.respondToApproval(gate?.id ?? "", "reject");
    const rest = await collect(bench.runtime.query("", "t", endOf(events).result.runId));
    const [, command] = eventsOf(rest, "result");
    assert.deepEqual([command?.tool, command?.result.decision?.rule], ["run_command", "system-off"]);
    await bench.dispose();
  });

  it("is found in the first folder that has one; of two in one folder neither is taken", async () => {
    const bench = await openHarness(defaultRuntime(), [], { files: { ".aksara/runtime.yml": YAML } });
    const roots = [{ name: "project", path: bench.folder }];
    assert.equal((await readRuntimeFile(roots))?.spec?.tenant.resourceId, "shop");
    await bench.dispose();
    assert.equal(await readRuntimeFile([{ name: "gone", path: bench.folder }]), null);
  });

  it("has a JSON Schema for the editor that takes both spellings, and is the one that ships", async () => {
    const schema = runtimeFileJsonSchema();
    const shipped = await readFile(
      new URL("../../../media/schemas/runtime.schema.json", import.meta.url),
      "utf8",
    );
    assert.deepEqual(JSON.parse(shipped), JSON.parse(JSON.stringify(schema)));
    const agents = (
      schema.properties as Record<
        string,
        { items: { properties: object; required: string[]; allOf: unknown[] } }
      >
    ).agents?.items;
    assert.ok(agents && "systemPrompt" in agents.properties && "system_prompt" in agents.properties);
    assert.deepEqual(agents.allOf, [
      { anyOf: [{ required: ["systemPrompt"] }, { required: ["system_prompt"] }] },
    ]);
    assert.equal(agents.required.includes("systemPrompt"), false);
  });
});

describe("the runtime that ships", () => {
  it("is a valid spec: one who answers, plans, carries out, and four who know a field", () => {
    const { spec } = readRuntime(defaultRuntime(), { interpreter: "hub" });
    assert.deepEqual(
      spec.agents.map(({ name, role }) => `${name} ${role}`),
      [
        "coordinator coordinator",
        "planner planner",
        "executor executor",
        "schema specialist",
        "queries specialist",
        "security specialist",
        "migrations specialist",
      ],
    );
    assert.deepEqual(spec.approvalPolicies, { plans: { kind: "always" }, tools: { kind: "never" } });
    for (const { systemPrompt, name } of spec.agents) {
      assert.ok(systemPrompt.length > 400, name);
      assert.match(systemPrompt, /\n\nYour tools:\n- /);
    }
  });

  it("plans a change, has it approved, and carries out each step with what the step needs", async () => {
    const edit = { type: "edit_file", path: "models.py", change: "Order has an index on created_at" };
    const bench = await openHarness(
      defaultRuntime(),
      [
        as(
          "You are the coordinator",
          calls(["hand_off", { agent: "planner", task: "index created_at of Order" }]),
        ),
        as(
          "You are the planner",
          calls([
            "propose_plan",
            { goal: "faster lists", actions: [edit, { type: "check", what: "models.py has it" }] },
          ]),
        ),
        as("You are the planner", says("Planned.")),
        as("You are the coordinator", calls(["hand_off", { agent: "executor", task: "carry it out" }])),
        as("You are the executor", calls(["read_file", { path: "models.py" }])),
        as(
          "You are the executor",
          calls([
            "patch_file",
            { files: [{ path: "models.py", edits: [{ old_text: "pass", new_text: "index = True" }] }] },
          ]),
        ),
        as("You are the executor", says("Changed.")),
        as("You are the executor", says("It has it.")),
        as("You are the coordinator", says("Order has its index.")),
      ],
      { files: { "models.py": "class Order:\n    pass\n" } },
    );
    const asked: string[] = [];
    const events = await collect(bench.runtime.query("make lists faster", "t"), async (event) => {
      if (event.type !== "approval") return;
      asked.push(`${event.agent} ${event.request.tool}`);
      await bench.runtime.respondToApproval(event.id, "approve");
    });
    assert.equal(endOf(events).result.output, "Order has its index.");
    assert.deepEqual(asked, ["coordinator/planner propose_plan", "coordinator/executor/step-1 patch_file"]);
    assert.deepEqual(endOf(events).result.modifiedFiles, ["models.py"]);
    assert.equal(await bench.text("models.py"), "class Order:\n    index = True\n");
    assert.equal(Object.keys(CHANGE_PLAN.actions).length, 5);
    await bench.dispose();
  });
});

import assert from "node:assert/strict";
import * as z from "zod";
import { type AksaraError, isAksaraError } from "../../../src/errors.ts";
import { type RuntimeOptions, readRuntime } from "../../../src/harness/runtime-options.ts";
import { defineRuntime, type RuntimeParts, toRuntimeSpec } from "../../../src/harness/spec/runtime-spec.ts";
import { defineTenant } from "../../../src/harness/spec/tenant.ts";
import { agent, TENANT } from "./support.ts";

const boss = agent("boss", "coordinator");
const worker = agent("worker", "specialist");
const handler = () => "ok";

/** The error of something that must not be accepted. */
function refused(make: () => unknown): AksaraError {
  try {
    make();
  } catch (error) {
    if (isAksaraError(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

function specError(parts: RuntimeParts): string {
  const error = refused(() => defineRuntime(TENANT, parts));
  assert.equal(error.code, "SPEC_INVALID");
  return error.message;
}

function optionsError(parts: RuntimeParts, options: RuntimeOptions): AksaraError {
  return refused(() => readRuntime(defineRuntime(TENANT, parts), options));
}

describe("the definition of a runtime", () => {
  it("H01 has one coordinator at most", () => {
    assert.match(
      specError({ agents: [boss, agent("chief", "coordinator")] }),
      /^agents\[1\]\.role: expected one coordinator at most; agents\[0\] is one/,
    );
  });

  it("H02 has no name twice", () => {
    assert.match(
      specError({ agents: [boss, worker, worker] }),
      /^agents\[2\]\.name: expected another name: agents\[1\] is called "worker"/,
    );
  });

  it("H03 has no route from an agent to itself", () => {
    assert.match(
      specError({ agents: [{ ...boss, routes: ["boss"] }] }),
      /^agents\[0\]\.routes\[0\]: expected another agent/,
    );
  });

  it("H04 has no route to an agent that there is not, and names the nearest", () => {
    assert.match(
      specError({ agents: [{ ...boss, routes: ["worke"] }, worker] }),
      /^agents\[0\]\.routes\[0\]: .*not "worke"; there is "worker"/,
    );
  });

  it("H05 has no route twice", () => {
    assert.match(
      specError({ agents: [{ ...boss, routes: ["worker", "worker"] }, worker] }),
      /^agents\[0\]\.routes\[1\]: expected each agent once/,
    );
  });

  it("H06 has no agent without a name", () => {
    assert.match(specError({ agents: [{ ...boss, name: "" }] }), /^agents\[0\]\.name: expected a name/);
  });

  it("H07 lets an agent have one turn or more", () => {
    assert.match(specError({ agents: [{ ...boss, maxTurns: 0 }] }), /^agents\[0\]\.maxTurns: .*>=1/);
    assert.equal(defineRuntime(TENANT, { agents: [{ ...boss, maxTurns: 1 }] }).agents[0]?.maxTurns, 1);
  });

  it("H08 has no override for an agent that there is not", () => {
    const message = specError({
      agents: [boss],
      approvalOverrides: {
        agents: { ghost: { tools: "always" } },
        tools: { ghast: { run_command: "never" } },
      },
    });
    assert.match(message, /approvalOverrides\.agents\.ghost: expected an agent of this runtime/);
    assert.match(message, /approvalOverrides\.tools\.ghast: expected an agent of this runtime/);
  });

  it("H09 takes policies for all from one coordinator only", () => {
    const policies = { approvalPolicies: { tools: "always" as const } };
    const message = specError({
      agents: [
        { ...boss, ...policies },
        { ...agent("chief", "coordinator"), ...policies },
      ],
    });
    assert.match(
      message,
      /agents\[1\]\.approvalPolicies: expected one coordinator at most to set the policies/,
    );
  });

  it("H10 names every place that is wrong, and what was expected there", () => {
    const message = specError({
      agents: [{ ...boss, role: "king", stateful: "yes", model: 5 } as never],
      plans: [{ name: "p", actions: {} }],
    });
    for (const place of [
      "agents[0].role: ",
      "agents[0].stateful: ",
      "agents[0].model: ",
      "plans[0].actions: ",
    ])
      assert.ok(message.includes(`${place}`), `${place} in ${message}`);
    assert.match(message, /agents\[0\]\.role: .*coordinator.*planner.*executor.*specialist/);
    assert.match(refused(() => defineTenant({ resource_id: "", version: "1" })).message, /^resourceId: /);
    assert.match(refused(() => toRuntimeSpec({ agents: [] } as never)).message, /^tenant: /);
    assert.match(specError({ agnets: [] } as never), /agnets/);
  });

  it("H11 takes a model as text, or with its provider", () => {
    const { agents } = defineRuntime(TENANT, {
      agents: [boss, { ...worker, model: { id: "big", provider: "anthropic" } }],
    });
    assert.deepEqual(
      agents.map(({ model }) => model),
      [
        { id: "m", provider: null },
        { id: "big", provider: "anthropic" },
      ],
    );
  });

  describe("H12 with what the host gives beside it", () => {
    it("refuses a predicate that nobody registered, wherever it is named", () => {
      const dynamic = { kind: "dynamic", value: "is_big" } as const;
      const places: readonly (readonly [string, RuntimeParts])[] = [
        ["approvalPolicies.tools", { approvalPolicies: { tools: dynamic } }],
        ["approvalPolicies.plans", { approvalPolicies: { plans: dynamic } }],
        [
          "approvalOverrides.agents.worker.tools",
          { agents: [{ ...worker, approvalPolicies: { tools: dynamic } }] },
        ],
        [
          "approvalOverrides.tools.worker.pay",
          { agents: [{ ...worker, toolApprovalPolicies: { pay: dynamic } }] },
        ],
        ["toolBindings[0].approval", { toolBindings: [{ name: "pay", handler, approval: dynamic }] }],
      ];
      for (const [path, parts] of places) {
        const error = optionsError(parts, {});
        assert.ok(error.message.startsWith(`${path}: expected a predicate`), error.message);
        readRuntime(defineRuntime(TENANT, parts), { approvalPredicates: { is_big: () => true } });
      }
      const bare = { toolBindings: [{ name: "pay", handler, approval: { kind: "dynamic" as const } }] };
      assert.match(
        optionsError(bare, {}).message,
        /toolBindings\[0\]\.approval: expected an approvalHandler/,
      );
      readRuntime(
        defineRuntime(TENANT, {
          toolBindings: [{ ...bare.toolBindings[0], name: "pay", approvalHandler: () => true }],
        }),
      );
    });

    it("refuses a tool of an agent that nobody handles, and takes the handler from the host", () => {
      const parts = { agents: [{ ...worker, tools: [{ name: "pay", description: "pays" }] }] };
      assert.match(
        optionsError(parts, {}).message,
        /^agents\[0\]\.tools\[0\]\.handler: expected a handler for the tool "pay"/,
      );
      const { spec } = readRuntime(defineRuntime(TENANT, parts), {
        toolBindings: [{ name: "pay", handler }],
      });
      assert.deepEqual(
        spec.toolBindings.map((tool) => [tool.name, tool.description, tool.handler]),
        [["pay", "pays", handler]],
      );
    });

    it("refuses a service under a name that handlers find something else under", () => {
      for (const name of ["tool_use_id", "toolUseId", "services", "references"])
        assert.ok(
          optionsError({}, { services: { [name]: 1 } }).message.startsWith(
            `services.${name}: expected another name`,
          ),
        );
      assert.match(optionsError({}, { services: { "": 1 } }).message, /not empty/);
      readRuntime(defineRuntime(TENANT), { services: { mailer: {} } });
    });

    it("refuses testing beside an interpreter, and testing without its answer", () => {
      const both = optionsError({}, { testing: { mock_response: "hi" }, interpreter: "scripted" });
      assert.match(both.message, /^testing: expected no other interpreter/);
      assert.match(optionsError({}, { testing: {} as never }).message, /^testing\.mockResponse: /);
      readRuntime(defineRuntime(TENANT), { testing: { mock_response: "hi" }, interpreter: "noop" });
    });

    it("refuses an address of a database beside a descriptor, or another one", () => {
      const descriptor = { target_database: { kind: "sqlite", path: "a.db" } } as const;
      assert.match(
        optionsError({}, { targetDatabaseUrl: "postgres://a/b", dataEnvironment: descriptor }).message,
        /^targetDatabaseUrl: expected either/,
      );
      assert.match(
        optionsError(
          {},
          { targetDatabaseUrl: "postgres://a/b", dataEnvironment: { targetDatabaseUrl: "postgres://a/c" } },
        ).message,
        /^targetDatabaseUrl: expected the same/,
      );
      assert.match(
        optionsError(
          {},
          { dataEnvironment: { ...descriptor, target_database_url: "postgres://a/b" } as never },
        ).message,
        /^dataEnvironment\.targetDatabaseUrl: expected either/,
      );
      const { dataEnvironment } = readRuntime(defineRuntime(TENANT), { targetDatabaseUrl: "postgres://a/b" });
      assert.equal(dataEnvironment.targetDatabaseUrl, "postgres://a/b");
    });

    it("refuses the environment of another tenant", () => {
      const error = optionsError({}, { dataEnvironment: { tenant_id: "other" } });
      assert.equal(error.code, "TENANT_MISMATCH");
      assert.match(error.message, /expected "acme"/);
      readRuntime(defineRuntime(TENANT), { dataEnvironment: { tenantId: "acme" } });
    });

    it("refuses a toolkit that there is not", () => {
      const error = optionsError({ agents: [{ ...worker, toolkits: ["catalogue"] }] }, {});
      assert.match(error.message, /toolkits\[0\]\.id: there is no toolkit "catalogue"/);
      assert.match(error.hint ?? "", /catalog/);
    });
  });

  it("H13 asks for plans and not for tools, unless the coordinator says otherwise; a patch inherits what it leaves out", () => {
    assert.deepEqual(defineRuntime(TENANT).approvalPolicies, {
      plans: { kind: "always" },
      tools: { kind: "never" },
    });
    const patched = defineRuntime(TENANT, { agents: [{ ...boss, approvalPolicies: { tools: "always" } }] });
    assert.deepEqual(patched.approvalPolicies, { plans: { kind: "always" }, tools: { kind: "always" } });
    const given = defineRuntime(TENANT, {
      agents: [{ ...boss, approvalPolicies: { tools: "always" } }],
      approvalPolicies: { plans: "never" },
    });
    assert.deepEqual(given.approvalPolicies, { plans: { kind: "never" }, tools: { kind: "never" } });
  });

  it("H13 collects overrides from the agents, or takes those that are given in their place", () => {
    const agents = [
      {
        ...worker,
        approvalPolicies: { tools: "always" as const },
        toolApprovalPolicies: { pay: "never" as const },
      },
    ];
    assert.deepEqual(defineRuntime(TENANT, { agents }).approvalOverrides, {
      agents: { worker: { tools: { kind: "always" } } },
      tools: { worker: { pay: { kind: "never" } } },
    });
    assert.deepEqual(defineRuntime(TENANT, { agents, approvalOverrides: {} }).approvalOverrides, {
      agents: {},
      tools: {},
    });
  });

  it("H14 attaches the plans, toolkits and tools of agents, and names the tools in their prompts", () => {
    const plan = { name: "change", actions: { add: { input: z.object({ what: z.string() }) } } };
    const pay = { name: "pay", description: "Pays\n  somebody.", handler };
    const spec = defineRuntime(TENANT, {
      agents: [
        { ...agent("p", "planner"), plan, toolkits: ["workspace", "memory"], tools: [pay] },
        { ...worker, tools: ["pay"] },
      ],
    });
    assert.deepEqual(
      spec.plans.map(({ name }) => name),
      ["change"],
    );
    assert.deepEqual(
      spec.toolkits.map(({ id }) => id),
      ["workspace", "memory"],
    );
    assert.deepEqual(
      spec.toolBindings.map(({ name }) => name),
      ["pay"],
    );
    const [planner, other] = spec.agents;
    assert.match(planner?.systemPrompt ?? "", /^You are p\.\n\nYour tools:\n- pay: Pays somebody\.\n/);
    for (const name of ["read_file", "list_files", "write_note"])
      assert.ok(planner?.systemPrompt.includes(`\n- ${name}: `), name);
    assert.match(other?.systemPrompt ?? "", /- pay: Pays somebody\./);
    const again = defineRuntime(TENANT, { ...spec, tenant: undefined } as never);
    assert.equal(again.agents[0]?.systemPrompt, planner?.systemPrompt);
  });

  it("H15 reads snake_case and camelCase as the same, at every depth", () => {
    const snake = toRuntimeSpec({
      tenant: { resource_id: "acme", version: "1" },
      agents: [
        {
          name: "boss",
          role: "coordinator",
          stateful: true,
          model: "m",
          system_prompt: "Hello.",
          max_turns: 3,
          approval_policies: { tools: "always" },
          tool_approval_policies: { run_command: "never" },
          prompt_cache_key: "k",
        },
      ],
      approval_overrides: { agents: { boss: { tools: "never" } } },
      storage_factories: { kv: { kind: "memory" } },
      tool_bindings: [{ name: "pay_all", handler, approval_handler: () => true, timeout_seconds: 5 }],
    } as never);
    const camel = toRuntimeSpec({
      tenant: { resourceId: "acme", version: "1" },
      agents: [
        {
          name: "boss",
          role: "coordinator",
          stateful: true,
          model: "m",
          systemPrompt: "Hello.",
          maxTurns: 3,
          approvalPolicies: { tools: "always" },
          toolApprovalPolicies: { run_command: "never" },
          promptCacheKey: "k",
        },
      ],
      approvalOverrides: { agents: { boss: { tools: "never" } } },
      storageFactories: { kv: { kind: "memory" } },
      toolBindings: [{ name: "pay_all", handler, approvalHandler: () => true, timeoutSeconds: 5 }],
    });
    assert.deepEqual(JSON.parse(JSON.stringify(snake)), JSON.parse(JSON.stringify(camel)));
    assert.equal(snake.toolBindings[0]?.timeoutSeconds, 5);
    assert.match(specError({ agents: [{ ...boss, max_turns: 1, maxTurns: 2 }] } as never), /max_turns/);
  });

  it("H10 is frozen, all of it", () => {
    const spec = defineRuntime(TENANT, { agents: [{ ...boss, routes: ["worker"] }, worker] });
    for (const part of [
      spec,
      spec.tenant,
      spec.agents,
      spec.agents[0],
      spec.agents[0]?.routes,
      spec.approvalPolicies.tools,
    ])
      assert.ok(Object.isFrozen(part));
  });
});

import assert from "node:assert/strict";
import * as z from "zod";
import { isAksaraError } from "../../../src/errors.ts";
import { defineRuntime } from "../../../src/harness/spec/runtime-spec.ts";
import type { AgentEvent } from "../../../src/protocol/agent.ts";
import {
  agent,
  as,
  calls,
  collect,
  endOf,
  eventsOf,
  type HarnessBench,
  openHarness,
  says,
  TENANT,
} from "./support.ts";

const BOSS = agent("boss", "coordinator", { routes: ["worker"] });
const WORKER = agent("worker", "specialist");

describe("agents that work together", () => {
  let bench: HarnessBench;
  afterEach(async () => {
    await bench?.dispose();
  });

  it("H16 streams the coordinator and the one it hands to, each under its own name, with one end", async () => {
    bench = await openHarness(defineRuntime(TENANT, { agents: [BOSS, WORKER] }), [
      as("You are boss.", calls(["hand_off", { agent: "worker", task: "look at orders" }])),
      as("You are worker.", says("I looked.")),
      as("You are boss.", says("Done.")),
    ]);
    const events = await collect(bench.runtime.query("do it", "t1"));
    assert.equal(endOf(events).result.output, "Done.");
    assert.deepEqual(
      eventsOf(events, "handoff").map(({ agent: by, from, to, task }) => [by, from, to, task]),
      [["boss", "boss", "boss/worker", "look at orders"]],
    );
    assert.deepEqual(
      eventsOf(events, "text").map(({ agent: by, delta }) => [by, delta]),
      [
        ["boss/worker", "I looked."],
        ["boss", "Done."],
      ],
    );
    assert.equal(eventsOf(events, "result")[0]?.result.output, "I looked.");
    const [first, child] = bench.requests;
    assert.equal(child?.messages.length, 1, "the worker sees its task, not the conversation");
    assert.match(JSON.stringify(child?.messages), /look at orders/);
    assert.match(first?.system ?? "", /^You are boss\./);
    for (const runId of new Set(events.map((event) => event.runId))) {
      const seqs = events.filter((event) => event.runId === runId).map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        seqs.toSorted((a, b) => a - b),
        "numbers of a run grow",
      );
    }
  });

  it("H16 runs an agent past the coordinator, without a thread", async () => {
    bench = await openHarness(defineRuntime(TENANT, { agents: [BOSS, WORKER] }), [says("I am it.")]);
    const events = await collect(bench.runtime.runSpecialist("worker", "who are you?"));
    assert.equal(endOf(events).result.output, "I am it.");
    assert.equal(new Set(events.map((event) => event.agent)).size, 1);
    await assert.rejects(
      collect(bench.runtime.runSpecialist("worke", "hm")),
      (error) => isAksaraError(error) && error.code === "INVALID_REQUEST" && error.candidates[0] === "worker",
    );
  });

  it("H16 needs a coordinator to be asked as a whole", async () => {
    bench = await openHarness(defineRuntime(TENANT, { agents: [WORKER] }), []);
    await assert.rejects(
      collect(bench.runtime.query("hm", "t")),
      (error) => isAksaraError(error) && error.code === "INVALID_REQUEST",
    );
  });

  it("H16 answers with the mock of a test, and with noop when nobody is named", async () => {
    const spec = defineRuntime(TENANT, { agents: [agent("boss", "coordinator")] });
    bench = await openHarness(spec, []);
    const mock = bench.again(spec, undefined, { testing: { mockResponse: "mocked" }, interpreter: "noop" });
    assert.equal(endOf(await collect(mock.query("a", "t"))).result.output, "mocked");
    assert.equal(endOf(await collect(mock.query("b", "t"))).result.output, "mocked");
    const noop = bench.again(spec, undefined, { interpreter: "noop" });
    assert.match(endOf(await collect(noop.query("a", "t"))).result.output, /No language model was asked/);
  });

  it("remembers the turns of a thread where an agent is stateful, and only there", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [
        { ...BOSS, stateful: true, routes: ["worker", "fresh"] },
        { ...WORKER, stateful: true },
        agent("fresh", "specialist"),
      ],
    });
    const turn = (n: number) => [
      as(
        "You are boss.",
        calls(
          ["hand_off", { agent: "worker", task: `work ${n}` }],
          ["hand_off", { agent: "fresh", task: `fresh ${n}` }],
        ),
      ),
      as("You are worker.", says(`worked ${n}`)),
      as("You are fresh.", says(`freshed ${n}`)),
      as("You are boss.", says(`turn ${n} done`)),
    ];
    bench = await openHarness(spec, [...turn(1), ...turn(2)]);
    await collect(bench.runtime.query("first", "t"));
    await collect(bench.runtime.query("second", "t"));
    const last = (name: string) =>
      JSON.stringify(bench.requests.findLast(({ system }) => system.includes(`You are ${name}.`))?.messages);
    assert.match(last("boss"), /first.*turn 1 done.*second/);
    assert.match(last("worker"), /work 1.*worked 1.*work 2/);
    assert.doesNotMatch(last("fresh"), /fresh 1/);
    const other = bench.again(spec, [says("hello")]);
    await collect(other.query("elsewhere", "another thread"));
    assert.doesNotMatch(last("boss"), /first/);
  });

  it("remembers after a restart too", async () => {
    const spec = defineRuntime(TENANT, { agents: [{ ...BOSS, stateful: true, routes: [] }] });
    bench = await openHarness(spec, [says("one")], { store: "sqlite" });
    await collect(bench.runtime.query("first", "t"));
    await collect(bench.again(spec, [says("two")]).query("second", "t"));
    assert.match(JSON.stringify(bench.requests[1]?.messages), /first.*one.*second/);
  });

  it("hands on at most eight times", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [agent("a", "coordinator", { routes: ["b"] }), agent("b", "specialist", { routes: ["a"] })],
    });
    const hand = (from: string, to: string) => ({
      ...as(`You are ${from}.`, calls(["hand_off", { agent: to, task: "on" }])),
      when: { system: `You are ${from}.`, last: "on" },
    });
    const on = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? hand("a", "b") : hand("b", "a")));
    const back = Array.from({ length: 12 }, () => ({ ...says("back"), when: { tool_result: "hand_off" } }));
    bench = await openHarness(spec, [...on, ...back]);
    const events = await collect(bench.runtime.query("on", "t"));
    assert.equal(endOf(events).type, "complete");
    assert.equal(eventsOf(events, "handoff").length, 8);
    const deepest = events.reduce((most, event) => Math.max(most, event.agent.split("/").length), 0);
    assert.equal(deepest, 9);
    assert.ok(eventsOf(events, "result").some(({ result }) => /8 times at most/.test(result.output)));
  });

  it("does not let a stateful agent wait for itself", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [
        agent("a", "coordinator", { routes: ["b"], stateful: true }),
        agent("b", "specialist", { routes: ["a"] }),
      ],
    });
    bench = await openHarness(spec, [
      as("You are a.", calls(["hand_off", { agent: "b", task: "x" }])),
      as("You are b.", calls(["hand_off", { agent: "a", task: "y" }])),
      as("You are b.", says("it waits for me")),
      as("You are a.", says("done")),
    ]);
    const events = await collect(bench.runtime.query("go", "t"));
    assert.equal(endOf(events).type, "complete");
    assert.match(eventsOf(events, "result")[0]?.result.output ?? "", /waits for you itself/);
  });

  it("bounds an agent by its maxTurns, and tells who asked why it stopped", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [BOSS, { ...WORKER, maxTurns: 1, toolkits: ["workspace"] }],
    });
    bench = await openHarness(spec, [
      as("You are boss.", calls(["hand_off", { agent: "worker", task: "x" }])),
      as("You are worker.", calls(["list_files", {}])),
      as("You are boss.", says("it was stopped")),
    ]);
    const events = await collect(bench.runtime.query("go", "t"));
    assert.equal(endOf(events).type, "complete");
    const handed = eventsOf(events, "result").find(({ tool }) => tool === "hand_off")?.result;
    assert.deepEqual([handed?.isError, handed?.errorCode], [true, "MAX_ITERATIONS_EXCEEDED"]);
  });

  it("shares tokens: what one agent has used, the others have not", async () => {
    const usage = { input: 300, output: 100 };
    const spec = defineRuntime(TENANT, { agents: [BOSS, WORKER] });
    const answers = [
      { ...as("You are boss.", calls(["hand_off", { agent: "worker", task: "x" }])), usage },
      { ...as("You are worker.", says("much")), usage: { input: 600, output: 3_000 } },
      { ...as("You are boss.", says("done")), usage },
    ];
    bench = await openHarness(spec, answers, { settings: { maxTotalTokens: 4_000 } });
    const stopped = endOf(await collect(bench.runtime.query("go", "t")));
    assert.deepEqual([stopped.type, stopped.result.errorCode], ["error", "TOKEN_BUDGET_EXCEEDED"]);
    assert.equal(stopped.result.limit?.name, "maxTotalTokens");
    assert.equal(stopped.result.usage.totalTokens, 4_000, "what the worker used is in it");
    const roomy = bench.again(spec, answers, { settings: { maxTotalTokens: 9_000 } });
    const whole = endOf(await collect(roomy.query("go", "t2")));
    assert.deepEqual([whole.type, whole.result.usage.totalTokens], ["complete", 4_400]);
    assert.equal(whole.result.usage.estimated, false);
  });

  it("counts what was used before a restart", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [BOSS, { ...WORKER, tools: [{ name: "pay", approval: "always", handler: () => "paid" }] }],
    });
    const usage = { input: 400, output: 100 };
    const answers = [
      { ...as("You are boss.", calls(["hand_off", { agent: "worker", task: "x" }])), usage },
      { ...as("You are worker.", calls(["pay", {}])), usage },
    ];
    bench = await openHarness(spec, answers, { store: "sqlite" });
    const left = endOf(await collect(bench.runtime.query("go", "t", null, { approvals: "leave-open" })));
    assert.equal(left.type, "interrupted");
    const runtime = bench.again(spec, [
      { ...as("You are worker.", says("paid it")), usage },
      { ...as("You are boss.", says("done")), usage },
    ]);
    const [gate] = await runtime.listPendingApprovals();
    await runtime.respondToApproval(gate?.id ?? "", "approve");
    const end = endOf(await collect(runtime.query("", "t", left.result.runId)));
    assert.deepEqual([end.type, end.result.usage.totalTokens], ["complete", 2_000]);
  });

  it("stops the whole tree when it is cancelled, and tells who asked once", async () => {
    const cancel = new AbortController();
    bench = await openHarness(defineRuntime(TENANT, { agents: [BOSS, WORKER] }), [
      as("You are boss.", calls(["hand_off", { agent: "worker", task: "x" }])),
      as("You are worker.", { steps: [{ text: "thinking" }, { hang: true }] }),
    ]);
    const events = await collect(bench.runtime.query("go", "t", null, { signal: cancel.signal }), (event) => {
      if (event.type === "text") cancel.abort();
    });
    const end = endOf(events);
    assert.deepEqual([end.type, end.agent, end.result.stopReason], ["interrupted", "boss", "cancelled"]);
    const [interrupted] = await bench.runtime.listInterrupted();
    assert.deepEqual([interrupted?.resumeToken, interrupted?.reason], [end.result.runId, "stopped"]);
  });

  it("has one run of a thread at a time: another waits, or is told so", async () => {
    const spec = defineRuntime(TENANT, { agents: [agent("boss", "coordinator")] });
    bench = await openHarness(spec, [{ steps: [{ wait: 50 }, { text: "one" }] }, says("two"), says("three")]);
    const order: string[] = [];
    const first = collect(bench.runtime.query("a", "t"), (event) => {
      if (event.type === "text") order.push(event.delta);
    });
    const second = collect(bench.runtime.query("b", "t"), (event) => {
      if (event.type === "text") order.push(event.delta);
    });
    await assert.rejects(
      collect(bench.runtime.query("c", "t", null, { wait: false })),
      (error) => isAksaraError(error) && error.code === "THREAD_BUSY",
    );
    await Promise.all([first, second]);
    assert.deepEqual(order, ["one", "two"]);
    assert.equal(
      endOf(await collect(bench.runtime.query("d", "t", null, { wait: false }))).result.output,
      "three",
    );
  });

  it("waits for another runtime on the same store", async () => {
    let release: (text: string) => void = () => undefined;
    const held = new Promise<string>((resolve) => {
      release = resolve;
    });
    const hold = { name: "hold", handler: () => held };
    const spec = defineRuntime(TENANT, {
      agents: [agent("boss", "coordinator", { stateful: true, tools: [hold] })],
    });
    bench = await openHarness(spec, [calls(["hold", {}]), says("one"), says("two")], { store: "sqlite" });
    const other = bench.again(spec);
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const first = collect(bench.runtime.query("a", "t"), ({ type }) => type === "action" && begun());
    await hasBegun;
    await assert.rejects(
      collect(other.query("b", "t", null, { wait: false })),
      (error) => isAksaraError(error) && error.code === "THREAD_BUSY",
    );
    const second = collect(other.query("b", "t"));
    release("held");
    assert.equal(endOf(await first).result.output, "one");
    assert.equal(endOf(await second).result.output, "two");
    assert.match(JSON.stringify(bench.requests[2]?.messages), /"a".*one.*"b"/, "the second knows the first");
  });

  it("gives handlers their services, their references and the id of the call", async () => {
    let seen: Record<string, unknown> = {};
    const handler = async (input: never, context: Record<string, unknown>) => {
      seen = { input, ...context };
      const references = context.references as { create(kind: string, value: unknown): Promise<object> };
      return await references.create("rows", [1, 2]);
    };
    const spec = defineRuntime(TENANT, {
      agents: [
        agent("boss", "coordinator", {
          toolkits: ["references"],
          tools: [{ name: "rows", input: z.strictObject({ of: z.string() }), handler: handler as never }],
        }),
      ],
    });
    const mailer = { send: () => 1 };
    bench = await openHarness(
      spec,
      [calls(["rows", { of: "orders" }]), calls(["list_references", {}]), says("done")],
      { services: { mailer } },
    );
    const events = await collect(bench.runtime.query("go", "t"));
    assert.equal(endOf(events).type, "complete");
    assert.deepEqual(
      [seen.input, seen.mailer, seen.toolUseId, seen.tool_use_id],
      [{ of: "orders" }, mailer, "call_1_1", "call_1_1"],
    );
    assert.deepEqual(seen.services, { mailer });
    const [made, listed] = eventsOf(events, "result").map(({ result }) => JSON.parse(result.output));
    assert.equal(made.tenant, "acme");
    assert.deepEqual(listed, [{ id: made.id, kind: "rows", size: 5, glimpse: {} }]);
  });

  it("refuses arguments that a tool's JSON Schema does not allow", async () => {
    const input = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const spec = defineRuntime(TENANT, {
      agents: [agent("boss", "coordinator", { tools: [{ name: "count", input, handler: () => "counted" }] })],
    });
    bench = await openHarness(spec, [calls(["count", { n: "x" }]), calls(["count", { n: 2 }]), says("done")]);
    const results = eventsOf(await collect(bench.runtime.query("go", "t")), "result");
    assert.deepEqual(
      results.map(({ result }) => result.errorCode),
      ["TOOL_INPUT_INVALID", null],
    );
    assert.deepEqual(bench.requests[0]?.tools.find(({ name }) => name === "count")?.inputSchema.required, [
      "n",
    ]);
  });

  it("H12 refuses a tool that neither the spec nor the host has, before anything runs", async () => {
    const spec = defineRuntime(TENANT, {
      agents: [agent("boss", "coordinator", { tools: ["read_fil", "own"] })],
      plans: [{ name: "p", actions: { go: { tool: "nothing_like_it" } } }],
      toolBindings: [{ name: "own", handler: (() => "") as never }],
    });
    await assert.rejects(openHarness(spec, []), (error) => {
      assert.ok(isAksaraError(error) && error.code === "SPEC_INVALID");
      assert.deepEqual(error.message.split("\n"), [
        'agents[0].tools[0]: expected a tool that there is, not "read_fil"; did you mean "read_file"?',
        'plans[0].actions.go.tool: expected a tool that there is, not "nothing_like_it".',
      ]);
      return true;
    });
    const right = defineRuntime(TENANT, {
      agents: [agent("boss", "coordinator", { tools: ["list_files"] })],
    });
    bench = await openHarness(right, [calls(["list_files", {}]), says("done")], { files: { "a.txt": "x" } });
    const [listed] = eventsOf(await collect(bench.runtime.query("go", "t")), "result");
    assert.match(listed?.result.output ?? "", /a\.txt/);
  });

  it("lets the hooks of the host hear every event, and ends the run with one that fails", async () => {
    const heard: AgentEvent[] = [];
    const spec = defineRuntime(TENANT, { agents: [agent("boss", "coordinator")] });
    bench = await openHarness(spec, [says("hello"), says("hello")], {
      eventHooks: [(event) => void heard.push(event)],
    });
    const events = await collect(bench.runtime.query("go", "t"));
    assert.deepEqual(heard, events);
    const failing = bench.again(spec, undefined, {
      eventHooks: [
        () => {
          throw new Error("the hook broke");
        },
      ],
    });
    await assert.rejects(collect(failing.query("go", "t")), /the hook broke/);
  });

  it("shows an agent what it noted before, and other threads what is for the workspace", async () => {
    const spec = defineRuntime(TENANT, { agents: [agent("boss", "coordinator", { toolkits: ["memory"] })] });
    bench = await openHarness(spec, [
      calls(
        ["write_note", { name: "style", text: "tabs", scope: "workspace" }],
        ["write_note", { name: "here", text: "only here" }],
      ),
      says("noted"),
      calls(["list_notes", {}]),
      says("read"),
    ]);
    await collect(bench.runtime.query("note", "t1"));
    const [listed] = eventsOf(await collect(bench.runtime.query("read", "t2")), "result");
    assert.equal(listed?.result.output, "style (workspace): tabs");
    const notes = await bench.runtime.notes.list("t1");
    assert.deepEqual(
      notes.map(({ name, by, threadId }) => [name, by, threadId]),
      [
        ["here", "boss", "t1"],
        ["style", "boss", null],
      ],
    );
  });
});

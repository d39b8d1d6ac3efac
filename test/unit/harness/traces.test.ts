import assert from "node:assert/strict";
import { defineRuntime } from "../../../src/harness/spec/runtime-spec.ts";
import { KeptTraces } from "../../../src/hosts/shared/kept-traces.ts";
import { traceViewOf } from "../../../src/hosts/vscode/traces/trace-view.ts";
import { traceViewSchema } from "../../../src/protocol/trace.ts";
import { otlpOf } from "../../../src/records/otlp.ts";
import type { Span } from "../../../src/records/trace.ts";
import { otlpTracesSchema } from "../../support/otlp-schema.ts";
import { agent, as, calls, collect, endOf, type HarnessBench, openHarness, says, TENANT } from "./support.ts";

const SPEC = defineRuntime(TENANT, {
  agents: [
    agent("boss", "coordinator", { routes: ["clerk"] }),
    agent("clerk", "specialist", {
      tools: [{ name: "pay", approval: "always", handler: (() => "paid") as never }],
    }),
  ],
});

describe("traces", () => {
  let bench: HarnessBench;
  before(async () => {
    const answers = [1, 2, 3].flatMap(() => [
      as("You are boss.", calls(["hand_off", { agent: "clerk", task: "pay" }])),
      { ...as("You are clerk.", calls(["pay", { secret: "the amount" }])), usage: { input: 7, output: 3 } },
      as("You are clerk.", says("paid")),
      as("You are boss.", says("done")),
    ]);
    bench = await openHarness(SPEC, answers, { store: "sqlite" });
    const ask = (thread: string, labels: Record<string, string>) =>
      collect(bench.runtime.query("pay", thread, null, { labels }), async (event) => {
        if (event.type === "approval") await bench.runtime.respondToApproval(event.id, "approve");
      });
    await ask("t1", { evalRunId: "e1", testCaseId: "c1" });
    await ask("t1", { evalRunId: "e1", testCaseId: "c2" });
    ids = [endOf(await ask("t2", {})).result.traceId];
  });
  after(async () => {
    await bench.dispose();
  });
  let ids: readonly string[] = [];

  it("H21 gives a trace by its id, and null for one that is unknown or another tenant's", async () => {
    const [id = ""] = ids;
    const trace = await bench.runtime.getTrace(id);
    assert.deepEqual(
      [trace?.traceId, trace?.threadId, trace?.agent, trace?.status, trace?.evalRunId, trace?.errorCode],
      [id, "t2", "boss", "complete", null, null],
    );
    assert.equal(await bench.runtime.getTrace("0".repeat(32)), null);
    const child = trace?.spans.find(({ kind, parentSpanId }) => kind === "agent" && parentSpanId !== null);
    assert.equal(
      await bench.runtime.getTrace(String(child?.attributes["aksara.run.id"])),
      null,
      "a part is no trace",
    );
    const other = bench.again(
      defineRuntime({ resource_id: "other", version: "1" }, { agents: [agent("boss", "coordinator")] }),
    );
    assert.equal(await other.getTrace(id), null);
    assert.deepEqual(await other.listTraces(), []);
  });

  it("H21 lists traces, all or by thread, eval run and test case", async () => {
    const list = async (filter: object = {}) => (await bench.runtime.listTraces(filter)).length;
    assert.equal(await list(), 3);
    assert.equal(await list({ threadId: "t1" }), 2);
    assert.equal(await list({ evalRunId: "e1" }), 2);
    assert.equal(await list({ testCaseId: "c2" }), 1);
    assert.equal(await list({ evalRunId: "e1", testCaseId: "c1", threadId: "t1" }), 1);
    assert.equal(await list({ evalRunId: "e1", threadId: "t2" }), 0);
    const [latest] = await bench.runtime.listTraces();
    assert.equal(latest?.traceId, ids[0]);
  });

  it("H21 has spans for agents, model calls, tools and waiting, each below what called it", async () => {
    const trace = await bench.runtime.getTrace(ids[0] ?? "");
    const spans = trace?.spans ?? [];
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    assert.equal(byId.size, spans.length);
    const wayOf = (span: Span): string =>
      span.parentSpanId === null ? span.name : `${wayOf(byId.get(span.parentSpanId) ?? span)} > ${span.name}`;
    assert.deepEqual(spans.map(wayOf).sort(), [
      "invoke_agent boss",
      "invoke_agent boss > chat m",
      "invoke_agent boss > chat m",
      "invoke_agent boss > execute_tool hand_off",
      "invoke_agent boss > execute_tool hand_off > invoke_agent boss/clerk",
      "invoke_agent boss > execute_tool hand_off > invoke_agent boss/clerk > chat m",
      "invoke_agent boss > execute_tool hand_off > invoke_agent boss/clerk > chat m",
      "invoke_agent boss > execute_tool hand_off > invoke_agent boss/clerk > execute_tool pay",
      "invoke_agent boss > execute_tool hand_off > invoke_agent boss/clerk > wait_for_approval pay",
    ]);
    const model = spans.find((span) => span.attributes["gen_ai.usage.input_tokens"] === 7);
    assert.deepEqual(
      [
        model?.attributes["gen_ai.operation.name"],
        model?.attributes["gen_ai.usage.output_tokens"],
        model?.attributes["gen_ai.response.finish_reasons"],
      ],
      ["chat", 3, ["tool-calls"]],
    );
    const wait = spans.find(({ kind }) => kind === "approval");
    assert.equal(wait?.attributes["aksara.approval.outcome"], "approve");
    for (const span of spans) {
      assert.match(span.spanId, /^[0-9a-f]{16}$/);
      assert.ok(span.endedAt !== null && span.endedAt >= span.startedAt, span.name);
    }
    assert.doesNotMatch(JSON.stringify(trace), /the amount/, "nothing that was said stands in it");
  });

  it("H21 is exported as OTLP JSON", async () => {
    const trace = await bench.runtime.getTrace(ids[0] ?? "");
    assert.ok(trace);
    const document = JSON.parse(JSON.stringify(otlpOf(trace)));
    const [{ resource, scopeSpans }] = document.resourceSpans;
    assert.deepEqual(resource.attributes[0], {
      key: "service.name",
      value: { stringValue: "aksara-studio" },
    });
    const { spans } = scopeSpans[0];
    assert.equal(spans.length, trace.spans.length);
    for (const span of spans) {
      assert.equal(span.traceId, ids[0]);
      assert.match(span.startTimeUnixNano, /^\d{19}$/);
      assert.ok([1, 3].includes(span.kind));
    }
    const tokens = spans
      .flatMap(({ attributes }: { attributes: { key: string; value: object }[] }) => attributes)
      .find(
        ({ key, value }: { key: string; value: { intValue?: string } }) =>
          key === "gen_ai.usage.input_tokens" && value.intValue === "7",
      );
    assert.ok(tokens);
  });

  it("H21 passes a strict reading of OTLP, finished or not, with what was said only when that is asked for", async () => {
    const runtime = bench.again(SPEC, [
      calls(["hand_off", { agent: "clerk", task: "pay it" }]),
      calls(["pay", { sum: 12 }]),
    ]);
    const left = endOf(await collect(runtime.query("pay", "t5", null, { approvals: "leave-open" })));
    const waiting = await runtime.getTrace(left.result.traceId);
    const done = await bench.runtime.getTrace(ids[0] ?? "");
    assert.ok(waiting && done);
    const kept = new KeptTraces(bench.store, null);
    for (const trace of [waiting, done]) {
      const plain = otlpOf(trace);
      otlpTracesSchema.parse(plain);
      assert.doesNotMatch(JSON.stringify(plain), /the amount|pay it|"12"/);
    }
    const told = otlpOf(done, await kept.contents(done.traceId));
    otlpTracesSchema.parse(told);
    assert.match(JSON.stringify(told), /gen_ai\.tool\.call\.arguments.{0,60}the amount/);
    assert.throws(() => otlpTracesSchema.parse({ ...told, more: 1 }));
  });

  it("H21 is opened by the run of any of its agents, and drawn as a tree", async () => {
    const trace = await bench.runtime.getTrace(ids[0] ?? "");
    const part = trace?.spans.find(({ name }) => name === "invoke_agent boss/clerk");
    const opened = await new KeptTraces(bench.store, null).open(String(part?.attributes["aksara.run.id"]));
    assert.ok(opened);
    assert.equal(opened.traceId, ids[0]);
    const view = traceViewOf(opened, "pay", 0);
    traceViewSchema.parse(view);
    assert.deepEqual(
      view.rows.map(({ kind, name, agent, depth }) => `${depth} ${kind} ${name} ${agent}`),
      [
        "0 agent boss boss",
        "1 model m boss",
        "1 tool hand_off boss",
        "2 agent boss/clerk boss/clerk",
        "3 model m boss/clerk",
        "3 approval pay boss/clerk",
        "3 tool pay boss/clerk",
        "3 model m boss/clerk",
        "1 model m boss",
      ],
    );
    assert.deepEqual(view.rows[4]?.tokens, { input: 7, output: 3 });
  });

  it("H21 shows a run that waits or failed as what it is", async () => {
    const runtime = bench.again(SPEC, [
      calls(["hand_off", { agent: "clerk", task: "x" }]),
      calls(["pay", {}]),
    ]);
    const left = endOf(await collect(runtime.query("pay", "t3", null, { approvals: "leave-open" })));
    const waiting = await runtime.getTrace(left.result.traceId);
    assert.equal(waiting?.status, "interrupted");
    assert.equal(waiting?.spans.find(({ kind }) => kind === "approval")?.endedAt, null);
    const broken = bench.again(SPEC, [{ steps: [{ error: { kind: "auth" } }] }]);
    const failed = endOf(await collect(broken.query("pay", "t4")));
    const trace = await broken.getTrace(failed.result.traceId);
    assert.deepEqual([trace?.status, trace?.errorCode], ["error", "AUTH_FAILED"]);
  });
});

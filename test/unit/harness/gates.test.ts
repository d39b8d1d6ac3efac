import assert from "node:assert/strict";
import { type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import type { HarnessRuntime } from "../../../src/harness/runtime.ts";
import { defineRuntime, type RuntimeParts } from "../../../src/harness/spec/runtime-spec.ts";
import type { AgentEvent, ApprovalAnswer } from "../../../src/protocol/agent.ts";
import {
  type Answers,
  agent,
  as,
  calls,
  collect,
  endOf,
  eventsOf,
  type HarnessBench,
  type HarnessBenchOptions,
  openHarness,
  says,
  TENANT,
} from "./support.ts";

const code = (wanted: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === wanted;

describe("gates", () => {
  let bench: HarnessBench;
  let paid: unknown[];
  beforeEach(() => {
    paid = [];
  });
  afterEach(async () => {
    await bench?.dispose();
  });

  /** A tool that is asked about, given to a specialist below the coordinator. */
  const pay = (more: object = {}) => ({
    name: "pay",
    approval: "always" as const,
    ...more,
    handler: ((input: unknown) => {
      paid.push(input);
      return "paid";
    }) as never,
  });
  const parts = (more: object = {}): RuntimeParts => ({
    agents: [
      agent("boss", "coordinator", { routes: ["clerk"] }),
      agent("clerk", "specialist", { tools: [pay(more)] }),
    ],
  });
  const PAY: Answers = [
    as("You are boss.", calls(["hand_off", { agent: "clerk", task: "pay alice" }])),
    as("You are clerk.", calls(["pay", { to: "alice", amount: 5 }])),
    as("You are clerk.", says("It is settled.")),
    as("You are boss.", says("Done.")),
  ];
  const open = async (answers: Answers, spec: RuntimeParts = parts(), options: HarnessBenchOptions = {}) => {
    bench = await openHarness(defineRuntime(TENANT, spec), answers, options);
    return bench.runtime;
  };
  /** Answers every gate as soon as it is told. */
  const answering =
    (
      runtime: HarnessRuntime,
      outcome: ApprovalAnswer["outcome"],
      more: Omit<ApprovalAnswer, "outcome"> = {},
    ) =>
    async (event: AgentEvent) => {
      if (event.type === "approval") await runtime.respondToApproval(event.id, outcome, more);
    };

  // prove: src/agent/approvals/decide.ts :: const asked = cell === "ask" || question.toolPolicy === "always"; => const asked = cell === "ask";
  it("H17 approve runs the call as it was shown, from the agent below, with the way to it", async () => {
    const runtime = await open(PAY);
    const events = await collect(runtime.query("pay", "t"), answering(runtime, "approve"));
    assert.equal(endOf(events).type, "complete");
    assert.deepEqual(paid, [{ to: "alice", amount: 5 }]);
    const [asked] = eventsOf(events, "approval");
    assert.deepEqual(
      [asked?.agent, asked?.request.tool, asked?.request.decision.rule],
      ["boss/clerk", "pay", "tool-policy"],
    );
  });

  it("H17 reject gives the feedback to the agent in place of the result", async () => {
    const runtime = await open(PAY);
    const events = await collect(
      runtime.query("pay", "t"),
      answering(runtime, "reject", { feedback: "too much" }),
    );
    assert.deepEqual(paid, []);
    const refused = eventsOf(events, "result").find(({ tool }) => tool === "pay")?.result;
    assert.equal(refused?.errorCode, "APPROVAL_REJECTED");
    assert.match(refused?.output ?? "", /too much/);
  });

  it("H17 revise with a part merges it into the arguments and runs them", async () => {
    const runtime = await open(PAY);
    await collect(runtime.query("pay", "t"), answering(runtime, "revise", { partial: { amount: 3 } }));
    assert.deepEqual(paid, [{ to: "alice", amount: 3 }]);
  });

  it("H17 revise without a part goes back to the agent, which proposes again", async () => {
    const [first = says(""), ask = says(""), ...rest] = PAY;
    const runtime = await open([
      first,
      ask,
      as("You are clerk.", calls(["pay", { to: "alice", amount: 4 }])),
      ...rest,
    ]);
    let asked = 0;
    await collect(runtime.query("pay", "t"), async (event) => {
      if (event.type !== "approval") return;
      if (asked++ === 0) await runtime.respondToApproval(event.id, "revise", { feedback: "less" });
      else await runtime.respondToApproval(event.id, "approve");
    });
    assert.equal(asked, 2);
    assert.deepEqual(paid, [{ to: "alice", amount: 4 }]);
    assert.match(JSON.stringify(bench.requests[2]?.messages), /less/);
  });

  // prove: src/records/gates.ts :: isOurs = before?.state === "open"; => isOurs = before !== null;
  it("H17 refuses another outcome, an unknown gate, and a second answer", async () => {
    const runtime = await open(PAY);
    let id = "";
    await collect(runtime.query("pay", "t"), async (event) => {
      if (event.type !== "approval") return;
      id = event.id;
      await assert.rejects(runtime.respondToApproval(id, "maybe" as never), code("INVALID_REQUEST"));
      await assert.rejects(runtime.respondToApproval("nothing", "approve"), code("APPROVAL_UNKNOWN"));
      await runtime.respondToApproval(id, "approve");
      await assert.rejects(runtime.respondToApproval(id, "reject"), code("APPROVAL_ALREADY_ANSWERED"));
    });
    assert.notEqual(id, "");
    await assert.rejects(runtime.respondToApproval(id, "reject"), code("APPROVAL_ALREADY_ANSWERED"));
    assert.equal(paid.length, 1);
  });

  it("H17 lists what waits, with the agent that asks and the run that goes on", async () => {
    const runtime = await open(PAY);
    const events = await collect(runtime.query("pay", "t"), async (event) => {
      if (event.type !== "approval") return;
      const [gate, ...others] = await runtime.listPendingApprovals();
      assert.deepEqual(others, []);
      assert.deepEqual(
        [gate?.id, gate?.agent, gate?.threadId, gate?.state],
        [event.id, "boss/clerk", "t", "open"],
      );
      await runtime.respondToApproval(event.id, "approve");
    });
    assert.deepEqual(await runtime.listPendingApprovals(), []);
    assert.equal(endOf(events).type, "complete");
  });

  for (const store of ["memory", "sqlite"] as const)
    it(`H17 H18 a question that is left open interrupts the run, outlives the runtime, and its answer lets it go on (${store})`, async () => {
      const runtime = await open(PAY.slice(0, 2), parts(), { store });
      const events = await collect(runtime.query("pay", "t", null, { approvals: "leave-open" }));
      const end = endOf(events);
      assert.equal(end.type, "interrupted");
      assert.deepEqual([end.result.stopReason, end.result.errorCode], ["waiting", "APPROVAL_REQUIRED"]);
      const again = bench.again(spec(), PAY.slice(2));
      const [waiting] = await again.listInterrupted();
      assert.deepEqual([waiting?.reason, waiting?.task, waiting?.threadId], ["waiting", "pay", "t"]);
      const [gate] = await again.listPendingApprovals();
      await again.respondToApproval(gate?.id ?? "", "approve");
      const token = end.type === "interrupted" ? end.resumeToken : "";
      const rest = await collect(again.query("", "t", token));
      assert.equal(endOf(rest).result.output, "Done.");
      assert.deepEqual(paid, [{ to: "alice", amount: 5 }]);
      assert.equal(eventsOf(rest, "handoff").length, 0, "the task is handed on once");
      assert.equal(eventsOf(rest, "approval").length, 0, "what was answered is not asked again");
      assert.deepEqual(await again.listInterrupted(), []);
      await assert.rejects(collect(again.query("", "t", token)), code("INVALID_REQUEST"));
    });
  const spec = () => defineRuntime(TENANT, parts());

  it("H18 a question that nobody answered is told again to who goes on with the run", async () => {
    const runtime = await open(PAY.slice(0, 2), parts(), { store: "sqlite" });
    const end = endOf(await collect(runtime.query("pay", "t", null, { approvals: "leave-open" })));
    const again = bench.again(spec(), PAY.slice(2));
    const rest = await collect(again.resume(end.result.runId), answering(again, "approve"));
    assert.equal(endOf(rest).type, "complete");
    assert.deepEqual(
      eventsOf(rest, "approval").map(({ agent: by }) => by),
      ["boss/clerk"],
    );
    assert.equal(paid.length, 1);
  });

  it("H17 an answer from another runtime on the same store reaches the one that waits", async () => {
    const runtime = await open(PAY, parts(), { store: "sqlite" });
    const other = bench.again(spec());
    const events = await collect(runtime.query("pay", "t"), answering(other, "approve"));
    assert.equal(endOf(events).type, "complete");
    assert.equal(paid.length, 1);
  });

  it("H17 gates of several agents at once are independent, and asked one by one", async () => {
    const hand = (to: string) => ["hand_off", { agent: "clerk", task: `pay ${to}` }] as const;
    const runtime = await open([
      as("You are boss.", calls(hand("alice"), hand("bob"))),
      { ...as("You are clerk.", calls(["pay", { to: "alice" }])), when: { last: "pay alice" } },
      { ...as("You are clerk.", calls(["pay", { to: "bob" }])), when: { last: "pay bob" } },
      { ...says("ok"), when: { tool_result: "pay" } },
      { ...says("ok"), when: { tool_result: "pay" } },
      as("You are boss.", says("Done.")),
    ]);
    const ids: string[] = [];
    await collect(runtime.query("pay", "t"), async (event) => {
      if (event.type !== "approval") return;
      ids.push(event.id);
      if (ids.length < 2) return;
      assert.equal((await runtime.listPendingApprovals()).length, 2);
      await runtime.respondToApproval(ids[1] ?? "", "approve");
      await runtime.respondToApproval(ids[0] ?? "", "reject");
    });
    assert.equal(ids.length, 2);
    assert.equal(paid.length, 1);
  });

  it("H17 a gate of a run that is cancelled is withdrawn", async () => {
    const cancel = new AbortController();
    const runtime = await open(PAY);
    let id = "";
    await collect(runtime.query("pay", "t", null, { signal: cancel.signal }), (event) => {
      if (event.type !== "approval") return;
      id = event.id;
      cancel.abort();
    });
    assert.deepEqual(await runtime.listPendingApprovals(), []);
    await assert.rejects(runtime.respondToApproval(id, "approve"), code("APPROVAL_ALREADY_ANSWERED"));
    assert.deepEqual(paid, []);
  });

  it("H17 a gate expires only where a time is set, and then counts as rejected", async () => {
    const runtime = await open(PAY, parts(), { approvalTimeoutSeconds: 0.05 });
    const events = await collect(runtime.query("pay", "t"));
    assert.equal(endOf(events).type, "complete");
    assert.match(
      eventsOf(events, "result").find(({ tool }) => tool === "pay")?.result.output ?? "",
      /Nobody answered in time/,
    );
    assert.deepEqual(paid, []);
  });

  it("H18 disposing leaves a question open, and the run can be gone on with", async () => {
    const runtime = await open(PAY.slice(0, 2), parts(), { store: "sqlite" });
    const events = await collect(runtime.query("pay", "t"), ({ type }) => {
      if (type === "approval") setImmediate(() => runtime.dispose());
    });
    const end = endOf(events);
    assert.deepEqual([end.type, end.result.stopReason], ["interrupted", "waiting"]);
    const again = bench.again(spec(), PAY.slice(2));
    const [gate] = await again.listPendingApprovals();
    await again.respondToApproval(gate?.id ?? "", "approve");
    assert.equal(endOf(await collect(again.resume(end.result.runId))).type, "complete");
    assert.equal(paid.length, 1);
  });

  describe("policies", () => {
    const asksFor = async (spec: RuntimeParts, options: HarnessBenchOptions = {}): Promise<boolean> => {
      const runtime = await open(PAY, spec, options);
      const events = await collect(runtime.query("pay", "t"), answering(runtime, "approve"));
      await bench.dispose();
      return eventsOf(events, "approval").length > 0;
    };
    const withPolicies = (
      more: RuntimeParts,
      clerk: object = {},
      tool: object = { approval: undefined },
    ): RuntimeParts => ({
      agents: [
        agent("boss", "coordinator", { routes: ["clerk"] }),
        agent("clerk", "specialist", { tools: [pay(tool)], ...clerk }),
      ],
      ...more,
    });

    it("H13 the runtime's is for all; an agent's, a tool's and an override replace it, each more specific", async () => {
      const always = { approvalPolicies: { tools: "always" as const } };
      const never = { approvalPolicies: { tools: "never" as const } };
      assert.equal(await asksFor(withPolicies({})), false);
      assert.equal(await asksFor(withPolicies(always)), true);
      assert.equal(await asksFor(withPolicies(always, never)), false);
      assert.equal(await asksFor(withPolicies({}, never, { approval: "always" })), true);
      assert.equal(
        await asksFor(withPolicies({}, { toolApprovalPolicies: { pay: "never" } }, { approval: "always" })),
        false,
      );
      assert.equal(
        await asksFor(
          withPolicies(
            { approvalOverrides: {} },
            { toolApprovalPolicies: { pay: "never" } },
            { approval: "always" },
          ),
        ),
        true,
        "given overrides replace those of the agents",
      );
    });

    it("H12 a predicate decides by the arguments; one that fails asks", async () => {
      const dynamic = { approval: { kind: "dynamic" as const, value: "is_big" } };
      const ask = (is_big: (input: unknown) => boolean) =>
        asksFor(withPolicies({}, {}, dynamic), { approvalPredicates: { is_big } });
      assert.equal(await ask((input) => (input as { amount: number }).amount > 4), true);
      assert.equal(await ask((input) => (input as { amount: number }).amount > 5), false);
      assert.equal(
        await ask(() => {
          throw new Error("broken");
        }),
        true,
      );
      assert.equal(
        await asksFor(withPolicies({}, {}, { approval: { kind: "dynamic" }, approvalHandler: () => true })),
        true,
      );
    });

    // prove: src/agent/approvals/decide.ts :: const asked = cell === "ask" || question.toolPolicy === "always"; => const asked = question.toolPolicy === "always";
    it("A02 no spec loosens what classes and modes demand", async () => {
      const data = { approval: "never" as const, class: "data" as const };
      const own = { toolApprovalPolicies: { pay: "never" as const } };
      assert.equal(await asksFor(withPolicies({ approvalPolicies: { tools: "never" } }, own, data)), true);
      paid = [];
      const runtime = await open(PAY, withPolicies({}, own, data), { settings: { mode: "ask" } });
      const events = await collect(runtime.query("pay", "t"));
      assert.equal(
        eventsOf(events, "result").find(({ tool }) => tool === "pay")?.result.errorCode,
        "TOOL_NOT_ALLOWED",
      );
      assert.deepEqual(paid, []);
    });
  });
});

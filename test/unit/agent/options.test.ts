import assert from "node:assert/strict";
import * as z from "zod";
import { DEFAULT_TOOLS, readSettings } from "../../../src/agent/options.ts";
import { defineTool, type Tool } from "../../../src/agent/tools/tool.ts";
import { type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import type { Connector } from "../../../src/providers/model-stream.ts";
import {
  type AgentBench,
  type Answers,
  type BenchOptions,
  calls,
  collect,
  lastResults,
  openBench,
  resultOf,
  says,
  unpaired,
} from "./support.ts";

const failsWith = (code: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === code;
const READ = () => calls(["read_file", { path: "notes.txt" }]);

/** A tool that fails so many times, then works. */
function flaky(
  failures: number,
  more: Partial<Tool> = {},
): { readonly tool: Tool; readonly tries: () => number } {
  let tries = 0;
  const made = defineTool({
    name: "flaky",
    description: "flaky",
    input: z.looseObject({}),
    execute: async () => {
      if (++tries <= failures) throw new Error(`failure ${tries}`);
      return { output: "worked" };
    },
  });
  return { tool: { ...made, ...more } as Tool, tries: () => tries };
}

describe("options of an agent", () => {
  let bench: AgentBench;
  const open = async (answers: Answers, options: BenchOptions = {}) => {
    bench = await openBench(answers, { files: { "notes.txt": "one\n" }, ...options });
    return bench.runtime;
  };
  afterEach(async () => {
    await bench?.dispose();
  });

  it("A01 has the defaults of the contract, and names the option that is wrong", () => {
    assert.deepEqual(DEFAULT_TOOLS, ["query_records", "list_models", "describe_model"]);
    assert.deepEqual(readSettings(), {
      tools: null,
      provider: null,
      model: null,
      temperature: 0.1,
      mode: "default",
      interactive: false,
      allowWrites: true,
      allowSystemTools: false,
      maxInputTokens: null,
      maxOutputTokens: 4_000,
      maxTotalTokens: 100_000,
      maxCostUsd: null,
      maxIterations: 20,
      maxToolCalls: 50,
      timeoutSeconds: 300,
      toolTimeoutSeconds: 30,
      toolTimeouts: {},
      retryOnError: true,
      maxRetries: 3,
      errorStrategy: "retry",
      requireApprovalFor: [],
      sandboxMode: false,
      logActions: true,
      logReasoning: false,
    });
    assert.deepEqual(readSettings({ defaultTools: ["a"], allowWriteTools: false }).tools, ["a"]);
    assert.equal(readSettings({ allowWriteTools: false }).allowWrites, false);
    for (const wrong of [{ maxIterations: 0 }, { mode: "free" }, { temperature: 3 }, { nonsense: 1 }])
      assert.throws(() => readSettings(wrong), failsWith("SPEC_INVALID"), JSON.stringify(wrong));
  });

  it("A01 model, temperature, tools and maxOutputTokens reach the model", async () => {
    const runtime = await open([says("hi")], {
      model: "m-1",
      temperature: 0.7,
      maxOutputTokens: 123,
      tools: ["read_file"],
    });
    await runtime.execute("go");
    const [request] = bench.requests;
    assert.equal(request?.model, "m-1");
    assert.equal(request?.temperature, 0.7);
    assert.equal(request?.maxOutputTokens, 123);
    assert.deepEqual(
      request?.tools.map(({ name }) => name),
      ["read_file", "read_reference"],
    );
  });

  it("A01 a tool that was not named is not there for the model", async () => {
    const runtime = await open([calls(["write_file", { path: "x", content: "" }]), says("done")], {
      tools: ["read_file"],
      mode: "autonomous",
    });
    assert.equal((await runtime.execute("go")).actions[0]?.error, "TOOL_NOT_FOUND");
    await assert.rejects(runtime.execute("go", { tools: ["read_fil"] }), failsWith("TOOL_NOT_FOUND"));
  });

  it("A01 allowWrites and allowSystemTools keep tools from running, in every mode", async () => {
    const run = { ...flaky(0).tool, name: "system_tool", class: "system" as const };
    const runtime = await open(
      [calls(["write_file", { path: "x", content: "" }], ["system_tool", {}]), says("done")],
      { mode: "autonomous", allowWrites: false, ownTools: [run], approvalCallback: () => true },
    );
    const result = await runtime.execute("go");
    assert.deepEqual(
      result.actions.map(({ approval }) => approval.rule),
      ["writes-off", "system-off"],
    );
  });

  it("A01 requireApprovalFor asks for more, and cannot ask for less", async () => {
    const runtime = await open([READ(), calls(["write_file", { path: "x", content: "" }]), says("done")], {
      mode: "autonomous",
      requireApprovalFor: ["write_file", "read_file"],
    });
    const result = await runtime.execute("go");
    assert.deepEqual(
      result.actions.map(({ error, approval }) => [error, approval.rule]),
      [
        ["APPROVAL_REQUIRED", "require-approval"],
        ["APPROVAL_REQUIRED", "require-approval"],
      ],
    );
  });

  it("A01 progressCallback hears each iteration; logs hold actions, and reasoning only if wanted", async () => {
    const lines: string[] = [];
    const heard: string[] = [];
    const answers: Answers = [
      { steps: [{ reasoning: "deep thought" }, { tool: "read_file", input: { path: "notes.txt" } }] },
      says("done"),
    ];
    const hooks: BenchOptions = {
      log: (line) => void lines.push(line),
      progressCallback: ({ iteration, maxIterations, status }) =>
        void heard.push(`${iteration}/${maxIterations} ${status}`),
    };
    const runtime = await open(answers, hooks);
    await runtime.execute("go", { maxIterations: 7 });
    assert.deepEqual(heard, ["1/7 thinking", "2/7 thinking"]);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^read_file /);
    lines.length = 0;
    await bench.again(answers, hooks).execute("go", { logActions: false, logReasoning: true });
    assert.deepEqual(lines, ["deep thought"]);
  });

  describe("limits", () => {
    it("A08 maxIterations ends the run, and the model was told before", async () => {
      const runtime = await open(
        Array.from({ length: 9 }, (_, at) => calls(["read_file", { path: "notes.txt", start_line: at + 1 }])),
        { maxIterations: 5 },
      );
      const result = await runtime.execute("go");
      assert.equal(result.errorCode, "MAX_ITERATIONS_EXCEEDED");
      assert.deepEqual(result.limit, { name: "maxIterations", allowed: 5, used: 5 });
      assert.equal(bench.requests.length, 5);
      assert.match(JSON.stringify(bench.requests[4]?.messages.at(-1)), /four fifths of the 5 iterations/);
    });

    it("A08 maxToolCalls: what goes beyond has a result and is not run", async () => {
      const counted = flaky(0);
      const runtime = await open(
        [calls(["flaky", { a: 1 }], ["flaky", { a: 2 }], ["flaky", { a: 3 }]), says("never asked")],
        {
          ownTools: [counted.tool],
          maxToolCalls: 2,
        },
      );
      const result = await runtime.execute("go");
      assert.equal(counted.tries(), 2);
      assert.equal(result.errorCode, "MAX_TOOL_CALLS_EXCEEDED");
      assert.deepEqual(
        result.actions.map(({ error }) => error),
        [null, null, "MAX_TOOL_CALLS_EXCEEDED"],
      );
      assert.equal(result.success, false);
    });

    it("A08 timeoutSeconds ends a model that does not answer, and keeps what was done", async () => {
      const runtime = await open([READ(), { steps: [{ text: "half" }, { hang: true }] }], {
        timeoutSeconds: 3,
      });
      const events = await collect(runtime.executeStream("go"));
      const result = resultOf(events);
      assert.equal(events.at(-1)?.type, "error");
      assert.equal(result.errorCode, "TIMEOUT");
      assert.equal(result.limit?.name, "timeoutSeconds");
      assert.equal(result.actions.length, 1);
    });

    it("A08 waiting for a person costs no time", async () => {
      const runtime = await open([calls(["write_file", { path: "x", content: "" }]), says("done")], {
        timeoutSeconds: 3,
        approvalCallback: async () => {
          await new Promise((resolve) => setTimeout(resolve, 3_500));
          return true;
        },
      });
      assert.equal((await runtime.execute("go")).success, true);
    });

    it("A08 maxTotalTokens is of the session, reserved before a call, and said in the result", async () => {
      const answers: Answers = [
        { ...says("first"), usage: { input: 3_000, output: 500 } },
        { ...says("second"), usage: { input: 3_000, output: 500 } },
      ];
      const runtime = await open(answers, { maxTotalTokens: 5_000, tools: ["read_file"] });
      const session = await runtime.startSession();
      assert.equal((await session.send("one")).success, true);
      const second = await session.send("two ".repeat(2_000));
      assert.equal(second.errorCode, "TOKEN_BUDGET_EXCEEDED");
      assert.equal(second.limit?.name, "maxTotalTokens");
      assert.equal(second.limit?.used, 3_500);
      assert.equal(bench.requests.length, 1);
    });

    it("A08 a call whose answer never came counts what was reserved for it", async () => {
      const runtime = await open([
        { steps: [{ error: { kind: "interrupted", message: "cut" } }] },
        { ...says("done"), usage: { input: 10, output: 10 } },
      ]);
      const { usage } = await runtime.execute("go");
      assert.ok(usage.inputTokens > 500, `${usage.inputTokens}`);
      assert.equal(usage.estimated, true);
    });
  });

  it("a context that grows too large is made smaller between pairs, keeping task, rules and plan", async () => {
    const big = "word ".repeat(1_500);
    const rounds = Array.from({ length: 30 }, (_, at) => calls(["read_file", { path: `f${at % 7}.txt` }]));
    const runtime = await open(
      [calls(["propose_plan", { goal: "PLAN-GOAL", steps: [{ title: "read" }] }]), ...rounds, says("done")],
      {
        files: Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`f${at}.txt`, `${at} ${big}`])),
        mode: "supervised",
        approvalCallback: () => true,
        maxInputTokens: 12_000,
        maxTotalTokens: 10_000_000,
        maxIterations: 40,
      },
    );
    const result = await runtime.execute("THE-TASK is to read everything");
    assert.equal(result.success, true, result.error ?? "");
    assert.deepEqual(bench.requests.flatMap(unpaired), []);
    const sizes = bench.requests.map(({ messages }) => JSON.stringify(messages).length);
    assert.ok(Math.max(...sizes) < 12_000 * 5, `${Math.max(...sizes)} characters`);
    const last = bench.requests.at(-1);
    assert.match(JSON.stringify(last?.messages[0]), /THE-TASK/);
    assert.match(JSON.stringify(last?.messages[1]), /Earlier parts.*PLAN-GOAL/);
    assert.equal(last?.system, bench.requests[0]?.system);
    const records = (await bench.store.logs.read(result.runId)) as { type: string }[];
    assert.ok(records.filter(({ type }) => type === "compacted").length >= 2);
    assert.equal(result.actions.length, 31);
  });

  it("a model that says its context is full is asked once more with a smaller one", async () => {
    const full: Answers[number] = { steps: [{ error: { kind: "context_length", message: "too long" } }] };
    const runtime = await open([READ(), READ(), READ(), full, says("done")], {});
    const result = await runtime.execute("go");
    assert.equal(result.output, "done");
    assert.ok((bench.requests[4]?.messages.length ?? 0) < (bench.requests[3]?.messages.length ?? 0));
  });

  it("a provider that cannot do temperature is not given one", async () => {
    const plain: Connector = {
      kind: "scripted",
      defaultModel: "m",
      capabilities: () => ({
        tools: true,
        images: false,
        reasoning: false,
        temperature: false,
        caching: false,
        contextWindow: null,
        maxOutputTokens: 50,
      }),
      listModels: async () => ["m"],
      stream: async function* () {
        yield { type: "text", delta: "hi" };
        yield { type: "finish", reason: "stop", model: "m" };
      },
    };
    const runtime = await open([], { connector: plain });
    await runtime.execute("go");
    assert.equal(bench.requests[0]?.temperature, null);
    assert.equal(bench.requests[0]?.maxOutputTokens, 50);
  });

  it("suggestions and findings come from the block at the end of an answer", async () => {
    const runtime = await open([
      says(
        'Two things.\n\n```json\n{"suggestions": ["Add an index on created_at"], "findings": [{"severity": "high", "issue": "SQL injection", "fix": "Use parameters", "location": "a.py:3"}]}\n```',
      ),
    ]);
    const result = await runtime.execute("Review");
    assert.equal(result.output, "Two things.");
    assert.deepEqual(result.suggestions, ["Add an index on created_at"]);
    assert.deepEqual(result.findings, [
      { severity: "high", issue: "SQL injection", fix: "Use parameters", location: "a.py:3" },
    ]);
    const plain = bench.again([says('Use this:\n```json\n{"a": 1}\n```')]);
    assert.equal((await plain.execute("Review")).output, 'Use this:\n```json\n{"a": 1}\n```');
  });

  it("a secret that a file holds does not reach the model", async () => {
    const key = "sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const runtime = await open([calls(["read_file", { path: "config.py" }]), says("done")], {
      files: { "config.py": `KEY = "${key}"\n` },
    });
    await runtime.execute("go");
    assert.ok(!JSON.stringify(bench.requests).includes(key));
    assert.match(lastResults(bench.requests[1])[0]?.output ?? "", /redacted/);
  });
});

import assert from "node:assert/strict";
import * as z from "zod";
import { defineTool, type Tool, type ToolContext } from "../../../src/agent/tools/tool.ts";
import { AksaraError } from "../../../src/errors.ts";
import type { AgentEvent } from "../../../src/protocol/agent.ts";
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
  terminals,
  unpaired,
} from "./support.ts";

const FILES = { "notes.txt": "one\ntwo\n", "other.txt": "three\n" };

/** A tool for tests: what it does is a function. */
function tool(name: string, execute: Tool["execute"], more: Partial<Tool> = {}): Tool {
  return { ...defineTool({ name, description: name, input: z.looseObject({}), execute }), ...more } as Tool;
}

describe("the loop of an agent", () => {
  let bench: AgentBench;
  const open = async (answers: Answers, options: BenchOptions = {}) => {
    bench = await openBench(answers, { files: FILES, ...options });
    return bench;
  };
  afterEach(() => bench.dispose());

  it("A03 tells what happens in order, with exactly one terminal event, which is the last", async () => {
    await open([
      {
        steps: [
          { reasoning: "hm" },
          { text: "Reading. " },
          { tool: "read_file", input: { path: "notes.txt" } },
        ],
      },
      { steps: [{ text: "It has two lines." }], usage: { input: 10, output: 5 } },
    ]);
    const events = await collect(bench.runtime.executeStream("How many lines?"));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["progress", "thinking", "text", "usage", "action", "result", "progress", "text", "usage", "complete"],
    );
    assert.equal(terminals(events).length, 1);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map(({ seq }) => seq).toSorted((a, b) => a - b),
    );
    assert.equal(new Set(events.map(({ runId }) => runId)).size, 1);
    const result = resultOf(events);
    assert.equal(result.success, true);
    assert.equal(result.output, "It has two lines.");
    assert.equal(result.iterations, 2);
    assert.deepEqual(
      result.actions.map(({ tool: name, error }) => [name, error]),
      [["read_file", null]],
    );
    assert.match(lastResults(bench.requests[1])[0]?.output ?? "", /one\ntwo/);
  });

  it("A10 runs reads of one answer at the same time and gives results in the order of the calls", async () => {
    const order: string[] = [];
    let release = () => {};
    const slow = tool("slow", async () => {
      order.push("slow begins");
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push("slow ends");
      return { output: "slow" };
    });
    const quick = tool("quick", async () => {
      order.push("quick");
      release();
      return { output: "quick" };
    });
    await open([calls(["slow", {}], ["quick", {}]), says("done")], { ownTools: [slow, quick] });
    await bench.runtime.execute("go");
    assert.deepEqual(order, ["slow begins", "quick", "slow ends"]);
    assert.deepEqual(
      lastResults(bench.requests[1]).map(({ output }) => output),
      ["slow", "quick"],
    );
  });

  it("A10 runs what changes something alone, after the reads before it and before those behind it", async () => {
    const order: string[] = [];
    const wait = () => new Promise((resolve) => setImmediate(resolve));
    const read = (name: string) =>
      tool(name, async () => {
        order.push(`${name} begins`);
        await wait();
        order.push(`${name} ends`);
        return { output: name };
      });
    const write = tool(
      "change",
      async () => {
        order.push("change begins");
        await wait();
        order.push("change ends");
        return { output: "changed" };
      },
      { class: "write" },
    );
    await open([calls(["look", {}], ["change", {}], ["change", {}], ["peek", {}]), says("done")], {
      ownTools: [read("look"), read("peek"), write],
      mode: "autonomous",
    });
    await bench.runtime.execute("go");
    const expected = ["look", "change", "change", "peek"].flatMap((name) => [
      `${name} begins`,
      `${name} ends`,
    ]);
    assert.deepEqual(order, expected);
  });

  it("A09 an unknown tool, arguments that are no JSON or do not fit, each get a result that helps", async () => {
    await open([
      {
        steps: [
          { tool: "read_fil", input: { path: "notes.txt" } },
          { tool: "read_file", malformed: '{"path": "no' },
          { tool: "read_file", input: { file: 3 } },
          { tool: "read_file", input: { path: "notes.txt" } },
        ],
      },
      says("done"),
    ]);
    const result = await bench.runtime.execute("go");
    assert.equal(result.success, true);
    const [unknown, malformed, unfit, right] = lastResults(bench.requests[1]);
    assert.match(unknown?.output ?? "", /no tool "read_fil".*\n.*read_file/);
    assert.match(malformed?.output ?? "", /no JSON/);
    assert.match(unfit?.output ?? "", /path: /);
    assert.deepEqual(
      [unknown, malformed, unfit, right].map((each) => each?.isError),
      [true, true, true, false],
    );
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      ["TOOL_NOT_FOUND", "TOOL_INPUT_INVALID", "TOOL_INPUT_INVALID", null],
    );
  });

  it("A09 a tool that throws, at once or later, ends no run", async () => {
    const atOnce = tool("at_once", () => {
      throw new Error("thrown at once");
    });
    const later = tool("later", async () => {
      await Promise.resolve();
      throw new AksaraError("TOOL_FAILED", "thrown later", { hint: "Use another one." });
    });
    await open([calls(["at_once", {}], ["later", {}]), says("done")], {
      ownTools: [atOnce, later],
      errorStrategy: "skip",
    });
    const result = await bench.runtime.execute("go");
    assert.equal(result.success, true);
    assert.deepEqual(
      lastResults(bench.requests[1]).map(({ output }) => output),
      ["at_once failed: thrown at once", "thrown later\nUse another one."],
    );
  });

  it("A09 A08 a tool that hangs is given up after its time, also when it does not listen", async () => {
    const hangs = tool("hangs", () => new Promise(() => undefined));
    const listens = tool(
      "listens",
      (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("I stopped")));
        }),
      { timeoutSeconds: 0.01 },
    );
    await open([calls(["hangs", {}], ["listens", {}]), says("done")], {
      ownTools: [hangs, listens],
      toolTimeoutSeconds: 0.05,
      errorStrategy: "skip",
    });
    const result = await bench.runtime.execute("go");
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      ["TOOL_TIMEOUT", "TOOL_TIMEOUT"],
    );
    assert.equal(result.success, true);
  });

  it("A08 the usual time is for tools that declare none; another one bounds those that do", async () => {
    for (const [set, expected] of [
      [{}, [30, 90]],
      [{ toolTimeoutSeconds: 5 }, [5, 5]],
      [{ toolTimeoutSeconds: 60 }, [60, 60]],
    ] as const) {
      const seconds: number[] = [];
      const note = async (_input: unknown, { timeoutMs }: ToolContext) => {
        seconds.push(timeoutMs / 1000);
        return { output: "ok" };
      };
      await open([calls(["plain", {}], ["slow", {}]), says("done")], {
        ownTools: [tool("plain", note), tool("slow", note, { timeoutSeconds: 90 })],
        ...set,
      });
      await bench.runtime.execute("go");
      assert.deepEqual(seconds, expected);
      await bench.dispose();
    }
  });

  it("A08 a single tool has a time of its own, by name", async () => {
    const hangs = tool("hangs", () => new Promise(() => undefined));
    await open([calls(["hangs", {}]), says("done")], {
      ownTools: [hangs],
      toolTimeoutSeconds: 100,
      toolTimeouts: { hangs: 0.02 },
      errorStrategy: "skip",
    });
    const [action] = (await bench.runtime.execute("go")).actions;
    assert.match(action?.output ?? "", /longer than 0\.02 seconds/);
  });

  it("A09 100 MB of output become a part and a reference that can be read on", async () => {
    const line = "0123456789abcde\n";
    const prints = tool("prints", async () => ({ output: line.repeat(6_250_000) }));
    await open([calls(["prints", {}]), says("done")], { ownTools: [prints] });
    const events = await collect(bench.runtime.executeStream("go"));
    const shown = lastResults(bench.requests[1])[0]?.output ?? "";
    assert.ok(shown.length < 30_000, `${shown.length} characters`);
    const id = /read_reference \{"id": "([0-9a-f]+)"\}/.exec(shown)?.[1] ?? "";
    assert.ok(events.some((event) => event.type === "reference" && event.reference.id.startsWith(id)));
    const again = bench.again([calls(["read_reference", { id, offset: 16 }]), says("done")]);
    const session = await again.startSession(resultOf(events).sessionId);
    await session.send("read on");
    assert.ok(lastResults(bench.requests.at(-1))[0]?.output.startsWith(line));
  });

  for (let period = 1; period <= 6; period++)
    it(`A11 a loop of period ${period} is named once, then ends the run`, async () => {
      const names = ["a", "b", "c", "d", "e", "f"].slice(0, period);
      const tools = names.map((name) => tool(name, async () => ({ output: `result of ${name}` })));
      const rounds = Array.from({ length: 60 }, (_, at) => calls([names[at % period] ?? "a", {}]));
      await open(rounds, { ownTools: tools, maxToolCalls: 100, maxIterations: 100 });
      const events = await collect(bench.runtime.executeStream("go"));
      const result = resultOf(events);
      assert.equal(result.errorCode, "REPEATED_TOOL_CALL");
      assert.equal(result.stopReason, "repeated-calls");
      assert.equal(result.actions.length, 3 * period + 1);
      const told = bench.requests
        .at(-1)
        ?.messages.filter(
          ({ role, ...rest }) => role === "user" && JSON.stringify(rest).includes("over and over"),
        );
      assert.equal(told?.length, 1);
      assert.deepEqual(bench.requests.flatMap(unpaired), []);
    });

  it("A11 calls whose results change are no loop for longer", async () => {
    let count = 0;
    const poll = tool("poll", async () => ({ output: `${++count} of 5` }));
    await open([...Array.from({ length: 5 }, () => calls(["poll", {}])), says("done")], { ownTools: [poll] });
    const result = await bench.runtime.execute("wait for it");
    assert.equal(result.success, true);
    assert.ok(!JSON.stringify(bench.requests.at(-1)?.messages).includes("over and over"));
  });

  it("keeps the prefix of what it sends: 98% of each request are the one before", async () => {
    const rounds = Array.from({ length: 20 }, (_, at) =>
      calls(["read_file", { path: "notes.txt", start_line: at + 1 }]),
    );
    await open([...rounds, says("done")], { maxIterations: 30 });
    await bench.runtime.execute("go");
    const texts = bench.requests.map(({ system, tools, messages }) =>
      JSON.stringify([system, tools, ...messages]).slice(0, -1),
    );
    for (const [at, text] of texts.entries()) {
      const before = texts[at - 1];
      if (before !== undefined) assert.ok(text.startsWith(before), `request ${at}`);
    }
    const names = bench.requests[0]?.tools.map(({ name }) => name) ?? [];
    assert.deepEqual(names, names.toSorted());
  });

  it("A01 keeps a result and pairs every call when it is cancelled in the middle of a call", async () => {
    const controller = new AbortController();
    const waits = tool(
      "waits",
      (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")));
          controller.abort();
        }),
    );
    await open(
      [
        calls(
          ["read_file", { path: "notes.txt" }],
          ["waits", {}],
          ["read_file", { path: "other.txt" }],
          ["write_file", { path: "new.txt", content: "x" }],
        ),
      ],
      {
        ownTools: [waits],
        mode: "autonomous",
      },
    );
    const events = await collect(bench.runtime.executeStream("go", { signal: controller.signal }));
    const result = resultOf(events);
    assert.equal(events.at(-1)?.type, "interrupted");
    assert.equal(result.stopReason, "cancelled");
    assert.equal(result.actions.length, 4);
    assert.equal(events.filter(({ type }) => type === "result").length, 4);
    assert.equal(result.actions[3]?.error, "CANCELLED");
    await assert.rejects(bench.text("new.txt"));
    const again = bench.again([says("Went on.")]);
    const resumed = await again.resume(result.runId);
    assert.equal(resumed.output, "Went on.");
    assert.equal(resumed.runId, result.runId);
    assert.deepEqual(bench.requests.flatMap(unpaired), []);
  });

  it("A03 a listener that goes away stops the run", async () => {
    await open([calls(["read_file", { path: "notes.txt" }]), { steps: [{ text: "x" }, { hang: true }] }]);
    let runId = "";
    for await (const event of bench.runtime.executeStream("go")) {
      runId = event.runId;
      if (event.type === "text") break;
    }
    const deadline = Date.now() + 10_000;
    const journal = async () => (await bench.store.logs.read(runId)) as AgentEvent[];
    while (!(await journal()).some(({ type }) => type === "interrupted") && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(terminals(await journal()).length, 1);
  });

  it("a task without words is refused before anything begins", async () => {
    await open([]);
    await assert.rejects(
      bench.runtime.execute("  "),
      (error) => error instanceof AksaraError && error.code === "EMPTY_PROMPT",
    );
    assert.deepEqual(await bench.store.logs.list(), []);
  });
});

import assert from "node:assert/strict";
import * as z from "zod";
import { defineTool, type Tool } from "../../../src/agent/tools/tool.ts";
import { AksaraError, type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import { isRateLimit } from "../../../src/failure-guards.ts";
import {
  type AgentBench,
  type Answers,
  type BenchOptions,
  calls,
  collect,
  openBench,
  resultOf,
  says,
  terminals,
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

describe("an agent when something fails", () => {
  let bench: AgentBench;
  const open = async (answers: Answers, options: BenchOptions = {}) => {
    bench = await openBench(answers, { files: { "notes.txt": "one\n" }, ...options });
    return bench.runtime;
  };
  afterEach(async () => {
    await bench?.dispose();
  });

  describe("errors", () => {
    for (const [strategy, tries, code] of [
      ["retry", 3, null],
      ["skip", 1, "TOOL_FAILED"],
      ["abort", 1, "TOOL_FAILED"],
    ] as const)
      it(`A05 errorStrategy ${strategy}`, async () => {
        const counted = flaky(2);
        const runtime = await open([calls(["flaky", {}]), says("done")], {
          ownTools: [counted.tool],
          errorStrategy: strategy,
        });
        const result = await runtime.execute("go");
        assert.equal(counted.tries(), tries);
        assert.equal(result.actions[0]?.error, code);
        assert.equal(result.success, strategy !== "abort");
        assert.equal(result.stopReason, strategy === "abort" ? "tool-failure" : "done");
      });

    it("A05 maxRetries and retryOnError bound the tries", async () => {
      const counted = flaky(9);
      const runtime = await open([calls(["flaky", {}]), says("done")], {
        ownTools: [counted.tool],
        maxRetries: 2,
      });
      assert.equal((await runtime.execute("go")).actions[0]?.output, "flaky failed: failure 3");
      const once = flaky(9);
      const other = bench.again([calls(["flaky", {}]), says("done")], {
        ownTools: [once.tool],
        retryOnError: false,
      });
      await other.execute("go");
      assert.deepEqual([counted.tries(), once.tries()], [3, 1]);
    });

    for (const [outcome, tries, success] of [
      ["approve", 2, true],
      ["revise", 1, true],
      ["reject", 1, false],
    ] as const)
      it(`A05 errorStrategy ask: a person answers ${outcome}`, async () => {
        const counted = flaky(1);
        const runtime = await open([calls(["flaky", {}]), says("done")], {
          ownTools: [counted.tool],
          errorStrategy: "ask",
          approvalCallback: (_tool, _input, request) => {
            assert.equal(request.about, "failure");
            return { outcome };
          },
        });
        assert.equal((await runtime.execute("go")).success, success);
        assert.equal(counted.tries(), tries);
      });

    it("A05 errorHandler decides before the strategy, and knows what failed", async () => {
      const counted = flaky(1);
      const seen: unknown[] = [];
      const runtime = await open([calls(["flaky", { n: 1 }]), says("done")], {
        ownTools: [counted.tool],
        errorStrategy: "abort",
        errorHandler: (error, { tool, input, attempt }) => {
          seen.push([error.code, tool, input, attempt]);
          return "retry";
        },
      });
      assert.equal((await runtime.execute("go")).success, true);
      assert.deepEqual(seen, [["TOOL_FAILED", "flaky", { n: 1 }, 1]]);
    });

    it("A05 errorHandler hears failures of the model too", async () => {
      const kinds: boolean[] = [];
      const limited: Answers[number] = { steps: [{ error: { kind: "rate_limit", message: "slow down" } }] };
      const runtime = await open([limited, says("done")], {
        errorHandler: (error) => {
          kinds.push(isRateLimit(error));
          return "retry";
        },
      });
      assert.equal((await runtime.execute("go")).output, "done");
      assert.deepEqual(kinds, [true]);
    });

    it("an answer that breaks off is asked for again; a refused key is not", async () => {
      const runtime = await open([
        { steps: [{ text: "half" }, { error: { kind: "interrupted", message: "cut" } }] },
        says("whole"),
      ]);
      assert.equal((await runtime.execute("go")).output, "whole");
      const refused = bench.again([{ steps: [{ error: { kind: "auth", message: "no" } }] }, says("never")]);
      const result = await refused.execute("go");
      assert.equal(result.errorCode, "AUTH_FAILED");
      assert.equal(result.stopReason, "provider-failure");
    });

    // prove: src/agent/run/execute-call.ts :: const mayRepeat = => const mayRepeat = true ||
    it("A05 a call that may have had its effect is not repeated by itself", async () => {
      let tries = 0;
      const pays = {
        ...defineTool({
          name: "pays",
          description: "pays",
          input: z.looseObject({}),
          class: "data",
          execute: () => {
            tries++;
            return new Promise<never>(() => undefined);
          },
        }),
        timeoutSeconds: 0.02,
      } as Tool;
      const runtime = await open([calls(["pays", { to: "a" }]), calls(["pays", { to: "a" }]), says("done")], {
        ownTools: [pays],
        approvalCallback: (_tool, _input, { decision }) => decision.rule !== "unknown-outcome",
      });
      const result = await runtime.execute("go");
      assert.equal(tries, 1);
      assert.match(result.actions[0]?.output ?? "", /not known/);
      assert.equal(result.actions[1]?.approval.rule, "unknown-outcome");
      assert.equal(result.actions[1]?.error, "APPROVAL_REJECTED");
    });
  });

  describe("hooks", () => {
    it("A06 beforeTool sees the call, blocks it with false, lets it pass with true", async () => {
      const seen: unknown[] = [];
      const runtime = await open(
        [calls(["read_file", { path: "notes.txt" }], ["list_models", {}]), says("done")],
        {
          beforeTool: async (tool, input) => {
            seen.push([tool, input]);
            return tool !== "list_models";
          },
        },
      );
      const result = await runtime.execute("go");
      assert.deepEqual(seen, [
        ["read_file", { path: "notes.txt", start_line: 1, line_count: 2_000 }],
        ["list_models", {}],
      ]);
      assert.deepEqual(
        result.actions.map(({ error }) => error),
        [null, "TOOL_NOT_ALLOWED"],
      );
    });

    // prove: src/agent/run/run-call.ts :: typeof answer === "object" && answer !== null ? parseInput(tool, answer) : input; => input;
    it("A06 beforeTool's arguments take the place of the call's, are checked, and are what is approved", async () => {
      const asked: unknown[] = [];
      const runtime = await open(
        [
          calls(["write_file", { path: "a.txt", content: "a" }]),
          calls(["write_file", { path: "a.txt", content: "a" }]),
          says("done"),
        ],
        {
          beforeTool: () => (asked.length === 0 ? { path: "b.txt", content: "b" } : { path: 3 }),
          approvalCallback: (_tool, input) => {
            asked.push(input);
            return true;
          },
        },
      );
      const result = await runtime.execute("go");
      assert.deepEqual(asked, [{ path: "b.txt", content: "b" }]);
      assert.deepEqual(result.createdFiles, ["b.txt"]);
      assert.equal(result.actions[1]?.error, "TOOL_INPUT_INVALID");
    });

    it("A06 afterTool hears each result, also of what was refused", async () => {
      const heard: unknown[] = [];
      const runtime = await open(
        [calls(["read_file", { path: "notes.txt" }], ["nothing", {}]), says("done")],
        {
          afterTool: (tool, { isError }) => void heard.push([tool, isError]),
        },
      );
      await runtime.execute("go");
      assert.deepEqual(heard.toSorted(), [
        ["nothing", true],
        ["read_file", false],
      ]);
    });
  });

  describe("sessions", () => {
    it("A04 a session knows what was said, also in another process", async () => {
      const runtime = await open([READ(), says("There is one line."), says("Still one.")]);
      const session = await runtime.startSession();
      await session.send("How many lines?");
      await session.send("Sure?");
      const again = bench.again([says("I said so.")]);
      const restarted = await again.startSession(session.id);
      await restarted.send("What did you say?");
      const said = JSON.stringify(bench.requests.at(-1)?.messages);
      for (const text of [
        "How many lines?",
        "There is one line.",
        "Sure?",
        "Still one.",
        "What did you say?",
      ])
        assert.ok(said.includes(text), text);
      assert.deepEqual(bench.requests.flatMap(unpaired), []);
      await restarted.end();
      await assert.rejects(restarted.send("more"), failsWith("INVALID_REQUEST"));
      await assert.rejects(again.startSession("nothing"), failsWith("RUN_NOT_FOUND"));
    });

    it("A04 one run of a session at a time", async () => {
      const runtime = await open([{ steps: [{ hang: true }] }, says("second")]);
      const session = await runtime.startSession();
      const stop = new AbortController();
      const first = session.send("one", { signal: stop.signal });
      while (bench.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await assert.rejects(session.send("two"), failsWith("THREAD_BUSY"));
      stop.abort();
      await first;
      assert.equal((await session.send("two")).output, "second");
    });

    it("A04 the edits of a turn are made on what an earlier turn has read", async () => {
      const runtime = await open([READ(), says("read")], { mode: "autonomous" });
      const session = await runtime.startSession();
      await session.send("read it");
      await bench.put("notes.txt", "zero\nnil\none\n");
      const again = bench.again(
        [calls(["write_file", { path: "notes.txt", content: "one\ntwo\n" }]), says("done")],
        { mode: "autonomous" },
      );
      const result = await (await again.startSession(session.id)).send("add a line");
      assert.equal(result.actions[0]?.error, null, result.actions[0]?.output);
      assert.equal(await bench.text("notes.txt"), "zero\nnil\none\ntwo\n");
    });
  });

  for (const [title, error] of [
    ["an error of ours", new AksaraError("RUNTIME_ERROR", "the hook is broken")],
    ["any error", new TypeError("the hook is broken")],
  ] as const)
    it(`a hook that throws ${title} ends the run with one event, and every call has its result`, async () => {
      const runtime = await open(
        [calls(["read_file", { path: "notes.txt" }], ["write_file", { path: "x", content: "" }])],
        {
          afterTool: () => {
            throw error;
          },
        },
      );
      const events = await collect(runtime.executeStream("go"));
      const result = resultOf(events);
      assert.equal(result.success, false);
      assert.equal(result.stopReason, "failure");
      assert.match(result.error ?? "", /hook is broken/);
      assert.equal(terminals(events).length, 1);
      assert.equal(events.filter(({ type }) => type === "result").length, 2);
    });
});

import assert from "node:assert/strict";
import { type AgentBench, calls, openBench, says } from "./support.ts";

const LONG = "A line of a file that says the same thing over and over.\n".repeat(400);

describe("a conversation that is shortened", () => {
  let bench: AgentBench;

  afterEach(() => bench.dispose());

  const sent = () => JSON.stringify(bench.requests.at(-1)?.messages);

  it("A04 the model reads a digest in place of what was said, also after a restart; the journals keep all", async () => {
    bench = await openBench(
      [calls(["read_file", { path: "long.md" }]), says("It repeats itself 400 times."), says("Yes.")],
      { files: { "long.md": LONG } },
    );
    const session = await bench.runtime.startSession();
    await session.send("What is in long.md?");
    const report = await bench.runtime.compact(session.id);
    assert.ok(report.after < report.before / 4, `${report.before} became ${report.after}`);
    await session.send("Are you sure?");
    assert.ok(!sent().includes("A line of a file that says the same thing over and over.\\\\nA line"));
    assert.ok(sent().includes("It repeats itself 400 times."), "the last answer is whole");
    assert.ok(sent().includes("read_file"), "what was done is named");

    const again = bench.again([says("Still sure.")]);
    await (await again.startSession(session.id)).send("And now?");
    assert.ok(sent().includes("Earlier parts of this conversation were left out"));
    assert.ok(sent().includes("Are you sure?"), "what came after the digest is whole");
    const [first] = (await bench.store.logs.list()).filter(Boolean);
    assert.ok(JSON.stringify(await bench.store.logs.read(first ?? "")).includes("A line of a file"));
  });

  it("A04 where nothing was said, or nothing would be gained, nothing is changed", async () => {
    bench = await openBench([says("Hello.")]);
    const session = await bench.runtime.startSession();
    await assert.rejects(bench.runtime.compact(session.id), { code: "INVALID_REQUEST" });
    await session.send("Hi");
    const { before, after } = await bench.runtime.compact(session.id);
    assert.equal(after, before);
    await assert.rejects(bench.runtime.compact("no-such-session"), { code: "RUN_NOT_FOUND" });
  });

  it("A04 not while a turn goes on", async () => {
    bench = await openBench([{ steps: [{ text: "I begin" }, { hang: true }] }]);
    const session = await bench.runtime.startSession();
    const stop = new AbortController();
    const turn = session.send("Wait", { signal: stop.signal, progressCallback: () => begun.resolve() });
    const begun = Promise.withResolvers<void>();
    await begun.promise;
    await assert.rejects(bench.runtime.compact(session.id), { code: "THREAD_BUSY" });
    stop.abort();
    await turn;
  });
});

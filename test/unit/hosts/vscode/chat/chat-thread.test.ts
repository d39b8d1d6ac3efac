import assert from "node:assert/strict";
import { ChatThread, type ThreadServices } from "../../../../../src/hosts/vscode/chat/chat-thread.ts";
import { foldChatEvent } from "../../../../../src/hosts/vscode/chat/fold-chat-event.ts";
import { listThreads } from "../../../../../src/hosts/vscode/chat/list-threads.ts";
import { messageText } from "../../../../../src/hosts/vscode/chat/message-text.ts";
import { EventLog } from "../../../../../src/hosts/vscode/panel/event-log.ts";
import type { ChatEvent } from "../../../../../src/protocol/chat.ts";
import { EMPTY_CHAT, nextChatState } from "../../../../../webview/chat/chat-state.ts";
import { textItem } from "../../../../ui/gallery/views/chat-items.ts";
import { type AgentBench, type Answers, calls, openBench, says } from "../../../agent/support.ts";
import { kinds, Shown } from "./shown.ts";

const LIMITS = { maxIterations: 20, maxToolCalls: 50, maxTotalTokens: 100_000 };

describe("a thread of the chat", () => {
  let bench: AgentBench;

  afterEach(() => bench.dispose());

  async function begin(answers: Answers, files: Record<string, string> = {}) {
    bench = await openBench(answers, { files });
    const shown = new Shown();
    const services: ThreadServices = {
      runtime: bench.runtime,
      store: bench.store,
      openCompany: () => assert.fail("one agent works alone"),
    };
    return { shown, services, thread: ChatThread.begin(services, shown) };
  }

  const reads: Answers = [
    {
      steps: [
        { reasoning: "I look." },
        { text: "Look" },
        { text: "ing.\n" },
        { tool: "read_file", input: { path: "a.py" } },
      ],
    },
    says("It is empty."),
  ];

  it("V04 A04 what is told while it goes on is what is read from the journals afterwards", async () => {
    const { shown, services, thread } = await begin(reads, { "a.py": "x = 1\n" });
    await thread.send("What is in a.py?", LIMITS, { mode: "ask" });
    assert.deepEqual(kinds(shown.sorted()), ["user", "thinking", "text", "read_file done", "text", "end"]);
    assert.deepEqual(shown.sorted(), thread.transcript.items);
    assert.ok(thread.id);
    const again = await ChatThread.open(services, thread.id, new Shown());
    // Reasoning is told and not kept.
    assert.deepEqual(
      again.transcript.items,
      shown.sorted().filter(({ kind }) => kind !== "thinking"),
    );
    assert.deepEqual(
      (await listThreads(bench.store)).map(({ title, turns, state }) => [title, turns, state]),
      [["What is in a.py?", 1, "done"]],
    );
  });

  const writes: Answers = [
    calls(["write_file", { path: "notes.md", content: "Books.\n" }]),
    says("Written."),
  ];

  // prove: src/agent/run/stop.ts :: this.#caller?.reason instanceof LeftBehind ? "left" : "cancelled" => "cancelled"
  it("A07 A04 a question that was left is asked again, and its answer takes the run up", async () => {
    const { shown, services, thread } = await begin(writes);
    const sent = thread.send("Write notes", LIMITS, { mode: "default" });
    const id = await shown.asked();
    await thread.leave();
    await sent;
    assert.equal(shown.failures.length, 0);
    assert.ok(thread.id);
    const after = new Shown();
    bench.again([says("Written.")]);
    const again = await ChatThread.open(services, thread.id, after);
    assert.deepEqual(kinds(again.transcript.items), ["user", "write_file asking", "end"]);
    assert.equal(again.transcript.last?.end, "open");
    await assert.rejects(bench.text("notes.md"));
    assert.equal(await again.answer(id, { outcome: "approve" }), true);
    await again.resume(LIMITS, {});
    assert.equal(await bench.text("notes.md"), "Books.\n");
    assert.deepEqual(kinds(again.transcript.items), ["user", "write_file done", "text", "end"]);
    await assert.rejects(again.answer(id, { outcome: "approve" }), { code: "APPROVAL_UNKNOWN" });
  });

  // prove: src/hosts/vscode/chat/chat-thread.ts :: const given = this.#given.get(request.id); => const given = [...this.#given.values()][0];
  it("A07 the answer to a question that has changed since is not the answer to the new one", async () => {
    const edit = { old_text: "x = 1", new_text: "x = 2" };
    const { shown, services, thread } = await begin(
      [
        calls(["read_file", { path: "a.py" }]),
        calls(["patch_file", { files: [{ path: "a.py", edits: [edit] }] }]),
      ],
      { "a.py": "x = 1\n\n\n\n\ny = 1\n" },
    );
    const sent = thread.send("Change x", LIMITS, { mode: "default" });
    const id = await shown.asked();
    await thread.leave();
    await sent;
    const theirs = "x = 1\n\n\n\n\ny = 5\n";
    await bench.put("a.py", theirs);
    const after = new Shown();
    bench.again([says("Changed.")]);
    assert.ok(thread.id);
    const again = await ChatThread.open(services, thread.id, after);
    await again.answer(id, { outcome: "approve" });
    const resumed = again.resume(LIMITS, {});
    const other = await after.asked();
    assert.notEqual(other, id);
    assert.equal(await bench.text("a.py"), theirs);
    await again.answer(other, { outcome: "reject", feedback: "It is theirs." });
    await resumed;
    assert.equal(await bench.text("a.py"), theirs);
  });

  it("V04 a turn that is stopped says so, and goes on", async () => {
    const { shown, thread } = await begin([{ steps: [{ text: "I begin" }, { hang: true }] }]);
    const sent = thread.send("Go", LIMITS, { mode: "ask" });
    while (![...shown.items.values()].some(({ kind }) => kind === "text"))
      await new Promise((resolve) => setImmediate(resolve));
    thread.stop();
    await sent;
    assert.equal(thread.transcript.last?.end, "stopped");
    bench.again([says("Done.")]);
    await thread.resume(LIMITS, {});
    assert.equal(thread.transcript.last?.end, "complete");
    assert.deepEqual(kinds(shown.sorted()), ["user", "text", "end"]);
  });

  it("V04 a limit is one of the turn, and Go on gives it as much again", async () => {
    const endless = calls(["list_files", {}]);
    const { thread } = await begin([endless, calls(["list_files", { depth: 2 }]), says("Done.")]);
    await thread.send("Go", { ...LIMITS, maxIterations: 1 }, { mode: "ask" });
    assert.equal(thread.transcript.last?.end, "limit");
    await thread.resume({ ...LIMITS, maxIterations: 2 }, {});
    assert.equal(thread.transcript.last?.end, "complete");
  });

  // prove: src/agent/agent-runtime.ts :: await hooks.agree?.({ setup, model: resolved.model }); => void hooks.agree;
  it("V04 a message that nobody may send leads to no run, and is given back", async () => {
    const { shown, thread } = await begin([says("Never.")]);
    await thread.send("Hello", LIMITS, {
      mode: "ask",
      agree: async () => {
        throw new Error("No.");
      },
    });
    assert.deepEqual(
      shown.failures.map(({ text, message }) => [text, message]),
      [["Hello", "No."]],
    );
    assert.equal(bench.requests.length, 0, "nothing was sent");
    assert.deepEqual(kinds(shown.sorted()), []);
  });

  it("V04 a branch begins with what was said before its turn, and leaves the other as it is", async () => {
    const { services, thread } = await begin([says("One."), says("Two."), says("Three.")]);
    await thread.send("First", LIMITS, { mode: "ask" });
    await thread.send("Second", LIMITS, { mode: "ask" });
    const [, second] = thread.transcript.runs;
    assert.ok(second);
    const branch = await ChatThread.branch(services, thread, second, new Shown());
    assert.notEqual(branch.id, thread.id);
    assert.deepEqual(kinds(branch.transcript.items), ["user", "text", "end"]);
    await branch.send("Another second", LIMITS, { mode: "ask" });
    const said = bench.requests.at(-1)?.messages.map(({ role }) => role);
    assert.deepEqual(
      said,
      ["user", "assistant", "user"],
      "the model knows the first turn, and not the second",
    );
    assert.ok(thread.id && branch.id);
    const again = await ChatThread.open(services, branch.id, new Shown());
    assert.deepEqual(again.transcript.items, branch.transcript.items);
    assert.equal((await ChatThread.open(services, thread.id, new Shown())).transcript.runs.length, 2);
  });

  it("A13 V04 what a turn changed is taken back, and both its card and its end say so", async () => {
    const { shown, services, thread } = await begin(writes);
    await thread.send("Write notes", LIMITS, { mode: "autonomous" });
    assert.equal(await bench.text("notes.md"), "Books.\n");
    const [run] = thread.transcript.runs;
    assert.ok(run && thread.id);
    assert.deepEqual(await thread.undo(run), ["notes.md"]);
    await assert.rejects(bench.text("notes.md"));
    const undone = shown
      .sorted()
      .filter((item) => (item.kind === "call" || item.kind === "end") && item.undone);
    assert.deepEqual(kinds(undone), ["write_file done", "end"]);
    const again = await ChatThread.open(services, thread.id, new Shown());
    assert.deepEqual(again.transcript.items, shown.sorted());
  });

  it("V04 what a message is about is told to the agent, and shown apart from it", async () => {
    const { shown, thread } = await begin([says("It has nine fields.")]);
    await thread.send(
      messageText({
        text: "How many fields?",
        attached: ["model a.B (a.py:1)", "route GET /b"],
        prompt: null,
      }),
      LIMITS,
      { mode: "ask" },
    );
    const [user] = shown.sorted();
    assert.ok(user?.kind === "user");
    assert.equal(user.text, "How many fields?");
    assert.deepEqual(user.attached, ["model a.B (a.py:1)", "route GET /b"]);
    assert.equal(thread.transcript.title, "How many fields?");
    const [message] = bench.requests[0]?.messages ?? [];
    assert.ok(JSON.stringify(message).includes("model a.B (a.py:1)"));
  });
});

describe("the log of the chat", () => {
  it("V04 V08 holds what is shown, not what happened: texts become one, items their last state", () => {
    const log = new EventLog<ChatEvent>(foldChatEvent);
    log.append({ type: "access", access: EMPTY_CHAT.access });
    log.append({ type: "thread", thread: null, title: "", items: [] });
    const item = { ...textItem("r", 1, "", true) };
    log.append({ type: "item", item });
    for (let at = 0; at < 2000; at++) log.append({ type: "text", id: item.id, offset: at, text: "x" });
    const events = log.since(0);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["access", "thread", "item", "text"],
    );
    const state = events.reduce(nextChatState, EMPTY_CHAT);
    const [only] = state.items;
    assert.ok(only?.kind === "text" && only.text === "x".repeat(2000));
    log.append({ type: "item", item: textItem("r", 1, "done") });
    assert.equal(log.since(0).length, 3);
    log.append({ type: "thread", thread: "other", title: "", items: [] });
    assert.deepEqual(
      log.since(0).map(({ type }) => type),
      ["access", "thread"],
    );
  });
});

import assert from "node:assert/strict";
import { FileConsents } from "../../../../../src/agent/approvals/file-consents.ts";
import { rebuildSessions } from "../../../../../src/agent/sessions.ts";
import {
  ChatThread,
  type ThreadServices,
  type TurnWorker,
} from "../../../../../src/hosts/vscode/chat/chat-thread.ts";
import { type AskForRuntime, openCompany } from "../../../../../src/hosts/vscode/chat/company.ts";
import { listThreads } from "../../../../../src/hosts/vscode/chat/list-threads.ts";
import type { AgentMode } from "../../../../../src/protocol/agent.ts";
import type { ChatItem, ChatItemOf } from "../../../../../src/protocol/chat.ts";
import { as } from "../../../../support/scripted-workspace.ts";
import { type AgentBench, type Answers, calls, openBench, says } from "../../../agent/support.ts";
import { kinds, Shown } from "./shown.ts";

const LIMITS = { maxIterations: 20, maxToolCalls: 50, maxTotalTokens: 1_000_000 };

const boss = (answer: Answers[number]) => as("You are the coordinator", answer);
const planner = (answer: Answers[number]) => as("You are the planner", answer);
const executor = (answer: Answers[number]) => as("You are the executor", answer);
const hand = (agent: string) => boss(calls(["hand_off", { agent, task: `for ${agent}` }]));
const step = (path: string) => ({ type: "create_file", path, purpose: "says what the shop sells" });
const propose = (...paths: string[]) =>
  planner(calls(["propose_plan", { goal: "Notes", actions: paths.map(step) }]));
const write = (path: string) => executor(calls(["write_file", { path, content: `${path}: books.\n` }]));

const PLANNED = [hand("planner"), propose("notes.md"), planner(says("It is planned."))];
const CARRIED = [hand("executor"), write("notes.md"), executor(says("Written.")), boss(says("All done."))];

describe("the agents that work together behind the chat", () => {
  let bench: AgentBench;
  let asked: string[];

  afterEach(() => bench.dispose());

  function services(ask: AskForRuntime = async () => false): ThreadServices {
    const consents = new FileConsents(bench.store);
    const refused = new Set<string>();
    const { roots } = bench.workspace;
    return {
      runtime: bench.runtime,
      store: bench.store,
      openCompany: (settings) =>
        openCompany(
          { provider: "scripted", ...settings },
          {
            access: { services: bench.services, consents },
            roots,
            refused,
            ask: async (file) => {
              asked.push(file.uri);
              return await ask(file);
            },
          },
        ),
    };
  }

  async function begin(answers: Answers, files: Record<string, string> = {}) {
    asked = [];
    bench = await openBench(answers, { files });
    const shown = new Shown();
    const thread = ChatThread.begin(services(), shown);
    const send = (text: string, mode: AgentMode = "supervised", worker: TurnWorker = "company") =>
      thread.send(text, LIMITS, { mode }, worker);
    return { shown, thread, send };
  }

  /** The conversation as another window finds it. */
  async function reopen(thread: ChatThread, answers: Answers) {
    assert.ok(thread.id);
    bench.again(answers);
    const shown = new Shown();
    return { shown, thread: await ChatThread.open(services(), thread.id, shown) };
  }

  function callOf(items: readonly ChatItem[], tool: string): ChatItemOf<"call"> {
    const found = items.findLast((item) => item.kind === "call" && item.tool === tool);
    assert.ok(found?.kind === "call");
    return found;
  }

  function planOf(items: readonly ChatItem[]): ChatItemOf<"plan"> {
    const found = items.find((item) => item.kind === "plan");
    assert.ok(found?.kind === "plan");
    return found;
  }

  const ALL = [
    "user",
    "hand_off done",
    "propose_plan done",
    "text",
    "hand_off done",
    "plan",
    "carry_out_step done",
    "write_file done",
    "text",
    "text",
    "text",
    "end",
  ];

  // The hand-off of the coordinator is what this chat stands on.
  // prove: src/harness/hand-off.ts :: const target = routes.find((each) => each.name === name); => const target = routes.find((each) => each.name === task);
  it("V04 a plan and what it writes are asked for, with the way to who asks; what is told is what is read again", async () => {
    const { shown, thread, send } = await begin([...PLANNED, ...CARRIED]);
    const sent = send("Write notes");
    const plan = await shown.asked();
    const proposal = callOf(shown.sorted(), "propose_plan");
    assert.equal(proposal.agent, "coordinator/planner");
    assert.equal(proposal.approval?.request.about, "plan");
    assert.equal(await thread.answer(plan, { outcome: "approve" }), false);
    const gate = await shown.asked(plan);
    const writing = callOf(shown.sorted(), "write_file");
    assert.equal(writing.agent, "coordinator/executor/step-1");
    assert.equal(writing.state, "asking");
    assert.deepEqual(
      planOf(shown.sorted()).steps.map(({ state }) => state),
      ["running"],
    );
    await assert.rejects(bench.text("notes.md"));
    await thread.answer(gate, { outcome: "approve" });
    assert.equal(await sent, true);
    assert.equal(await bench.text("notes.md"), "notes.md: books.\n");
    assert.deepEqual(kinds(thread.transcript.items), ALL);
    const { state, steps } = planOf(thread.transcript.items);
    assert.deepEqual([state, steps.map((each) => each.state)], ["completed", ["done"]]);
    assert.deepEqual(shown.failures, []);
    const again = await reopen(thread, []);
    assert.deepEqual(again.thread.transcript.items, thread.transcript.items);
    assert.equal(again.thread.transcript.runs.length, 1);
    assert.ok((thread.transcript.usage?.totalTokens ?? 0) > 0);
    await rebuildSessions(bench.store);
    assert.deepEqual(
      (await listThreads(bench.store)).map(({ title, turns, state: how }) => [title, turns, how]),
      [["Write notes", 1, "done"]],
    );
  });

  // prove: src/harness/gate-keeper.ts :: if (!(signal.reason instanceof LeftBehind)) await this.#gates.withdraw(gate.id); => await this.#gates.withdraw(gate.id);
  it("V04 A04 H18 a window that closes in the middle of a gate finds it again; a yes there lets the step go on", async () => {
    const { shown, thread, send } = await begin([...PLANNED, hand("executor"), write("notes.md")]);
    const sent = send("Write notes");
    const plan = await shown.asked();
    await thread.answer(plan, { outcome: "approve" });
    const gate = await shown.asked(plan);
    await thread.leave();
    await sent;
    const again = await reopen(thread, [executor(says("Written.")), boss(says("All done."))]);
    assert.equal(again.thread.transcript.last?.end, "open");
    assert.equal(callOf(again.thread.transcript.items, "write_file").state, "asking");
    assert.equal(callOf(again.thread.transcript.items, "hand_off").state, "running");
    assert.equal(planOf(again.thread.transcript.items).state, "executing");
    assert.equal((await listThreads(bench.store))[0]?.state, "asking");
    assert.equal(await again.thread.answer(gate, { outcome: "approve" }), true);
    assert.equal(await again.thread.resume(LIMITS, {}), true);
    assert.equal(await bench.text("notes.md"), "notes.md: books.\n");
    assert.deepEqual(kinds(again.thread.transcript.items), ALL);
    await assert.rejects(again.thread.answer(gate, { outcome: "approve" }), { code: "APPROVAL_UNKNOWN" });
  });

  // prove: src/agent/run/stop.ts :: reason === "left" || reason === "lost" ? new LeftBehind() : undefined => undefined
  it("V04 H18 a window that closes in the middle of the work takes it up where it was, with nothing said twice", async () => {
    const { shown, thread, send } = await begin([
      hand("planner"),
      planner({ steps: [{ text: "I look" }, { hang: true }] }),
    ]);
    const sent = send("Write notes");
    await shown.until((items) => items.some(({ kind, agent }) => kind === "text" && agent !== undefined));
    await thread.leave();
    await sent;
    const again = await reopen(thread, [planner(says("There is nothing to plan.")), boss(says("Then not."))]);
    assert.deepEqual(kinds(again.thread.transcript.items), ["user", "hand_off running", "end"]);
    assert.equal(await again.thread.resume(LIMITS, {}), true);
    assert.deepEqual(kinds(again.thread.transcript.items), ["user", "hand_off done", "text", "text", "end"]);
  });

  it("V04 where agents work on their own nobody is asked for the plan, nor for what it writes", async () => {
    const { shown, thread, send } = await begin([...PLANNED, ...CARRIED]);
    await send("Write notes", "autonomous");
    assert.deepEqual(kinds(thread.transcript.items), ALL);
    assert.equal(callOf(shown.sorted(), "propose_plan").approval, null);
    assert.equal(await bench.text("notes.md"), "notes.md: books.\n");
  });

  it("V04 H17 a plan that a person changed is what is carried out, in their order", async () => {
    const { shown, thread, send } = await begin([
      hand("planner"),
      propose("a.md", "b.md"),
      planner(says("Planned.")),
      hand("executor"),
      write("c.md"),
      executor(says("c.")),
      write("b.md"),
      executor(says("b.")),
      boss(says("Done.")),
    ]);
    const sent = send("Write notes");
    const plan = await shown.asked();
    const partial = { goal: "Other notes", actions: [step("c.md"), step("b.md")] };
    await thread.answer(plan, { outcome: "revise", partial });
    const first = await shown.asked(plan);
    await thread.answer(first, { outcome: "approve" });
    await thread.answer(await shown.asked(first), { outcome: "approve" });
    assert.equal(await sent, true);
    const { goal, steps } = planOf(thread.transcript.items);
    assert.deepEqual([goal, steps.map(({ action }) => action.path)], ["Other notes", ["c.md", "b.md"]]);
    await assert.rejects(bench.text("a.md"));
    assert.equal(await bench.text("b.md"), "b.md: books.\n");
  });

  it("V04 a step that fails stops the plan there, and the next turn goes on with it", async () => {
    const { thread, send } = await begin([
      hand("planner"),
      propose("a.md", "b.md"),
      planner(says("Planned.")),
      hand("executor"),
      write("a.md"),
      executor(says("a.")),
      executor({ steps: [{ error: { kind: "invalid_request", message: "No." } }] }),
      boss(says("It failed at b.")),
      hand("executor"),
      write("b.md"),
      executor(says("b.")),
      boss(says("Now it is done.")),
    ]);
    await send("Write notes", "autonomous");
    const { state, steps } = planOf(thread.transcript.items);
    assert.deepEqual([state, steps.map((each) => each.state)], ["failed", ["done", "failed"]]);
    await send("Go on", "autonomous");
    const last = thread.transcript.items.findLast((item) => item.kind === "plan");
    assert.ok(last?.kind === "plan");
    assert.deepEqual([last.state, last.steps.map((each) => each.state)], ["completed", ["done", "done"]]);
    assert.equal(await bench.text("b.md"), "b.md: books.\n");
  });

  // prove: src/agent/undo.ts :: if (tree) yield* callsIn(tree, undefined, [...above, { state, call }]); => if (tree) continue;
  it("V04 A13 a turn that was stopped in the middle of a plan is taken back, with all that was written below it", async () => {
    const { shown, thread, send } = await begin([
      hand("planner"),
      propose("a.md", "b.md"),
      planner(says("Planned.")),
      hand("executor"),
      write("a.md"),
      executor(says("a.")),
      executor({ steps: [{ text: "Now b" }, { hang: true }] }),
    ]);
    const sent = send("Write notes", "autonomous");
    await shown.until((items) => items.some((item) => item.kind === "text" && item.text === "Now b"));
    thread.stop();
    await sent;
    assert.equal(thread.transcript.last?.end, "stopped");
    assert.equal(planOf(thread.transcript.items).state, "stopped");
    assert.equal(await bench.text("a.md"), "a.md: books.\n");
    const [run] = thread.transcript.runs;
    assert.ok(run);
    assert.deepEqual(await thread.undo(run), ["a.md"]);
    await assert.rejects(bench.text("a.md"));
    assert.ok(callOf(thread.transcript.items, "write_file").undone);
  });

  it("V04 A13 a turn that several agents worked on is taken back as one", async () => {
    const { shown, thread, send } = await begin([...PLANNED, ...CARRIED]);
    await send("Write notes", "autonomous");
    assert.equal(await bench.text("notes.md"), "notes.md: books.\n");
    const [run] = thread.transcript.runs;
    assert.ok(run);
    await thread.undo(run);
    await assert.rejects(bench.text("notes.md"));
    const end = shown.sorted().find((item) => item.kind === "end");
    assert.ok(end?.kind === "end" && end.undone);
  });

  // prove: src/harness/casting.ts :: before: agent.stateful ? (isTurn(seat) ? "session" : before) : [], => before: agent.stateful ? before : [],
  it("V04 A04 one conversation, whoever works on a turn: each knows what was said to the other", async () => {
    const { thread, send } = await begin([
      says("There are two models."),
      boss(says("As said, two.")),
      says("Two, as before."),
    ]);
    await send("Which models?", "ask", "agent");
    await send("Are you sure?");
    assert.match(JSON.stringify(bench.requests[1]?.messages), /There are two models/);
    await send("And now?", "ask", "agent");
    assert.match(JSON.stringify(bench.requests[2]?.messages), /As said, two/);
    const again = await reopen(thread, []);
    assert.deepEqual(kinds(again.thread.transcript.items), [
      ...["user", "text", "end"],
      ...["user", "text", "end"],
      ...["user", "text", "end"],
    ]);
  });

  const OWN = JSON.stringify({
    agents: [
      {
        name: "clerk",
        role: "coordinator",
        stateful: true,
        model: "default",
        systemPrompt: "You are the clerk.",
      },
    ],
  });

  // prove: src/hosts/vscode/chat/company.ts :: if (await ask({ ...file, spec, changed })) { => if (spec) {
  it("V06b H24 agents of the workspace's own file work once the person said yes to exactly this file", async () => {
    const answers = [boss(says("The one that ships.")), as("You are the clerk.", says("The clerk."))];
    asked = [];
    bench = await openBench([...answers, ...answers], { files: { ".aksara/runtime.json": OWN } });
    let yes = false;
    const thread = ChatThread.begin(
      services(async () => yes),
      new Shown(),
    );
    const send = async () => {
      await thread.send("Who are you?", LIMITS, { mode: "supervised" }, "company");
      const text = thread.transcript.items.findLast((item) => item.kind === "text");
      return text?.kind === "text" ? text.text : null;
    };
    assert.equal(await send(), "The one that ships.");
    yes = true;
    assert.equal(await send(), "The one that ships.", "who said no is not asked again in this window");
    assert.deepEqual(asked, [".aksara/runtime.json"]);
    await bench.put(".aksara/runtime.json", `${OWN}\n`);
    assert.equal(await send(), "The clerk.");
    assert.deepEqual(asked, [".aksara/runtime.json", ".aksara/runtime.json"]);
  });

  it("V06b a file of agents that is wrong is told of, and what was said is given back", async () => {
    const { shown, send } = await begin([], { ".aksara/runtime.json": '{"agents": [{"name": ""}]}' });
    await send("Hello");
    const [failure] = shown.failures;
    assert.deepEqual([failure?.code, failure?.text], ["SPEC_INVALID", "Hello"]);
    assert.match(failure?.message ?? "", /runtime\.json:1: agents\[0\]/);
  });

  // prove: src/harness/models.ts :: await agree?.({ setup, model: resolved.model }); => void agree;
  it("V04 nothing is sent to where the person does not agree to send it", async () => {
    const { shown, thread } = await begin([boss(says("Never."))]);
    const agree = async () => {
      throw new Error("No.");
    };
    await thread.send("Hello", LIMITS, { mode: "supervised", agree }, "company");
    assert.deepEqual(
      shown.failures.map(({ text, message }) => [text, message]),
      [["Hello", "No."]],
    );
    assert.equal(bench.requests.length, 0);
  });
});

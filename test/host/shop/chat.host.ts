import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { api, root, until } from "../aksara.ts";

/** What the agent's model says here, by what it is asked. */
const ANSWERS = [
  { when: { last: "Which models" }, repeat: true, steps: [{ tool: "list_models", input: {} }] },
  { when: { tool_result: "list_models" }, repeat: true, steps: [{ text: "A product, and more." }] },
  {
    when: { last: "Write notes" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "planner", task: "Plan notes." } }],
  },
  {
    when: { last: "Plan notes" },
    repeat: true,
    steps: [
      {
        tool: "propose_plan",
        input: { goal: "Notes", actions: [{ type: "create_file", path: "notes.md", purpose: "notes" }] },
      },
    ],
  },
];

describe("the agent in the host", () => {
  before(async () => {
    await mkdir(path.join(root(), ".aksara"), { recursive: true });
    const hub = {
      version: 1,
      active_provider: "scripted",
      providers: [{ kind: "scripted", script: { answers: ANSWERS } }],
    };
    await writeFile(path.join(root(), ".aksara/aihub.json"), JSON.stringify(hub));
  });
  after(async () => {
    await vscode.commands.executeCommand("aksara.stopAgent");
    await rm(path.join(root(), ".aksara"), { recursive: true });
  });

  it("V04 answers a question with what it looked at", async () => {
    const { askAgent, agentThread } = await api();
    await askAgent("Which models are there?");
    const items = await agentThread();
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ["user", "call", "text", "end"],
    );
    const [, call, text] = items;
    assert.ok(call?.kind === "call" && call.output.includes("catalog.Product"));
    assert.ok(text?.kind === "text" && text.text === "A product, and more.");
  });

  it("A07 V04 asks a person, and nobody else can answer; what was asked for does not happen", async () => {
    const { askAgent, agentThread } = await api();
    const asked = askAgent("Write notes");
    const last = async () => (await agentThread()).findLast((item) => item.kind === "call");
    await until("it asks", async () => (await last())?.state === "asking");
    assert.ok(!existsSync(path.join(root(), "notes.md")));
    await vscode.commands.executeCommand("aksara.stopAgent");
    await asked;
    assert.equal((await last())?.state, "refused");
    assert.ok(!existsSync(path.join(root(), "notes.md")));
  });

  it("V04 a new chat begins with nothing", async () => {
    await vscode.commands.executeCommand("aksara.newChat");
    assert.deepEqual(await (await api()).agentThread(), []);
  });
});

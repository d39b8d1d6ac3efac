import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { COORDINATOR, chatFrame, EXECUTOR, openChat, PLANNER, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

const TASK = "Find slow endpoints and fix the worst";
const QUERIES = "You are the specialist for queries";
const CHANNEL = `            models.Index(fields=["channel"], name="order_channel_idx"),\n`;
const EMAIL = `            models.Index(fields=["contact_email"], name="order_contact_email_idx"),\n`;
const REPORT = "# Slow endpoints\n\nOrders were found by e-mail without an index.\n";

const INDEX = { type: "edit_file", path: "orders/models.py", change: "Order has an index on contact_email." };
const WRITE_DOWN = { type: "create_file", path: "slow.md", purpose: "says what was slow and why" };

const ANSWERS: ScriptInput["answers"] = [
  {
    when: { system: COORDINATOR, last: TASK },
    steps: [
      { text: "I have the queries looked at first.\n\n" },
      { tool: "hand_off", input: { agent: "queries", task: "What do the endpoints ask the database?" } },
    ],
  },
  {
    when: { system: QUERIES, last: "What do the endpoints ask" },
    steps: [
      { tool: "list_routes", input: {} },
      { tool: "explain_query", input: { sql: "SELECT * FROM lontar_order WHERE contact_email = 'a@b.c'" } },
    ],
  },
  {
    when: { system: QUERIES, tool_result: "explain_query" },
    steps: [{ text: "Orders are found by e-mail without an index." }],
  },
  {
    when: { system: COORDINATOR, last: "without an index" },
    steps: [{ tool: "hand_off", input: { agent: "planner", task: "Plan an index for orders by e-mail." } }],
  },
  {
    when: { system: PLANNER, last: "Plan an index" },
    steps: [{ tool: "propose_plan", input: { goal: "Find orders by e-mail fast", actions: [INDEX] } }],
  },
  {
    when: { system: PLANNER, last: "They said: Write it down" },
    steps: [
      { tool: "propose_plan", input: { goal: "Find orders by e-mail fast", actions: [INDEX, WRITE_DOWN] } },
    ],
  },
  {
    when: { system: PLANNER, tool_result: "propose_plan" },
    steps: [{ text: "The plan stands." }],
  },
  {
    when: { system: COORDINATOR, last: "The plan stands" },
    steps: [{ tool: "hand_off", input: { agent: "executor", task: "Carry out the plan." } }],
  },
  {
    when: { system: EXECUTOR, last: '"create_file"' },
    steps: [{ tool: "write_file", input: { path: "slow.md", content: REPORT } }],
  },
  { when: { system: EXECUTOR, tool_result: "write_file" }, steps: [{ text: "It is written down." }] },
  {
    when: { system: EXECUTOR, last: '"edit_file"' },
    steps: [{ tool: "read_file", input: { path: "orders/models.py" } }],
  },
  {
    when: { system: EXECUTOR, tool_result: "read_file" },
    steps: [
      {
        tool: "patch_file",
        input: {
          files: [
            { path: "orders/models.py", edits: [{ old_text: CHANNEL, new_text: `${CHANNEL}${EMAIL}` }] },
          ],
        },
      },
    ],
  },
  { when: { system: EXECUTOR, tool_result: "patch_file" }, steps: [{ text: "The index stands there." }] },
  {
    when: { system: COORDINATOR, last: "steps of the plan are done" },
    steps: [{ text: "Orders by e-mail have **an index** now." }],
  },
];

describe("find slow endpoints and fix the worst", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    await useScript(workbench, ANSWERS);
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  });
  after(() => workbench?.close());

  const text = (file: string) => readFile(path.join(workbench.folder ?? "", file), "utf8").catch(() => null);
  const card = () => frame.locator("aksara-approval-card");
  const plan = () => frame.locator("aksara-plan-card");
  const press = (name: string) => card().getByRole("button", { name, exact: true }).click();
  const proposed = () => card().getByRole("heading", { name: "Go on by this plan?" });

  it("H16 V04 the coordinator has a specialist look, and a planner plan; the plan says who proposes it", async () => {
    await say(frame, TASK);
    await proposed().waitFor();
    await card().getByText("Asked by coordinator › planner").waitFor();
    assert.deepEqual(await card().locator("aksara-plan-steps .step").allInnerTexts(), [
      "Edit file: orders/models.py",
    ]);
    await frame.getByRole("button", { name: /^Queries/ }).click();
    await frame.getByText("Orders are found by e-mail without an index.").waitFor();
    await frame
      .locator("aksara-tool-card")
      .getByRole("button", { name: /Planned query/ })
      .click();
    assert.deepEqual(seriousFindings(await runAxe(frame, { surface: "sideBar" })), []);
    await workbench.screenshot("story-plan");
  });

  it("H17 V04 changes are asked for, and what is proposed then is put in another order by the person", async () => {
    await press("Ask for changes");
    await frame.getByLabel("What should be different?").fill("Write it down as well");
    await press("Ask for changes");
    await card().locator("aksara-plan-steps .step").nth(1).waitFor();
    await press("Edit");
    await card().getByRole("button", { name: "Move step 2 up" }).click();
    await workbench.screenshot("story-plan-edited");
    await press("Approve with changes");
    await card().getByRole("heading", { name: "Create slow.md?" }).waitFor();
    await card().getByText("Asked by coordinator › executor › Step 1").waitFor();
    assert.deepEqual(await plan().locator(".step").allInnerTexts(), [
      "Create file: slow.md",
      "Edit file: orders/models.py",
    ]);
    assert.equal(await text("slow.md"), null);
  });

  it("H17 V04 each step asks for what it writes", async () => {
    await press("Approve");
    await card().getByRole("heading", { name: "Change orders/models.py?" }).waitFor();
    await plan().getByText("1 of 2 steps done").waitFor();
    assert.equal(await text("slow.md"), REPORT);
    assert.ok(!(await text("orders/models.py"))?.includes(EMAIL));
    await workbench.screenshot("story-gate");
  });

  it("H18 V04 a reload of the window in the middle of the gate keeps plan, steps and question", async () => {
    await workbench.reload();
    frame = await chatFrame(workbench);
    await card().getByRole("heading", { name: "Change orders/models.py?" }).waitFor();
    await card().getByText("Asked by coordinator › executor › Step 2").waitFor();
    await plan().getByText("1 of 2 steps done").waitFor();
    await frame.getByText("The window was closed before you answered.").waitFor();
    await workbench.screenshot("story-gate-again");
  });

  it("H18 V04 a yes takes it up where it was, and nothing is done twice", async () => {
    await press("Approve");
    await frame.getByText("Orders by e-mail have an index now.").waitFor();
    await plan().getByText("2 of 2 steps done").waitFor();
    const models = await text("orders/models.py");
    assert.equal(models?.split(EMAIL).length, 2, "the index stands there once");
    assert.equal(await text("slow.md"), REPORT);
    assert.equal(await card().count(), 0);
    await workbench.screenshot("story-done");
  });

  it("A13 V04 all that the agents changed is taken back as one turn", async () => {
    await frame.getByRole("button", { name: "Undo" }).click();
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByText("slow.md").waitFor();
    await question.getByRole("button", { name: "Take Back" }).click();
    await frame.locator("aksara-turn-end").getByText("taken back").waitFor();
    assert.equal(await text("slow.md"), null);
    assert.ok(!(await text("orders/models.py"))?.includes(EMAIL));
  });
});

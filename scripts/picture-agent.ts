import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { ScriptInput } from "../src/providers/connectors/script.ts";
import type { Workbench } from "../test/support/workbench.ts";
import { type AnimationFrame, animatedPng } from "./animated-png.ts";
import { configure } from "./picture-runs.ts";

const QUESTION = "Guests look their orders up by e-mail, and that is slow. Can you help? It is about ";
/** The editor and the chat beside it. */
const CLIP = { x: 350, y: 0, width: 1050, height: 862 };
const INDEX = `            models.Index(fields=["channel"], name="order_channel_idx"),\n`;

const QUERIES = "You are the specialist for queries";

/** What the model of the picture says; what the tools say to it is real. */
const ANSWERS: ScriptInput["answers"] = [
  {
    when: { last: "by e-mail" },
    steps: [
      { text: "I have such a query looked at first.\n\n" },
      { tool: "hand_off", input: { agent: "queries", task: "Why is finding orders by contact_email slow?" } },
    ],
  },
  {
    when: { system: QUERIES, last: "contact_email slow" },
    steps: [
      { tool: "describe_model", input: { model: "orders.Order" } },
      { tool: "explain_query", input: { sql: "SELECT * FROM lontar_order WHERE contact_email = 'a@b.c'" } },
    ],
  },
  { when: { tool_result: "explain_query" }, steps: [{ text: "No index covers contact_email." }] },
  {
    when: { last: "No index covers" },
    steps: [
      {
        text: "No index covers `contact_email`: the database reads **the whole table**. One index mends that.\n\n",
      },
      { tool: "hand_off", input: { agent: "planner", task: "Plan an index for orders by e-mail." } },
    ],
  },
  {
    when: { last: "Plan an index" },
    steps: [
      {
        tool: "propose_plan",
        input: {
          goal: "Find orders by e-mail with an index",
          actions: [
            {
              type: "edit_file",
              path: "orders/models.py",
              change: "Order has an index on contact_email.",
            },
            {
              type: "add_migration",
              app: "orders",
              change: "Builds the index without blocking writes.",
            },
          ],
        },
      },
    ],
  },
  { when: { tool_result: "propose_plan" }, steps: [{ text: "It is planned." }] },
  {
    when: { last: "It is planned" },
    steps: [{ tool: "hand_off", input: { agent: "executor", task: "Carry out the plan." } }],
  },
  {
    when: { last: "Carry out step 1" },
    steps: [{ tool: "read_file", input: { path: "orders/models.py" } }],
  },
  {
    when: { tool_result: "patch_file" },
    steps: [{ text: "The model has the index now." }],
  },
  // The animation ends while it is at work.
  {
    when: { last: "Carry out step 2" },
    steps: [{ text: "I look at the migrations of orders first." }, { hang: true }],
  },
  {
    when: { tool_result: "read_file" },
    steps: [
      {
        tool: "patch_file",
        input: {
          files: [
            {
              path: "orders/models.py",
              edits: [
                {
                  old_text: INDEX,
                  new_text: `${INDEX}            models.Index(fields=["contact_email"], name="order_contact_email_idx"),\n`,
                },
              ],
            },
          ],
        },
      },
    ],
  },
];

/**
 * Takes the picture of the agent in the side bar, in the middle of a question, and gives what happens before and after
 * it as an animation.
 */
export async function takeAgent(
  workbench: Workbench,
  take: (workbench: Workbench, name: string) => Promise<void>,
): Promise<Buffer> {
  const frames: AnimationFrame[] = [];
  const film = async (milliseconds: number) => {
    const png = await workbench.page.screenshot({ clip: CLIP, animations: "disabled", caret: "initial" });
    frames.push({ png, milliseconds });
  };
  await writeFile(
    path.join(workbench.folder ?? "", "answers.json"),
    JSON.stringify({ version: 1, answers: ANSWERS }),
  );
  await configure(workbench, { kind: "scripted", script: "answers.json", model: "scripted-1" });
  await workbench.runCommand("View: Close All Editors");
  await workbench.openFile("orders/models.py");
  await workbench.putCursorAt('name="order_channel_idx"');
  await workbench.runCommand("Aksara: Open Agent Chat");
  const frame = await workbench.webview(/./);
  await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  const box = frame.locator("aksara-composer textarea");
  await box.focus();
  await film(1200);
  await box.fill(`${QUESTION}@model:Ord`);
  await frame.getByRole("option", { selected: true, name: /^orders\.Order\b/ }).waitFor();
  await film(1800);
  await box.press("Enter");
  await frame.locator("aksara-composer .chip").waitFor();
  await film(1200);
  await frame.locator("aksara-composer button.send:not(:disabled)").waitFor();
  await box.press("Enter");
  const card = frame.locator("aksara-approval-card");
  await card.getByRole("heading", { name: "Go on by this plan?" }).waitFor();
  await film(2600);
  await card.getByRole("button", { name: "Approve", exact: true }).click();
  await card.getByRole("heading", { name: "Change orders/models.py?" }).waitFor();
  await workbench.runCommand("Notifications: Clear All Notifications");
  await workbench.page.mouse.move(700, 850);
  await workbench.page.waitForTimeout(800);
  await take(workbench, "agent");
  await film(3000);
  await card.getByRole("button", { name: "Approve", exact: true }).click();
  await frame.getByText("1 of 2 steps done").waitFor();
  await frame.getByText("I look at the migrations of orders first.").waitFor();
  await workbench.page.mouse.move(700, 850);
  await workbench.page.waitForTimeout(800);
  await film(3600);
  return animatedPng(frames);
}

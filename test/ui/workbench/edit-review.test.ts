import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import type { Workbench } from "../../support/workbench.ts";
import { beginChat, COORDINATOR, EXECUTOR, openChat, PLANNER, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

const PRICES = "tea 1\nbread 2\nmilk 3\nsalt 4\nrice 5\noil 6\neggs 7\n";
const HOURS = "open at 8\nclosed at 18\n";

const edit = (path: string, ...edits: readonly (readonly [string, string])[]) => ({
  path,
  edits: edits.map(([old_text, new_text]) => ({ old_text, new_text })),
});
const PATCH = {
  files: [
    edit("prices.txt", ["tea 1", "tea 10"], ["salt 4", "salt 40"], ["eggs 7", "eggs 70"]),
    edit("hours.txt", ["closed at 18", "closed at 20"]),
  ],
};

const STEP = { type: "create_file", path: "prices.txt", purpose: "says what things cost" };

const ANSWERS: ScriptInput["answers"] = [
  {
    when: { system: COORDINATOR, last: "New prices" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "planner", task: "Plan the prices." } }],
  },
  {
    when: { system: PLANNER, last: "Plan the prices" },
    repeat: true,
    steps: [{ tool: "propose_plan", input: { goal: "Prices", actions: [STEP] } }],
  },
  {
    when: { system: PLANNER, tool_result: "propose_plan" },
    repeat: true,
    steps: [{ text: "It is planned." }],
  },
  {
    when: { system: COORDINATOR, last: "It is planned" },
    repeat: true,
    steps: [{ tool: "hand_off", input: { agent: "executor", task: "Carry out the plan." } }],
  },
  {
    when: { system: EXECUTOR, last: "Carry out step" },
    repeat: true,
    steps: [{ tool: "patch_file", input: PATCH }],
  },
  ...[
    ["rejected this call of patch_file", "It was refused.", "They stay."],
    ["only a part", "It was done by halves.", "A part of it, then."],
    ["changed prices.txt", "It was done.", "The prices are new."],
  ].flatMap(([heard = "", said = "", told = ""]) => [
    { when: { system: EXECUTOR, last: heard }, repeat: true, steps: [{ text: said }] },
    { when: { system: COORDINATOR, last: said }, repeat: true, steps: [{ text: told }] },
  ]),
];

describe("the changes of the agent in the editor's own comparison", function () {
  this.timeout(120_000);
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

  const file = (name: string) => path.join(workbench.folder ?? "", name);
  const text = (name: string) => readFile(file(name), "utf8");
  const card = () => frame.locator("aksara-approval-card");
  const tab = (title: string) => workbench.page.locator(".tab", { hasText: title });
  /** Waits for what stands behind a line of the comparison: content of a style, no text of the page. */
  const mark = (words: string) =>
    workbench.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".monaco-diff-editor .view-line span")].some((span) =>
          getComputedStyle(span, "::after").content.replaceAll("\u00a0", " ").includes(wanted),
        ),
      words,
    );
  const title = (label: string) =>
    workbench.page.locator(".editor-actions").getByRole("button", { name: new RegExp(`^${label}`) });

  /** Has the agent propose its changes of two files, and opens them in the editor. */
  async function propose(): Promise<void> {
    await writeFile(file("prices.txt"), PRICES);
    await writeFile(file("hours.txt"), HOURS);
    await beginChat(workbench, frame);
    await say(frame, "New prices");
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await card().getByRole("button", { name: "Approve", exact: true }).click();
    await card().getByRole("heading", { name: "Change 2 files?" }).waitFor();
  }

  async function review(): Promise<void> {
    await card().getByRole("button", { name: "Review changes" }).click();
    await tab("prices.txt (proposed by the agent)").waitFor();
    await mark("Change 1 of 3: undecided");
  }

  /** Presses a key in the comparison until a mark says that it was heard. */
  async function press(key: string, words: string): Promise<void> {
    await workbench.page.locator(".monaco-diff-editor .monaco-editor.focused").waitFor();
    await workbench.page.keyboard.press(key);
    await mark(words);
  }

  it("A07 V04 V07 by keys some changes are accepted and others rejected, and only those are made, in all files or none", async () => {
    await propose();
    await review();
    await workbench.screenshot("review-open");
    await press("Control+Enter", "Change 1 of 3: accepted");
    await press("Control+Backspace", "Change 2 of 3: rejected");
    await workbench.screenshot("review-marked");
    await workbench.page.keyboard.press("Control+Enter");
    // With the last of a file the next one is shown.
    await tab("hours.txt (proposed by the agent)").waitFor();
    await mark("Change 1 of 1: undecided");
    await press("Control+Backspace", "Change 1 of 1: rejected");
    assert.equal(await text("prices.txt"), PRICES);
    await workbench.page.keyboard.press("Control+Shift+Enter");
    await frame.getByText("A part of it, then.").waitFor();
    assert.equal(await text("prices.txt"), PRICES.replace("tea 1", "tea 10").replace("eggs 7", "eggs 70"));
    assert.equal(await text("hours.txt"), HOURS);
    await tab("proposed by the agent").waitFor({ state: "detached" });
    await workbench.screenshot("review-done");
  });

  it("V04 of what was made a part is taken back, and the rest with the turn", async () => {
    await frame.getByRole("button", { name: /^Executor/ }).click();
    await frame.getByRole("button", { name: /^Create file: prices.txt/ }).click();
    const row = frame.locator("aksara-tool-card").getByRole("button", { name: /approved in part/ });
    await row.click();
    await frame.locator("aksara-tool-card").getByRole("button", { name: "Review changes" }).click();
    await tab("prices.txt (changed by the agent)").waitFor();
    await mark("Change 1 of 2: undecided");
    await press("Control+Backspace", "Change 1 of 2: rejected");
    await title("Finish Review").click();
    await frame.locator("aksara-tool-card").getByText("partly taken back").waitFor();
    assert.equal(await text("prices.txt"), PRICES.replace("eggs 7", "eggs 70"));
    await frame.getByRole("button", { name: "Undo" }).click();
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByRole("button", { name: "Take Back" }).click();
    await frame.locator("aksara-turn-end").getByText("taken back").waitFor();
    assert.equal(await text("prices.txt"), PRICES);
  });

  it("V04 what is undecided is left out once the person says so; with the mouse", async () => {
    await propose();
    await review();
    await title("Accept Change").click();
    await mark("Change 1 of 3: accepted");
    await title("Finish Review").click();
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByText("Make 1 of 4 changes?").waitFor();
    await question.getByRole("button", { name: "Make Them" }).click();
    await frame.getByText("A part of it, then.").waitFor();
    assert.equal(await text("prices.txt"), PRICES.replace("tea 1", "tea 10"));
  });

  it("V04 a command accepts all, and what is answered in the chat is not looked at any more", async () => {
    await propose();
    await review();
    await workbench.runCommand("Aksara: Accept All Changes");
    await frame.getByText("The prices are new.").waitFor();
    assert.equal(await text("hours.txt"), HOURS.replace("18", "20"));
    await propose();
    await review();
    await card().getByRole("button", { name: "Reject" }).click();
    await frame.getByLabel(/^Why not/).press("Enter");
    await frame.getByText("They stay.").waitFor();
    await tab("proposed by the agent").waitFor({ state: "detached" });
    assert.equal(await text("hours.txt"), HOURS);
  });

  it("A07 a file that changed while it was looked at is asked about anew: nothing else than what was shown is made", async () => {
    await propose();
    await review();
    await writeFile(file("prices.txt"), PRICES.replace("milk 3", "milk 4"));
    await workbench.runCommand("Aksara: Accept All Changes");
    await card().getByRole("heading", { name: "Change 2 files?" }).waitFor();
    await card().getByText("milk 4").first().waitFor();
    assert.equal(await text("hours.txt"), HOURS);
    await card().getByRole("button", { name: "Approve", exact: true }).click();
    await frame.getByText("The prices are new.").waitFor();
    assert.match(await text("prices.txt"), /tea 10\nbread 2\nmilk 4\n/);
  });
});

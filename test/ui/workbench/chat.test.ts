import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { beginChat, chatFrame, NOTE, openChat, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

describe("the chat with the agent", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    // One suite with a real VS Code runs at a time: the wait for the others is not the test's.
    this.timeout(20 * 60_000);
    workbench = await openShop();
  });
  after(() => workbench?.close());

  const notes = () => readFile(path.join(workbench.folder ?? "", "notes.md"), "utf8").catch(() => null);
  const card = () => frame.locator("aksara-approval-card");
  const press = (name: string) => card().getByRole("button", { name, exact: true }).click();

  it("V04 where nobody would answer it says so, and leads to the AI Hub", async () => {
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "No language model yet" }).waitFor();
    await frame.getByRole("button", { name: "Open AI Hub" }).click();
    await workbench.view("AI Hub");
    await useScript(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
    await workbench.screenshot("chat-ready");
  });

  it("V04 answers a question: what it looks at is a card, what it says is prose", async () => {
    await say(frame, "Which models are there?");
    await frame.getByText("and a category.").waitFor();
    const row = frame.locator("aksara-tool-card").getByRole("button", { name: /Listed models/ });
    await row.click();
    await frame.getByText("catalog.Product").first().waitFor();
    await frame.getByText(/tokens/).waitFor();
    assert.deepEqual(seriousFindings(await runAxe(frame, { surface: "sideBar" })), []);
    await workbench.screenshot("chat-answered");
  });

  it("A07 V04 a plan and a write are asked for; nothing is written before a yes", async () => {
    await say(frame, "Write notes");
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await press("Approve");
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await card().locator("aksara-diff-view").getByText("The shop sells books.").waitFor();
    await eventually.equal(() => notes(), null);
    await workbench.screenshot("chat-asking");
  });

  // Red when `ChatHost.leave` cancels what still works.
  it("V04 A04 a reload of the window in the middle of the question keeps it: a yes after it writes the file", async () => {
    await workbench.reload();
    frame = await chatFrame(workbench);
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await frame.getByText("The window was closed before you answered.").waitFor();
    await frame.getByText("and a category.").waitFor();
    await eventually.equal(() => notes(), null);
    await workbench.screenshot("chat-asking-again");
    await press("Approve");
    await frame.getByText("The notes are written.").waitFor();
    await eventually.equal(() => notes(), NOTE);
    await workbench.screenshot("chat-written");
  });

  it("V04 what a turn changed is taken back, once the person says so", async () => {
    await frame.getByRole("button", { name: "Undo" }).click();
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByText("notes.md").waitFor();
    await question.getByRole("button", { name: "Take Back" }).click();
    await frame.locator("aksara-turn-end").getByText("taken back").waitFor();
    await eventually.equal(() => notes(), null);
  });

  it("A07 V04 rejects with feedback, which the agent hears", async () => {
    await beginChat(workbench, frame);
    await say(frame, "Write notes");
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await press("Approve");
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await press("Reject");
    await frame.getByLabel(/^Why not/).fill("Not now");
    await card().getByRole("button", { name: "Reject" }).click();
    await frame.getByText("Then I leave it.").waitFor();
    await eventually.equal(() => notes(), null);
  });

  it("A07 V04 approves with other arguments, and these are what is done", async () => {
    await say(frame, "Write notes");
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await press("Approve");
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await press("Edit");
    await frame.getByLabel("content").fill("The shop sells tea.\n");
    await press("Approve with changes");
    await frame.getByText("The notes are written.").waitFor();
    await eventually.equal(() => notes(), "The shop sells tea.\n");
  });

  it("E05 V04 Stop ends a turn, which can go on; what was queued stays", async () => {
    await say(frame, "Wait for me");
    await frame.getByText("I begin").waitFor();
    const box = frame.getByRole("textbox", { name: "Message to the agent" });
    await box.fill("Which models are there?");
    await box.press("Enter");
    await frame.locator("aksara-queue-list").getByText("Which models are there?").waitFor();
    await workbench.screenshot("chat-queued");
    await frame.getByRole("button", { name: "Stop" }).click();
    await frame.getByText("Stopped.", { exact: true }).waitFor();
    await frame.getByRole("button", { name: "Go on" }).waitFor();
    await frame.locator("aksara-queue-list").getByText("Which models are there?").waitFor();
    await frame.getByRole("button", { name: "Do not send" }).click();
  });

  it("V04 chats are listed, searched for and opened again", async () => {
    await workbench.runCommand("Aksara: Show Chats");
    const list = frame.locator("aksara-thread-list");
    await list.getByRole("button", { name: /^Write notes/ }).waitFor();
    await list.getByRole("searchbox").fill("models");
    await list.getByRole("button", { name: /^Which models are there/ }).click();
    await frame.getByText("and a category.").waitFor();
    await eventually.equal(() => frame.getByText("Then I leave it.").count(), 0);
  });

  it("V04 an earlier message is written anew: a chat of its own goes on from there", async () => {
    await frame.locator("aksara-user-message").first().hover();
    await frame.getByRole("button", { name: "Edit and send again" }).first().click();
    const box = frame.getByRole("textbox", { name: "Message to the agent" });
    await eventually.equal(() => box.inputValue(), "Which models are there?");
    await box.fill("Which models are there, by table?");
    await box.press("Enter");
    await frame.locator("aksara-user-message").nth(1).waitFor({ state: "detached" });
    await frame.locator("aksara-user-message").getByText("by table?").waitFor();
    await frame.getByText("and a category.").waitFor();
    await workbench.runCommand("Aksara: Show Chats");
    const list = frame.locator("aksara-thread-list");
    await list.getByRole("button", { name: /^Which models are there\?/ }).waitFor();
    await list.getByRole("button", { name: /^Which models are there, by table/ }).waitFor();
    await list.getByRole("button", { name: "Close" }).click();
  });

  it("V04 an object of the tree and one at the cursor are taken along, as something to look up", async () => {
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Ask Agent About This");
    await frame.locator("aksara-composer").getByText("catalog.Product").waitFor();
    const row = await workbench.treeRow("Models", "Address");
    await workbench.openMenuOf(row);
    await workbench.chooseFromMenu("Ask Agent About This");
    await frame.locator("aksara-composer").getByText("accounts.Address").waitFor();
    await workbench.screenshot("chat-attached");
    await say(frame, "Which models are these?");
    const about = frame.locator("aksara-user-message").last();
    await about.getByText(/^model catalog\.Product \(catalog\/models\.py:\d+/).waitFor();
    await about.getByText(/^model accounts\.Address/).waitFor();
    await eventually.equal(() => frame.locator("aksara-composer .chip").count(), 0);
  });

  it("V04 a question that cannot be seen is told of by a message, which leads to it", async () => {
    await beginChat(workbench, frame);
    await say(frame, "Plan slowly");
    await workbench.page.keyboard.press("ControlOrMeta+Alt+KeyB");
    // Toasts come late or never where a test drives the window: the center has them.
    const message = workbench.page.locator(".notifications-center .notification-list-item", {
      hasText: "The agent needs your answer: propose_plan",
    });
    for (let tries = 0; tries < 10 && (await message.count()) === 0; tries++) {
      await workbench.runCommand("Notifications: Show Notifications");
      await message.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
    await message.hover();
    await message.getByRole("button", { name: "Show", exact: true }).click();
    frame = await chatFrame(workbench);
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await workbench.runCommand("Aksara: Reject");
    await frame.getByText("No plan, then.").waitFor();
  });
});

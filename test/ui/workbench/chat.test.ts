import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { chatFrame, NOTE, openChat, say, useScript } from "./chat-window.ts";
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
    assert.equal(await notes(), null);
    await workbench.screenshot("chat-asking");
  });

  // Red when `ChatHost.leave` cancels what still works.
  it("V04 A04 a reload of the window in the middle of the question keeps it: a yes after it writes the file", async () => {
    await workbench.reload();
    frame = await chatFrame(workbench);
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await frame.getByText("The window was closed before you answered.").waitFor();
    await frame.getByText("and a category.").waitFor();
    assert.equal(await notes(), null);
    await workbench.screenshot("chat-asking-again");
    await press("Approve");
    await frame.getByText("The notes are written.").waitFor();
    assert.equal(await notes(), NOTE);
    await workbench.screenshot("chat-written");
  });
});

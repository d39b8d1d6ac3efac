import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { beginChat, openChat, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

const SHARDING = `---
kind: model
title: Plan Sharding
description: How this table could be split over several databases
risk: high
what_it_does: Collects the facts of the model and asks for a sharding key.
what_it_cannot_do: It does not know how many rows the table has.
---
You have split large tables before. Propose a sharding key.
`;

describe("what is typed into the chat", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    const actions = path.join(workbench.folder ?? "", ".aksara/actions");
    await mkdir(actions, { recursive: true });
    await writeFile(path.join(actions, "plan_sharding.md"), SHARDING);
    await workbench.runCommand("Aksara: Refresh Catalog");
    await useScript(workbench);
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  });
  after(() => workbench?.close());

  const field = () => frame.locator("aksara-composer textarea");
  const list = () => frame.locator('aksara-composer [role="listbox"]');
  const chips = () => frame.locator("aksara-composer .chip");
  const card = () => frame.locator("aksara-approval-card");
  const message = () => frame.locator("aksara-user-message").last();

  /** Types as a person does, behind what stands there. */
  async function type(text: string): Promise<void> {
    await field().focus();
    await field().pressSequentially(text);
  }

  it("V04 V07 @ shows the kinds and what there is; typing on narrows it; Enter takes an object along", async () => {
    await beginChat(workbench, frame);
    await type("What is @");
    for (const kind of ["model", "route", "query", "migration", "issue", "file"])
      await list()
        .getByRole("option", { name: `@${kind}:` })
        .first()
        .waitFor();
    await workbench.screenshot("chat-mentioning");
    assert.deepEqual(seriousFindings(await runAxe(frame, { surface: "sideBar" })), []);
    await type("model:Prod");
    await list()
      .getByRole("option", { selected: true, name: /^catalog\.Product\b/ })
      .waitFor();
    await workbench.page.keyboard.press("Enter");
    await chips().getByText("catalog.Product", { exact: true }).waitFor();
    await eventually.equal(() => field().inputValue(), "What is @model:catalog.Product ");
    await type("next to @file:READ");
    await list()
      .getByRole("option", { name: /^README\.md/ })
      .first()
      .click();
    await chips().getByText("README.md").waitFor();
    await type("Which models are these?");
    await field().press("Enter");
    await message()
      .getByText(/^model catalog\.Product \(catalog\/models\.py:\d+/)
      .waitFor();
    await message().getByText("file README.md").waitFor();
    await frame.getByText("and a category.").waitFor();
    await eventually.equal(() => chips().count(), 0);
  });

  // Red when `walkFiles` names what holds secrets.
  it("A12 files that hold secrets are not offered, and not taken along by name", async () => {
    await writeFile(path.join(workbench.folder ?? "", ".env.production"), "TOKEN=1\n");
    await beginChat(workbench, frame);
    await type("@file:env.prod");
    await frame.locator("aksara-composer").getByText("Nothing here has such a name.").waitFor();
    await workbench.page.keyboard.press("Escape");
    await say(frame, "Read @file:.env.production");
    await frame.locator(".failure").waitFor();
    await eventually.equal(() => field().inputValue(), "Read @file:.env.production");
    assert.equal(await frame.locator("aksara-user-message").count(), 0);
    await frame.locator(".failure").getByRole("button", { name: "Close" }).click();
  });

  it("V04 what is not found is said before anything is sent, with near names; nothing is lost", async () => {
    await beginChat(workbench, frame);
    await say(frame, "Compare @model:catalog.Prodduct with @model:orders.Order");
    const failure = frame.locator(".failure");
    await failure.getByText(/catalog\.Prodduct/).waitFor();
    await failure.getByText(/catalog\.Product\b/).waitFor();
    await eventually.equal(
      () => field().inputValue(),
      "Compare @model:catalog.Prodduct with @model:orders.Order",
    );
    assert.equal(await frame.locator("aksara-user-message").count(), 0);
    await workbench.screenshot("chat-not-found");
    await failure.getByRole("button", { name: "Close" }).click();
    await field().fill("");
  });

  it("V04 V09b a slash command sends the facts of what it names; a file of the workspace adds one", async () => {
    await beginChat(workbench, frame);
    await type("/explain_m");
    await list()
      .getByRole("option", { name: /^\/explain_model/ })
      .waitFor();
    await workbench.page.keyboard.press("Tab");
    await list()
      .getByRole("option", { name: /@model:|catalog\.|accounts\./ })
      .first()
      .waitFor();
    await eventually.equal(() => field().inputValue(), "/explain_model @model:");
    await type("catalog.Product");
    await list()
      .getByRole("option", { selected: true, name: /^catalog\.Product\b/ })
      .waitFor();
    await workbench.page.keyboard.press("Enter");
    await field().press("Enter");
    await frame.getByText("A product is what the shop sells.").waitFor();
    await message()
      .getByText(/^model catalog\.Product \(/)
      .waitFor();
    await message().getByText("What the model is asked").click();
    await message()
      .getByText(/catalog_product/)
      .waitFor();
    await workbench.screenshot("chat-command");
    await say(frame, "/plan_sharding catalog.Product");
    await frame.getByText("Split it by publisher.").waitFor();
  });

  it("V04 a command that there is not is answered with those like it, and comes back", async () => {
    await beginChat(workbench, frame);
    await say(frame, "/explan_model @model:catalog.Product");
    await frame
      .locator(".failure")
      .getByText(/Did you mean \/explain_model/)
      .waitFor();
    await eventually.equal(() => field().inputValue(), "/explan_model @model:catalog.Product");
    await frame.locator(".failure").getByRole("button", { name: "Close" }).click();
    await field().fill("");
  });

  it("V04 /plan, /undo: a plan first whatever the mode is, and what a turn changed taken back", async () => {
    await beginChat(workbench, frame);
    await frame.getByRole("combobox", { name: "Mode" }).selectOption("ask");
    await say(frame, "/plan Write notes");
    await card().getByRole("heading", { name: "Go on by this plan?" }).waitFor();
    await eventually.equal(() => frame.getByRole("combobox", { name: "Mode" }).inputValue(), "supervised");
    await card().getByRole("button", { name: "Approve", exact: true }).click();
    await card().getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await card().getByRole("button", { name: "Approve", exact: true }).click();
    await frame.getByText("The notes are written.").waitFor();
    const notes = path.join(workbench.folder ?? "", "notes.md");
    assert.match(await readFile(notes, "utf8"), /sells books/);
    await say(frame, "/undo");
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByRole("button", { name: "Take Back" }).click();
    await frame.locator("aksara-turn-end").getByText("taken back").waitFor();
    await eventually.equal(async () => existsSync(notes), false);
  });

  it("V04 /compact: the model goes on with a digest, and all that was said stays to be read", async () => {
    await beginChat(workbench, frame);
    await say(frame, "Which models are there?");
    await frame.getByText("and a category.").waitFor();
    await frame
      .locator("aksara-turn-end")
      .getByText(/tokens/)
      .waitFor();
    await say(frame, "/compact");
    await frame.getByText("Older parts of the conversation were shortened").waitFor();
    await frame.getByText("and a category.").waitFor();
    await eventually.equal(() => field().inputValue(), "");
    await workbench.screenshot("chat-compacted");
  });

  it("V04 /export opens the chat as a document that the person saves where they want", async () => {
    await say(frame, "/export markdown");
    const tab = workbench.page.locator(".tab.active", { hasText: /Untitled-\d/ });
    await tab.waitFor();
    const lines = workbench.page.locator(".editor-group-container.active .view-lines");
    await lines.getByText("Which models are there?").first().waitFor();
    await workbench.screenshot("chat-exported");
    await workbench.runCommand("Aksara: Export Chat…");
    await workbench.choose("As JSON");
    await lines.getByText('"kind": "user"').first().waitFor();
    await workbench.runCommand("Aksara: Show Chats");
    const row = frame.locator("aksara-thread-list li", { hasText: "/plan Write notes" });
    await row.hover();
    await row.getByRole("button", { name: /^Export/ }).click();
    await workbench.choose("As Markdown");
    await lines.getByText("Write notes").first().waitFor();
    await frame.locator("aksara-thread-list").getByRole("button", { name: "Close" }).click();
  });
});

import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import { themeNames, type Workbench } from "../../support/workbench.ts";
import { beginChat, openChat, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

describe("the trace of a run", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let chat: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    await useScript(workbench);
    chat = await openChat(workbench);
  });
  after(() => workbench?.close());

  /** The page with the waterfall; the chat's is another webview of the same window. */
  async function tracePage(): Promise<Frame> {
    await workbench.page.locator(".tab", { hasText: "Trace" }).waitFor();
    const frame = await workbench.webview("Trace");
    await frame.getByRole("treegrid", { name: "What happened" }).waitFor();
    return frame;
  }

  it("H21 V04 'Why did it do that?' on a turn shows the run as a waterfall, with nothing of what was said", async () => {
    await beginChat(workbench, chat);
    await say(chat, "Which models are there?");
    await chat.getByText("and a category.").waitFor();
    await chat.getByRole("button", { name: "Why did it do that?" }).first().click();
    const frame = await tracePage();
    await frame.getByRole("heading", { level: 1, name: "Which models are there?" }).waitFor();
    await frame.getByRole("row", { name: /list_models/ }).waitFor();
    assert.equal(await frame.getByRole("row", { name: /scripted-1/ }).count(), 2);
    assert.equal(await frame.getByText("and a category.").count(), 0);
    for (const theme of themeNames) {
      await workbench.setTheme(theme);
      assert.deepEqual(seriousFindings(await runAxe(frame)), [], theme);
      await workbench.screenshot(`trace.${theme}`);
    }
    await workbench.setTheme("dark");
  });

  it("H21 is chosen by a command, and closed by Escape", async () => {
    const frame = await tracePage();
    await frame.getByRole("treegrid").focus();
    await workbench.page.keyboard.press("Escape");
    await workbench.page.locator(".tab", { hasText: "Trace" }).waitFor({ state: "detached" });
    await workbench.runCommand("Aksara: Show Trace…");
    const row = workbench.page.locator(".quick-input-list .monaco-list-row", {
      hasText: "Which models are there?",
    });
    await row.first().waitFor();
    await workbench.page.keyboard.press("Enter");
    const again = await tracePage();
    await again.getByRole("heading", { level: 1, name: "Which models are there?" }).waitFor();
  });
});

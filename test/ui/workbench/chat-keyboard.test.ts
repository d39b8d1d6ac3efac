import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { beginChat, NOTE, openChat, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

describe("the chat by keyboard alone", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    await useScript(workbench);
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  });
  after(() => workbench?.close());

  /** Goes back with Shift+Tab from where the focus is to a button of this name. */
  async function backTo(name: string): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      const focused = await frame.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        // A button of the toolkit has its words in its host.
        const root = element?.getRootNode();
        const host = root instanceof ShadowRoot && element?.localName === "button" ? root.host : null;
        const words = host?.localName === "vscode-button" ? host.textContent : element?.textContent;
        return (element?.getAttribute("aria-label") ?? words ?? "").replace(/[^\p{L} ]/gu, "").trim();
      });
      if (focused === name) return;
      await workbench.page.keyboard.press("Shift+Tab");
    }
    assert.fail(`Shift+Tab never reached "${name}"`);
  }

  const card = (heading: string) =>
    frame.locator("aksara-approval-card").getByRole("heading", { name: heading });

  it("V07 A07 asks with an object taken along, approves a plan and a change, and takes it back", async () => {
    const { keyboard } = workbench.page;
    const notes = path.join(workbench.folder ?? "", "notes.md");
    await beginChat(workbench, frame);
    await keyboard.type("Write notes on @model:Prod");
    await frame.getByRole("option", { selected: true, name: /^catalog\.Product\b/ }).waitFor();
    await keyboard.press("Enter");
    await frame.locator("aksara-composer .chip").waitFor();
    await keyboard.press("Enter");

    await card("Go on by this plan?").waitFor();
    await backTo("Approve");
    await keyboard.press("Enter");
    await card("Create notes.md?").waitFor();
    assert.equal(existsSync(notes), false);
    await backTo("Approve");
    await keyboard.press("Enter");
    await frame.getByText("The notes are written.").waitFor();
    assert.equal(await readFile(notes, "utf8"), NOTE);

    await backTo("Undo");
    await keyboard.press("Enter");
    const question = workbench.page.locator(".monaco-dialog-box");
    await question.getByRole("button", { name: "Take Back" }).waitFor();
    await workbench.pressUntil("Enter", () => question.isHidden());
    await frame.locator("aksara-turn-end").getByText("taken back").waitFor();
    await eventually.equal(async () => existsSync(notes), false);
  });
});

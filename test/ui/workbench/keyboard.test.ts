import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

describe("by keyboard alone", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    await workbench.treeRow("Models", "Address");
  });
  after(() => workbench.close());

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await workbench.page.keyboard.press(key);
  }

  async function hub(): Promise<Locator> {
    return workbench.page.locator('.pane-header[aria-label^="AI Hub"]');
  }

  async function foldHub(): Promise<void> {
    const header = await hub();
    if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
    await workbench.page.locator('.pane-header[aria-label^="AI Hub"][aria-expanded="false"]').waitFor();
  }

  async function hubOpened(): Promise<void> {
    await workbench.page.locator('.pane-header[aria-label^="AI Hub"][aria-expanded="true"]').waitFor();
  }

  it("V07 from the palette over the picker into the panel, through its tabs, to a copy", async () => {
    await press("F1");
    await workbench.page.keyboard.type("Aksara: Explain Model");
    await workbench.quickPickRow("Aksara: Explain Model").waitFor();
    await press("Enter");
    const input = workbench.page.locator('.quick-input-widget input[placeholder^="Choose what"]');
    await input.waitFor();
    await workbench.page.keyboard.type("catalog.Publisher");
    await press("Enter");
    const frame = await flowPanel(workbench, "Explain Model: catalog.Publisher");
    await frame.getByRole("heading", { level: 1 }).waitFor();

    await workbench.runCommand("View: Focus Active Editor Group");
    await focusUntil("Copy prompt pack");
    await press("Enter");
    await frame.getByText("Copied", { exact: true }).waitFor({ state: "attached" });
    const pack = await workbench.waitForClipboard("You ");
    assert.match(pack, /catalog\.Publisher/);

    await focusUntil("Result");
    await press("ArrowRight");
    await frame.getByRole("tab", { name: "Prompt Pack", selected: true }).waitFor();
    await press("ArrowRight", "ArrowRight");
    await frame.getByRole("tab", { name: "Raw JSON", selected: true }).waitFor();
    await press("Home");
    await frame.getByRole("tab", { name: "Result", selected: true }).waitFor();

    async function focusUntil(name: string): Promise<void> {
      for (let tries = 0; tries < 15; tries++) {
        // The text of what has the focus, from the page's element inwards through all shadow trees.
        const focused = await frame.evaluate(() => {
          const texts: string[] = [];
          for (
            let element = document.activeElement;
            element;
            element = element.shadowRoot?.activeElement ?? null
          )
            texts.push(element.textContent ?? "");
          return texts.join("\n");
        });
        if (focused.includes(name)) return;
        await press("Tab");
      }
      assert.fail(`Tab never reached "${name}"`);
    }
  });

  it("V07 Shift+A in a tree opens the hub", async () => {
    await foldHub();
    await (await workbench.treeRow("Models", "Address")).click();
    await press("Shift+A");
    await hubOpened();
  });

  it("V07 Shift+A in the panel opens the hub, Escape closes the panel, and neither while someone types", async () => {
    await (await workbench.treeRow("Models", "Address")).hover();
    await workbench.runCommand("Aksara: Close Flow Panel").catch(() => undefined);
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Publisher(");
    await workbench.runCommand("Aksara: Explain Model");
    const frame = await flowPanel(workbench, "Explain Model: catalog.Publisher");
    await foldHub();
    await frame.evaluate(() => {
      const input = document.createElement("input");
      input.id = "typed";
      document.body.prepend(input);
    });
    await frame.locator("#typed").click();
    await workbench.page.keyboard.type("A");
    await press("Escape");
    await eventually.equal(() => frame.locator("#typed").inputValue(), "A");
    await eventually.equal(async () => await (await hub()).getAttribute("aria-expanded"), "false");

    await frame.getByRole("heading", { level: 1 }).click();
    await press("Shift+A");
    await hubOpened();
    await frame.getByRole("heading", { level: 1 }).click();
    await press("Escape");
    await workbench.page.locator(".tab", { hasText: "Explain Model" }).waitFor({ state: "detached" });
  });
});

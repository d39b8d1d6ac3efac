import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Frame } from "playwright-core";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { eventually } from "../../support/eventually.ts";
import { checkout } from "../../support/host/build-host-suite.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop, sharedSession, workspace } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";
const TABS = ["Result", "Prompt Pack", "Evidence", "Raw JSON"];

describe("the panel", function () {
  this.timeout(120_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(() => workbench.close());

  async function explain(): Promise<Frame> {
    // Else the file opens over the panel, where the last press was.
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Explain Model");
    const frame = await flowPanel(workbench, TITLE);
    await select(frame, "Result");
    return frame;
  }

  /** What the packaged command line prints about the window's folder. */
  async function onCommandLine(command: string): Promise<string> {
    const cli = path.join(checkout, "dist/cli.js");
    const args = [...command.split(" "), "--workspace", workbench.folder ?? "", "--format", "json"];
    return (await promisify(execFile)(process.execPath, [cli, ...args])).stdout;
  }

  it("V03 shows the result, the prompts, the evidence and the document", async () => {
    const frame = await explain();
    assert.deepEqual(await frame.getByRole("tab").evaluateAll((tabs) => tabs.length), TABS.length);
    await frame.getByText("catalog_product").first().waitFor();
    await select(frame, "Prompt Pack");
    await frame.getByRole("region", { name: "User prompt" }).getByText("catalog.Product").first().waitFor();
    await select(frame, "Evidence");
    await frame.getByRole("button", { name: "catalog/models.py:" }).first().waitFor();
    await select(frame, "Raw JSON");
    await frame.getByText("fingerprint").first().waitFor();
  });

  it("V03 each button copies what it says; the document is the command line's, byte for byte", async () => {
    const frame = await explain();
    await workbench.clearClipboard();
    await select(frame, "Raw JSON");
    await frame.getByRole("button", { name: "Copy JSON" }).click();
    const json = await workbench.waitForClipboard("{");
    const pack = JSON.parse(json) as PromptPack;
    assert.equal(pack.target?.name, "catalog.Product");

    await frame.getByRole("button", { name: "Copy prompt pack" }).click();
    assert.equal(
      await workbench.waitForClipboard(pack.system_prompt.slice(0, 20)),
      `${pack.system_prompt}\n\n${pack.user_prompt}`,
    );
    await select(frame, "Prompt Pack");
    await frame.getByRole("button", { name: "Copy user prompt" }).click();
    assert.equal(await workbench.waitForClipboard(pack.user_prompt.slice(0, 20)), pack.user_prompt);
    await select(frame, "Result");
    await frame.getByRole("button", { name: "Copy result" }).click();
    assert.equal(await workbench.waitForClipboard(pack.result_markdown.slice(0, 20)), pack.result_markdown);
    await frame.getByRole("button", { name: "Copy command" }).click();
    const command = await workbench.waitForClipboard("aksara ");
    assert.equal(command, "aksara ai flows model catalog.Product --action explain_model");

    assert.equal(json, await onCommandLine(command.replace(/^aksara /, "")));
  });

  it("V03 a suggested action runs on the same object", async () => {
    const frame = await explain();
    await frame.getByRole("button", { name: /^Suggest Constraints/ }).click();
    await frame.getByRole("heading", { level: 1, name: "Suggest Constraints" }).waitFor();
    await flowPanel(workbench, "Suggest Constraints: catalog.Product");
  });

  it("V03 a place in the evidence opens the source at its line, beside the panel", async () => {
    const frame = await explain();
    await select(frame, "Evidence");
    const link = frame.getByRole("button", { name: "catalog/services.py:" }).first();
    const place = (await link.innerText()).trim();
    await link.click();
    await workbench.page.locator('.tab.active[data-resource-name="services.py"]').waitFor();
    const line = Number(/:(\d+)$/.exec(place)?.[1]);
    await workbench.page.getByText(`Ln ${line}, Col`).waitFor();
    assert.equal(await flowPanel(workbench, TITLE), frame, "the panel stays");
  });

  it("V03 the same pack and tab are there after the window was reloaded", async () => {
    const before = await explain();
    await select(before, "Prompt Pack");
    const fingerprint = await before.locator(".fingerprint").innerText();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await after.locator(".fingerprint").waitFor();
    await eventually.equal(() => after.locator(".fingerprint").innerText(), fingerprint);
  });

  it("V03 says that it is stale when a file it was built of is saved, and is not after Rebuild", async () => {
    const frame = await explain();
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.putCursorAt("    sku = models.CharField");
    await workbench.page.keyboard.type("    shelf_colour = models.CharField(max_length=7)\n");
    await workbench.page.keyboard.press("ControlOrMeta+s");
    await stale(frame).waitFor();
    assert.ok(!(await frame.locator("aksara-result-tab").innerText()).includes("shelf_colour"));
    await frame.locator(".stale").getByRole("button", { name: "Rebuild" }).click();
    await stale(frame).waitFor({ state: "detached" });
    await frame.getByText("shelf_colour").first().waitFor();
  });

  it("V03 says so also when the file changed while the panel could not be seen", async () => {
    await explain();
    await workbench.page.locator(".tab", { hasText: TITLE }).click();
    await workbench.openFile("manage.py");
    const file = path.join(workbench.folder ?? "", "catalog/models.py");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("    title = models.CharField", "    name = models.CharField"));
    await workbench.runCommand("Aksara: Refresh Catalog");
    await workbench.page.locator(".tab", { hasText: TITLE }).click();
    await stale(await flowPanel(workbench, TITLE)).waitFor();
    await writeFile(file, text);
    await stale(await flowPanel(workbench, TITLE)).waitFor({ state: "detached" });
  });

  it("V03 is not stale where the prompts stay the same, and still shows the document of now", async () => {
    const frame = await explain();
    await select(frame, "Raw JSON");
    const file = path.join(workbench.folder ?? "", "catalog/models.py");
    await writeFile(file, `${await readFile(file, "utf8")}\n# A word at the end.\n`);
    const now = await onCommandLine("ai flows model catalog.Product --action explain_model");
    for (let tries = 0; tries < 20; tries++) {
      await frame.getByRole("button", { name: "Copy JSON" }).click();
      if ((await workbench.waitForClipboard("{")) === now) break;
      await workbench.page.waitForTimeout(250);
    }
    await eventually.equal(() => workbench.clipboard(), now);
    await eventually.equal(() => stale(frame).count(), 0);
  });
});

describe("the panel where a name does not lead to one object", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await (await sharedSession()).open(workspace("hostile"));
  });
  after(() => workbench.close());

  it("F09 V03 shows the candidates, and a press on one builds its pack", async () => {
    await workbench.openFile("inventory/models.py");
    await workbench.putCursorAt("class Item(");
    await workbench.runCommand("Aksara: Explain Model");
    const frame = await flowPanel(workbench, "Explain Model: inventory.Item");
    await frame.getByRole("heading", { level: 1, name: "Explain Model" }).waitFor();
    // The class is taken away and the panel asked again: it names what comes near.
    const file = path.join(workbench.folder ?? "", "inventory/models.py");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("class Item(", "class Itemized("));
    await stale(frame).waitFor();
    await frame.locator(".stale").getByRole("button", { name: "Rebuild" }).click();
    await frame.getByRole("alert").getByText("CONTEXT_NOT_FOUND").waitFor();
    await frame.getByRole("button", { name: "inventory.Itemized" }).click();
    await frame.getByRole("heading", { level: 1, name: "Explain Model" }).waitFor();
    await flowPanel(workbench, "Explain Model: inventory.Itemized");
  });
});

function stale(frame: Frame) {
  return frame.getByText("The workspace has changed since this pack was built.");
}

async function select(frame: Frame, tab: string): Promise<void> {
  await frame.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
}

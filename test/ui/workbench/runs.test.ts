import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { aksara, cliEnvironment } from "../../support/aksara-process.ts";
import { eventually } from "../../support/eventually.ts";
import { stateHome } from "../../support/vscode-server/server.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { themeNames } from "../../support/workbench.ts";
import { closePanel, openFlow, runButton, writeHub } from "./run-panel.ts";
import { flowPanel, openShop, sharedSession } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";

/** A script that the panel, and each process of the command line, plays from its beginning. */
function scripted(text: string): Record<string, unknown> {
  const answers = [{ steps: [{ text }], usage: { input: 900, output: 12 }, finish: "length", repeat: true }];
  return { kind: "scripted", script: { version: 1, model: "replay-1", answers } };
}

describe("the runs of an object", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    await writeHub(workbench, scripted("From the panel."));
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(() => workbench?.close());

  async function openRuns(frame: Frame): Promise<void> {
    await frame.getByRole("tab", { name: "Runs" }).click();
    await frame.getByRole("list", { name: "Runs" }).waitFor();
  }

  it("V03 lists what the panel ran, and what the command line ran meanwhile, for this object and action only", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await eventually.equal(() => frame.getByRole("tab", { name: "Runs" }).count(), 0);
    await runButton(frame).click();
    await frame.getByText("From the panel.").waitFor();
    await frame.getByRole("tab", { name: "Runs" }).waitFor();
    await writeHub(workbench, scripted("From the command line."));
    const { server } = await sharedSession();
    const environment = cliEnvironment(stateHome(server.dataFolder));
    for (const [model, action] of [
      ["catalog.Product", "explain_model"],
      ["catalog.Product", "refactor_suggestions"],
      ["catalog.Category", "explain_model"],
    ] as const) {
      const place = ["--workspace", workbench.folder ?? ""];
      const { out } = await aksara(["ai", "run", "model", model, "--action", action, ...place], environment);
      assert.match(out, /From the command line\./);
    }
    await openRuns(frame);
    await frame.getByRole("listitem").nth(1).waitFor();
    await eventually.equal(() => frame.getByRole("listitem").count(), 2);
    const row = frame.getByRole("listitem").first();
    await row.getByText("replay-1").waitFor();
    await row.getByText("900 tokens in, 12 out").waitFor();
    await row.getByText("Cut off").waitFor();
  });

  it("V03 V07 opens one, and two side by side, by keyboard alone; Escape leads back", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await openRuns(frame);
    const { keyboard } = workbench.page;
    const [newer, older] = [0, 1].map((index) => frame.getByRole("listitem").nth(index));
    assert.ok(newer && older);
    await newer.getByRole("button").first().focus();
    await keyboard.press("Enter");
    await frame.getByText("From the command line.").waitFor();
    await eventually.equal(() => frame.getByText("From the panel.").isVisible(), false);
    await keyboard.press("Escape");
    await frame.getByRole("list", { name: "Runs" }).waitFor();
    // The focus is where it was, on the run that was opened; its box is before it.
    await keyboard.press("Shift+Tab");
    await keyboard.press("Space");
    await older.getByRole("checkbox").focus();
    await keyboard.press("Space");
    await frame.getByRole("button", { name: "Compare", exact: true }).focus();
    await keyboard.press("Enter");
    await frame.getByText("Both were sent the same prompts.").waitFor();
    const runs = frame.locator("aksara-runs-tab section[aria-label^='Run of']");
    await eventually.equal(() => runs.count(), 2);
    await runs.first().getByText("From the panel.").waitFor();
    await runs.last().getByText("From the command line.").waitFor();
  });

  it("V07 stand one below the other where there is no room, beside each other where there is; axe finds nothing in four themes", async () => {
    const frame = await flowPanel(workbench, TITLE);
    const runs = frame.locator("aksara-runs-tab section[aria-label^='Run of']");
    const [left, right] = await Promise.all([runs.first().boundingBox(), runs.last().boundingBox()]);
    assert.ok(left && right && right.y > left.y + left.height / 2, "below each other in half a window");
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await frame.locator("aksara-runs-tab .columns.two").waitFor();
    for (let tries = 0; tries < 50; tries++) {
      const boxes = await Promise.all([runs.first().boundingBox(), runs.last().boundingBox()]);
      if (boxes[0]?.y === boxes[1]?.y) break;
      await workbench.page.waitForTimeout(100);
    }
    const [one, two] = await Promise.all([runs.first().boundingBox(), runs.last().boundingBox()]);
    assert.ok(one && two && one.y === two.y && two.x > one.x, "side by side in a whole window");
    for (const theme of themeNames) {
      await workbench.setTheme(theme);
      assert.deepEqual(seriousFindings(await runAxe(frame)), [], theme);
      await workbench.screenshot(`runs-compared.${theme}`);
    }
    await workbench.setTheme("dark");
    await workbench.runCommand("View: Toggle Maximize Editor Group");
  });

  it("V03 what was looked at is there again when the panel was hidden, and not in a new one", async () => {
    const tab = workbench.page.locator(".tab", { hasText: TITLE });
    await tab.click();
    await workbench.openFile("manage.py");
    await tab.click();
    const again = await flowPanel(workbench, TITLE);
    await again.getByText("Both were sent the same prompts.").waitFor();
    await closePanel(workbench);
    const fresh = await openFlow(workbench, "Explain Model");
    await openRuns(fresh);
    await eventually.equal(() => fresh.getByText("Both were sent the same prompts.").count(), 0);
  });
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Locator } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openShop } from "./shop-window.ts";

describe("the AI Hub", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let hub: Locator;

  before(async () => {
    workbench = await openShop();
    await workbench.showViews("AI Hub");
    hub = await workbench.view("AI Hub");
  });
  after(() => workbench.close());
  beforeEach(() => workbench.dismiss());

  async function provider(name: string): Promise<Locator> {
    const row = hub.locator(".monaco-list-row", { hasText: name });
    if (!(await row.isVisible())) {
      await hub.locator(".monaco-list-row", { hasText: "More providers" }).click();
      await workbench.pressUntil("ArrowRight", () => row.isVisible());
    }
    return row;
  }

  it("F07 says why nothing can be run", async () => {
    const row = hub.locator(".monaco-list-row", { hasText: "Run AI" });
    await row.waitFor();
    await eventually.equal(() => row.getAttribute("aria-label"), "Run AI: no provider is configured");
  });

  it("lists the providers, none of which is called ready as long as nobody has named or found it", async () => {
    await provider("Anthropic");
    const rows = hub.locator('.monaco-list-row[aria-level="2"]');
    const spoken = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label") ?? ""));
    assert.ok(spoken.length >= 10, spoken.join());
    for (const label of spoken) assert.match(label, /: not set up$/);
  });

  it("a provider's menu has what can be done with it", async () => {
    await workbench.openMenuOf(await provider("Anthropic"));
    await eventually.deepEqual(
      () => workbench.menuLabels(),
      ["Test Connection", "Set Key…", "Open aihub.json"],
    );
  });

  it("a key is asked for where nobody can read it, with the address it is for", async () => {
    await workbench.openMenuOf(await provider("Anthropic"));
    await workbench.chooseFromMenu("Set Key…");
    const input = workbench.page.locator(".quick-input-widget input.input");
    await workbench.page.getByText("sent only to https://api.anthropic.com").waitFor();
    await eventually.equal(() => input.getAttribute("type"), "password");
  });

  it("opens aihub.json, made where there is none", async () => {
    await workbench.runCommand("Aksara: Open aihub.json");
    await workbench.page.locator('.tab.active[data-resource-name="aihub.json"]').waitFor();
    const file = path.join(workbench.folder ?? "", ".aksara/aihub.json");
    await eventually.equal(
      async () => (JSON.parse(await readFile(file, "utf8")) as { version: unknown }).version,
      1,
    );
  });
});

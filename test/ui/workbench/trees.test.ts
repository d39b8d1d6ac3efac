import assert from "node:assert/strict";
import { SECTIONS } from "../../../src/hosts/vscode/manifest/sections.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

describe("the trees", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
  });
  after(() => workbench.close());

  it("V02 every section shows rows and their number", async () => {
    for (const { title } of SECTIONS) {
      const view = await workbench.view(title);
      await view.locator(".monaco-list-row").first().waitFor();
      assert.match(await view.locator(".pane-header .description").innerText(), /^\d+$/, title);
      // The views share the height of the side bar: the next one needs this one's.
      await view.locator(".pane-header").click();
    }
  });

  it("V02 a row's menu holds the actions of its kind, and opens them for this object", async () => {
    const row = await workbench.treeRow("Models", "Address");
    await workbench.openMenuOf(row);
    assert.deepEqual(await workbench.menuLabels(), [
      "Open in Editor",
      "Explain Model",
      "Suggest Constraints",
      "Suggest Refactorings",
      "Run Action…",
    ]);
    await workbench.chooseFromMenu("Suggest Constraints");
    await flowPanel(workbench, "Suggest Constraints: accounts.Address");
  });

  it("V02 the button on a row runs the first action", async () => {
    const row = await workbench.treeRow("Models", "User");
    await row.hover();
    await row.locator(".actions .action-label").first().click();
    await flowPanel(workbench, "Explain Model: accounts.User");
  });

  it("V02 a click opens the source at the object", async () => {
    await (await workbench.treeRow("Models", "LoyaltyAccount")).click();
    await workbench.page.locator('.tab.active[data-resource-name="models.py"]').waitFor();
    await workbench.page.getByText(/^Ln \d+, Col \d+/).waitFor();
    const text = await workbench.page.locator(".view-line", { hasText: "class LoyaltyAccount" }).first();
    await text.waitFor();
  });

  it("V02 a filter narrows all trees, and a tree that it empties says so", async () => {
    await workbench.runCommand("Aksara: Filter…");
    await workbench.page.locator('.quick-input-widget input[placeholder^="Part of a name"]').waitFor();
    await workbench.page.keyboard.type("nothing bears this name");
    await workbench.page.keyboard.press("Enter");
    const models = await workbench.view("Models");
    await models.getByText("Nothing here contains the text of the filter.").waitFor();
    await models.getByText("Clear Filter").click();
    await workbench.treeRow("Models", "Address");
  });

  it("V02 Reveal in Aksara Studio finds the row of what stands at the cursor", async () => {
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Publisher(");
    await workbench.runCommand("Aksara: Reveal in Aksara Studio");
    const selected = workbench.page.locator(".pane .monaco-list-row.selected", { hasText: "Publisher" });
    await selected.waitFor();
  });
});

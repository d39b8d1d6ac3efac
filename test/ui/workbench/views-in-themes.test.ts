import assert from "node:assert/strict";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import { themeNames } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

const TABS = ["Result", "Prompt Pack", "Evidence", "Raw JSON"];

// The last file: a theme is a setting of the person and so of all windows.
describe("the panel in all kinds of theme", function () {
  this.timeout(120_000);

  it("V07 axe finds nothing serious in any of its tabs", async () => {
    const workbench = await openShop();
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Explain Model");
    const frame = await flowPanel(workbench, "Explain Model: catalog.Product");
    for (const theme of themeNames) {
      await workbench.setTheme(theme);
      for (const tab of TABS) {
        await frame.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        assert.deepEqual(seriousFindings(await runAxe(frame)), [], `${theme}, ${tab}`);
      }
    }
    await workbench.setTheme("dark");
    await workbench.close();
  });
});

import assert from "node:assert/strict";
import { WALKTHROUGH, WALKTHROUGH_STEPS } from "../../../src/hosts/vscode/manifest/walkthrough.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openShop } from "./shop-window.ts";

describe("the walkthrough", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    await workbench.runCommand("Welcome: Open Walkthrough...");
    await workbench.choose(WALKTHROUGH.title);
  });
  after(() => workbench.close());

  for (const { title } of WALKTHROUGH_STEPS)
    it(`V02 the step "${title}" has a picture`, async () => {
      const step = workbench.page.locator(".getting-started-step", { hasText: title });
      await step.click();
      const picture = workbench.page.locator(".getting-started-media img");
      await picture.waitFor();
      const width = await picture.evaluate(async (image: HTMLImageElement) => {
        await image.decode();
        return image.naturalWidth;
      });
      assert.ok(width > 400, `${width} px`);
    });

  it("V02 a button of a step does what it says", async () => {
    await workbench.page.locator(".getting-started-step", { hasText: "Run it, if you like" }).click();
    await workbench.page.getByRole("button", { name: "Open AI Hub" }).click();
    await workbench.page.locator('.pane-header[aria-label^="AI Hub"][aria-expanded="true"]').waitFor();
  });
});

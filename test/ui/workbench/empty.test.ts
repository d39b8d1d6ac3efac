import assert from "node:assert/strict";
import path from "node:path";
import { SECTIONS } from "../../../src/hosts/vscode/manifest/sections.ts";
import { checkout } from "../../support/host/build-host-suite.ts";
import { sharedSession } from "./shop-window.ts";

describe("where there is nothing to show", function () {
  this.timeout(90_000);

  it("V02 a window without a folder invites to open one, and reports no error", async () => {
    const workbench = await (await sharedSession()).open();
    await workbench.openContainer("Aksara Studio");
    const models = await workbench.view("Models");
    await models.getByText("Open the folder of a backend").waitFor();
    await models.getByRole("button", { name: "Open Folder" }).waitFor();
    assert.deepEqual(await workbench.notifications(), []);
    await workbench.close();
  });

  it("V02 a folder without a backend says so in each section", async () => {
    const workbench = await (await sharedSession()).open(path.join(checkout, "test/support/probe-workspace"));
    await workbench.openContainer("Aksara Studio");
    for (const { title } of SECTIONS) {
      const view = await workbench.view(title);
      await view.getByRole("button", { name: "What was read?" }).waitFor();
      await view.locator(".pane-header").click();
    }
    assert.deepEqual(await workbench.notifications(), []);
    await workbench.runCommand("Aksara: Explain Model");
    assert.deepEqual(await workbench.notifications(), ["No models were found in the workspace."]);
    await workbench.close();
  });
});

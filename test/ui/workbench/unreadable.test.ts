import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import path from "node:path";
import { damagedExtension, READING_PART } from "../../support/changed-extension.ts";
import { checkout } from "../../support/host/build-host-suite.ts";
import { openSession, type Session } from "../../support/session.ts";
import type { TemporaryFolder } from "../../support/temporary-folder.ts";
import { workspace } from "./shop-window.ts";

describe("a workspace that cannot be read", function () {
  this.timeout(120_000);
  let extension: TemporaryFolder;
  let session: Session;

  before(async () => {
    extension = await damagedExtension();
    session = await openSession({ extensionPath: extension.folder, workspaceTrust: false });
  });
  after(async () => {
    await session?.close();
    await extension?.remove();
  });

  it("V02 says so in each section, once and without messages, and reads it when it is asked again", async () => {
    const workbench = await session.open(workspace("shop-django"));
    await workbench.openContainer("Aksara Studio");
    for (const title of ["Models", "Migrations", "Issues"]) {
      await workbench.showViews(title);
      const welcome = (await workbench.view(title)).locator(".welcome-view-content");
      await welcome.getByText("The workspace could not be read.").waitFor();
    }
    assert.deepEqual(await workbench.notifications(), []);
    await cp(path.join(checkout, READING_PART), path.join(extension.folder, READING_PART), {
      recursive: true,
    });
    await workbench.showViews("Models");
    await (await workbench.view("Models")).getByRole("button", { name: "Try Again" }).click();
    await workbench.treeRow("Models", "Address");
    await workbench.close();
  });
});

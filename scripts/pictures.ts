/**
 * `npm run pictures`: takes the pictures of the READMEs into docs/images, of the packaged extension (`npm run package`
 * first) in a real VS Code on the sample shop.
 */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { pictureSettings } from "../test/support/picture-settings.ts";
import { openSession } from "../test/support/session.ts";
import type { Workbench } from "../test/support/workbench.ts";
import { takeRuns } from "./picture-runs.ts";

const root = path.resolve(import.meta.dirname, "..");
const images = path.join(root, "docs/images");
const LARGEST_KB = 300;

const session = await openSession({
  vsix: [path.join(root, "aksara-studio.vsix")],
  workspaceTrust: false,
  settings: pictureSettings,
});
try {
  await mkdir(images, { recursive: true });
  const workbench = await session.open(path.join(root, "test/workspaces/shop-django"));
  await workbench.openContainer("Aksara Studio");
  await workbench.openFile("catalog/models.py");
  await workbench.codeLens("Explain Model").first().waitFor();
  await workbench.putCursorAt("class Product(");
  await workbench.runCommand("Notifications: Clear All Notifications");
  await workbench.openEditorMenu("Aksara");
  await take(workbench, "submenu");
  await workbench.chooseFromMenu("Explain Model");
  await workbench.webview("Explain Model: catalog.Product");
  await workbench.page.waitForTimeout(1000);
  await take(workbench, "overview");
  await workbench.setTheme("light");
  await take(workbench, "panel-light");
  await workbench.setTheme("high-contrast");
  await take(workbench, "panel-high-contrast");
  await workbench.setTheme("dark");
  await takeRuns(workbench, take);
} finally {
  await session.close();
}

async function take(workbench: Workbench, name: string): Promise<void> {
  const file = path.join(images, `${name}.png`);
  await workbench.page.screenshot({ path: file, animations: "disabled" });
  const { size } = await stat(file);
  console.log(`${name}.png: ${Math.round(size / 1024)} KB`);
  if (size > LARGEST_KB * 1024) {
    console.error(`${name}.png is larger than ${LARGEST_KB} KB`);
    process.exitCode = 1;
  }
}

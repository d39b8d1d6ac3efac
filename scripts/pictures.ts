/**
 * `npm run pictures`: takes the pictures of the READMEs into docs/images and those of the walkthrough into
 * media/walkthrough, of the packaged extension (`npm run package` first) in a real VS Code on the sample shop.
 */
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pictureSettings } from "../test/support/picture-settings.ts";
import { openSession } from "../test/support/session.ts";
import type { Workbench } from "../test/support/workbench.ts";
import { takeAgent } from "./picture-agent.ts";
import { takeRuns } from "./picture-runs.ts";

interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const root = path.resolve(import.meta.dirname, "..");
const images = path.join(root, "docs/images");
const walkthrough = path.join(root, "media/walkthrough");
const LARGEST_KB = 300;
const LARGEST_MOVING_KB = 1_500;
/** Of the window, about as large as a walkthrough shows a picture without making it smaller. */
const LEFT: Clip = { x: 0, y: 0, width: 760, height: 560 };

const session = await openSession({
  vsix: [path.join(root, "aksara-studio.vsix")],
  workspaceTrust: false,
  settings: pictureSettings,
});
try {
  for (const folder of [images, walkthrough]) await mkdir(folder, { recursive: true });
  const workbench = await session.open(path.join(root, "test/workspaces/shop-django"));
  await workbench.openContainer("Aksara Studio");
  for (const theme of ["dark", "light"] as const) {
    await workbench.setTheme(theme);
    await openProduct(workbench);
    await takeTrees(workbench, theme);
    await takeMenu(workbench, theme);
    await takePanel(workbench, theme);
    await workbench.runCommand("View: Close All Editors");
  }
  await workbench.setTheme("high-contrast");
  await openProduct(workbench);
  await workbench.showViews("Models", "Routes", "Migrations");
  await workbench.runCommand("Aksara: Explain Model");
  await panelShown(workbench);
  await take(workbench, images, "panel-high-contrast");
  await workbench.setTheme("dark");
  await takeRuns(workbench, (each, name) => take(each, images, name));
  const moving = await takeAgent(workbench, (each, name) => take(each, images, name));
  await keep(path.join(images, "agent-moving.png"), moving);
} finally {
  await session.close();
}

async function openProduct(workbench: Workbench): Promise<void> {
  await workbench.openFile("catalog/models.py");
  await workbench.putCursorAt("class Product(");
  await workbench.codeLensAbove("Explain Model", "class Product(");
  await workbench.runCommand("Notifications: Clear All Notifications");
}

async function takeTrees(workbench: Workbench, theme: string): Promise<void> {
  await workbench.showViews("Models", "Routes", "Migrations");
  // The more telling groups; VS Code draws the marks at their ends some time after the rows.
  for (const [view, group] of [
    ["Models", "accounts"],
    ["Routes", "/api/accounts"],
    ["Migrations", "accounts"],
  ] as const) {
    const row = await workbench.treeRow(view, group);
    if ((await row.getAttribute("aria-expanded")) === "true") await row.locator(".monaco-tl-twistie").click();
  }
  await workbench.page.mouse.move(900, 850);
  await workbench.page.waitForTimeout(500);
  await take(workbench, walkthrough, `trees-${theme}`, { ...LEFT, height: 820 });
}

async function takeMenu(workbench: Workbench, theme: string): Promise<void> {
  await workbench.runCommand("View: Focus Active Editor Group");
  await workbench.openEditorMenu("Aksara");
  if (theme === "dark") await take(workbench, images, "submenu");
  await take(workbench, walkthrough, `menu-${theme}`, { ...LEFT, x: 345, y: 250 });
  await workbench.dismiss();
}

async function takePanel(workbench: Workbench, theme: string): Promise<void> {
  await workbench.runCommand("Aksara: Explain Model");
  await panelShown(workbench);
  await take(workbench, images, theme === "dark" ? "overview" : "panel-light");
  await workbench.runCommand("View: Join All Editor Groups");
  await workbench.showViews("AI Hub");
  const hub = await workbench.view("AI Hub");
  await hub.locator(".monaco-list-row", { hasText: "More providers" }).click();
  const provider = hub.locator(".monaco-list-row", { hasText: "Anthropic" });
  await workbench.pressUntil("ArrowRight", () => provider.isVisible());
  await workbench.page.locator(".tab", { hasText: "Explain Model" }).click();
  await workbench.page.waitForTimeout(500);
  await take(workbench, walkthrough, `hub-${theme}`, LEFT);
}

async function panelShown(workbench: Workbench): Promise<void> {
  const frame = await workbench.webview(/./);
  await frame.getByText("catalog_product").first().waitFor();
  await frame.evaluate("document.fonts.ready.then(() => undefined)");
}

async function take(workbench: Workbench, folder: string, name: string, clip?: Clip): Promise<void> {
  const file = path.join(folder, `${name}.png`);
  await workbench.page.screenshot({ path: file, animations: "disabled", ...(clip ? { clip } : {}) });
  tellSize(file, (await stat(file)).size, LARGEST_KB);
}

async function keep(file: string, moving: Buffer): Promise<void> {
  await writeFile(file, moving);
  tellSize(file, moving.length, LARGEST_MOVING_KB);
}

function tellSize(file: string, bytes: number, largestKb: number): void {
  const name = path.relative(root, file);
  console.log(`${name}: ${Math.round(bytes / 1024)} KB`);
  if (bytes <= largestKb * 1024) return;
  console.error(`${name} is larger than ${largestKb} KB`);
  process.exitCode = 1;
}

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel } from "./shop-window.ts";

/** Writes the hub file of a window's folder. */
export async function writeHub(
  workbench: Workbench,
  ...providers: readonly Readonly<Record<string, unknown>>[]
): Promise<void> {
  const folder = path.join(workbench.folder ?? "", ".aksara");
  await mkdir(folder, { recursive: true });
  const hub = { version: 1, active_provider: providers[0]?.kind, providers };
  await writeFile(path.join(folder, "aihub.json"), JSON.stringify(hub, null, 2));
}

export async function closePanel(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Aksara: Close Flow Panel");
  await workbench.page.locator(".tab", { hasText: ": catalog.Product" }).waitFor({ state: "detached" });
}

/** Opens the flow of an action on the shop's product, in a panel of its own. */
export async function openFlow(workbench: Workbench, action: string): Promise<Frame> {
  const { page } = workbench;
  const title = `${action}: catalog.Product`;
  const panels = page.locator(".tab", { hasText: ": catalog.Product" });
  if ((await panels.count()) > 0) await closePanel(workbench);
  // Else the file opens over what was beside it.
  await workbench.runCommand("View: Focus First Editor Group");
  await workbench.openFile("catalog/models.py");
  await workbench.putCursorAt("class Product(");
  await workbench.runCommand(`Aksara: ${action}`);
  const frame = await flowPanel(workbench, title);
  await frame.getByRole("heading", { level: 1, name: action }).waitFor();
  return frame;
}

export function runButton(frame: Frame): Locator {
  return frame.locator("aksara-panel-header").getByRole("button", { name: "Run AI" });
}

/** The tab of the panel that is shown. */
export function shownTab(frame: Frame): Locator {
  return frame.getByRole("tab", { selected: true });
}

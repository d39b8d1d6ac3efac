/**
 * `npm run screens`: a picture of every view and state in every kind of theme, into out/screens, of the packaged
 * extension (`npm run package` first) in a real VS Code. `--only <part of a name>` takes some states, `--theme <name>`
 * one theme.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { damagedExtension } from "../test/support/changed-extension.ts";
import { pictureSettings } from "../test/support/picture-settings.ts";
import { openSession, type SessionOptions } from "../test/support/session.ts";
import { themeNames, type Workbench } from "../test/support/workbench.ts";
import { folderOf, SCREENS, type Screen, type ScreenWindow } from "./screen-states.ts";

const root = path.resolve(import.meta.dirname, "..");
const vsix = [path.join(root, "aksara-studio.vsix")];
const { values } = parseArgs({ options: { only: { type: "string" }, theme: { type: "string" } } });
const wanted = SCREENS.filter(({ name }) => name.includes(values.only ?? ""));
const themes = themeNames.filter((name) => name === (values.theme ?? name));

if (values.only === undefined) await rm(path.join(root, "out/screens"), { recursive: true, force: true });
const trusted: SessionOptions = { vsix, workspaceTrust: false, settings: pictureSettings };
await takeAll(["shop", "plain", "no-folder"], trusted);
await takeAll(["restricted"], { ...trusted, workspaceTrust: true });
if (wanted.some(({ window }) => window === "unreadable")) {
  const broken = await damagedExtension();
  try {
    await takeAll(["unreadable"], { ...trusted, vsix: [], extensionPath: broken.folder });
  } finally {
    await broken.remove();
  }
}
console.log(`${wanted.length} states in ${themes.length} themes are in out/screens`);

async function takeAll(windows: readonly ScreenWindow[], options: SessionOptions): Promise<void> {
  const screens = wanted.filter(({ window }) => windows.includes(window));
  if (screens.length === 0) return;
  const session = await openSession(options);
  try {
    for (const [window, shown] of Map.groupBy(screens, (screen) => screen.window)) {
      const workbench = await session.open(folderOf(window) ?? undefined);
      await workbench.openContainer("Aksara Studio");
      for (const theme of themes) {
        await workbench.setTheme(theme);
        for (const screen of shown) await take(workbench, screen, theme);
      }
      await workbench.close();
    }
  } finally {
    await session.close();
  }
}

/** One state that cannot be shown must not cost all others: it is reported, with a picture of what was there. */
async function take(workbench: Workbench, { name, show }: Screen, theme: string): Promise<void> {
  try {
    await show(workbench);
    await workbench.screenshot(`${name}.${theme}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name} in ${theme}: ${String(error)}`);
    await workbench.screenshot(`FAILED-${name}.${theme}`);
  }
  await workbench.dismiss();
  await workbench.page
    .locator(".action-widget")
    .waitFor({ state: "detached", timeout: 100 })
    .catch(async () => {
      await workbench.page.keyboard.press("Escape");
    });
  const clear = workbench.page.locator('.pane-header .action-label[aria-label^="Clear Filter"]');
  if ((await clear.count()) > 0) await workbench.runCommand("Aksara: Clear Filter");
}

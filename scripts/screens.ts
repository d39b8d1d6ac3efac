/**
 * `npm run screens`: a picture of every view and state in every kind of theme, into out/screens, of the packaged
 * extension (`npm run package` first) in a real VS Code. The list comes from the registries of sections and tabs, so a
 * new one appears by itself. `--only <part of a name>` takes some, `--theme <name>` one theme.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Frame } from "playwright-core";
import { SECTIONS } from "../src/hosts/vscode/manifest/sections.ts";
import { FLOW_TABS } from "../src/protocol/flow-panel.ts";
import { answerText } from "../test/support/chat-answers.ts";
import { pictureSettings } from "../test/support/picture-settings.ts";
import { openSession } from "../test/support/session.ts";
import { themeNames, type Workbench } from "../test/support/workbench.ts";
import { WRONG_ANSWERS } from "../test/unit/flows/wrong-answers.ts";

interface Screen {
  readonly name: string;
  /** Workspace of the window; null for none. */
  readonly workspace: string | null;
  /** Brings the window into the state, from whatever state it is in. */
  readonly show: (workbench: Workbench) => Promise<void>;
}

const root = path.resolve(import.meta.dirname, "..");
const shop = path.join(root, "test/workspaces/shop-django");
const plain = path.join(root, "test/support/probe-workspace");
const titles = [...SECTIONS.map(({ title }) => title), "AI Hub"];

const SCREENS: readonly Screen[] = [
  ...SECTIONS.map(({ id, title }) => ({
    name: `tree-${id}-full`,
    workspace: shop,
    show: (workbench: Workbench) => unfold(workbench, [title]),
  })),
  { name: "hub", workspace: shop, show: (workbench) => unfold(workbench, ["AI Hub"]) },
  { name: "editor-lens-menu", workspace: shop, show: showMenu },
  ...FLOW_TABS.map((tab, index) => ({
    name: `panel-${tab}`,
    workspace: shop,
    show: (workbench: Workbench) => showTab(workbench, index),
  })),
  { name: "panel-stale", workspace: shop, show: showStale },
  { name: "panel-failed", workspace: shop, show: showFailure },
  { name: "trees-empty", workspace: plain, show: (workbench) => unfold(workbench, titles.slice(0, 3)) },
  { name: "trees-empty-more", workspace: plain, show: (workbench) => unfold(workbench, titles.slice(3)) },
  { name: "welcome-no-folder", workspace: null, show: (workbench) => unfold(workbench, ["Models"]) },
];

const { values } = parseArgs({ options: { only: { type: "string" }, theme: { type: "string" } } });
const wanted = SCREENS.filter(({ name }) => name.includes(values.only ?? ""));
await rm(path.join(root, "out/screens"), { recursive: true, force: true });
const session = await openSession({
  vsix: [path.join(root, "aksara-studio.vsix")],
  workspaceTrust: false,
  settings: pictureSettings,
});
try {
  for (const workspace of new Set(wanted.map((screen) => screen.workspace))) {
    const workbench = await session.open(workspace ?? undefined);
    await workbench.openContainer("Aksara Studio");
    for (const theme of themeNames.filter((name) => name === (values.theme ?? name))) {
      await workbench.setTheme(theme);
      for (const { name, show } of wanted.filter((screen) => screen.workspace === workspace)) {
        await show(workbench);
        await workbench.screenshot(`${name}.${theme}`);
        await workbench.page.keyboard.press("Escape");
        await workbench.page.keyboard.press("Escape");
      }
    }
    await workbench.close();
  }
  console.log(`${wanted.length} states in ${values.theme ?? themeNames.length} themes are in out/screens`);
} finally {
  await session.close();
}

/** Folds all views but those named, which then share the height of the side bar. */
async function unfold(workbench: Workbench, wantedTitles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const view = await workbench.view(title);
    if (!wantedTitles.includes(title)) await view.locator(".pane-header").click();
  }
  for (const title of wantedTitles) {
    const view = await workbench.view(title);
    await view.locator(".monaco-list-row, .welcome-view-content").first().waitFor();
  }
}

async function openProduct(workbench: Workbench): Promise<void> {
  await workbench.runCommand("View: Focus First Editor Group");
  await workbench.openFile("catalog/models.py");
  await workbench.putCursorAt("class Product(");
  await workbench.codeLensAbove("Explain Model", "class Product(");
}

async function showMenu(workbench: Workbench): Promise<void> {
  await workbench.runCommand("View: Close All Editors");
  await openProduct(workbench);
  await workbench.openEditorMenu("Aksara");
}

async function showTab(workbench: Workbench, index: number): Promise<void> {
  if ((await workbench.page.locator(".tab", { hasText: "Explain Model" }).count()) === 0) {
    await replayAnswers(workbench);
    await openProduct(workbench);
    await workbench.runCommand("Aksara: Explain Model");
  }
  const frame = await panelPage(workbench, "Explain Model");
  // Two of the tabs are there once the pack was run.
  if ((await frame.getByRole("tab").count()) < FLOW_TABS.length) {
    await workbench.runCommand("Aksara: Run AI");
    await frame.getByRole("tab", { name: "Runs" }).waitFor();
  }
  await frame.getByRole("tab").nth(index).click();
}

/** Makes runs of the window's folder give a fixed answer. */
async function replayAnswers(workbench: Workbench): Promise<void> {
  const text = answerText(
    WRONG_ANSWERS.explain_model?.right,
    "## A product\n\nIt is what the shop sells [E1].",
  );
  const answers = [{ steps: [{ text }], usage: { input: 2900, output: 64 }, repeat: true }];
  const providers = [{ kind: "scripted", script: { version: 1, model: "replay-1", answers } }];
  const folder = path.join(workbench.folder ?? "", ".aksara");
  await mkdir(folder, { recursive: true });
  const hub = { version: 1, active_provider: "scripted", providers };
  await writeFile(path.join(folder, "aihub.json"), JSON.stringify(hub));
}

/** The panel of a model whose class is renamed in the editor; taken back before it is shown again. */
async function showStale(workbench: Workbench): Promise<void> {
  await workbench.runCommand("View: Close All Editors");
  await openProduct(workbench);
  await workbench.runCommand("Aksara: Explain Model");
  const frame = await panelPage(workbench, "Explain Model");
  await rename(workbench, "Product(UUIDModel", "Produce(UUIDModel");
  await frame.getByText("The workspace has changed").waitFor();
}

/** What the panel says when it is then asked again: the nearest names. */
async function showFailure(workbench: Workbench): Promise<void> {
  const frame = await workbench.webview(/./);
  await frame.locator(".stale").getByRole("button", { name: "Rebuild" }).click();
  await frame.getByRole("alert").waitFor();
  await rename(workbench, "Produce(UUIDModel", "Product(UUIDModel");
}

async function rename(workbench: Workbench, from: string, to: string): Promise<void> {
  await workbench.runCommand("View: Focus First Editor Group");
  await workbench.select(from);
  await workbench.page.keyboard.type(to);
  await workbench.page.keyboard.press("ControlOrMeta+s");
}

async function panelPage(workbench: Workbench, title: string): Promise<Frame> {
  const frame = await workbench.webview(/./);
  await frame.getByRole("heading", { level: 1, name: title }).waitFor();
  return frame;
}

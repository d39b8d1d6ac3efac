import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { SECTIONS } from "../src/hosts/vscode/manifest/sections.ts";
import { FLOW_TABS, type FlowTab } from "../src/protocol/flow-panel.ts";
import { answerText } from "../test/support/chat-answers.ts";
import type { Workbench } from "../test/support/workbench.ts";
import { WRONG_ANSWERS } from "../test/unit/flows/wrong-answers.ts";

/** The kind of window that a state needs: on the sample shop, on a folder without a backend, … */
export type ScreenWindow = "shop" | "plain" | "no-folder" | "restricted" | "unreadable";

/** One state of the product that somebody looks at. */
export interface Screen {
  readonly name: string;
  readonly window: ScreenWindow;
  /** Brings the window into the state, from whatever state it is in. */
  readonly show: (workbench: Workbench) => Promise<void>;
}

/** Folder of each kind of window; null for none. */
export function folderOf(window: ScreenWindow): string | null {
  const root = path.resolve(import.meta.dirname, "..");
  if (window === "no-folder") return null;
  return path.join(root, window === "plain" ? "test/support/probe-workspace" : "test/workspaces/shop-django");
}

const titles = [...SECTIONS.map(({ title }) => title), "AI Hub"];

/** Every state, from the registries of sections and tabs: a new section or tab appears by itself. */
export const SCREENS: readonly Screen[] = [
  ...SECTIONS.map(
    ({ id, title }): Screen => ({
      name: `tree-${id}-full`,
      window: "shop",
      show: (workbench) => showViews(workbench, title),
    }),
  ),
  { name: "tree-parts", window: "shop", show: showParts },
  { name: "tree-menu", window: "shop", show: showRowMenu },
  { name: "trees-filtered", window: "shop", show: (workbench) => showFiltered(workbench, "order") },
  {
    name: "trees-filtered-away",
    window: "shop",
    show: (workbench) => showFiltered(workbench, "no such name"),
  },
  { name: "hub", window: "shop", show: (workbench) => showViews(workbench, "AI Hub") },
  { name: "hub-all-providers", window: "shop", show: showAllProviders },
  { name: "editor-lenses", window: "shop", show: openProduct },
  { name: "editor-lens-menu", window: "shop", show: showMenu },
  { name: "editor-quick-fix", window: "shop", show: showQuickFix },
  { name: "pick-action", window: "shop", show: (workbench) => showPicker(workbench, "Aksara: Run Action…") },
  {
    name: "pick-target",
    window: "shop",
    show: (workbench) => showPicker(workbench, "Aksara: Review Endpoint"),
  },
  { name: "pick-filter", window: "shop", show: (workbench) => showPicker(workbench, "Aksara: Filter…") },
  // Some tabs come with an answer or a plan: the gallery of pages shows them in all their states.
  ...FLOW_TABS.filter((tab) => !["answer", "runs", "plan", "locks"].includes(tab)).map(
    (tab): Screen => ({
      name: `panel-${tab}`,
      window: "shop",
      show: (workbench) => showTab(workbench, tab),
    }),
  ),
  { name: "panel-plan", window: "shop", show: showPlan },
  { name: "panel-issues", window: "shop", show: showIssues },
  { name: "panel-stale", window: "shop", show: showStale },
  { name: "panel-failed", window: "shop", show: showFailure },
  { name: "walkthrough", window: "shop", show: showWalkthrough },
  { name: "settings", window: "shop", show: showSettings },
  { name: "reading-report", window: "shop", show: showReport },
  {
    name: "trees-empty",
    window: "plain",
    show: (workbench) => showViews(workbench, ...titles.slice(0, 3)),
  },
  {
    name: "trees-empty-more",
    window: "plain",
    show: (workbench) => showViews(workbench, ...titles.slice(3)),
  },
  { name: "welcome-no-folder", window: "no-folder", show: (workbench) => showViews(workbench, "Models") },
  {
    name: "restricted-trees",
    window: "restricted",
    show: (workbench) => showViews(workbench, "Routes", "AI Hub"),
  },
  { name: "restricted-panel", window: "restricted", show: (workbench) => showTab(workbench, "result") },
  {
    name: "trees-unreadable",
    window: "unreadable",
    show: (workbench) => showViews(workbench, "Models", "Routes"),
  },
];

/** Views with something in them; all others are folded. */
async function showViews(workbench: Workbench, ...wanted: readonly string[]): Promise<void> {
  await workbench.runCommand("View: Close All Editors");
  await workbench.showViews(...wanted);
  for (const title of wanted) {
    const view = await workbench.view(title);
    await view.locator(".monaco-list-row, .welcome-view-content").first().waitFor();
  }
}

/** A model, a route and a migration with what they consist of. */
async function showParts(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Models", "Routes", "Migrations");
  const opened: readonly (readonly [view: string, row: string])[] = [
    ["Models", "Address"],
    ["Routes", "GET /addresses/"],
    ["Migrations", "0002_contact_data"],
  ];
  for (const [view, label] of opened) {
    await (await workbench.treeRow(view, label)).click();
    const parts = (await workbench.view(view)).locator('.monaco-list-row[aria-level="3"]');
    await workbench.pressUntil("ArrowRight", async () => (await parts.count()) > 0);
  }
}

async function showRowMenu(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Migrations");
  await workbench.openMenuOf(await workbench.treeRow("Migrations", "0003_product_attributes"));
}

async function showFiltered(workbench: Workbench, text: string): Promise<void> {
  await workbench.runCommand("Aksara: Filter…");
  await workbench.page.locator('.quick-input-widget input[placeholder^="Part of a name"]').fill(text);
  await workbench.page.keyboard.press("Enter");
  await showViews(workbench, ...titles.slice(0, 3));
}

async function showAllProviders(workbench: Workbench): Promise<void> {
  await showViews(workbench, "AI Hub");
  const hub = await workbench.view("AI Hub");
  await hub.locator(".monaco-list-row", { hasText: "More providers" }).click();
  const provider = hub.locator(".monaco-list-row", { hasText: "Anthropic" });
  await workbench.pressUntil("ArrowRight", () => provider.isVisible());
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

async function showQuickFix(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Issues");
  const issues = await workbench.view("Issues");
  await issues.locator(".monaco-list-row", { hasText: "accounts.0002_contact_data" }).click();
  await workbench.page.keyboard.press("Enter");
  const squiggle = workbench.page.locator(".editor-group-container.active .squiggly-warning");
  await squiggle.first().waitFor();
  await workbench.page.locator(".editor-group-container.active .monaco-editor.focused").first().waitFor();
  await workbench.page.locator('.editor-group-container.active [class*="lightbulb"]').first().waitFor();
  await workbench.page.keyboard.press("ControlOrMeta+.");
  await workbench.page.locator(".action-widget .monaco-list-row").first().waitFor();
}

async function showPicker(workbench: Workbench, command: string): Promise<void> {
  await showViews(workbench, "Models");
  await workbench.runCommand(command);
  await workbench.page
    .locator('.quick-input-widget input[placeholder]:not([placeholder*="command"])')
    .waitFor();
}

async function showTab(workbench: Workbench, tab: FlowTab): Promise<void> {
  if ((await workbench.page.locator(".tab", { hasText: "Explain Model" }).count()) === 0) {
    await workbench.showViews("Models");
    await openProduct(workbench);
    await workbench.runCommand("Aksara: Explain Model");
  }
  const frame = await panelPage(workbench, "Explain Model");
  if ((await frame.locator(`#tab-${tab}`).count()) === 0) await runOnce(workbench, frame);
  await frame.locator(`#tab-${tab}`).click();
  await frame.locator(`#tab-${tab}[aria-selected="true"]`).waitFor();
}

/** Two of the tabs come with an answer; here a replayed one. */
async function runOnce(workbench: Workbench, frame: Frame): Promise<void> {
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
  await frame.getByRole("button", { name: "Rebuild" }).first().click();
  await frame.locator("aksara-panel-header").getByRole("button", { name: "Run AI" }).click();
  await frame.locator("#tab-runs").waitFor();
}

/** Only queries have a plan. */
async function showPlan(workbench: Workbench): Promise<void> {
  await showPicker(workbench, "Aksara: Explain Plan");
  await workbench.page.keyboard.press("Enter");
  const frame = await panelPage(workbench, "Explain Plan");
  await frame.locator("#tab-plan").click();
}

async function showIssues(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Issues");
  await workbench.runCommand("Aksara: Prioritise Issues");
  await panelPage(workbench, "Prioritise Issues");
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
  // The font of the icons.
  await frame.evaluate("document.fonts.ready.then(() => undefined)");
  return frame;
}

async function showWalkthrough(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Models");
  await workbench.runCommand("Welcome: Open Walkthrough...");
  await workbench.choose("Get Started with Aksara Studio");
  await workbench.page.locator(".gettingStartedContainer .getting-started-step").first().waitFor();
}

async function showSettings(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Models");
  await workbench.runCommand("Preferences: Open Settings (UI)");
  await workbench.page.locator(".settings-header .monaco-editor").click();
  await workbench.page.keyboard.insertText("@ext:aksara-studio.aksara-studio");
  const descriptions = workbench.page.locator(".setting-item-description");
  await descriptions.filter({ hasText: "Largest prompt" }).waitFor();
}

async function showReport(workbench: Workbench): Promise<void> {
  await showViews(workbench, "Models");
  await workbench.runCommand("Aksara: Show What Was Read");
  await workbench.page.locator(".view-line", { hasText: "Seen and not understood" }).waitFor();
}

import assert from "node:assert/strict";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

/** Titles of a kind's actions, as menus show them. */
function titles(kind: string): string[] {
  return SHIPPED_ACTIONS.filter((action) => action.kind === kind).map(({ title }) => title);
}

const ALWAYS = ["Run Action…", "Ask Agent About This", "Reveal in Aksara Studio"];

describe("the editor", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(() => workbench.close());
  afterEach(async () => {
    await workbench.page.keyboard.press("Escape");
    await workbench.page.keyboard.press("Escape");
  });

  it("V02 the submenu at a model shows the actions for models, and nothing else", async () => {
    await workbench.putCursorAt("class Category(");
    await workbench.openEditorMenu("Aksara");
    await eventually.deepEqual(() => workbench.menuLabels(), [...titles("model"), ...ALWAYS]);
    await workbench.chooseFromMenu("Suggest Constraints");
    const frame = await flowPanel(workbench, "Suggest Constraints: catalog.Category");
    await frame.getByRole("heading", { level: 1, name: "Suggest Constraints" }).waitFor();
  });

  it("V02 a lens opens its action for the object below it", async () => {
    await workbench.putCursorAt("class Publisher(");
    await (await workbench.codeLensAbove("Explain Model", "class Publisher(")).click();
    await flowPanel(workbench, "Explain Model: catalog.Publisher");
  });

  it("V02 More… above an object lists all actions for it, and runs the one that is chosen on it", async () => {
    await workbench.putCursorAt("class Publisher(");
    await (await workbench.codeLensAbove("More…", "class Publisher(")).click();
    await workbench.page.locator('.quick-input-widget input[placeholder="Choose an action"]').waitFor();
    const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    assert.equal(texts.length, titles("model").length);
    for (const [index, title] of titles("model").entries()) assert.ok(texts[index]?.includes(title), title);
    await workbench.choose("Suggest Refactorings");
    await flowPanel(workbench, "Suggest Refactorings: catalog.Publisher");
  });

  it("V02 where nothing is known the submenu is not there", async () => {
    await workbench.openFile("requirements.txt");
    await workbench.page.keyboard.press("Shift+F10");
    await workbench.page.locator(".monaco-menu").first().waitFor();
    assert.ok(!(await workbench.menuLabels()).includes("Aksara"));
  });

  it("V02 selected SQL has the actions for queries", async () => {
    await workbench.runCommand("File: New Untitled Text File");
    await workbench.page.keyboard.type("SELECT id FROM catalog_product WHERE title = 'x'");
    await workbench.page.keyboard.press("ControlOrMeta+a");
    await workbench.openEditorMenu("Aksara");
    await eventually.deepEqual(
      () => workbench.menuLabels(),
      [...titles("query"), "Advise Indexes", "Ask Agent About This"],
    );
    await workbench.chooseFromMenu("Explain Plan");
    const frame = await flowPanel(workbench, /^Explain Plan: SELECT id FROM catalog_product/);
    await frame.getByRole("heading", { level: 1, name: "Explain Plan" }).waitFor();
  });

  it("V02 Run Action… lists all actions with their risk, those that fit the cursor first", async () => {
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Run Action…");
    await workbench.page.locator('.quick-input-widget input[placeholder="Choose an action"]').waitFor();
    const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
    const first = await rows.first().innerText();
    assert.match(first, /Explain Model/);
    assert.match(first, /Model · Low risk/);
    await workbench.choose("Suggest Refactorings");
    await flowPanel(workbench, "Suggest Refactorings: catalog.Product");
  });

  it("V02 an issue offers its explanation as a quick fix", async () => {
    await workbench.openContainer("Aksara Studio");
    const issues = await workbench.view("Issues");
    await issues.locator(".monaco-list-row", { hasText: "accounts.0002_contact_data" }).click();
    await workbench.page.keyboard.press("Enter");
    await workbench.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await workbench.page.locator(".editor-group-container.active .squiggly-warning").first().waitFor();
    // Before the bulb is there VS Code has not asked what there is to do.
    await workbench.page.locator('.editor-group-container.active [class*="lightbulb"]').first().waitFor();
    await workbench.page.keyboard.press("ControlOrMeta+.");
    const actions = workbench.page.locator(".action-widget .monaco-list-row", { hasText: "Aksara:" });
    await actions.first().waitFor();
    await eventually.deepEqual(
      async () => (await actions.allInnerTexts()).map((text) => text.trim()),
      ["Aksara: Explain and prioritise this issue", "Aksara: Plan Safe Rollout"],
    );
    await actions.first().click();
    const frame = await flowPanel(workbench, "Prioritise Issues: migration/non-concurrent-index");
    await frame.getByText("without CONCURRENTLY").first().waitFor();
  });
});

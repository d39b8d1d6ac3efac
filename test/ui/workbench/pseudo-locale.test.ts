import assert from "node:assert/strict";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import { COMMANDS } from "../../../src/hosts/vscode/manifest/commands.ts";
import { translateExtension } from "../../support/changed-extension.ts";
import { checkout } from "../../support/host/build-host-suite.ts";
import { plainWords, pseudo } from "../../support/pseudo.ts";
import { openSession, type Session } from "../../support/session.ts";
import type { TemporaryFolder } from "../../support/temporary-folder.ts";
import type { Workbench } from "../../support/workbench.ts";

/** The name that translators give to a language that nobody speaks. */
const LOCALE = "qps-ploc";

/** When-clause of the commands that the palette has wherever a folder is open. */
const FOLDER_IS_OPEN = "workspaceFolderCount > 0";

const MODEL_NAME = /\b[a-z]+\.[A-Z]\w+/g;

/** What providers call themselves; what describes one is a text like any other. */
const PROVIDER_NAMES =
  /\b(?:Anthropic|Azure|OpenAI|Google Gemini|Ollama|OpenRouter|Groq|Mistral|DeepSeek|xAI|LM Studio|vLLM)\b/g;

/** Another suite may hold the machine's lock. */
const LOCK_LIMIT_MS = 30 * 60_000;

/**
 * Words in plain letters that a page shows or speaks. What is English in every language (documents, places in the
 * source, commands) bears `lang="en"`, a fixed-width font or a link to the source.
 */
const PLAIN_WORDS_OF_PAGE = `(() => {
  const fixed = '[lang="en"], .mono, pre, aksara-json-view, aksara-source-link';
  const found = [];
  const check = (text, where) => {
    for (const word of text.match(/[A-Za-z]{2,}/g) ?? []) found.push(word + " in " + where);
  };
  const walk = (parent) => {
    for (const node of parent.children) {
      if (node.matches("script, style") || node.matches(fixed)) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt"]) check(node.getAttribute(name) ?? "", node.localName);
      for (const child of node.childNodes) if (child.nodeType === 3) check(child.data, node.localName);
      walk(node);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document.body);
  return found;
})()`;

describe("VS Code in a language without plain letters", function () {
  this.timeout(90_000);
  let extension: TemporaryFolder;
  let session: Session;
  let workbench: Workbench;

  before(async function () {
    this.timeout(LOCK_LIMIT_MS);
    extension = await translateExtension(LOCALE, pseudo);
    session = await openSession({
      extensionPath: extension.folder,
      workspaceTrust: false,
      locale: LOCALE,
    });
    workbench = await session.open(path.join(checkout, "test/workspaces/shop-django"));
  });
  after(async () => {
    await session?.close();
    await extension?.remove();
  });

  // Each test begins with the trees read, all views folded and no editor, whatever the one before left behind.
  beforeEach(async () => {
    await workbench.dismiss();
    await workbench.openContainer("Aksara Studio");
    await workbench.showViews(pseudo("Models"));
    await workbench.page.locator(".pane-header .description", { hasText: /^\d+$/ }).first().waitFor();
    await workbench.showViews();
    await workbench.runCommand("View: Close All Editors");
  });

  /** What the elements say, without VS Code's own English, in which a window without a translation is shown. */
  const assertTranslated = async (elements: Locator, own: RegExp = /$^/g): Promise<void> => {
    const texts = await elements.allInnerTexts();
    assert.ok(texts.join("").trim() !== "", "there is something to read");
    const left = texts.flatMap((text) =>
      plainWords(text.replace(own, "")).map((word) => `${word} in ${text}`),
    );
    assert.deepEqual(left, []);
  };

  /** The one view that is unfolded, once its rows are there. */
  const showView = async (title: string): Promise<Locator> => {
    await workbench.showViews(pseudo(title));
    const view = await workbench.view(pseudo(title));
    await view.locator(".monaco-list-row .label-description").first().waitFor();
    return view;
  };

  const box = (placeholder: string): Locator =>
    workbench.page.locator(`.quick-input-widget input.input[placeholder="${pseudo(placeholder)}"]`);

  const isVisible = (element: Locator) => () => element.isVisible();

  it("is what the window is shown in", async () => {
    assert.equal(await workbench.page.evaluate("globalThis._VSCODE_NLS_LANGUAGE"), LOCALE);
  });

  for (const title of ["Models", "Routes", "Migrations", "AI Hub"])
    it(`the view ${title}, its buttons and what stands beside its rows show no English`, async () => {
      const view = await showView(title);
      await assertTranslated(view.locator(".pane-header .title"));
      await assertTranslated(view.locator(".monaco-list-row .label-description"), MODEL_NAME);
      const labels = view.locator(".pane-header .action-label");
      const spoken = await labels.evaluateAll((all) =>
        all.map((each) => each.getAttribute("aria-label") ?? ""),
      );
      const own = spoken.filter((label) => label !== "Collapse All" && !label.startsWith("More Actions"));
      assert.ok(own.length > 0);
      assert.deepEqual(own.flatMap(plainWords), []);
    });

  it("providers that nobody has set up are described without English", async () => {
    const hub = await showView("AI Hub");
    await hub.locator(".monaco-list-row", { hasText: pseudo("More providers") }).click();
    const provider = hub.locator(".monaco-list-row", { hasText: "Anthropic" });
    await workbench.pressUntil("ArrowRight", isVisible(provider));
    await assertTranslated(hub.locator(".monaco-list-row"), PROVIDER_NAMES);
  });

  it("relations of a model are described without English", async () => {
    const models = await showView("Models");
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand(`Aksara: ${pseudo("Reveal in Aksara Studio")}`);
    await models.locator(".monaco-list-row.focused", { hasText: "Product" }).waitFor();
    // A tree renders no more rows than it has room for; relations come after the fields.
    const relations = models.locator(".label-description", { hasText: "←" });
    await workbench.pressUntil("ArrowDown", isVisible(relations.first()));
    await assertTranslated(relations, /←.*/s);
  });

  it("guards of a route are described without English", async () => {
    const routes = await showView("Routes");
    const guarded = { has: workbench.page.locator(".label-description", { hasText: pseudo("guarded") }) };
    await routes.locator('.monaco-list-row[aria-level="2"]').filter(guarded).first().click();
    const guards = routes.locator('.monaco-list-row[aria-level="3"] .label-description');
    await workbench.pressUntil("ArrowRight", isVisible(guards.first()));
    await assertTranslated(guards);
  });

  it("every command in the palette shows no English", async () => {
    const shown = COMMANDS.filter(({ palette }) => (palette ?? FOLDER_IS_OPEN) === FOLDER_IS_OPEN);
    assert.ok(shown.length > 12);
    for (const { title } of shown) await workbench.findCommand(`Aksara: ${pseudo(title)}`);
    await workbench.dismiss();
  });

  it("Run Action… shows no English", async () => {
    const rows = workbench.page.locator(".quick-input-widget .quick-input-list-row");
    await workbench.runCommand(`Aksara: ${pseudo("Run Action…")}`);
    await box("Choose an action").waitFor();
    await rows.first().waitFor();
    await assertTranslated(rows);
  });

  it("the filter, and a tree that it empties, show no English", async () => {
    const models = await showView("Models");
    await workbench.runCommand(`Aksara: ${pseudo("Filter…")}`);
    await box("Part of a name, path or message").waitFor();
    await assertTranslated(
      workbench.page.locator(".quick-input-message"),
      /\(Press 'Enter' to confirm or 'Escape' to cancel\)/,
    );
    await box("Part of a name, path or message").fill("nothing is called so");
    await workbench.page.keyboard.press("Enter");
    const welcome = models.locator(".welcome-view-content");
    await welcome.waitFor();
    await assertTranslated(welcome);
    await workbench.runCommand(`Aksara: ${pseudo("Clear Filter")}`);
  });

  it("lenses, the editor's menu and what was read show no English", async () => {
    await workbench.openFile("catalog/models.py");
    const lenses = workbench.page.locator(".codelens-decoration a").filter({ visible: true });
    await lenses.first().waitFor();
    await assertTranslated(lenses);
    await workbench.putCursorAt("class Product(");
    await workbench.openEditorMenu(pseudo("Aksara"));
    for (const label of await workbench.menuLabels()) assert.deepEqual(plainWords(label), []);
    await workbench.dismiss();

    await workbench.runCommand(`Aksara: ${pseudo("Show What Was Read")}`);
    const lines = workbench.page.locator(".editor-group-container.active .view-line");
    await lines.filter({ hasText: pseudo("Found") }).waitFor();
    // The names of files, and the reasons and gaps that also stand in documents, are below these.
    const headings = await lines.filter({ hasText: /^##?\s/ }).allInnerTexts();
    assert.ok(headings.length > 1);
    assert.deepEqual(headings.flatMap(plainWords), []);
  });

  it("the panel shows no English but the document", async () => {
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand(`Aksara: ${pseudo("Explain Model")}`);
    await tab(workbench, `${pseudo("Explain Model")}: catalog.Product`).waitFor();
    const frame = await workbench.webview(/./);
    await frame.locator("aksara-panel-header").waitFor();
    for (const name of ["Result", "Prompt Pack", "Evidence"]) {
      await frame.getByRole("tab", { name: pseudo(name) }).click();
      await settle(frame);
      assert.deepEqual(await frame.evaluate(PLAIN_WORDS_OF_PAGE), [], name);
    }
    await workbench.screenshot("pseudo-locale-panel");
  });

  it("settings are described without English", async () => {
    await workbench.runCommand("Preferences: Open Settings (UI)");
    await workbench.page.locator(".settings-header .monaco-editor").click();
    await workbench.page.keyboard.insertText("@ext:aksara-studio.aksara-studio");
    const descriptions = workbench.page.locator(".setting-item-description");
    await descriptions.filter({ hasText: pseudo("Largest prompt").slice(0, 12) }).waitFor();
    await assertTranslated(descriptions);
  });

  it("an empty window says without English what to do", async () => {
    const empty = await session.open();
    await empty.openContainer("Aksara Studio");
    const welcome = empty.page.locator(".welcome-view-content").first();
    await welcome.waitFor();
    const texts = await welcome.allInnerTexts();
    assert.deepEqual(texts.flatMap(plainWords), []);
    await empty.runCommand(`Aksara: ${pseudo("Open AI Hub")}`);
    await empty.close();
  });
});

describe("VS Code in German", function () {
  this.timeout(90_000);
  let session: Session;

  before(async function () {
    this.timeout(LOCK_LIMIT_MS);
    session = await openSession({ extensionPath: checkout, workspaceTrust: false, locale: "de" });
  });
  after(() => session?.close());

  it("shows the shipped translation in views, the palette and the panel", async () => {
    const workbench = await session.open(path.join(checkout, "test/workspaces/shop-django"));
    await workbench.openContainer("Aksara Studio");
    const models = await workbench.view("Modelle");
    await models
      .locator(".label-description", { hasText: /^\d+ Felder/ })
      .first()
      .waitFor();
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.codeLens("Modell erklären").filter({ visible: true }).first().waitFor();
    await workbench.runCommand("Aksara: Modell erklären");
    await tab(workbench, "Modell erklären: catalog.Product").waitFor();
    const frame = await workbench.webview(/./);
    await frame.getByText("Geringes Risiko").first().waitFor();
    assert.equal(await frame.evaluate("document.documentElement.lang"), "de");
    await workbench.screenshot("german-panel");
    await workbench.close();
  });
});

/** The tab of an editor or panel by its label. */
function tab(workbench: Workbench, label: string): Locator {
  return workbench.page.locator(".tab .label-name").getByText(label, { exact: true });
}

/** Waits until the page has rendered what it knows. */
async function settle(frame: Frame): Promise<void> {
  await frame.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

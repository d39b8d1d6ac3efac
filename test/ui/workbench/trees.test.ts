import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { SECTIONS } from "../../../src/hosts/vscode/manifest/sections.ts";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

interface Look {
  /** What those hear who do not see it. */
  readonly spoken: string;
  readonly icon: string;
  /** What stands at the end of the row. */
  readonly mark: string;
}

async function look(row: Locator): Promise<Look> {
  return {
    spoken: (await row.getAttribute("aria-label")) ?? "",
    icon: await row
      .locator(".custom-view-tree-node-item-icon")
      .evaluate((icon) => /codicon-([a-z-]+)/.exec(icon.className)?.[1] ?? ""),
    mark: await row.evaluate((element) =>
      [...element.querySelectorAll(".monaco-icon-label")]
        .map((label) => getComputedStyle(label, "::after").content.replace(/^"|"$|^none$/g, ""))
        .join(""),
    ),
  };
}

/** VS Code asks for marks some time after it has drawn the rows. */
async function assertLook(row: Locator, expected: Look): Promise<void> {
  const end = Date.now() + 10_000;
  while ((await look(row)).mark !== expected.mark && Date.now() < end) await delay(50);
  assert.deepEqual(await look(row), expected);
}

describe("the trees", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
  });
  after(() => workbench.close());
  beforeEach(() => workbench.dismiss());

  it("V02 every section shows rows and their number", async () => {
    for (const { title } of SECTIONS) {
      const view = await workbench.view(title);
      await view.locator(".monaco-list-row").first().waitFor();
      await eventually.match(() => view.locator(".pane-header .description").innerText(), /^\d+$/, title);
      // The views share the height of the side bar: the next one needs this one's.
      await view.locator(".pane-header").click();
    }
  });

  it("V02 a row's menu holds the actions of its kind, and opens them for this object", async () => {
    const row = await workbench.treeRow("Models", "Address");
    await workbench.openMenuOf(row);
    await eventually.deepEqual(
      () => workbench.menuLabels(),
      [
        "Open in Editor",
        "Explain Model",
        "Suggest Constraints",
        "Suggest Refactorings",
        "Run Action…",
        "Ask Agent About This",
      ],
    );
    await workbench.chooseFromMenu("Suggest Constraints");
    await flowPanel(workbench, "Suggest Constraints: accounts.Address");
  });

  it("V02 the button on a row runs the first action", async () => {
    const row = await workbench.treeRow("Models", "User");
    await row.hover();
    await row.locator(".actions .action-label").first().click();
    await flowPanel(workbench, "Explain Model: accounts.User");
  });

  it("V02 a click shows the source and leaves the focus in the tree; Enter goes to the object", async () => {
    const row = await workbench.treeRow("Models", "LoyaltyAccount");
    await row.click();
    await workbench.page.locator('.tab.active[data-resource-name="models.py"]').waitFor();
    await workbench.page.locator(".view-line", { hasText: "class LoyaltyAccount" }).first().waitFor();
    await workbench.page.locator(".pane .monaco-list:focus .monaco-list-row.focused").waitFor();
    await workbench.page.keyboard.press("Enter");
    await workbench.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    const { folder } = workbench;
    const lines = (await readFile(path.join(folder ?? "", "accounts/models.py"), "utf8")).split("\n");
    const line = lines.findIndex((text) => text.startsWith("class LoyaltyAccount")) + 1;
    await workbench.page.getByText(`Ln ${line}, Col`).waitFor();
  });

  it("V02 a route bears its risk in words, by its icon and by a mark, not by colour alone", async () => {
    await workbench.showViews("Routes");
    const open = await workbench.treeRow("Routes", "POST /<uuid:cart_pk>/items/");
    await assertLook(open, {
      spoken: "POST /api/carts/<uuid:cart_pk>/items/, open, Medium risk",
      icon: "unlock",
      mark: "!",
    });
    const guarded = await workbench.treeRow("Routes", "POST /<pk>/checkout/");
    await assertLook(guarded, {
      spoken: "POST /api/carts/<pk>/checkout/, guarded",
      icon: "lock",
      mark: "",
    });
    const group = workbench.page.locator('.monaco-list-row[aria-level="1"]', { hasText: "/api/carts" });
    await eventually.equal(() => group.getAttribute("aria-label"), "/api/carts, 10 · 4 at risk");
  });

  it("V02 the methods of one path stand together", async () => {
    await workbench.showViews("Routes");
    const rows = (await workbench.view("Routes")).locator('.monaco-list-row[aria-level="2"] .label-name');
    await rows.first().waitFor();
    await eventually.deepEqual(
      async () => (await rows.allInnerTexts()).slice(0, 5),
      [
        "GET /addresses/",
        "POST /addresses/",
        "GET /addresses/<pk>/",
        "PUT /addresses/<pk>/",
        "PATCH /addresses/<pk>/",
      ],
    );
  });

  it("V02 a migration says what it drops, blocks and cannot undo", async () => {
    await workbench.showViews("Migrations");
    await assertLook(await workbench.treeRow("Migrations", "0003_product_attributes"), {
      spoken:
        "catalog.0003_product_attributes, drops data · cannot be undone · blocks writes · 5 operations, High risk",
      icon: "git-commit",
      mark: "!!",
    });
    await assertLook(await workbench.treeRow("Migrations", "0004_product_soft_delete"), {
      spoken: "catalog.0004_product_soft_delete, 1 operation",
      icon: "git-commit",
      mark: "",
    });
  });

  it("V02 a model says how many issues rules found in it", async () => {
    await workbench.showViews("Models");
    await assertLook(await workbench.treeRow("Models", "PriceChange"), {
      spoken: "catalog.PriceChange, 1 issue · 6 fields, Medium risk",
      icon: "table",
      mark: "!",
    });
  });

  it("V02 issues stand under what is wrong, the severe ones first, and say their severity", async () => {
    await workbench.showViews("Issues");
    const issues = await workbench.view("Issues");
    const group = issues.locator('.monaco-list-row[aria-level="1"]', { hasText: "without a guard" });
    await eventually.equal(() => group.locator(".label-name").innerText(), "Mutating route without a guard");
    const rows = issues.locator('.monaco-list-row[aria-level="2"]', {
      hasText: /^(?:GET|POST|PUT|PATCH|DELETE) /,
    });
    const looks = await Promise.all((await rows.all()).map(look));
    assert.deepEqual(
      looks.map(({ icon }) => icon),
      ["warning", "warning", "warning", "warning", "warning", "info", "info", "info"],
    );
    assert.match(
      looks[0]?.spoken ?? "",
      /^Warning: DELETE .+ changes data and is open to anyone by AllowAny\./,
    );
    assert.match(looks.at(-1)?.spoken ?? "", /^Information: POST /);
  });

  it("V02 a filter narrows all trees, and a tree that it empties says so", async () => {
    await workbench.runCommand("Aksara: Filter…");
    await workbench.page.locator('.quick-input-widget input[placeholder^="Part of a name"]').waitFor();
    await workbench.page.keyboard.type("order");
    await workbench.page.keyboard.press("Enter");
    await workbench.showViews("Models");
    const models = await workbench.view("Models");
    await models.locator(".pane-header .description", { hasText: /^8 of 32$/ }).waitFor();
    await workbench.runCommand("Aksara: Filter…");
    // The text of the filter is there to be changed.
    await workbench.page.locator('.quick-input-widget input[placeholder^="Part of a name"]').waitFor();
    await eventually.equal(
      () => workbench.page.locator(".quick-input-widget input.input").inputValue(),
      "order",
    );
    await workbench.page.keyboard.type("nothing bears this name");
    await workbench.page.keyboard.press("Enter");
    await models.getByText("Nothing here contains the text of the filter.").waitFor();
    await models.getByText("Clear Filter").click();
    await workbench.treeRow("Models", "Address");
  });

  it("V02 Reveal in Aksara Studio finds the row of what stands at the cursor", async () => {
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Publisher(");
    await workbench.runCommand("Aksara: Reveal in Aksara Studio");
    const selected = workbench.page.locator(".pane .monaco-list-row.selected", { hasText: "Publisher" });
    await selected.waitFor();
  });
});

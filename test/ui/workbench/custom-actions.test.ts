import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

const SHARDING = `---
kind: model
title: Plan Sharding
description: How this table could be split over several databases
risk: high
what_it_does: Collects the facts of the model and asks for a sharding key.
what_it_cannot_do: It does not know how many rows the table has.
recommended_next: [explain_model]
---
You have split large tables before. Propose a sharding key.
`;

const BROKEN = SHARDING.replace("kind: model", "kind: table").replace("Plan Sharding", "Plan Nothing");

describe("an action that a file of the workspace defines", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    const folder = path.join(workbench.folder ?? "", ".aksara/actions");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "plan-sharding.md"), SHARDING);
    await writeFile(path.join(folder, "plan-nothing.md"), BROKEN);
    await workbench.runCommand("Aksara: Refresh Catalog");
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(() => workbench.close());
  beforeEach(() => workbench.dismiss());

  /** In the list of actions that is open: the new one with its risk, and not the broken one. Chooses it. */
  async function chooseSharding(): Promise<void> {
    await workbench.page.locator('.quick-input-widget input[placeholder="Choose an action"]').waitFor();
    await workbench.page.locator(".quick-input-widget input.input").fill("Plan");
    const rows = workbench.page.locator(".quick-input-list .monaco-list-row");
    await workbench.quickPickRow("Plan Sharding").waitFor();
    const texts = (await rows.allInnerTexts()).join("\n");
    assert.match(texts, /Plan Sharding\s*Model · High risk/);
    assert.ok(!texts.includes("Plan Nothing"));
    await workbench.choose("Plan Sharding");
  }

  it("F16 is in the palette's list, and its panel has its facts, its prompt and its next action", async () => {
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Run Action…");
    await chooseSharding();
    const frame = await flowPanel(workbench, "Plan Sharding: catalog.Product");
    await frame.getByRole("heading", { level: 1, name: "Plan Sharding" }).waitFor();
    await frame.getByText("High risk").first().waitFor();
    await frame.getByText("It does not know how many rows the table has.").first().waitFor();
    await frame.getByRole("tab", { name: "Prompt Pack" }).click();
    await frame.getByText("You have split large tables before.").first().waitFor();
    await frame.getByRole("tab", { name: "Result" }).click();
    await frame.getByRole("button", { name: /^Explain Model/ }).click();
    await flowPanel(workbench, "Explain Model: catalog.Product");
  });

  it("F16 is behind Run Action… of the editor's submenu", async () => {
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.putCursorAt("class Category(");
    await workbench.openEditorMenu("Aksara");
    await workbench.chooseFromMenu("Run Action…");
    await chooseSharding();
    await flowPanel(workbench, "Plan Sharding: catalog.Category");
  });

  it("F16 is behind Run Action… of a row's menu, which is for that row", async () => {
    await workbench.openMenuOf(await workbench.treeRow("Models", "Address"));
    await workbench.chooseFromMenu("Run Action…");
    await chooseSharding();
    await flowPanel(workbench, "Plan Sharding: accounts.Address");
  });

  it("F16 is behind the lens More…", async () => {
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.putCursorAt("class Publisher(");
    await (await workbench.codeLensAbove("More…", "class Publisher(")).click();
    await chooseSharding();
    await flowPanel(workbench, "Plan Sharding: catalog.Publisher");
  });

  it("F16 a file that is not right defines nothing, and its editor says why", async () => {
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.openFile(".aksara/actions/plan-nothing.md");
    await workbench.page.locator(".editor-group-container.active .squiggly-error").first().waitFor();
    await workbench.runCommand("Problems: Focus on Problems View");
    const problem = workbench.page.locator(".markers-panel .monaco-list-row", { hasText: '"kind"' });
    await problem.first().waitFor();
  });
});

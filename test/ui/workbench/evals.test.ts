import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openFlow, runButton, writeHub } from "./run-panel.ts";
import { openShop } from "./shop-window.ts";

const EVAL = `name: product facts
target: flow
cases:
  - id: explains the product
    input: { flow_type: model, action_key: explain_model, context: { model_name: catalog.Product } }
    expect:
      - type: grounded
      - type: cites-evidence
  - id: knows the colour
    input: { flow_type: model, action_key: explain_model, context: { model_name: catalog.Product } }
    expect:
      - type: grounded
      - { type: contains, value: colour_of_the_sky }
`;
const ANSWER =
  'It is a product.\n\n```json\n{"summary": "A product", "personal_data": [], "surprises": [{"text": "none", "evidence": ["E1"]}], "unknowns": []}\n```\n';

describe("evals in the Testing view", function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let evals: string;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    evals = path.join(workbench.folder ?? "", ".aksara/evals");
    await mkdir(evals, { recursive: true });
    await writeFile(path.join(evals, "product.yaml"), EVAL);
    const answers = [{ steps: [{ text: ANSWER }], usage: { input: 900, output: 12 }, repeat: true }];
    await writeHub(workbench, { kind: "scripted", script: { version: 1, model: "replay-1", answers } });
  });
  after(() => workbench?.close());

  /** A test in the tree, once it has come to something. */
  const row = (name: string, state: RegExp): Locator =>
    workbench.page
      .locator(".test-explorer .monaco-list-row", { hasText: name })
      .and(workbench.page.locator(`.monaco-list-row[aria-label*="${state.source}"]`));

  /** The page of the approvals: the flow panel is another one beside it. */
  async function approvalFrame(): Promise<Frame> {
    let found: Frame | undefined;
    await eventually.equal(async () => {
      for (const frame of workbench.page.frames()) {
        // A frame may go away while it is looked at.
        const count = await frame
          .locator("aksara-waiting-approvals")
          .count()
          .catch(() => 0);
        if (count > 0) found = frame;
      }
      return found !== undefined;
    }, true);
    assert.ok(found);
    return found;
  }

  /** Shows the cases of a file in the tree. */
  async function expand(suite: string): Promise<void> {
    const item = workbench.page.locator(".test-explorer .monaco-list-row[aria-level='1']", {
      hasText: suite,
    });
    await item.first().waitFor({ timeout: 60_000 });
    if ((await item.first().getAttribute("aria-expanded")) !== "true")
      await item.first().locator(".monaco-tl-twistie").click();
    await eventually.equal(async () => await item.first().getAttribute("aria-expanded"), "true");
  }

  it("H22 V02 runs the cases of a file, and says why one failed at its line", async () => {
    await workbench.runCommand("Aksara: Run Evals");
    await expand("product facts");
    await row("explains the product", /Passed/)
      .first()
      .waitFor({ timeout: 60_000 });
    await row("knows the colour", /Failed/)
      .first()
      .waitFor({ timeout: 60_000 });
    const told = workbench.page
      .locator(".test-error-content-widget", { hasText: "contains: expected" })
      .first();
    await eventually.equal(async () => {
      // The editor draws it when it opens a file, but for one that opens while the end of the run still comes in.
      await workbench.runCommand("View: Close All Editors");
      await workbench.openFile(".aksara/evals/product.yaml");
      return await told.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    }, true);
    await workbench.screenshot("evals-testing-view");
  });

  it("H22 says what is wrong in a file where it stands", async () => {
    await writeFile(path.join(evals, "broken.yaml"), "name: broken\ntarget: flow\ncases: []\n");
    await workbench.openFile(".aksara/evals/broken.yaml");
    await workbench.page.locator(".squiggly-error").first().waitFor();
    const broken = workbench.page.locator(".test-explorer .monaco-list-row", { hasText: "broken" });
    await broken.first().waitFor();
  });

  it("H22 A07 saves a run as a case: shown first, written when approved, and replayed with nobody to ask", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await runButton(frame).click();
    await frame.getByText("It is a product.").waitFor();
    await frame.getByRole("tab", { name: "Runs" }).click();
    await frame
      .getByRole("button", { name: /^Save as eval case: run of / })
      .first()
      .click();
    const approval = await approvalFrame();
    await approval
      .getByRole("heading", { name: /^Create \.aksara\/evals\/explain-model-.*\.json\?$/ })
      .waitFor();
    await workbench.screenshot("evals-save-approval");
    // While it is written, its content lies beside it under another name.
    const saved = async () => (await readdir(evals)).filter((each) => each.endsWith(".json"));
    assert.deepEqual(await saved(), []);
    await approval.getByRole("button", { name: "Approve" }).click();
    await eventually.deepEqual(saved, ["explain-model-catalog-product.json"]);
    const file = path.join(evals, "explain-model-catalog-product.json");
    const { cases } = JSON.parse(await readFile(file, "utf8"));
    assert.equal(cases[0].recording.scripts[""].answers.length, 1);
    // Nobody could answer now.
    await writeHub(workbench, { kind: "scripted", script: "gone.json" });
    await workbench.runCommand("Aksara: Run Evals");
    await expand("explain_model");
    await row("explain_model", /Passed/)
      .first()
      .waitFor({ timeout: 60_000 });
    await workbench.screenshot("evals-replayed");
  });
});

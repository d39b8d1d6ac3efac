import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { eventually } from "../../support/eventually.ts";
import { openSession, type Session } from "../../support/session.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, vsix, workspace } from "./shop-window.ts";

const MODELS = path.resolve(import.meta.dirname, "../../support/model-extension");

describe("@aksara in the editor's own chat", function () {
  this.timeout(90_000);
  let temporary: TemporaryFolder;
  let session: Session;
  let workbench: Workbench;

  before(async function () {
    this.timeout(35 * 60_000);
    temporary = await makeTemporaryFolder("participant");
    session = await openSession({
      vsix: [vsix],
      extensionPath: MODELS,
      workspaceTrust: false,
      env: {
        LANTERN_LOG: path.join(temporary.folder, "log.jsonl"),
        LANTERN_ANSWER: "A **product** is what the shop sells.",
      },
    });
    workbench = await session.open(workspace("shop-django"));
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await workbench.screenshot("failed-participant");
  });
  after(async () => {
    await workbench?.close();
    await session?.close();
    await temporary.remove();
  });

  /** Asks in the editor's chat, with one of the lantern's models. */
  async function ask(model: string, query: string): Promise<void> {
    await writeFile(path.join(workbench.folder ?? "", "ask.json"), JSON.stringify({ model, query }));
    await workbench.runCommand("Lantern: Ask in the Chat");
  }

  const answers = () => workbench.page.locator(".interactive-response");

  it("V09b answers with the model of that chat, on the facts of the workspace", async () => {
    await ask("steady", "@aksara what is a product?");
    await answers().last().getByText("what the shop sells").waitFor();
    await workbench.screenshot("participant-answer");
    const log = await readFile(path.join(temporary.folder, "log.jsonl"), "utf8");
    assert.match(log, /what is a product\?/);
  });

  it("V09b A07 what it wants to change is asked for in a panel; approved, it is done and can be undone", async () => {
    await ask("handy", "@aksara write notes");
    await answers().last().getByText("Waiting for your approval of").waitFor();
    const frame = await flowPanel(workbench, "Approval");
    await frame.getByRole("heading", { name: "Create notes.md?" }).waitFor();
    await workbench.screenshot("participant-approval");
    const file = path.join(workbench.folder ?? "", "notes.md");
    assert.ok(!existsSync(file));
    await frame.getByRole("button", { name: "Approve" }).click();
    await answers().last().getByText("It is done").waitFor();
    await eventually.match(() => readFile(file, "utf8"), /lamplight/);
    await workbench.screenshot("participant-done");
    await answers().last().getByRole("button", { name: "Undo Changes" }).click();
    for (let left = 50; existsSync(file) && left > 0; left--) await workbench.page.waitForTimeout(100);
    assert.ok(!existsSync(file));
  });
});

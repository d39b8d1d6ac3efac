import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSession, type Session } from "../../support/session.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import type { Workbench } from "../../support/workbench.ts";
import { vsix, workspace } from "./shop-window.ts";

const CALLER = path.resolve(import.meta.dirname, "../../support/model-extension");

interface Called {
  readonly event: "called";
  readonly tool: string;
  readonly text?: string;
  readonly error?: string;
}

for (const release of ["latest", "floor"] as const) {
  describe(`tools for language models of the editor, in the ${release} VS Code`, function () {
    this.timeout(90_000);
    let temporary: TemporaryFolder;
    let session: Session;
    let workbench: Workbench;
    let calls = 0;

    before(async function () {
      this.timeout(35 * 60_000);
      temporary = await makeTemporaryFolder("tools");
      session = await openSession({
        vscode: release,
        vsix: [vsix],
        extensionPath: CALLER,
        workspaceTrust: false,
        env: { LANTERN_LOG: path.join(temporary.folder, "log.jsonl") },
      });
      workbench = await session.open(workspace("shop-django"));
    });
    afterEach(async function () {
      if (this.currentTest?.state === "failed") await workbench.screenshot(`failed-tools-${release}`);
    });
    after(async () => {
      await workbench?.close();
      await session?.close();
      await temporary.remove();
    });

    /** Has another extension call a tool, answers the question and gives what came of it. */
    async function call(name: string, input: unknown, question: string, button: string): Promise<Called> {
      await writeFile(path.join(workbench.folder ?? "", "call.json"), JSON.stringify({ name, input }));
      await workbench.runCommand("Lantern: Call a Tool");
      const dialog = workbench.page.locator(".monaco-dialog-box");
      await dialog.getByText(question).waitFor();
      await workbench.screenshot(`tools-question-${release}-${name}`);
      await dialog.getByRole("button", { name: button }).click();
      calls += 1;
      for (;;) {
        const all = await noted();
        const last = all[calls - 1];
        if (last) return last;
        await workbench.page.waitForTimeout(50);
      }
    }

    async function noted(): Promise<readonly Called[]> {
      const text = await readFile(path.join(temporary.folder, "log.jsonl"), "utf8").catch(() => "");
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Called)
        .filter(({ event }) => event === "called");
    }

    it("V09c a tool gives the facts of the workspace, once a person has agreed", async () => {
      const { text } = await call(
        "aksara_describe_model",
        { model: "catalog.Product" },
        "Describe a model of this workspace?",
        "Yes",
      );
      assert.match(text ?? "", /catalog\.Product/);
      assert.match(text ?? "", /## Fields/);
    });

    it("V09c nothing is said where a person refuses", async () => {
      const { text, error } = await call(
        "aksara_list_routes",
        { path: "" },
        "List the routes of this workspace?",
        "Cancel",
      );
      assert.equal(text, undefined);
      assert.match(error ?? "", /cancel/i);
    });

    it("V09c what a model got wrong it is told, with the names that come near", async () => {
      const { error } = await call(
        "aksara_describe_model",
        { model: "Prodct" },
        "Describe a model of this workspace?",
        "Yes",
      );
      assert.match(error ?? "", /Prodct/);
      assert.match(error ?? "", /Product/);
    });
  });
}

import assert from "node:assert/strict";
import { documentText, executeFlow, openWorkspace } from "../../../src/index.ts";
import { flowRunSchema } from "../../../src/protocol/execution.ts";
import { aksara, cliEnvironment, serve } from "../../support/aksara-process.ts";
import { answerText } from "../../support/chat-answers.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";
import type { Workbench } from "../../support/workbench.ts";
import { WRONG_ANSWERS } from "../../unit/flows/wrong-answers.ts";
import { openFlow, runButton, writeHub } from "./run-panel.ts";
import { openShop } from "./shop-window.ts";

/** Thinks, cites, proposes: every part of a result is there. */
const SCRIPT = {
  version: 1,
  model: "replay-1",
  answers: [
    {
      steps: [
        { reasoning: "One number, one order." },
        { text: answerText(WRONG_ANSWERS.suggest_constraints?.right, "Numbers are unique [E1].") },
      ],
      usage: { input: 900, output: 40, reasoning: 6 },
      repeat: true,
    },
  ],
};

describe("one truth", function () {
  this.timeout(90_000);
  let workbench: Workbench;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    await writeHub(workbench, { kind: "scripted", script: SCRIPT });
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(() => workbench?.close());

  it("E01 F04 panel, library, command line and HTTP give the same pack and the same result, byte for byte", async () => {
    const folder = workbench.folder ?? "";
    const frame = await openFlow(workbench, "Suggest Constraints");
    await runButton(frame).click();
    await frame.locator("aksara-suggestion-card").waitFor();
    await frame.getByRole("button", { name: "Copy run as JSON" }).click();
    const panel = await workbench.waitForClipboard("{");
    await frame.getByRole("tab", { name: "Raw JSON" }).click();
    await frame.getByRole("button", { name: "Copy JSON" }).click();
    const pack = await workbench.waitForClipboard('{\n  "ok": true,\n  "action_key"');

    const request = {
      kind: "model",
      action: "suggest_constraints",
      context: { model_name: "catalog.Product" },
    };
    const words = ["model", "catalog.Product", "--action", request.action, "--workspace", folder];
    const state = await makeTemporaryFolder("truth");
    const environment = cliEnvironment(state.folder);
    const workspace = openWorkspace(folder, { cache: false, environment: {} });
    const server = await serve(["--workspace", folder], environment);
    try {
      const library = await executeFlow(request.kind, request.action, request.context, { workspace });
      const cli = await aksara(["ai", "run", ...words, "--format", "json"], environment);
      const flow = await aksara(["ai", "flows", ...words, "--format", "json"], environment);
      const response = await fetch(`${server.url}/studio/ai/flows/run`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
        body: JSON.stringify({ flow_type: "model", action_key: request.action, context: request.context }),
      });
      const http = await response.text();
      assert.equal(pack, flow.out);
      assert.equal(pack, documentText(library.prompt_pack));
      assert.equal(library.execution?.suggestions.length, 1);
      assert.equal(timeless(panel), timeless(documentText(library)));
      assert.equal(timeless(panel), timeless(cli.out));
      assert.equal(timeless(panel), timeless(http));
    } finally {
      await server.stop();
      await workspace.dispose();
      await state.remove();
    }
  });
});

/** The document without what differs between two runs of the same: how long it took, and the name of its trace. */
function timeless(text: string): string {
  const run = flowRunSchema.parse(JSON.parse(text));
  assert.ok(run.execution);
  return documentText({ ...run, execution: { ...run.execution, elapsed_ms: 0, trace_id: null } });
}

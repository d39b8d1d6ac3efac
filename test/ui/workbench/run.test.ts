import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { answerText, chat } from "../../support/chat-answers.ts";
import { eventually } from "../../support/eventually.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import { HeldAnswer } from "../../support/held-answer.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { WRONG_ANSWERS } from "../../unit/flows/wrong-answers.ts";
import { closePanel, openFlow, runButton, shownTab, writeHub } from "./run-panel.ts";
import { flowPanel, openShop } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";
const REASONING = "A price needs a currency.";
const SECOND = "Its price is kept in cents.";
const TEXT = {
  reasoning: REASONING,
  first: "## A product\n\nIt is what the shop sells [E1].\n\n",
  second: answerText(WRONG_ANSWERS.explain_model?.right, SECOND),
  models: ["shop-1", "shop-2"],
};

describe("running a pack from the panel", function () {
  this.timeout(60_000);
  let workbench: Workbench;
  let server: ProviderServer;

  before(async function () {
    // One suite with a real VS Code runs at a time: the wait for the others is not the test's.
    this.timeout(20 * 60_000);
    server = await ProviderServer.start(plain(500, "{}"));
    workbench = await openShop();
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(async () => {
    await workbench?.close();
    await server.close();
  });

  function localServer(): Record<string, unknown> {
    return { kind: "openai-compatible", base_url: `${server.url}/v1`, model: "shop-1" };
  }

  function hold(): HeldAnswer {
    const held = new HeldAnswer(TEXT);
    server.answer = held.answer;
    return held;
  }

  /** A panel whose answer has begun and does not end until it is let. */
  async function begin(): Promise<{ frame: Frame; held: HeldAnswer }> {
    const held = hold();
    const frame = await openFlow(workbench, "Explain Model");
    await runButton(frame).click();
    await held.asked;
    await heading(frame).waitFor();
    return { frame, held };
  }

  it("F07 is off with the reason while no provider is configured, and comes on when the hub file names one", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await frame.getByText("Run AI is off: No AI provider is configured").waitFor();
    await eventually.equal(() => runButton(frame).isDisabled(), true);
    // Nothing says when watching files has begun: what is written before is never reported.
    for (let tries = 0; tries < 20 && (await frame.getByText("Run AI is off").count()) > 0; tries++) {
      await writeHub(workbench, localServer());
      await frame
        .getByText("Run AI is off")
        .waitFor({ state: "detached", timeout: 1000 })
        .catch(() => undefined);
    }
    await eventually.equal(() => runButton(frame).isDisabled(), false);
    await workbench.page.locator(".statusbar-item", { hasText: "shop-1" }).waitFor();
  });

  it("V03 streams the answer, then shows tokens, an unknown cost, and where the model came from", async () => {
    const { frame, held } = await begin();
    await eventually.equal(() => frame.getByText(SECOND).count(), 0);
    await frame.getByText("Answering …").waitFor();
    await frame
      .locator("aksara-run-head")
      .getByText(/^\d+(\.\d)? s$/)
      .waitFor();
    await frame.getByText("Reasoning", { exact: true }).waitFor();
    await eventually.equal(() => frame.getByText(REASONING).isVisible(), false, "the reasoning is folded");
    await workbench.screenshot("run-streaming");
    held.release();
    await frame.getByText(SECOND).waitFor();
    await frame.getByText("1,200 tokens in, 34 out").waitFor();
    await frame.getByText("Cost: unknown").waitFor();
    await frame.getByText("from aihub.json").waitFor();
    await frame.getByText("Reasoning", { exact: true }).click();
    await frame.getByText(REASONING).waitFor();
    assert.deepEqual(seriousFindings(await runAxe(frame)), []);
    await workbench.screenshot("run-answered");
    const body = server.requests.at(-1)?.body ?? "";
    assert.ok(body.includes("catalog.Product") && body.includes('"shop-1"'));
    await frame.locator("aksara-answer-tab").getByRole("button", { name: "[E1]" }).click();
    await workbench.page.locator('.tab.active[data-resource-name="models.py"]').waitFor();
  });

  it("E05 Escape ends nothing; Cancel closes the socket, and nothing is kept as an answer", async () => {
    const { frame, held } = await begin();
    await frame.getByRole("tab", { name: "Answer" }).press("Escape");
    await frame.getByText("Answering …").waitFor();
    await frame.getByRole("button", { name: "Cancel" }).click();
    await words(frame, "The run was cancelled.").waitFor();
    await eventually.equal(() => heading(frame).count(), 0);
    await socketsClosed();
    held.release();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await words(after, "The run was cancelled.").waitFor();
    await eventually.equal(() => heading(after).count(), 0);
    await after.getByRole("tab", { name: "Runs" }).click();
    await after.getByRole("listitem").first().getByText("Cancelled").waitFor();
  });

  // Red when `TabsElement` does not insist on the tab it was told.
  it("V03 a panel that was closed while an answer came, and opened again, runs again", async () => {
    await begin();
    await closePanel(workbench);
    await socketsClosed();
    const again = await openFlow(workbench, "Explain Model");
    await again.getByRole("tab", { name: "Answer" }).click();
    await words(again, "The run was cancelled.").waitFor();
    const held = hold();
    await runButton(again).click();
    await held.asked;
    held.release();
    await again.getByText(SECOND).waitFor();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await after.getByText(SECOND).waitFor();
    const next = hold();
    await runButton(after).click();
    await next.asked;
    await after.getByText("Answering …").waitFor();
    await eventually.equal(() => after.getByText(SECOND).count(), 0, "the answer of before has gone");
    next.release();
    await after.getByText(SECOND).waitFor();
  });

  it("V03 a panel that was hidden while the answer came has all of it when it is shown again", async () => {
    const { held } = await begin();
    const tab = workbench.page.locator(".tab", { hasText: TITLE });
    await tab.click();
    await workbench.openFile("manage.py");
    held.release();
    await tab.click();
    const again = await flowPanel(workbench, TITLE);
    await again.getByText(SECOND).waitFor();
    await eventually.match(() => shownTab(again).innerText(), /Answer/);
    await heading(again).waitFor();
  });

  it("V03 after a reload of the window in the middle says that the answer was interrupted, and keeps what had come", async () => {
    const { held } = await begin();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await words(after, "The window was reloaded while the answer came.").waitFor();
    await after.getByText("INTERRUPTED").waitFor();
    await after.locator("aksara-run-head .model", { hasText: "shop-1" }).waitFor();
    await heading(after).waitFor();
    await eventually.match(() => shownTab(after).innerText(), /Answer/);
    await workbench.screenshot("run-reloaded");
    await socketsClosed();
    held.release();
  });

  it("V03 runs again with another model, which the person picks", async () => {
    hold().release();
    const frame = await openFlow(workbench, "Explain Model");
    await runButton(frame).click();
    await frame.getByText(SECOND).waitFor();
    await frame.getByText("Cost: unknown").waitFor();
    await frame.getByRole("button", { name: "Run again with …" }).click();
    await workbench.choose("shop-2");
    await frame.getByText("your choice").waitFor();
    assert.ok(server.requests.at(-1)?.body.includes('"shop-2"'));
    await frame.locator("aksara-run-head .model", { hasText: "shop-2" }).waitFor();
  });

  it("E12 a suggestion is copied, or opened as a document of its own; no file changes", async () => {
    server.answer = chat(answerText(WRONG_ANSWERS.suggest_constraints?.right, "Numbers are unique [E1]."));
    const frame = await openFlow(workbench, "Suggest Constraints");
    const before = await hashFolder(workbench.folder ?? "");
    await runButton(frame).click();
    const card = frame.locator("aksara-suggestion-card");
    // The lab knows no table "t".
    await card.getByText("Refuted").waitFor();
    await card.getByRole("button", { name: "Copy statement" }).click();
    assert.equal(await workbench.waitForClipboard("ALTER TABLE"), "ALTER TABLE t ADD UNIQUE (number);");
    await workbench.screenshot("run-suggestion");
    await card.getByRole("button", { name: "Open as edit preview" }).click();
    const tab = workbench.page.locator(".tab.active", { hasText: /Untitled/ });
    await tab.waitFor();
    const text = await workbench.page
      .locator(".editor-group-container.active .view-lines")
      .first()
      .innerText();
    assert.ok(text.replace(/\u00a0/g, " ").includes("ALTER TABLE t ADD UNIQUE (number);"), text);
    assert.deepEqual(await hashFolder(workbench.folder ?? ""), before);
    await workbench.runCommand("View: Revert and Close Editor");
  });

  it("E13 an error in the hub file is shown in the editor, and nothing runs", async () => {
    const file = path.join(workbench.folder ?? "", ".aksara/aihub.json");
    const broken = '{ "version": 1, "providers": [ }';
    await writeFile(file, broken);
    const frame = await openFlow(workbench, "Explain Model");
    await frame.getByText("aihub.json has an error").waitFor();
    await eventually.equal(() => runButton(frame).isDisabled(), true);
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.openFile(".aksara/aihub.json");
    await workbench.page.locator(".squiggly-error").first().waitFor();
  });

  /** The socket to the provider is closed as soon as a run ends; the loop only waits for the news. */
  async function socketsClosed(): Promise<void> {
    for (let tries = 0; server.sockets.size > 0 && tries < 50; tries++)
      await workbench.page.waitForTimeout(100);
    assert.equal(server.sockets.size, 0);
  }
});

function heading(frame: Frame) {
  return frame.getByRole("heading", { name: "A product" });
}

/** Words of the answer's own note, not of the announcement that only a screen reader hears. */
function words(frame: Frame, text: string) {
  return frame.locator("aksara-answer-tab .words", { hasText: text });
}

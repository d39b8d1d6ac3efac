import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { type Answer, ProviderServer, plain } from "../../support/provider-server.ts";
import { runAxe, seriousFindings } from "../../support/webview-frame.ts";
import type { Workbench } from "../../support/workbench.ts";
import { flowPanel, openShop } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";
const FIRST = "## A product\n\nIt is what the shop sells [E1].\n\n";
const SECOND = "Its price is kept in cents.";

/** An answer in the form of OpenAI's chat that stops after its first part until it is let go on. */
class HeldAnswer {
  /** The server was asked. */
  readonly asked: Promise<void>;
  #ask: () => void = () => undefined;
  #release: () => void = () => undefined;
  readonly #released: Promise<void>;

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#ask = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  readonly answer: Answer = async (response, request) => {
    if (request.method === "GET") return plain(200, '{"data":[{"id":"shop-1"}]}')(response, request);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ content: FIRST }));
    this.#ask();
    await this.#released;
    response.write(chunk({ content: SECOND }));
    response.write(chunk({}, "stop"));
    response.write(
      `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 1200, completion_tokens: 34 } })}\n\n`,
    );
    response.end("data: [DONE]\n\n");
  };
}

function chunk(delta: Record<string, unknown>, finish: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

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

  async function configure(provider: Record<string, unknown>): Promise<void> {
    const folder = path.join(workbench.folder ?? "", ".aksara");
    await mkdir(folder, { recursive: true });
    const hub = { version: 1, active_provider: provider.kind, providers: [provider] };
    await writeFile(path.join(folder, "aihub.json"), JSON.stringify(hub, null, 2));
  }

  /** A panel of its own: one that is open would take the press on Run AI for the pack before. */
  async function explain(): Promise<Frame> {
    if ((await workbench.page.locator(".tab", { hasText: TITLE }).count()) > 0) {
      await workbench.runCommand("Aksara: Close Flow Panel");
      await workbench.page.locator(".tab", { hasText: TITLE }).waitFor({ state: "detached" });
    }
    await workbench.openFile("catalog/models.py");
    await workbench.putCursorAt("class Product(");
    await workbench.runCommand("Aksara: Explain Model");
    return await flowPanel(workbench, TITLE);
  }

  it("F07 is off with the reason while no provider is configured, and comes on when the hub file names one", async () => {
    const frame = await explain();
    await frame.getByText("Run AI is off: No AI provider is configured").waitFor();
    assert.equal(await runButton(frame).isDisabled(), true);
    await configure({ kind: "openai-compatible", base_url: `${server.url}/v1`, model: "shop-1" });
    await frame.getByText("Run AI is off").waitFor({ state: "detached" });
    await workbench.page.locator(".statusbar-item", { hasText: "shop-1" }).waitFor();
  });

  it("V03 streams the answer, then shows tokens, an unknown cost, and where the model came from", async () => {
    const held = new HeldAnswer();
    server.answer = held.answer;
    const frame = await explain();
    await runButton(frame).click();
    await held.asked;
    await frame.getByRole("heading", { name: "A product" }).waitFor();
    assert.equal(await frame.getByText(SECOND).count(), 0);
    await frame.getByText("Answering …").waitFor();
    await workbench.screenshot("run-streaming");
    held.release();
    await frame.getByText(SECOND).waitFor();
    // Both calls: the structured part, which this answer lacks, is asked for once more.
    await frame.getByText("2,400 tokens in, 68 out").waitFor();
    await frame.getByText("Cost: unknown").waitFor();
    await frame.getByText("from aihub.json").waitFor();
    assert.deepEqual(seriousFindings(await runAxe(frame)), []);
    await workbench.screenshot("run-answered");
    const body = server.requests.at(-1)?.body ?? "";
    assert.ok(body.includes("catalog.Product") && body.includes('"shop-1"'));
    await frame.locator("aksara-answer-tab").getByRole("button", { name: "[E1]" }).click();
    await workbench.page.locator('.tab.active[data-resource-name="models.py"]').waitFor();
  });

  it("V03 Escape ends nothing; Cancel closes the socket and leaves no answer", async () => {
    const held = new HeldAnswer();
    server.answer = held.answer;
    const frame = await explain();
    await runButton(frame).click();
    await held.asked;
    await frame.getByRole("heading", { name: "A product" }).waitFor();
    await frame.getByRole("tab", { name: "Answer" }).press("Escape");
    await frame.getByText("Answering …").waitFor();
    await frame.getByRole("button", { name: "Cancel" }).click();
    await frame.getByRole("status").filter({ hasText: "The run was cancelled." }).first().waitFor();
    assert.equal(await frame.getByRole("heading", { name: "A product" }).count(), 0);
    for (let tries = 0; server.sockets.size > 0 && tries < 50; tries++)
      await workbench.page.waitForTimeout(100);
    assert.equal(server.sockets.size, 0);
    held.release();
  });

  it("V03 a panel that was hidden while the answer came has all of it when it is shown again", async () => {
    const held = new HeldAnswer();
    server.answer = held.answer;
    const frame = await explain();
    await runButton(frame).click();
    await held.asked;
    await frame.getByRole("heading", { name: "A product" }).waitFor();
    await workbench.page.locator(".tab", { hasText: TITLE }).click();
    await workbench.openFile("manage.py");
    held.release();
    await workbench.page.locator(".tab", { hasText: TITLE }).click();
    const again = await flowPanel(workbench, TITLE);
    await again.getByRole("heading", { name: "A product" }).waitFor();
    await again.getByText(SECOND).waitFor();
  });

  it("V03 after a reload of the window in the middle says that the answer was interrupted, and keeps what had come", async () => {
    const held = new HeldAnswer();
    server.answer = held.answer;
    const frame = await explain();
    await runButton(frame).click();
    await held.asked;
    await frame.getByRole("heading", { name: "A product" }).waitFor();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await after.getByText("The window was reloaded while the answer came.").waitFor();
    await after.getByText("INTERRUPTED").waitFor();
    await workbench.screenshot("run-reloaded");
    held.release();
  });

  it("V03 a result outlives a reload of the window", async () => {
    const held = new HeldAnswer();
    held.release();
    server.answer = held.answer;
    const frame = await explain();
    await runButton(frame).click();
    await frame.getByText(SECOND).waitFor();
    await frame.getByText("Cost: unknown").waitFor();
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await after.getByText(SECOND).waitFor();
  });

  it("E03 E09 a wrong key: the provider's own words, a way on, and never the key", async () => {
    server.answer = (response, request) =>
      plain(
        401,
        JSON.stringify({ error: { message: "Incorrect API key provided.", code: "invalid_api_key" } }),
      )(response, request);
    await configure({ kind: "openai", base_url: `${server.url}/v1`, model: "shop-1" });
    const frame = await explain();
    await frame.getByText("There is no key for openai").waitFor();
    const row = await workbench.treeRow("AI Hub", "OpenAI");
    await workbench.openMenuOf(row);
    await workbench.menuItem("Set Key…").click();
    await workbench.page.locator(".quick-input-widget input.input").fill("sk-wrong-0123456789abcdef");
    await workbench.screenshot("hub-set-key");
    await workbench.page.keyboard.press("Enter");
    await frame.getByText("Run AI is off").waitFor({ state: "detached" });
    await runButton(frame).click();
    await frame.getByText("Incorrect API key provided.").first().waitFor();
    await frame.getByText("AUTH_FAILED").waitFor();
    await workbench.screenshot("run-wrong-key");
    assert.equal(server.requests.at(-1)?.headers.authorization, "Bearer sk-wrong-0123456789abcdef");
    assert.ok(!(await frame.locator("body").innerText()).includes("sk-wrong"));
  });

  it("E09 a key that was removed is not sent any more", async () => {
    const row = await workbench.treeRow("AI Hub", "OpenAI");
    await workbench.openMenuOf(row);
    await workbench.menuItem("Remove Key").click();
    const frame = await flowPanel(workbench, TITLE);
    await frame.getByText("There is no key for openai").waitFor();
    assert.equal(await runButton(frame).isDisabled(), true);
  });

  it("E13 an error in the hub file is shown in the editor", async () => {
    await writeFile(
      path.join(workbench.folder ?? "", ".aksara/aihub.json"),
      '{ "version": 1, "providers": [ }',
    );
    const frame = await explain();
    await frame.getByText("aihub.json has an error").waitFor();
    await workbench.openFile(".aksara/aihub.json");
    await workbench.page.locator(".squiggly-error").first().waitFor();
  });
});

function runButton(frame: Frame) {
  return frame.locator("aksara-panel-header").getByRole("button", { name: "Run AI" });
}

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { eventually } from "../../support/eventually.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openFlow, runButton, writeHub } from "./run-panel.ts";
import { flowPanel, openShop, sharedSession } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";
const KEY = "sk-wrong-0123456789abcdef";

describe("keys of the AI Hub", function () {
  this.timeout(60_000);
  let workbench: Workbench;
  let server: ProviderServer;

  before(async function () {
    this.timeout(20 * 60_000);
    const refusal = { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } };
    server = await ProviderServer.start(plain(401, JSON.stringify(refusal)));
    workbench = await openShop();
    await writeHub(workbench, { kind: "openai", base_url: `${server.url}/v1`, model: "shop-1" });
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(async () => {
    await workbench?.close();
    await server.close();
  });

  /** Answers the question of a command for the provider. */
  async function chooseProvider(): Promise<void> {
    await workbench.choose("OpenAI");
  }

  it("E03 E09 a wrong key, set by command: the provider's own words, a way on, and never the key", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await frame.getByText("There is no key for openai").waitFor();
    await workbench.runCommand("Aksara: Set Key…");
    await chooseProvider();
    const input = workbench.page.locator(".quick-input-widget input.input");
    await workbench.page.getByText(`sent only to ${server.url}`).waitFor();
    await eventually.equal(() => input.getAttribute("type"), "password");
    await input.fill(KEY);
    await workbench.screenshot("hub-set-key");
    await workbench.page.keyboard.press("Enter");
    await frame.getByText("Run AI is off").waitFor({ state: "detached" });
    await runButton(frame).click();
    await frame.locator("aksara-answer-tab .words", { hasText: "Incorrect API key provided." }).waitFor();
    await frame.getByText("AUTH_FAILED").waitFor();
    await frame.getByRole("button", { name: "Retry" }).waitFor();
    await workbench.screenshot("run-wrong-key");
    assert.equal(server.requests.at(-1)?.headers.authorization, `Bearer ${KEY}`);
    assert.ok(!(await frame.locator("body").innerText()).includes(KEY));
  });

  it("E09 the key is in no file of the workspace, and in none that the editor's server keeps", async () => {
    const { server: editor } = await sharedSession();
    const folders = [workbench.folder ?? "", editor.dataFolder];
    const files = (await Promise.all(folders.map(filesBelow))).flat();
    assert.ok(
      files.some((file) => /runs.[0-9a-f]{32}\.json$/.test(file)),
      "the trace of the run is among them",
    );
    for (const file of files) assert.ok(!(await readFile(file)).includes(KEY), file);
    assert.ok(!editor.output.includes(KEY));
  });

  it("V03 says which model answers and why, and which providers are ready", async () => {
    const active = await workbench.treeRow("AI Hub", "Run AI");
    await active.getByText("shop-1 · openai").waitFor();
    const row = await workbench.treeRow("AI Hub", "OpenAI");
    await eventually.match(() => row.innerText(), /in use · shop-1 · key from secret storage/);
    await active.hover();
    await workbench.page.locator(".monaco-hover", { hasText: "named by .aksara/aihub.json" }).waitFor();
    await workbench.screenshot("hub-in-use");
    await workbench.page.keyboard.press("Escape");
  });

  it("E09 a key outlives a reload; removed by command, it is not sent any more", async () => {
    await workbench.reload();
    const before = await flowPanel(workbench, TITLE);
    await runButton(before).waitFor();
    await before.getByText("Run AI is off").waitFor({ state: "detached" });
    await workbench.runCommand("Aksara: Remove Key");
    await chooseProvider();
    const frame = await flowPanel(workbench, TITLE);
    await frame.getByText("There is no key for openai").waitFor();
    await eventually.equal(() => runButton(frame).isDisabled(), true);
    const sent = server.requests.length;
    await workbench.runCommand("Aksara: Run AI");
    await workbench.treeRow("AI Hub", "OpenAI");
    assert.equal(server.requests.length, sent);
  });
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

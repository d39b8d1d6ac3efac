import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { answerText, chat, chatRequest } from "../../support/chat-answers.ts";
import { eventually } from "../../support/eventually.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { stateHome } from "../../support/vscode-server/server.ts";
import type { Workbench } from "../../support/workbench.ts";
import { WRONG_ANSWERS } from "../../unit/flows/wrong-answers.ts";
import { openFlow, runButton, writeHub } from "./run-panel.ts";
import { flowPanel, openShop, sharedSession } from "./shop-window.ts";

const TITLE = "Explain Model: catalog.Product";
const KEY = "sk-consent-0123456789abcdef";
const SECRET = "sk-live-4f9a8b7c6d5e4f3a2b1c";
const ANSWER = answerText(
  WRONG_ANSWERS.explain_model?.right,
  "## A product\n\nIt is what the shop sells [E1].",
);

describe("the question before a pack leaves this machine", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let server: ProviderServer;
  let origin: string;

  before(async function () {
    this.timeout(20 * 60_000);
    server = await ProviderServer.start(chat(ANSWER));
    // Reaches this machine, but is no name of the loopback: for the studio it is as far away as any other.
    origin = `http://0.0.0.0:${server.port}`;
    workbench = await openShop();
    const models = path.join(workbench.folder ?? "", "catalog/models.py");
    const text = await readFile(models, "utf8");
    const marked = text.replace(/^(class Product\(.*\):)$/m, `$1\n    supplier_api_key = "${SECRET}"`);
    assert.notEqual(marked, text);
    await writeFile(models, marked);
    await writeHub(workbench, { kind: "openai", base_url: `${origin}/v1`, model: "shop-1" });
    await workbench.openFile("catalog/models.py");
    await workbench.codeLens("Explain Model").first().waitFor();
  });
  after(async () => {
    await setConfirm(undefined);
    await workbench?.close();
    await server.close();
  });

  function question(): Locator {
    return workbench.page.locator(".monaco-dialog-box");
  }

  /** The setting of the machine that the extension runs on; no file of a workspace can set it. */
  async function setConfirm(value: string | undefined): Promise<void> {
    const folder = path.join((await sharedSession()).server.dataFolder, "user", "Machine");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "settings.json"), JSON.stringify({ "aksara.run.confirm": value }));
  }

  async function traces(): Promise<number> {
    const { dataFolder } = (await sharedSession()).server;
    const files = await readdir(stateHome(dataFolder), { recursive: true }).catch(() => []);
    return files.filter((file) => /runs.[0-9a-f]{32}\.json$/.test(file)).length;
  }

  async function answered(frame: Frame): Promise<void> {
    await frame.getByRole("heading", { name: "A product" }).waitFor();
  }

  it("E09b an address that only a file names gets nothing before a person has entered a key for it", async () => {
    const frame = await openFlow(workbench, "Explain Model");
    await frame.getByText("There is no key for openai").waitFor();
    await eventually.equal(() => runButton(frame).isDisabled(), true);
    await workbench.runCommand("Aksara: Set Key…");
    await workbench.choose("OpenAI");
    await workbench.page.getByText(`sent only to ${origin}`).waitFor();
    await workbench.page.locator(".quick-input-widget input.input").fill(KEY);
    await workbench.page.keyboard.press("Enter");
    await frame.getByText("Run AI is off").waitFor({ state: "detached" });
    assert.deepEqual(server.requests, []);
  });

  it("V03 says where the pack goes, how large it is, what it quotes and what was hidden; a no sends nothing", async () => {
    const before = await traces();
    const frame = await flowPanel(workbench, TITLE);
    await runButton(frame).click();
    await question().getByText(`Send this prompt pack to ${origin}?`).waitFor();
    const words = await question().innerText();
    assert.match(words, /shop-1 \(openai\) gets about [\d,.]+ tokens\./);
    assert.match(words, /Parts: model · fields · /);
    assert.match(words, /Hidden before sending: [1-9]\d* \(.+\)\./);
    await frame.getByText("Waiting for your yes …").waitFor();
    await workbench.screenshot("consent-question");
    await question().getByRole("button", { name: "Cancel" }).click();
    await frame.locator("aksara-answer-tab .words", { hasText: "Nothing was sent." }).waitFor();
    assert.deepEqual(server.requests, []);
    assert.equal(await traces(), before);
  });

  it("V03 a yes sends what the question said, without what it hid, and to that place", async () => {
    const frame = await flowPanel(workbench, TITLE);
    await runButton(frame).click();
    await question().getByRole("button", { name: "Send", exact: true }).click();
    await answered(frame);
    await frame.getByRole("tab", { name: "Raw JSON" }).click();
    await frame.getByRole("button", { name: "Copy JSON" }).click();
    const pack = JSON.parse(await workbench.waitForClipboard("{")) as PromptPack;
    const [request, ...more] = server.requests;
    assert.deepEqual(more, []);
    assert.equal(request?.headers.host, new URL(origin).host);
    assert.equal(request?.headers.authorization, `Bearer ${KEY}`);
    const { messages } = chatRequest(request?.body ?? "{}");
    assert.deepEqual(
      messages.map(({ content }) => content),
      [pack.system_prompt, pack.user_prompt],
    );
    assert.ok(pack.user_prompt.includes("supplier_api_key"));
    assert.ok(!request?.body.includes(SECRET));
  });

  it("V03 asks once for a place: not again for another action, nor after a reload", async () => {
    await runButton(await flowPanel(workbench, TITLE)).click();
    await untilAsked(2);
    await workbench.reload();
    const after = await flowPanel(workbench, TITLE);
    await answered(after);
    await runButton(after).click();
    await untilAsked(3);
    const other = await openFlow(workbench, "Suggest Constraints");
    await runButton(other).click();
    // The answer fits the first action alone: the model is asked once more to mend it.
    await untilAsked(5);
    await eventually.equal(() => question().count(), 0);
  });

  it("V03 the setting of the machine asks every time, and then offers no always", async () => {
    await setConfirm("always");
    await workbench.reload();
    const frame = await openFlow(workbench, "Explain Model");
    const sent = server.requests.length;
    for (let run = 1; run <= 2; run++) {
      await runButton(frame).click();
      await question().getByText(`Send this prompt pack to ${origin}?`).waitFor();
      await eventually.equal(
        () => question().getByRole("button", { name: "Always for This Provider" }).count(),
        0,
      );
      assert.equal(server.requests.length, sent + run - 1);
      await question().getByRole("button", { name: "Send", exact: true }).click();
      await untilAsked(sent + run);
      await answered(frame);
    }
  });

  it("V03 another place is asked for anew, though its provider has the same name", async () => {
    await setConfirm(undefined);
    const other = await ProviderServer.start(plain(200, "{}"));
    try {
      const elsewhere = `http://0.0.0.0:${other.port}`;
      await writeHub(workbench, { kind: "openai", base_url: `${elsewhere}/v1`, model: "shop-1" });
      await workbench.reload();
      const frame = await flowPanel(workbench, TITLE);
      // The key that was entered belongs to the place before.
      await frame.getByText("There is no key for openai").waitFor();
      await eventually.equal(() => runButton(frame).isDisabled(), true);
      assert.deepEqual(other.requests, []);
    } finally {
      await other.close();
    }
  });

  /** Waits for the news that the server was asked so often in all. */
  async function untilAsked(times: number): Promise<void> {
    for (let tries = 0; server.requests.length < times && tries < 150; tries++)
      await workbench.page.waitForTimeout(100);
    assert.equal(server.requests.length, times);
  }
});

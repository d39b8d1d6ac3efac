import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openShop, sharedSession } from "./shop-window.ts";

const MODELS = plain(200, JSON.stringify({ data: [{ id: "shop-1" }, { id: "shop-2" }] }));
const KEY = "sk-hub-use-0123456789abcdef";

interface HubFile {
  readonly active_provider?: string | null;
  readonly providers?: readonly { readonly name?: string; readonly model?: string }[];
}

describe("what a person does in the AI Hub", function () {
  this.timeout(90_000);
  let workbench: Workbench;
  let server: ProviderServer;

  before(async function () {
    this.timeout(20 * 60_000);
    server = await ProviderServer.start(MODELS);
    workbench = await openShop();
    const base = { kind: "openai-compatible", base_url: `${server.url}/v1` };
    await writeHubFile({
      version: 1,
      active_provider: "counter",
      providers: [
        { ...base, name: "workshop" },
        { ...base, name: "counter", model: "shop-1" },
        { kind: "openai", base_url: "http://models.shop.test/v1", model: "far-1" },
      ],
    });
    await workbench.showViews("AI Hub");
    await (await workbench.treeRow("AI Hub", "Run AI")).getByText("shop-1 · counter").waitFor();
  });
  after(async () => {
    await setProxy(undefined);
    await workbench?.close();
    await server.close();
  });
  beforeEach(() => {
    server.answer = MODELS;
  });

  function hubFile(): string {
    return path.join(workbench.folder ?? "", ".aksara/aihub.json");
  }

  async function writeHubFile(hub: object): Promise<void> {
    await mkdir(path.dirname(hubFile()), { recursive: true });
    await writeFile(hubFile(), JSON.stringify(hub, null, 2));
  }

  async function readHubFile(): Promise<HubFile> {
    return JSON.parse(await readFile(hubFile(), "utf8")) as HubFile;
  }

  /** The setting of the machine that the extension runs on. */
  async function setProxy(url: string | undefined): Promise<void> {
    const folder = path.join((await sharedSession()).server.dataFolder, "user", "Machine");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "settings.json"), JSON.stringify({ "http.proxy": url }));
  }

  async function run(command: string, provider: string): Promise<void> {
    await workbench.runCommand(`Aksara: ${command}`);
    await workbench.choose(provider);
  }

  async function notified(words: string): Promise<void> {
    await workbench.page.locator(".notification-list-item-message", { hasText: words }).first().waitFor();
  }

  it("V03 tests a connection with the key and the address that a run would use", async () => {
    await run("Test Connection", "workshop");
    await notified("workshop answers and lists 2 models.");
    assert.deepEqual(
      server.requests.map(({ method, path: where }) => `${method} ${where}`),
      ["GET /v1/models"],
    );
  });

  it("V03 shows what a provider says when it refuses, in its own words", async () => {
    server.answer = plain(503, '{"error":{"message":"The workshop is closed today."}}');
    await run("Test Connection", "workshop");
    await notified("The workshop is closed today. (HTTP 503)");
    await notified("PROVIDER_OVERLOADED");
    await workbench.screenshot("hub-test-refused");
  });

  it("V03 chooses a default model from what the provider lists, and writes only that", async () => {
    const before = await readHubFile();
    await run("Choose Default Model…", "workshop");
    await workbench.quickPickRow("shop-1").waitFor();
    await workbench.screenshot("hub-choose-model");
    await workbench.quickPickRow("shop-2").click();
    await (await workbench.treeRow("AI Hub", "workshop")).getByText("shop-2").waitFor();
    const [first, ...others] = (await readHubFile()).providers ?? [];
    assert.equal(first?.model, "shop-2");
    assert.deepEqual(others, before.providers?.slice(1));
    assert.equal((await readHubFile()).active_provider, "counter");
  });

  it("V03 takes another provider into use; the hub and the status bar say which", async () => {
    await run("Use This Provider", "workshop");
    await (await workbench.treeRow("AI Hub", "Run AI")).getByText("shop-2 · workshop").waitFor();
    await (await workbench.treeRow("AI Hub", "workshop")).getByText(/in use/).waitFor();
    await workbench.page.locator(".statusbar-item", { hasText: "shop-2" }).waitFor();
    assert.equal((await readHubFile()).active_provider, "workshop");
  });

  it("E10 goes through the proxy that the editor is set to, also to a name that only the proxy knows", async () => {
    const proxied: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, client, head) => {
      proxied.push(request.url ?? "");
      const upstream = connect(server.port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) socket.on("error", () => undefined);
    });
    const through = await ProviderServer.start(MODELS, proxy);
    try {
      await run("Set Key…", "OpenAI");
      await workbench.page.locator(".quick-input-widget input.input").fill(KEY);
      await workbench.page.keyboard.press("Enter");
      await run("Test Connection", "OpenAI");
      await notified("The name models.shop.test could not be resolved");
      await setProxy(through.url);
      await workbench.reload();
      server.requests.length = 0;
      await run("Test Connection", "OpenAI");
      await notified("openai answers and lists 2 models.");
      const seen = [...server.requests, ...through.requests];
      assert.ok(proxied.length + through.requests.length > 0, "the proxy was asked");
      assert.equal(seen[0]?.headers.authorization, `Bearer ${KEY}`);
    } finally {
      await through.close();
    }
  });
});

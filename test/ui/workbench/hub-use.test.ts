import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { eventually } from "../../support/eventually.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import type { Workbench } from "../../support/workbench.ts";
import { openShop } from "./shop-window.ts";

const MODELS = plain(200, JSON.stringify({ data: [{ id: "shop-1" }, { id: "shop-2" }] }));

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
      ],
    });
    await workbench.showViews("AI Hub");
    await (await workbench.treeRow("AI Hub", "Run AI")).getByText("shop-1 · counter").waitFor();
  });
  after(async () => {
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

  async function run(command: string, provider: string): Promise<void> {
    await workbench.runCommand(`Aksara: ${command}`);
    await workbench.choose(provider);
  }

  async function notified(words: string): Promise<void> {
    let seen: readonly string[] = [];
    for (let tries = 0; tries < 60; tries++) {
      seen = await workbench.notifications();
      if (seen.some((text) => text.includes(words))) return;
      await workbench.page.waitForTimeout(250);
    }
    assert.fail(`${words} is not among: ${seen.join(" | ")}`);
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
    await notified("The workshop is closed today. (HTTP 503) (PROVIDER_OVERLOADED)");
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
    await eventually.equal(async () => (await readHubFile()).active_provider, "counter");
  });

  it("V03 takes another provider into use; the hub and the status bar say which", async () => {
    await run("Use This Provider", "workshop");
    await (await workbench.treeRow("AI Hub", "Run AI")).getByText("shop-2 · workshop").waitFor();
    await (await workbench.treeRow("AI Hub", "workshop")).getByText(/in use/).waitFor();
    await workbench.page.locator(".statusbar-item", { hasText: "shop-2" }).waitFor();
    await eventually.equal(async () => (await readHubFile()).active_provider, "workshop");
  });
});

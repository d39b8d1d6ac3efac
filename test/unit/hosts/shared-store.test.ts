import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RedisStore } from "../../../src/storage/redis-store.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { startRedis, type TestRedis } from "../../support/redis-server.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));

describe("a store that several processes share", function () {
  this.timeout(180_000);
  let server: TestRedis | null = null;
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  let script: string;

  before(async function () {
    server = await startRedis();
    if (server === null) {
      console.log("      Redis is not installed here: sharing a store is not tested.");
      this.skip();
    }
  });
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("shared-store");
    shop = await copyWorkspace(SHOP);
    script = join(temporary.folder, "script.json");
    await writeFile(script, JSON.stringify({ answers: [{ steps: [{ text: "Done." }] }] }));
  });
  afterEach(async () => {
    await shop.remove();
    await temporary.remove();
  });
  after(() => server?.stop());

  const say = (more: NodeJS.ProcessEnv = {}): Promise<CliAnswer> =>
    aksara(
      ["ai", "agent", "Say something", "--workspace", shop.folder, "--provider", "scripted"],
      cliEnvironment(temporary.folder, { AKSARA_SCRIPT: script, ...more }),
    );
  const runs = async (namespace: string) => {
    const store = await RedisStore.open({ url: server?.url ?? "", namespace });
    try {
      return await store.logs.list();
    } finally {
      await store.close();
    }
  };

  it("keeps the journals of agents where the environment says", async () => {
    const { code, err } = await say({ AKSARA_STORE_URL: server?.url, AKSARA_STORE_NAMESPACE: "team" });
    assert.equal(code, 0, err);
    assert.equal((await runs("team")).length, 1);
  });

  it("V06b is not chosen by a file of the workspace", async () => {
    await mkdir(join(shop.folder, ".aksara"), { recursive: true });
    await mkdir(join(shop.folder, ".vscode"), { recursive: true });
    const store = { url: server?.url, namespace: "stolen" };
    for (const name of ["store.json", "aihub.json", "runtime.json"])
      await writeFile(
        join(shop.folder, ".aksara", name),
        JSON.stringify({ version: 1, providers: [], store, storage: store }),
      );
    await writeFile(
      join(shop.folder, ".vscode/settings.json"),
      JSON.stringify({ "aksara.storage.url": server?.url }),
    );
    await writeFile(
      join(shop.folder, ".env"),
      `AKSARA_STORE_URL=${server?.url}\nAKSARA_STORE_NAMESPACE=stolen\n`,
    );
    const { code, err } = await say();
    assert.equal(code, 0, err);
    assert.deepEqual(await runs("stolen"), []);
  });

  it("E09 that cannot be reached is said without its password", async () => {
    const url = "redis://:hidden-word@127.0.0.1:1/0";
    const { code, out, err } = await say({ AKSARA_STORE_URL: url });
    assert.equal(code, 1);
    assert.match(err, /127\.0\.0\.1:1/);
    assert.ok(!`${out}${err}`.includes("hidden-word"));
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAksaraError } from "../../../src/errors.ts";
import { JsonlLogs } from "../../../src/storage/jsonl-logs.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { SqliteStore } from "../../../src/storage/sqlite-store.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { storeSuite } from "./store-suite.ts";

const workerFile = join(import.meta.dirname, "../../../src/storage/sqlite-worker.ts");

storeSuite("the store in memory", false, async () => {
  let now = 1_000_000;
  const store = new MemoryStore({ now: () => now });
  return {
    store,
    again: async () => store,
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
});

describe("stores on a disk", () => {
  const opened: SqliteStore[] = [];
  let temporary: TemporaryFolder;
  const open = async (now: () => number, folder = temporary.folder): Promise<SqliteStore> => {
    const store = await SqliteStore.open({ folder: join(folder, "store"), workerFile, now });
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("store");
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await temporary.remove();
  });

  storeSuite("the store in a folder with SQLite", true, async () => {
    let now = 1_000_000;
    return {
      store: await open(() => now),
      again: () => open(() => now),
      pass: (milliseconds) => {
        now += milliseconds;
      },
    };
  });

  it("keeps everything for the next time, readable by its owner alone", async () => {
    const first = await open(Date.now);
    await first.values.set("s", "k", 1);
    await first.logs.append("run", 0, ["a"], true);
    const hash = await first.blobs.put(Buffer.from("content"), true);
    await first.close();
    const second = await open(Date.now);
    assert.equal((await second.values.get("s", "k"))?.value, 1);
    assert.deepEqual(await second.logs.read("run"), ["a"]);
    assert.equal(await second.logs.append("run", 1, ["b"], true), 2);
    assert.ok(await second.blobs.get(hash));
    for (const path of ["store", "store/journals/run.jsonl", `store/contents/${hash.slice(0, 2)}/${hash}`]) {
      const { mode } = await stat(join(temporary.folder, path));
      assert.equal(mode & 0o077, 0, path);
    }
  });

  // prove: src/storage/file-blobs.ts :: return createHash("sha256").update(content).digest("hex") === hash ? content : null; => return content;
  it("does not take a content for what its name says when it was changed", async () => {
    const store = await open(Date.now);
    const hash = await store.blobs.put(Buffer.from("content"), true);
    await writeFile(join(temporary.folder, "store/contents", hash.slice(0, 2), hash), "changed");
    assert.equal(await store.blobs.get(hash), null);
  });

  // prove: src/storage/sqlite-store.ts :: const dead = current && isDead(current.holder) ? current.holder : null; => const dead = null;
  it("frees the lease of a process that was killed at once", async () => {
    const code = `import { SqliteStore } from ${JSON.stringify(join(import.meta.dirname, "../../../src/storage/sqlite-store.ts"))};
      const store = await SqliteStore.open({ folder: ${JSON.stringify(join(temporary.folder, "store"))}, workerFile: ${JSON.stringify(workerFile)} });
      console.log((await store.leases.acquire("thread", "other", 3_600_000)) !== null);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    const store = await open(Date.now);
    assert.equal(await store.leases.acquire("thread", "me", 1_000), null);
    child.kill("SIGKILL");
    await ended;
    assert.ok(await store.leases.acquire("thread", "me", 1_000));
  });
});

describe("logs as lines of JSON", () => {
  let temporary: TemporaryFolder;
  let file: string;
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("logs");
    file = join(temporary.folder, "run.jsonl");
  });
  afterEach(() => temporary.remove());

  for (const [title, torn] of [
    ["half a line", '{"n":3,"text":"torn'],
    ["a line without its end", '{"n":3}'],
    ["a line of zeros", "\0\0\0\0\n"],
    ["half a character", Buffer.from([0x22, 0xf0, 0x9f, 0x98])],
  ] as const)
    it(`cuts off ${title} that a crash left, and keeps it aside`, async () => {
      const before = new JsonlLogs(temporary.folder);
      await before.append("run", 0, [{ n: 1 }, { n: 2 }], true);
      await before.close();
      await appendFile(file, torn);
      const logs = new JsonlLogs(temporary.folder);
      assert.deepEqual(await logs.read("run"), [{ n: 1 }, { n: 2 }]);
      assert.equal(await logs.append("run", 2, [{ n: 3 }], true), 3);
      await logs.close();
      assert.equal(await readFile(file, "utf8"), '{"n":1}\n{"n":2}\n{"n":3}\n');
      assert.deepEqual(await readFile(`${file}.torn`), Buffer.from(torn));
    });

  it("does not take a log that is damaged in the middle for one that ends there", async () => {
    await writeFile(file, '{"n":1}\nnot json\n{"n":3}\n');
    const logs = new JsonlLogs(temporary.folder);
    await assert.rejects(
      logs.read("run"),
      (error) => isAksaraError(error) && error.code === "STORE_UNAVAILABLE" && /line 2/.test(error.message),
    );
    await logs.close();
  });

  it("names no file outside its folder", async () => {
    const logs = new JsonlLogs(temporary.folder);
    for (const name of ["../run", "a/b", "", ".hidden", "a".repeat(200)])
      await assert.rejects(logs.append(name, 0, [1], false), isAksaraError, name);
    await logs.close();
  });
});

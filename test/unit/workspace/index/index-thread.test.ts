import assert from "node:assert/strict";
import { readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Catalog } from "../../../../src/workspace/catalog.ts";
import { ThreadEngine } from "../../../../src/workspace/index/thread-engine.ts";
import {
  WorkspaceIndex,
  type WorkspaceIndexOptions,
} from "../../../../src/workspace/index/workspace-index.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { type Disk, openRealDisk } from "./disk.ts";

const threadUrl = new URL("./toy-index-worker.ts", import.meta.url);
const LONG_AGO = new Date("2024-01-01T00:00:00Z");

describe("Index in a thread", () => {
  let disk: Disk;
  let stateFolder: string;
  let opened: WorkspaceIndex[];
  let failures: unknown[];
  beforeEach(async () => {
    disk = await openRealDisk();
    stateFolder = join(disk.root, "..", "state");
    opened = [];
    failures = [];
  });
  afterEach(async () => {
    for (const index of opened) await index.dispose();
    await disk.dispose();
  });

  function openIndex(options: Partial<WorkspaceIndexOptions> = {}): WorkspaceIndex {
    const index = new WorkspaceIndex({
      roots: [{ name: "workspace", path: disk.root }],
      assets: TEST_ASSETS,
      threadUrl,
      onCacheFailure: (error) => failures.push(error),
      ...options,
    });
    opened.push(index);
    return index;
  }

  /** Opens the workspace as a new process would, and closes it again. */
  async function start(options: Partial<WorkspaceIndexOptions> = {}): Promise<Catalog> {
    const index = openIndex({ stateFolder, ...options });
    const catalog = await index.catalog();
    await index.dispose();
    return catalog;
  }

  function writeOld(path: string, text: string): void {
    disk.write(path, text);
    utimesSync(join(disk.root, path), LONG_AGO, LONG_AGO);
  }

  const namesIn = (catalog: Catalog): string[] => catalog.models.map(({ uri, name }) => `${uri} ${name}`);

  it("C03 changes the objects of changed files and keeps the others as they are", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    disk.write("b.py", "class B(Toy): pass\n");
    const index = openIndex();
    const first = await index.catalog();
    index.refresh();
    assert.equal(await index.catalog(), first);
    disk.write("b.py", "\nclass B(Toy): pass\n\n\nclass C(B): pass\n");
    index.refresh(["b.py"]);
    const second = await index.catalog();
    assert.deepEqual(namesIn(first), ["a.py A", "b.py B"]);
    assert.deepEqual(namesIn(second), ["a.py A", "b.py B", "b.py C"]);
    assert.equal(second.models[0], first.models[0]);
    assert.equal(second.models[1]?.range.start.line, 1);
  });

  it("C03 gives the same catalog after an edit that no stack sees", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    disk.write("broken.py", "class B(Toy): pass\nx = (1\n");
    const index = openIndex();
    const first = await index.catalog();
    disk.write("a.py", "class A(Toy): pass\n# and a comment\n");
    index.refresh(["a.py"]);
    assert.equal(await index.catalog(), first);
    // Its gap is elsewhere now, though its facts are not.
    disk.write("broken.py", "class B(Toy): pass\n\nx = (1\n");
    index.refresh(["broken.py"]);
    const second = await index.catalog();
    assert.deepEqual(
      second.gaps.map(({ source }) => source?.range.start.line),
      [2],
    );
  });

  it("C07 starts with the kept catalog when no file changed, and reads on from there", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    writeOld("b.py", "class B(A):\n    x = (\n");
    const cold = await start();
    // Without facts nothing could be made anew.
    for (const name of readdirSync(stateFolder))
      if (name.startsWith("facts")) rmSync(join(stateFolder, name));
    const index = openIndex({ stateFolder });
    const warm = await index.catalog();
    assert.deepEqual(warm, cold);
    assert.deepEqual(warm.uses(), cold.uses());
    disk.write("b.py", "class Bee(A): pass\n");
    index.refresh(["b.py"]);
    assert.deepEqual(namesIn(await index.catalog()), ["a.py A", "b.py Bee"]);
    assert.deepEqual(failures, []);
  });

  it("C07 makes the catalog anew when files came, went or changed since", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    writeOld("b.py", "class B(Toy): pass\n");
    await start();
    disk.remove("a.py");
    assert.deepEqual(namesIn(await start()), ["b.py B"]);
    writeOld("c.py", "class C(B): pass\n");
    assert.deepEqual(namesIn(await start()), ["b.py B", "c.py C"]);
    writeOld("b.py", "class B(object): pass\n");
    assert.deepEqual(namesIn(await start()), []);
    writeOld(".aksaraignore", "b.py\n");
    writeOld("b.py", "class B(Toy): pass\n");
    const ignored = await start();
    assert.deepEqual(ignored.report.skipped, [{ uri: "b.py", reason: "ignored" }]);
    assert.deepEqual(namesIn(ignored), []);
  });

  it("C07 does not take over a catalog that other code made", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    const before = await start();
    const after = await start({ threadUrl: new URL("./other-index-worker.ts", import.meta.url) });
    assert.notEqual(before.models[0]?.reason, "seen by later code");
    assert.equal(after.models[0]?.reason, "seen by later code");
    assert.deepEqual(await start(), before);
  });

  it("is cancelled at once and works again afterwards", async () => {
    for (let number = 0; number < 90; number++) {
      disk.write(`m${number}.py`, `class M${number}(Toy):\n${"    x = f(1)\n".repeat(200)}`);
    }
    const index = openIndex();
    const controller = new AbortController();
    const cancelled = index.catalog({ signal: controller.signal, onProgress: () => controller.abort() });
    await assert.rejects(cancelled, { code: "CANCELLED" });
    assert.equal((await index.catalog()).models.length, 90);
  });

  it("says that the thread died, and starts another one", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    const index = openIndex();
    const first = await index.catalog();
    disk.write("b.py", "# toy-kill\n");
    index.refresh(["b.py"]);
    await assert.rejects(index.catalog(), { code: "RUNTIME_ERROR" });
    disk.write("b.py", "class B(Toy): pass\n");
    index.refresh(["b.py"]);
    assert.deepEqual(namesIn(await index.catalog()), ["a.py A", "b.py B"]);
    assert.deepEqual(namesIn(first), ["a.py A"]);
  });

  it("says that the thread cannot be started, or a parser be loaded", async () => {
    disk.write("a.py", "class A(Toy): pass\nmatch A:\n    case 1: pass\n");
    const missing = openIndex({ threadUrl: new URL("./no-such-worker.ts", import.meta.url) });
    await assert.rejects(missing.catalog(), { code: "RUNTIME_ERROR" });
    const assets = { ...TEST_ASSETS, grammars: { python: join(disk.root, "none.wasm") } };
    await assert.rejects(openIndex({ assets }).catalog(), /none\.wasm/);
  });

  it("takes more memory after it died of too little", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    const engine = new ThreadEngine({
      threadUrl,
      workerUrl: null,
      roots: [{ name: "workspace", path: disk.root }],
      assets: TEST_ASSETS,
      stateFolder: null,
      onCacheFailure: () => {},
      memoryMb: 10,
    });
    const state = await engine.bringUpToDate("all", new AbortController().signal, () => {});
    assert.deepEqual(namesIn(await state.catalog()), ["a.py A"]);
    await engine.dispose();
  });

  it("says why something could not be kept", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    disk.write("../occupied", "");
    const catalog = await start({ stateFolder: join(disk.root, "..", "occupied") });
    assert.equal(catalog.models.length, 1);
    assert.equal(failures.length, 1);
  });
});

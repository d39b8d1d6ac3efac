import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Catalog } from "../../../../src/workspace/catalog.ts";
import { WorkspaceIndex } from "../../../../src/workspace/index/workspace-index.ts";
import type { Stack } from "../../../../src/workspace/stacks/stack.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { type Disk, openRealDisk } from "./disk.ts";
import { toyStack } from "./toy-stack.ts";

const LONG_AGO = new Date("2024-01-01T00:00:00Z");

describe("Facts cache", () => {
  let disk: Disk;
  let stateFolder: string;
  /** Uris of the files that were extracted, in order. */
  let extracted: string[];
  let failures: unknown[];
  beforeEach(async () => {
    disk = await openRealDisk();
    stateFolder = join(disk.root, "..", "state", "nested");
    extracted = [];
    failures = [];
  });
  afterEach(() => disk.dispose());

  const counting: Stack = {
    ...toyStack,
    extract: (file) => {
      extracted.push(file.uri);
      return toyStack.extract(file);
    },
    resolve: (facts) => toyStack.resolve(facts as Parameters<typeof toyStack.resolve>[0]),
  };

  /** Opens the workspace as a new process would, and closes it again. */
  async function start(stack: Stack = counting, folder = stateFolder): Promise<Catalog> {
    extracted = [];
    const index = new WorkspaceIndex({
      roots: [{ name: "workspace", path: disk.root }],
      assets: TEST_ASSETS,
      stateFolder: folder,
      stacks: [stack],
      onCacheFailure: (error) => failures.push(error),
    });
    const catalog = await index.catalog();
    await index.dispose();
    return catalog;
  }

  function writeOld(path: string, text: string): void {
    disk.write(path, text);
    utimesSync(join(disk.root, path), LONG_AGO, LONG_AGO);
  }

  const kept = (name: "index" | "facts"): string =>
    join(stateFolder, readdirSync(stateFolder).find((each) => each.startsWith(name)) ?? "none");

  it("C07 a warm start extracts nothing and gives the same catalog", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    writeOld("b.py", "class B(A):\n    x = (\n");
    writeOld("c.py", "x = 1\n");
    disk.write("binary.py", new Uint8Array([0]));
    const cold = await start();
    assert.deepEqual(extracted, ["a.py", "b.py"]);
    const warm = await start();
    assert.deepEqual(extracted, []);
    assert.deepEqual(warm, cold);
    assert.equal(readdirSync(stateFolder).length, 2);
    assert.deepEqual(failures, []);
  });

  it("C07 extracts again what changed, and forgets what is gone", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    writeOld("b.py", "class B(Toy): pass\n");
    writeOld("c.py", "class C(Toy): pass\n");
    await start();
    disk.write("b.py", "class Bee(Toy): pass\n");
    disk.remove("c.py");
    const catalog = await start();
    assert.deepEqual(extracted, ["b.py"]);
    assert.deepEqual(
      catalog.models.map(({ name }) => name),
      ["A", "Bee"],
    );
    assert.ok(!readFileSync(kept("index"), "latin1").includes("c.py"));
  });

  it("C07 sees a change of the same size whose time was set back", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start();
    writeOld("a.py", "class Z(Toy): pass\n");
    assert.equal(statSync(join(disk.root, "a.py")).mtimeMs, LONG_AGO.getTime());
    assert.equal((await start()).models[0]?.name, "Z");
  });

  it("C07 sees a change of the same size right after reading", async () => {
    disk.write("a.py", "class A(Toy): pass\n");
    await start();
    const { atime, mtime } = statSync(join(disk.root, "a.py"));
    disk.write("a.py", "class Z(Toy): pass\n");
    utimesSync(join(disk.root, "a.py"), atime, mtime);
    assert.equal((await start()).models[0]?.name, "Z");
  });

  it("C07 a touched file with the same content is not extracted again", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start();
    disk.write("a.py", "class A(Toy): pass\n");
    await start();
    assert.deepEqual(extracted, []);
  });

  it("C07 drops facts of another version of a stack, and of another set of stacks", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start();
    await start({ ...counting, version: 2 });
    assert.deepEqual(extracted, ["a.py"]);
    await start({ ...counting, version: 2, id: "renamed" });
    assert.deepEqual(extracted, ["a.py"]);
    await start({ ...counting, version: 2, id: "renamed", marker: /class A/ });
    assert.deepEqual(extracted, ["a.py"]);
  });

  for (const name of ["index", "facts"] as const) {
    it(`C07 drops what it kept when the ${name} are damaged, whatever the damage`, async () => {
      writeOld("a.py", "class A(Toy): pass\n");
      writeOld("b.py", "class B(A): pass\n");
      const cold = await start();
      const whole = readFileSync(kept(name), "latin1");
      const damages = [
        "",
        "\n",
        "not json at all",
        "null\nnull",
        whole.slice(0, whole.length - 5),
        whole.slice(0, 20),
        whole.replace('"A"', '"X"').replace("a.py", "x.py"),
        whole.replace('"checksum":"', '"checksum":"0').replace("Toy", "Boy"),
        `${whole}garbage`,
        whole.slice(whole.lastIndexOf("\n") + 1),
        whole.slice(whole.indexOf("\n") + 1),
        '{"key":1}\n',
      ].filter((damage) => damage !== whole);
      assert.ok(damages.length >= 9);
      for (const damage of damages) {
        writeFileSync(kept(name), damage, "latin1");
        assert.deepEqual(await start(), cold, JSON.stringify(damage.slice(0, 40)));
        assert.deepEqual(extracted, ["a.py", "b.py"], JSON.stringify(damage.slice(0, 40)));
      }
      assert.deepEqual(failures, []);
    });
  }

  it("C07 drops an index whose facts are of another time", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start();
    const old = readFileSync(kept("facts"));
    writeOld("a.py", "class Bee(Toy): pass\n");
    await start();
    writeFileSync(kept("facts"), old);
    assert.deepEqual(
      (await start()).models.map(({ name }) => name),
      ["Bee"],
    );
    assert.deepEqual(extracted, ["a.py"]);
  });

  it("C07 never writes into the workspace", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start(counting, join(disk.root, ".state"));
    await start(counting, disk.root);
    assert.deepEqual(readdirSync(disk.root), ["a.py"]);
  });

  it("says that it cannot keep facts, and works without", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    writeFileSync(join(disk.root, "..", "occupied"), "");
    const catalog = await start(counting, join(disk.root, "..", "occupied"));
    assert.equal(catalog.models.length, 1);
    assert.equal(failures.length, 1);
  });

  it("keeps workspaces apart", async () => {
    writeOld("a.py", "class A(Toy): pass\n");
    await start();
    const other = await openRealDisk();
    const index = new WorkspaceIndex({
      roots: [{ name: "workspace", path: other.root }],
      assets: TEST_ASSETS,
      stateFolder,
      stacks: [counting],
    });
    assert.deepEqual((await index.catalog()).models, []);
    await index.dispose();
    await other.dispose();
    await start();
    assert.deepEqual(extracted, []);
  });
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Catalog } from "../../../../src/workspace/catalog.ts";
import { hashText } from "../../../../src/workspace/hash.ts";
import {
  WorkspaceIndex,
  type WorkspaceIndexOptions,
} from "../../../../src/workspace/index/workspace-index.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { DISKS, type Disk } from "./disk.ts";
import { toyStack } from "./toy-stack.ts";

const workerUrl = new URL("./toy-worker.ts", import.meta.url);

for (const { title, open } of DISKS) {
  describe(`Workspace index ${title}`, () => {
    let disk: Disk;
    let opened: WorkspaceIndex[];
    beforeEach(async () => {
      disk = await open();
      opened = [];
    });
    afterEach(async () => {
      for (const index of opened) await index.dispose();
      await disk.dispose();
    });

    function openIndex(options: Partial<WorkspaceIndexOptions> = {}): WorkspaceIndex {
      const index = new WorkspaceIndex({
        roots: [{ name: "workspace", path: disk.root }],
        assets: TEST_ASSETS,
        fileSystem: disk.fileSystem,
        stacks: [toyStack],
        ...options,
      });
      opened.push(index);
      return index;
    }

    const namesIn = (catalog: Catalog): string[] => catalog.models.map(({ uri, name }) => `${uri} ${name}`);

    it("C01 reads the models of a workspace with a report of what was read", async () => {
      disk.write("b/models.py", "class B(A): pass\n");
      disk.write("a.py", "class A(Toy): pass\nclass Other(object): pass\n");
      disk.write("plain.py", "x = 1\n");
      disk.write("picture.py", new Uint8Array([0, 1, 2]));
      disk.write(".env", "KEY=1");
      disk.write("node_modules/x.py", "class Not(Toy): pass\n");
      const catalog = await openIndex().catalog();
      assert.deepEqual(namesIn(catalog), ["a.py A", "b/models.py B"]);
      assert.deepEqual(catalog.report, {
        filesSeen: 4,
        filesParsed: 2,
        skipped: [
          { uri: ".env", reason: "secret" },
          { uri: "node_modules/", reason: "dependencies" },
          { uri: "picture.py", reason: "not text" },
        ],
        stacks: [{ id: "toy", title: "Toy", objects: 2 }],
      });
    });

    it("gives an empty catalog of an empty folder, and says that a folder is missing", async () => {
      const empty = await openIndex().catalog();
      assert.deepEqual([empty.models, empty.gaps, empty.report.filesSeen], [[], [], 0]);
      disk.remove("");
      const missing = await openIndex().catalog();
      assert.deepEqual(missing.models, []);
      assert.deepEqual(missing.gaps, [{ what: "the folder ./", why: "It does not exist.", source: null }]);
    });

    it("finds the workspace again after it was missing", async () => {
      disk.remove("");
      const index = openIndex();
      await index.catalog();
      disk.createFolder("");
      disk.write("a.py", "class A(Toy): pass\n");
      index.refresh();
      const catalog = await index.catalog();
      assert.deepEqual([namesIn(catalog), catalog.gaps], [["a.py A"], []]);
    });

    it("gives the same catalog until something changed, and the same after a change of nothing", async () => {
      disk.write("a.py", "class A(Toy): pass\n");
      const index = openIndex();
      const [first, second] = await Promise.all([index.catalog(), index.catalog()]);
      assert.equal(first, second);
      assert.equal(await index.catalog(), first);
      index.refresh(["a.py"]);
      assert.equal(await index.catalog(), first);
      index.refresh();
      assert.equal(await index.catalog(), first);
      disk.write("a.py", "class Z(Toy): pass\n");
      assert.equal(await index.catalog(), first);
      index.refresh(["a.py"]);
      assert.deepEqual(namesIn(await index.catalog()), ["a.py Z"]);
      assert.deepEqual(namesIn(first), ["a.py A"]);
    });

    it("C03 sees a change that happens while it reads", async () => {
      for (let number = 0; number < 40; number++)
        disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
      const index = openIndex();
      let isFirst = true;
      const onProgress = (): void => {
        if (!isFirst) return;
        isFirst = false;
        disk.write("m0.py", "class Late(Toy): pass\n");
        index.refresh(["m0.py"]);
      };
      const names = namesIn(await index.catalog({ onProgress }));
      assert.ok(names.includes("m0.py Late") && !names.includes("m0.py M0"));
      assert.equal(names.length, 40);
    });

    it("C03 a model of one file appears and disappears with its base in another", async () => {
      disk.write("a.py", "class A(Toy): pass\n");
      disk.write("b.py", "class B(A): pass\n");
      const index = openIndex();
      assert.deepEqual(namesIn(await index.catalog()), ["a.py A", "b.py B"]);
      disk.write("a.py", "class A(object): pass\n");
      index.refresh(["a.py"]);
      assert.deepEqual(namesIn(await index.catalog()), []);
    });

    it("reports progress up to the number of files that were read", async () => {
      for (let number = 0; number < 5; number++) disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
      const seen: string[] = [];
      const onProgress = ({ done, total }: { done: number; total: number }): void => {
        seen.push(`${done}/${total}`);
      };
      const index = openIndex();
      await index.catalog({ onProgress });
      assert.deepEqual(seen, ["1/5", "2/5", "3/5", "4/5", "5/5"]);
    });

    it("cancels for one who waits and goes on for another", async () => {
      for (let number = 0; number < 60; number++)
        disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
      const index = openIndex();
      const controller = new AbortController();
      const given = index.catalog({ signal: controller.signal, onProgress: () => controller.abort() });
      const other = index.catalog();
      await assert.rejects(given, { code: "CANCELLED" });
      assert.equal((await other).models.length, 60);
    });

    it("C03 is complete after it was cancelled half way", async () => {
      for (let number = 0; number < 60; number++)
        disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
      const index = openIndex();
      const controller = new AbortController();
      const onProgress = ({ done }: { done: number }): void => {
        if (done === 20) controller.abort();
      };
      await assert.rejects(index.catalog({ signal: controller.signal, onProgress }), { code: "CANCELLED" });
      disk.remove("m3.py");
      assert.equal((await index.catalog()).models.length, 59);
      const aborted = AbortSignal.abort();
      await assert.rejects(index.catalog({ signal: aborted }), { code: "CANCELLED" });
    });

    it("gives up at dispose and refuses afterwards", async () => {
      for (let number = 0; number < 60; number++)
        disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
      const index = openIndex();
      const reading = index.catalog({ onProgress: () => void index.dispose() });
      await assert.rejects(reading, { code: "CANCELLED" });
      await assert.rejects(index.catalog(), { code: "CANCELLED" });
    });

    it("prefixes uris with the folder's name in a workspace of several, equal names numbered", async () => {
      disk.write("one/api/a.py", "class A(Toy): pass\n");
      disk.write("two/api/a.py", "class B(A): pass\n");
      const at = (name: string): string => disk.fileSystem.join(disk.root, name, "api");
      const index = openIndex({
        roots: [
          { name: "api", path: at("one") },
          { name: "api", path: at("two") },
        ],
      });
      assert.deepEqual(namesIn(await index.catalog()), ["api-2/a.py B", "api/a.py A"]);
      assert.equal(await index.readText("api-2/a.py"), "class B(A): pass\n");
      disk.write("two/api/a.py", "class C(A): pass\n");
      index.refresh(["api-2/a.py"]);
      assert.deepEqual(namesIn(await index.catalog()), ["api-2/a.py C", "api/a.py A"]);
    });

    it("reads text so that positions and hashes of the catalog fit it", async () => {
      disk.write("a.py", "\uFEFF# é\r\nclass A(Toy):\r\n    pass\r\n");
      const index = openIndex();
      const [model] = (await index.catalog()).models;
      assert.ok(model);
      const text = await index.readText("a.py");
      assert.ok(text.startsWith("# é"));
      const lines = text.split(/(?<=\n)/);
      const { start, end } = model.range;
      assert.equal(
        hashText(
          lines
            .slice(start.line, end.line + 1)
            .join("")
            .trimEnd(),
        ),
        model.hash,
      );
    });

    it("A12 reads no text of secrets, of ignored files, through links or outside of the workspace", async () => {
      disk.write(".env", "KEY=1");
      disk.write(".aksaraignore", "private/\n");
      disk.write("private/a.py", "class A(Toy): pass\n");
      disk.write("a.py", "class A(Toy): pass\n");
      disk.link("link.py", "private/a.py");
      disk.link("sub", "private");
      disk.write("real/b.py", "");
      const index = openIndex();
      await assert.rejects(index.readText(".env"), { code: "SECRET_REFUSED" });
      await assert.rejects(index.readText("private/a.py"), { code: "PATH_REFUSED" });
      await assert.rejects(index.readText("link.py"), { code: "PATH_REFUSED" });
      await assert.rejects(index.readText("sub/a.py"), { code: "PATH_REFUSED" });
      for (const uri of [
        "none.py",
        "../workspace/a.py",
        `${disk.root}/a.py`,
        "real/../a.py",
        "real\\b.py",
        "",
      ]) {
        await assert.rejects(index.readText(uri), { code: "CONTEXT_NOT_FOUND" }, uri);
      }
    });

    it("C08 a stack that fails on all facts leaves the others whole", async () => {
      disk.write("a.py", "class A(Toy): pass\n");
      const failing = {
        ...toyStack,
        id: "failing",
        title: "Failing",
        resolve: () => {
          throw new Error("no luck");
        },
      };
      const catalog = await openIndex({ stacks: [failing, toyStack] }).catalog();
      assert.deepEqual(namesIn(catalog), ["a.py A"]);
      assert.deepEqual(catalog.gaps, [
        { what: "everything of Failing", why: "Reading it failed: no luck", source: null },
      ]);
    });

    it("C03 workers give the same catalog as the calling thread", async () => {
      for (let number = 0; number < 130; number++) {
        disk.write(
          `m${number}.py`,
          `class M${number}(${number % 7 === 0 ? "Toy" : `M${number - 1}`}): pass\n`,
        );
      }
      const here = await openIndex().catalog();
      const there = await openIndex({ workerUrl }).catalog();
      assert.equal(here.models.length, 130);
      assert.deepEqual(there.models, here.models);
      assert.deepEqual(there.report, here.report);
    });
  });
}

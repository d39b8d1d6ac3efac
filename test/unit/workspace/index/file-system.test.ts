import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { codeOf, isMissing } from "../../../../src/workspace/index/file-system.ts";
import { DISKS, type Disk } from "./disk.ts";

for (const { title, open, canForbid } of DISKS) {
  describe(`File system ${title}`, () => {
    let disk: Disk;
    beforeEach(async () => {
      disk = await open();
    });
    afterEach(() => disk.dispose());

    const at = (...names: string[]): string => disk.fileSystem.join(disk.root, ...names);

    it("lists what is in a folder, links told apart", async () => {
      disk.write("a.py", "x");
      disk.write("sub/b.py", "y");
      disk.createFolder("empty");
      disk.link("to-a", "a.py");
      disk.link("to-sub", "sub");
      const entries = [...(await disk.fileSystem.list(disk.root))].sort((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(entries, [
        { name: "a.py", kind: "file", isSymlink: false },
        { name: "empty", kind: "folder", isSymlink: false },
        { name: "sub", kind: "folder", isSymlink: false },
        { name: "to-a", kind: "other", isSymlink: true },
        { name: "to-sub", kind: "other", isSymlink: true },
      ]);
      assert.deepEqual(await disk.fileSystem.list(at("empty")), []);
      assert.deepEqual(
        (await disk.fileSystem.list(at("to-sub"))).map(({ name }) => name),
        ["b.py"],
      );
    });

    it("tells size, time and kind, of what a link leads to", async () => {
      const before = Date.now();
      disk.write("a.py", "é!");
      disk.link("to-a", "a.py");
      disk.createFolder("sub");
      const stat = await disk.fileSystem.stat(at("a.py"));
      assert.equal(stat.size, 3);
      assert.equal(stat.kind, "file");
      assert.equal(stat.isSymlink, false);
      assert.ok(stat.mtimeMs >= before - 2_000 && stat.mtimeMs <= Date.now() + 2_000);
      assert.ok(stat.changedMs >= stat.mtimeMs - 1);
      const link = await disk.fileSystem.stat(at("to-a"));
      assert.deepEqual([link.size, link.kind, link.isSymlink], [3, "file", true]);
      assert.equal((await disk.fileSystem.stat(at("sub"))).kind, "folder");
    });

    it("reads bytes, through links too", async () => {
      const bytes = new Uint8Array([0, 255, 10]);
      disk.write("deep/er/a.bin", bytes);
      disk.link("short", "deep/er");
      assert.deepEqual(new Uint8Array(await disk.fileSystem.readBytes(at("short", "a.bin"))), bytes);
    });

    it("resolves links, also above", async () => {
      disk.write("sub/a.py", "");
      disk.link("one", "two");
      disk.link("two", "./sub/../sub");
      const real = await disk.fileSystem.realPath(at("sub", "a.py"));
      assert.equal(await disk.fileSystem.realPath(at("one", "a.py")), real);
    });

    it("says with a code why it cannot", async () => {
      disk.write("a.py", "");
      disk.createFolder("sub");
      disk.link("broken", "nowhere");
      disk.link("round", "round");
      const failing = async (work: () => unknown): Promise<string> => {
        try {
          await work();
        } catch (error) {
          assert.equal(isMissing(error), ["ENOENT", "ENOTDIR"].includes(codeOf(error)));
          return codeOf(error);
        }
        return "";
      };
      const { fileSystem } = disk;
      assert.equal(await failing(() => fileSystem.list(at("nowhere"))), "ENOENT");
      assert.equal(await failing(() => fileSystem.list(at("a.py"))), "ENOTDIR");
      assert.equal(await failing(() => fileSystem.readBytes(at("nowhere"))), "ENOENT");
      assert.equal(await failing(() => fileSystem.readBytes(at("sub"))), "EISDIR");
      assert.equal(await failing(() => fileSystem.stat(at("broken"))), "ENOENT");
      assert.equal(await failing(() => fileSystem.realPath(at("round"))), "ELOOP");
    });

    it("follows renames and removals of folders", async () => {
      disk.write("a/b/c.py", "1");
      disk.rename("a", "z");
      assert.equal((await disk.fileSystem.readBytes(at("z", "b", "c.py"))).length, 1);
      disk.remove("z/b");
      assert.deepEqual(await disk.fileSystem.list(at("z")), []);
    });

    if (canForbid) {
      it("refuses what it must not read", async () => {
        disk.write("secret/a.py", "1");
        disk.forbid("secret");
        await assert.rejects(async () => disk.fileSystem.list(at("secret")), { code: "EACCES" });
      });
    }
  });
}

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { MAX_FILE_BYTES, SourceWalk } from "../../../../src/workspace/index/source-walk.ts";
import type { LanguageId } from "../../../../src/workspace/stacks/stack.ts";
import { DISKS, type Disk } from "./disk.ts";

for (const { title, open, canForbid } of DISKS) {
  describe(`Source walk ${title}`, () => {
    let disk: Disk;
    beforeEach(async () => {
      disk = await open();
    });
    afterEach(() => disk.dispose());

    const walkOf = (...languages: LanguageId[]): SourceWalk =>
      new SourceWalk(disk.fileSystem, [{ name: "workspace", path: disk.root }], new Set(languages));

    /** Files as uris, what was skipped as "uri: reason". */
    async function walk(...languages: LanguageId[]): Promise<{ files: string[]; skipped: string[] }> {
      const { files, skipped } = await walkOf(
        ...(languages.length > 0 ? languages : ["python" as const]),
      ).walk();
      return {
        files: files.map(({ uri }) => uri),
        skipped: skipped.map(({ uri, reason }) => `${uri}: ${reason}`),
      };
    }

    it("C01 finds the files of the wanted languages in bytewise order, with their size", async () => {
      for (const path of [
        "b.py",
        "a/z.py",
        "a.py",
        "Z.py",
        "é.py",
        "a-b/c.py",
        "x.sql",
        "read.me",
        "noext",
      ]) {
        disk.write(path, "12345");
      }
      assert.deepEqual(await walk(), {
        files: ["Z.py", "a-b/c.py", "a.py", "a/z.py", "b.py", "é.py"],
        skipped: [],
      });
      assert.deepEqual((await walk("sql")).files, ["x.sql"]);
      const { files } = await walkOf("sql").walk();
      assert.deepEqual([files[0]?.size, files[0]?.language], [5, "sql"]);
    });

    it("C08 leaves out what is not the project's own source, each folder counted once", async () => {
      for (const path of [
        "node_modules/x/a.py",
        "node_modules/y/b.py",
        ".git/hooks/a.py",
        "sub/.venv/lib/a.py",
        "weird-env/pyvenv.cfg",
        "weird-env/lib/a.py",
        "__pycache__/a.py",
        "lib/site-packages/a.py",
        "dist/a.py",
        "build/lib/a.py",
        "vendor/a.py",
        "pkg.egg-info/a.py",
        "app.py",
      ]) {
        disk.write(path, "");
      }
      assert.deepEqual(await walk(), {
        files: ["app.py"],
        skipped: [
          ".git/: version control",
          "__pycache__/: cache",
          "build/: build output",
          "dist/: build output",
          "lib/site-packages/: dependencies",
          "node_modules/: dependencies",
          "pkg.egg-info/: build output",
          "sub/.venv/: virtual environment",
          "vendor/: dependencies",
          "weird-env/: virtual environment",
        ],
      });
    });

    it("C01 reads an application that happens to be called build or vendor", async () => {
      disk.write("build/models.py", "");
      disk.write("vendor/__init__.py", "");
      disk.write("vendor/views.py", "");
      assert.deepEqual((await walk()).files, ["build/models.py", "vendor/__init__.py", "vendor/views.py"]);
    });

    it("C08 honours nested ignore files, the nearest first, and does not enter an ignored folder", async () => {
      disk.write(".gitignore", "*_gen.py\n/only_top.py\nhidden/\n");
      disk.write("sub/.gitignore", "!keep_gen.py\nlocal.py\n");
      disk.write("sub/.aksaraignore", "private.py\n!local.py\n");
      for (const path of [
        "a_gen.py",
        "only_top.py",
        "sub/only_top.py",
        "sub/keep_gen.py",
        "sub/other_gen.py",
        "sub/local.py",
        "sub/private.py",
        "hidden/x.py",
        "sub/hidden/y.py",
        "ignored_gen.txt",
      ]) {
        disk.write(path, "");
      }
      assert.deepEqual(await walk(), {
        files: ["sub/keep_gen.py", "sub/local.py", "sub/only_top.py"],
        skipped: [
          "a_gen.py: ignored",
          "hidden/: ignored",
          "only_top.py: ignored",
          "sub/hidden/: ignored",
          "sub/other_gen.py: ignored",
          "sub/private.py: ignored",
        ],
      });
    });

    it("A12 never looks into secret files, and says that they are there", async () => {
      for (const path of [".env", "conf/.env.production", "server.pem", "id_rsa", "conf/credentials.json"]) {
        disk.write(path, "SECRET=1");
      }
      disk.write(".gitignore", "!.env\n");
      assert.deepEqual((await walk("python", "json")).skipped, [
        ".env: secret",
        "conf/.env.production: secret",
        "conf/credentials.json: secret",
        "id_rsa: secret",
        "server.pem: secret",
      ]);
    });

    it("C08 leaves out files that are too large", async () => {
      disk.write("large.py", new Uint8Array(MAX_FILE_BYTES + 1));
      disk.write("large.png", new Uint8Array(MAX_FILE_BYTES + 1));
      disk.write("fits.py", new Uint8Array(MAX_FILE_BYTES));
      assert.deepEqual(await walk(), { files: ["fits.py"], skipped: ["large.py: too large"] });
    });

    it("A12 follows no link: neither out of the workspace nor round in it", async () => {
      disk.write("real/models.py", "");
      disk.link("real/loop", "..");
      disk.link("again", "real");
      disk.link("again.py", "real/models.py");
      disk.link("outside", "../../..");
      disk.link("outside.py", "/etc/hostname-of-nobody");
      disk.link("notes.txt", "real/models.py");
      const { files, skipped } = await walk();
      assert.deepEqual(files, ["real/models.py"]);
      assert.deepEqual(skipped, [
        "again.py: link",
        "again/: link",
        "outside.py: broken link (ENOENT)",
        "outside/: link out of the workspace",
        "real/loop/: link",
      ]);
    });

    it("reads an empty folder as empty and says that one is missing", async () => {
      assert.deepEqual(await walk(), { files: [], skipped: [] });
      disk.remove("");
      assert.deepEqual(await walk(), { files: [], skipped: ["./: missing"] });
    });

    if (canForbid) {
      it("C08 says which folder it may not read and goes on", async () => {
        disk.write("open/a.py", "");
        disk.write("shut/b.py", "");
        disk.forbid("shut");
        assert.deepEqual(await walk(), { files: ["open/a.py"], skipped: ["shut/: unreadable (EACCES)"] });
      });
    }

    if (canForbid) {
      it("A12 reads nothing where an ignore file cannot be read", async () => {
        disk.write("sub/.aksaraignore", "b.py");
        disk.write("sub/b.py", "");
        disk.forbid("sub/.aksaraignore");
        assert.deepEqual(await walk(), { files: [], skipped: ["sub/: unreadable .aksaraignore (EACCES)"] });
      });
    }

    it("tells several folders apart by their names, one inside of another read once", async () => {
      disk.write("api/a.py", "");
      disk.write("web/b.py", "");
      disk.write("web/inner/c.py", "");
      const roots = ["api", "web", "inner"].map((name) => ({
        name,
        path: disk.fileSystem.join(disk.root, ...(name === "inner" ? ["web", "inner"] : [name])),
      }));
      const several = new SourceWalk(disk.fileSystem, roots, new Set(["python"]));
      const { files, skipped } = await several.walk();
      assert.deepEqual(
        files.map(({ uri }) => uri),
        ["api/a.py", "inner/c.py", "web/b.py"],
      );
      assert.deepEqual(skipped, [{ uri: "web/inner/", reason: "another workspace folder" }]);
      const found = await several.find("inner/c.py");
      assert.ok(found.kind === "file" && found.file.uri === "inner/c.py");
    });

    it("C03 finds of each single uri what the walk found", async () => {
      disk.write(".gitignore", "gen/\nx.py\n");
      for (const path of [
        "a.py",
        "sub/b.py",
        "gen/c.py",
        "sub/x.py",
        ".env",
        "node_modules/d.py",
        "read.me",
      ]) {
        disk.write(path, "1");
      }
      disk.link("link.py", "a.py");
      const searching = walkOf("python");
      const { files, skipped } = await searching.walk();
      for (const file of files) assert.deepEqual(await searching.find(file.uri), { kind: "file", file });
      for (const entry of skipped) {
        const uri = entry.uri.replace(/\/$/, "");
        assert.deepEqual(await searching.find(uri), { kind: "skipped", entry });
      }
      assert.deepEqual(await searching.find("gen/c.py"), {
        kind: "skipped",
        entry: { uri: "gen/", reason: "ignored" },
      });
      for (const uri of ["read.me", "none.py", "sub/none.py"]) {
        assert.deepEqual(await searching.find(uri), { kind: "absent" }, uri);
      }
      for (const uri of ["sub", "gone/none.py", "../a.py", "sub/../a.py", "/a.py", "a.py/b.py", ""]) {
        assert.notEqual((await searching.find(uri)).kind, "file", uri);
      }
    });

    it("stops when it is cancelled", async () => {
      disk.write("a.py", "");
      const controller = new AbortController();
      controller.abort();
      await assert.rejects(walkOf("python").walk(controller.signal), { code: "CANCELLED" });
    });
  });
}

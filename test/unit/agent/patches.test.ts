import assert from "node:assert/strict";
import { editOf, readPatch } from "../../../src/agent/files/patch-text.ts";
import { type AgentBench, type BenchOptions, calls, openBench, says } from "./support.ts";

const FILES = {
  "a.py": "import os\n\n\ndef max(x):\n    x = 1\n    return x\n\n\ndef other(x):\n    return x\n",
  "b.txt": "one\r\ntwo\r\nthree",
  "old.txt": "gone\n",
};
const read = (path: string) => ["read_file", { path }] as const;
const patch = (text: string) => ["patch_file", { patch: `*** Begin Patch\n${text}\n*** End Patch` }] as const;

describe("patches", () => {
  let bench: AgentBench;
  const use = async (reads: readonly string[], text: string, options: BenchOptions = {}) => {
    bench = await openBench([calls(...reads.map(read)), calls(patch(text)), says("done")], {
      files: FILES,
      mode: "autonomous",
      ...options,
    });
    const result = await bench.runtime.execute("go");
    const action = result.actions.at(-1);
    assert.ok(action);
    return { ...result, action };
  };
  afterEach(() => bench.dispose());

  it("A13 updates, adds, deletes and moves in one set, which undo takes back", async () => {
    const { action, ...result } = await use(
      ["a.py", "b.txt", "old.txt"],
      "*** Update File: a.py\n@@ def max(x):\n-    x = 1\n+    x = 2\n     return x\n*** Add File: new/c.txt\n+hello\n+\n+there\n*** Delete File: old.txt\n*** Update File: b.txt\n*** Move to: d.txt\n@@\n one\n-two\n+zwei\n three",
    );
    assert.equal(action.error, null, action.output);
    assert.equal(await bench.text("a.py"), FILES["a.py"].replace("x = 1", "x = 2"));
    assert.equal(await bench.text("new/c.txt"), "hello\n\nthere\n");
    assert.equal(await bench.text("d.txt"), "one\r\nzwei\r\nthree");
    assert.deepEqual(
      [result.createdFiles, result.modifiedFiles, result.deletedFiles],
      [["d.txt", "new/c.txt"], ["a.py"], ["b.txt", "old.txt"]],
    );
    await bench.runtime.undo({ runId: result.runId });
    assert.equal(await bench.text("b.txt"), FILES["b.txt"]);
    assert.equal(await bench.text("old.txt"), FILES["old.txt"]);
    await assert.rejects(bench.text("d.txt"));
  });

  it("A13 takes context without its leading space, and adds behind the line that a part names", async () => {
    const { action } = await use(
      ["a.py"],
      "*** Update File: a.py\n@@\ndef other(x):\n-    return x\n+    return -x\n@@ import os\n+import sys",
    );
    assert.equal(action.error, null, action.output);
    assert.equal(
      await bench.text("a.py"),
      FILES["a.py"]
        .replace("other(x):\n    return x", "other(x):\n    return -x")
        .replace("import os\n", "import os\nimport sys\n"),
    );
  });

  it("A13 one part that fits nowhere, or in two places, changes nothing; so does a file that nobody has read", async () => {
    for (const text of [
      "*** Update File: a.py\n@@\n-import os\n+import re\n@@\n-    y = 1\n+    y = 2",
      "*** Update File: a.py\n@@\n-    return x\n+    return 3",
      "*** Delete File: old.txt\n*** Update File: a.py\n@@\n-import os\n+import re",
      "*** Add File: b.txt\n+x",
    ]) {
      const { action } = await use(["a.py"], text);
      assert.equal(action.error, "EDIT_CONFLICT", action.output);
      assert.equal(await bench.text("a.py"), FILES["a.py"]);
      assert.equal(await bench.text("old.txt"), FILES["old.txt"]);
      await bench.dispose();
    }
    const { action } = await use(["old.txt"], "nonsense");
    assert.equal(action.error, "TOOL_INPUT_INVALID");
    assert.match(action.output, /outside of any file/);
  });

  it("a part is whole lines: it does not fit inside of a longer one", () => {
    const hunk = { anchor: "", before: ["x = 1"], after: ["x = 2"] };
    assert.deepEqual(editOf(hunk, "max = 1\nx = 1\nx = 10\n"), {
      oldText: "\nx = 1\n",
      newText: "\nx = 2\n",
    });
    assert.deepEqual(editOf(hunk, "x = 1\n"), { oldText: "x = 1\n", newText: "x = 2\n" });
    assert.deepEqual(editOf({ ...hunk, after: [] }, "a\nx = 1\nb"), { oldText: "\nx = 1\n", newText: "\n" });
    const [file] = readPatch(
      "*** Begin Patch\n*** Update File: a\n@@ -1,2 +1,2 @@ def f():\n-a\n+b\n*** End Patch\n",
    );
    assert.ok(file?.kind === "update");
    assert.deepEqual(file.hunks, [{ anchor: "def f():", before: ["a"], after: ["b"] }]);
  });
});

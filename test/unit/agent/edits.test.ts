import assert from "node:assert/strict";
import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { editText } from "../../../src/agent/files/edit-text.ts";
import { diffLines, linesOf } from "../../../src/agent/files/line-diff.ts";
import { mergeThreeWay } from "../../../src/agent/files/merge.ts";
import { unifiedDiff } from "../../../src/agent/files/unified-diff.ts";
import { type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import { type AgentBench, type BenchOptions, calls, openBench, says } from "./support.ts";

const failsWith = (code: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === code;
const patch = (path: string, ...edits: readonly (readonly [string, string])[]) =>
  calls([
    "patch_file",
    { files: [{ path, edits: edits.map(([old_text, new_text]) => ({ old_text, new_text })) }] },
  ]);
const read = (path: string) => calls(["read_file", { path }]);
const BOM = "\uFEFF";

describe("edits", () => {
  let bench: AgentBench;
  const open = async (answers: Parameters<typeof openBench>[0], options: BenchOptions = {}) => {
    bench = await openBench(answers, { mode: "autonomous", ...options });
    return bench.runtime;
  };
  afterEach(async () => {
    await bench?.dispose();
  });

  for (const [title, before, edit, after] of [
    ["line feeds", "a\nb\nc\n", ["b", "x\ny"], "a\nx\ny\nc\n"],
    ["carriage returns", "a\r\nb\r\nc\r\n", ["a\nb", "x\ny\nz"], "x\r\ny\r\nz\r\nc\r\n"],
    [
      "mixed ends, where the lines that stay keep theirs",
      "a\r\nb\nc\r\nd\r\n",
      ["c", "x\ny"],
      "a\r\nb\nx\r\ny\r\nd\r\n",
    ],
    ["a byte order mark", `${BOM}a\nb\n`, ["a", "x"], `${BOM}x\nb\n`],
    ["no newline at the end", "a\nb", ["b", "x"], "a\nx"],
    ["no newline at the end, with carriage returns", "a\r\nb", ["b", "x\ny"], "a\r\nx\r\ny"],
    [
      "signs that a replacement could take for its own",
      "cost: 5\n",
      ["5", "$& $1 $$ \\1"],
      "cost: $& $1 $$ \\1\n",
    ],
  ] as const)
    it(`A13 keeps ${title}`, async () => {
      const runtime = await open([read("f.txt"), patch("f.txt", edit), says("done")], {
        files: { "f.txt": before },
      });
      const result = await runtime.execute("edit");
      assert.equal(result.actions[1]?.error, null, result.actions[1]?.output);
      assert.equal(await bench.text("f.txt"), after);
      assert.deepEqual(result.modifiedFiles, ["f.txt"]);
    });

  it("A13 makes several edits of one file, and keeps its mode", async () => {
    const runtime = await open(
      [read("run.sh"), patch("run.sh", ["one", "1"], ["three", "3"], ["1", "eins"]), says("done")],
      {
        files: { "run.sh": "one\ntwo\nthree\n" },
      },
    );
    await chmod(join(bench.folder, "run.sh"), 0o755);
    await runtime.execute("edit");
    assert.equal(await bench.text("run.sh"), "eins\ntwo\n3\n");
    assert.equal((await stat(join(bench.folder, "run.sh"))).mode & 0o777, 0o755);
    assert.deepEqual(
      (await readdir(bench.folder)).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("A13 one that fails of three leaves all files as they were, and shows the nearest lines", async () => {
    const files = { "a.txt": "alpha\n", "b.txt": "def total(order):\n    return 1\n", "c.txt": "gamma\n" };
    const runtime = await open(
      [
        calls([
          "patch_file",
          {
            files: [
              { path: "a.txt", edits: [{ old_text: "alpha", new_text: "A" }] },
              { path: "b.txt", edits: [{ old_text: "def total(orders):", new_text: "def sum(orders):" }] },
              { path: "c.txt", edits: [{ old_text: "gamma", new_text: "C" }] },
            ],
          },
        ]),
        says("done"),
      ],
      { files },
    );
    const result = await runtime.execute("edit");
    assert.equal(result.actions[0]?.error, "EDIT_CONFLICT");
    assert.match(result.actions[0]?.output ?? "", /1: def total\(order\):/);
    for (const [path, text] of Object.entries(files)) assert.equal(await bench.text(path), text);
  });

  // prove: src/agent/files/change-set.ts :: for (const { uri, before, after } of done.reverse()) => for (const { uri, before, after } of [])
  it("A13 a set whose writing fails in the middle is taken back", async () => {
    const runtime = await open(
      [
        calls([
          "patch_file",
          {
            files: [
              { path: "a.txt", edits: [{ old_text: "alpha", new_text: "A" }] },
              { path: "locked/b.txt", edits: [{ old_text: "beta", new_text: "B" }] },
            ],
          },
        ]),
        says("done"),
      ],
      {
        files: { "a.txt": "alpha\n", "locked/b.txt": "beta\n" },
        beforeTool: async () => {
          // A folder takes the place of the file's temporary neighbour: no name for it can be made.
          await chmod(join(bench.folder, "locked"), 0o555);
          return true;
        },
        errorStrategy: "skip",
      },
    );
    if (process.getuid?.() === 0) {
      // Whoever may do anything is not kept out by a mode: a read-only folder needs another way.
      const { blobs } = bench.store;
      const put = blobs.put.bind(blobs);
      let contents = 0;
      Object.assign(blobs, {
        put: async (content: Uint8Array, durable: boolean) => {
          const hash = await put(content, durable);
          if (++contents === 4) {
            const { rename } = await import("node:fs/promises");
            await rename(join(bench.folder, "locked"), join(bench.folder, "moved"));
          }
          return hash;
        },
      });
    }
    const result = await runtime.execute("edit");
    assert.notEqual(result.actions[0]?.error, null);
    assert.equal(await bench.text("a.txt"), "alpha\n");
    assert.deepEqual(result.modifiedFiles, []);
  });

  it("A13 a text that stands there twice, or not at all, is refused", async () => {
    const runtime = await open([patch("f.txt", ["a", "b"]), patch("f.txt", ["zzz", "b"]), says("done")], {
      files: { "f.txt": "a\na\n" },
    });
    const result = await runtime.execute("edit");
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      ["EDIT_CONFLICT", "EDIT_CONFLICT"],
    );
    assert.equal(await bench.text("f.txt"), "a\na\n");
  });

  it("A13 white space that differs is matched where only one place fits, and the new lines are indented as found", () => {
    const text = "class A:\n    def f(self):\n        return 1  \n\n    def g(self):\n        return 2\n";
    assert.equal(
      editText(
        text,
        [{ oldText: "def f(self):\n    return 1", newText: "def f(self):\n    x = 1\n    return x" }],
        "f",
      ),
      "class A:\n    def f(self):\n        x = 1\n        return x\n\n    def g(self):\n        return 2\n",
    );
    assert.throws(
      () => editText("  a\nb\n a\nb\n", [{ oldText: "\ta\n\tb", newText: "c" }], "f"),
      failsWith("EDIT_CONFLICT"),
    );
  });

  it("A13 a stale base is merged with what somebody else changed; a change of the same lines is refused", async () => {
    const runtime = await open([read("f.txt"), patch("f.txt", ["two", "2"]), says("done")], {
      files: { "f.txt": "one\ntwo\nthree\nfour\n" },
      beforeTool: async (tool) => {
        if (tool === "patch_file") await bench.put("f.txt", "zero\none\ntwo\nthree\nFOUR\n");
        return true;
      },
    });
    await runtime.execute("edit");
    assert.equal(await bench.text("f.txt"), "zero\none\n2\nthree\nFOUR\n");

    const again = bench.again([read("f.txt"), patch("f.txt", ["2", "zwei"]), says("done")], {
      mode: "autonomous",
      beforeTool: async (tool) => {
        if (tool === "patch_file") await bench.put("f.txt", "zero\none\nII\nthree\n");
        return true;
      },
    });
    const result = await again.execute("edit");
    assert.equal(result.actions[1]?.error, "EDIT_CONFLICT");
    assert.equal(await bench.text("f.txt"), "zero\none\nII\nthree\n");
  });

  // prove: src/agent/files/edit-text.ts :: const { from, to } = partOf(base, current, before); => const [from, to] = [0, current.length];
  it("A13 a twin elsewhere of a text that is gone is not taken for it", async () => {
    const base = "def a():\n    x = 1\n    return x\n\ndef b():\n    y = 2\n    return y\n";
    const moved =
      "def a():\n    # x is gone\n    return 0\n\ndef b():\n    y = 2\n    return y\n\ndef c():\n    x = 1\n    return x\n";
    const runtime = await open(
      [read("f.py"), patch("f.py", ["    x = 1\n    return x", "    return 1"]), says("done")],
      {
        files: { "f.py": base },
        beforeTool: async (tool) => {
          if (tool === "patch_file") await bench.put("f.py", moved);
          return true;
        },
      },
    );
    const result = await runtime.execute("edit");
    assert.equal(result.actions[1]?.error, "EDIT_CONFLICT");
    assert.equal(await bench.text("f.py"), moved);
  });

  it("A13 writing a whole file that was not read, or that changed since, is refused", async () => {
    const write = calls(["write_file", { path: "f.txt", content: "mine\n" }]);
    const runtime = await open([write, read("f.txt"), write, says("done")], {
      files: { "f.txt": "theirs\n" },
      beforeTool: async (tool) => {
        if (tool === "write_file") await bench.put("f.txt", `theirs ${Math.random()}\n`);
        return true;
      },
    });
    const result = await runtime.execute("edit");
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      ["EDIT_CONFLICT", null, "EDIT_CONFLICT"],
    );
    assert.match(await bench.text("f.txt"), /^theirs/);
  });

  it("A13 what is no text is not edited", async () => {
    const runtime = await open([patch("f.bin", ["a", "b"]), says("done")], {
      files: { "f.bin": Buffer.from([97, 0, 255, 254]) },
    });
    assert.equal((await runtime.execute("edit")).actions[0]?.error, "EDIT_CONFLICT");
  });

  describe("undo", () => {
    it("A13 takes a step, a turn, and a session back, also after a restart", async () => {
      const runtime = await open(
        [
          calls(["write_file", { path: "new/deep.txt", content: "new\n" }]),
          read("f.txt"),
          patch("f.txt", ["one", "1"]),
          patch("f.txt", ["two", "2"]),
          says("first done"),
          patch("f.txt", ["three", "3"]),
          says("second done"),
        ],
        { files: { "f.txt": "one\ntwo\nthree\n" } },
      );
      const session = await runtime.startSession();
      const first = await session.send("one");
      const second = await session.send("two");
      assert.equal(await bench.text("f.txt"), "1\n2\n3\n");

      const restarted = bench.again([says("ok")]);
      const step = first.actions.at(-1)?.id;
      await assert.rejects(restarted.undo({ runId: first.runId, callId: step }), failsWith("EDIT_CONFLICT"));
      assert.deepEqual((await restarted.undo({ sessionId: session.id, lastTurnOnly: true })).files, [
        "f.txt",
      ]);
      assert.equal(await bench.text("f.txt"), "1\n2\nthree\n");
      await assert.rejects(restarted.undo({ runId: second.runId }), failsWith("CONTEXT_NOT_FOUND"));
      await restarted.undo({ runId: first.runId, callId: step });
      assert.equal(await bench.text("f.txt"), "1\ntwo\nthree\n");
      assert.deepEqual((await restarted.undo({ sessionId: session.id })).files.toSorted(), [
        "f.txt",
        "new/deep.txt",
      ]);
      assert.equal(await bench.text("f.txt"), "one\ntwo\nthree\n");
      await assert.rejects(bench.text("new/deep.txt"));

      await (await restarted.startSession(session.id)).send("and now?");
      assert.match(JSON.stringify(bench.requests.at(-1)?.messages), /took back/);
    });

    // prove: src/agent/undo.ts :: if ((before?.hash ?? null) !== last) throw changedSince(uri); => if (false) throw changedSince(uri);
    it("A13 leaves everything alone when a file was changed since", async () => {
      const runtime = await open([
        calls(["write_file", { path: "a.txt", content: "a\n" }]),
        calls(["write_file", { path: "b.txt", content: "b\n" }]),
        says("done"),
      ]);
      const { runId } = await runtime.execute("go");
      await bench.put("b.txt", "changed by hand\n");
      await assert.rejects(runtime.undo({ runId }), failsWith("EDIT_CONFLICT"));
      assert.equal(await bench.text("a.txt"), "a\n");
      assert.equal(await bench.text("b.txt"), "changed by hand\n");
    });

    // prove: src/agent/undo.ts :: if (started && !leases.has(started.sessionId)) => if (false)
    it("A13 changes nothing while somebody works in the session, which could not be written down", async () => {
      const runtime = await open([calls(["write_file", { path: "a.txt", content: "a\n" }]), says("done")]);
      const { runId, sessionId } = await runtime.execute("go");
      const { leases } = bench.store;
      const lease = await leases.acquire(`session:${sessionId}`, "somebody else", 60_000);
      assert.ok(lease);
      await assert.rejects(runtime.undo({ runId }), failsWith("THREAD_BUSY"));
      assert.equal(await bench.text("a.txt"), "a\n");
      await leases.release(lease);
      await runtime.undo({ runId });
      await assert.rejects(bench.text("a.txt"));
      assert.equal(await leases.holderOf(`session:${sessionId}`), null);
    });
  });

  it("three-way merges and diffs hold for random texts", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    const change = (lines: readonly string[], from: number, to: number, mark: string) =>
      lines.flatMap((line, at) =>
        at < from || at >= to || random(4) > 0 ? [line] : random(2) ? [`${mark}${at}\n`] : [],
      );
    for (let round = 0; round < 500; round++) {
      const base = Array.from({ length: 10 + random(20) }, () => `${random(6)}\n`);
      const middle = Math.floor(base.length / 2);
      const ours = change(base, 0, middle - 1, "ours ");
      const theirs = change(base, middle + 1, base.length, "theirs ");
      const rebuilt = [...base];
      for (const { start, end, lines } of [...diffLines(base, ours)].reverse())
        rebuilt.splice(start, end - start, ...lines);
      assert.equal(rebuilt.join(""), ours.join(""));
      const merged = mergeThreeWay(base.join(""), ours.join(""), theirs.join(""));
      // Lines of equal text may be told apart in more than one way; where the merge is sure, it is right.
      if (merged !== null)
        assert.equal(
          merged,
          [
            ...ours.slice(0, ours.length - (base.length - middle)),
            ...theirs.slice(theirs.length - (theirs.length - middle)),
          ].join(""),
          `round ${round}`,
        );
    }
    assert.equal(linesOf("a\nb").length, 2);
    assert.equal(unifiedDiff("f", "a\nb\n", "a\nc\n"), "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
  });
});

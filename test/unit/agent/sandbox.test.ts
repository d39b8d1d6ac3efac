import assert from "node:assert/strict";
import { stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { defineTool } from "../../../src/agent/tools/tool.ts";
import type { ApprovalRequest } from "../../../src/protocol/agent.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import {
  type AgentBench,
  type BenchOptions,
  calls,
  collect,
  lastResults,
  openBench,
  resultOf,
  says,
  terminals,
} from "./support.ts";

const read = calls(["read_file", { path: "f.txt" }]);
const patch = (from: string, to: string) =>
  calls(["patch_file", { files: [{ path: "f.txt", edits: [{ old_text: from, new_text: to }] }] }]);

describe("sandbox mode", () => {
  let bench: AgentBench;
  const open = async (options: BenchOptions = {}) => {
    bench = await openBench(
      [
        read,
        patch("one", "1"),
        calls(["write_file", { path: "new.txt", content: "new\n" }]),
        patch("1", "eins"),
        read,
        says("done"),
      ],
      { files: { "f.txt": "one\ntwo\n" }, mode: "autonomous", sandboxMode: true, ...options },
    );
    return bench.runtime;
  };
  afterEach(() => bench.dispose());

  // prove: src/agent/files/change-set.ts :: if (files.overlay) { => if (files.overlay && false) {
  it("A01 sandboxMode changes nothing on the disk, reads what it would have changed, and gives one diff", async () => {
    const runtime = await open();
    const before = await hashFolder(bench.folder);
    const result = await runtime.execute("go");
    assert.deepEqual(await hashFolder(bench.folder), before);
    assert.match(lastResults(bench.requests.at(-1))[0]?.output ?? "", /eins\ntwo/);
    assert.equal(
      result.proposedDiff,
      "--- a/f.txt\n+++ b/f.txt\n@@ -1,2 +1,2 @@\n-one\n+eins\n two\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,1 @@\n+new\n",
    );
    assert.deepEqual([...result.createdFiles, ...result.modifiedFiles], []);
  });

  it("A01 sandboxMode makes the whole set when a person approves it, and it can be undone", async () => {
    const asked: ApprovalRequest[] = [];
    const runtime = await open({
      approvalCallback: (_tool, _input, request) => {
        asked.push(request);
        return true;
      },
    });
    const events = await collect(runtime.executeStream("go"));
    const result = resultOf(events);
    assert.deepEqual(
      asked.map(({ about }) => about),
      ["sandbox"],
    );
    assert.equal(terminals(events).length, 1);
    assert.equal(await bench.text("f.txt"), "eins\ntwo\n");
    assert.equal(result.proposedDiff, null);
    assert.deepEqual([result.createdFiles, result.modifiedFiles], [["new.txt"], ["f.txt"]]);
    await runtime.undo({ runId: result.runId });
    assert.equal(await bench.text("f.txt"), "one\ntwo\n");
    await assert.rejects(bench.text("new.txt"));
  });

  it("A01 sandboxMode: a set that is rejected, or whose files were changed meanwhile, is not made", async () => {
    const runtime = await open({
      approvalCallback: async () => {
        await bench.put("f.txt", "changed by hand\n");
        return true;
      },
    });
    const result = await runtime.execute("go");
    assert.equal(await bench.text("f.txt"), "changed by hand\n");
    await assert.rejects(bench.text("new.txt"));
    assert.ok(result.proposedDiff?.includes("+eins"));
    assert.equal(result.actions.at(-1)?.error, "EDIT_CONFLICT");
  });

  // prove: src/agent/tools/run-command.ts :: const folder = copy?.pathOf(path) ?? path; => const folder = path;
  it("A01 A16 sandboxMode runs commands in a copy that has what is held back, and keeps nothing of it", async () => {
    await open();
    await symlink(tmpdir(), join(bench.folder, "outside"));
    const before = await hashFolder(bench.folder);
    const runtime = bench.again(
      [
        read,
        patch("one", "1"),
        calls(["run_command", { shell: "cat f.txt; echo made > made.txt; echo changed > f.txt; ls; pwd" }]),
        read,
        says("done"),
      ],
      {
        mode: "autonomous",
        sandboxMode: true,
        allowSystemTools: true,
        approvalCallback: (tool) => tool === "run_command",
      },
    );
    const result = await runtime.execute("go");
    const output = result.actions[2]?.output ?? "";
    assert.match(output, /It ran in a copy/);
    assert.match(output, /standard output:\n1\ntwo\n/);
    assert.ok(!output.includes("outside"), output);
    assert.match(lastResults(bench.requests.at(-1))[0]?.output ?? "", /1\ntwo/);
    assert.deepEqual(await hashFolder(bench.folder), before);
    const [, folder = ""] = /^(\/\S*aksara-sandbox-\S+)$/m.exec(output) ?? [];
    await assert.rejects(stat(folder), "the copy is still there");
  });

  it("a tool that exports names its file in the result", async () => {
    await open();
    const exports = defineTool({
      name: "export_rows",
      description: "exports",
      input: z.strictObject({}),
      execute: async () => ({ output: "3 rows", outputFile: "inactive_users.csv" }),
    });
    const runtime = bench.again([calls(["export_rows", {}]), says("done")], { ownTools: [exports] });
    assert.equal((await runtime.execute("go")).outputFile, "inactive_users.csv");
  });
});

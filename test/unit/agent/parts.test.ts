import assert from "node:assert/strict";
import { hunksBetween, withHunks } from "../../../src/agent/files/change-parts.ts";
import { LeftBehind, type TaskOptions } from "../../../src/agent/options.ts";
import type { ApprovalAnswer, ApprovalRequest, ChosenFile } from "../../../src/protocol/agent.ts";
import type { Store } from "../../../src/storage/store.ts";
import { sha256 } from "../../../src/workspace/hash.ts";
import {
  type AgentBench,
  type BenchOptions,
  calls,
  collect,
  lastResults,
  openBench,
  says,
} from "./support.ts";

const BEFORE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const AFTER = "ONE\ntwo\nthree\nFOUR\nfive\nsix\nSEVEN\n";
const PATCH = calls([
  "patch_file",
  {
    files: [
      {
        path: "a.txt",
        edits: [
          { old_text: "one", new_text: "ONE" },
          { old_text: "four", new_text: "FOUR" },
          { old_text: "seven", new_text: "SEVEN" },
        ],
      },
      { path: "b.txt", edits: [{ old_text: "b", new_text: "B" }] },
    ],
  },
]);

/** What a person answers who was shown the files of a question and wants these changes of them. */
async function choose(
  { preview }: ApprovalRequest,
  { blobs }: Store,
  wanted: Readonly<Record<string, readonly number[]>>,
): Promise<ApprovalAnswer> {
  assert.ok(preview.kind === "diff" && preview.divisible);
  const chosen: ChosenFile[] = [];
  for (const { uri, before, after } of preview.files) {
    const hunks = wanted[uri];
    if (!hunks) continue;
    const contents = await Promise.all([before && blobs.get(before), after && blobs.get(after)]);
    const part = withHunks(contents[0] || null, contents[1] || null, hunks);
    chosen.push({ uri, hunks: [...hunks], after: part && sha256(part) });
  }
  return { outcome: "revise", chosen };
}

describe("a part of an edit", () => {
  let bench: AgentBench;
  afterEach(async () => {
    await bench?.dispose();
  });

  const open = async (options: BenchOptions = {}) => {
    bench = await openBench([PATCH, says("done")], {
      files: { "a.txt": BEFORE, "b.txt": "b\n" },
      ...options,
    });
  };
  const asked: ApprovalRequest[] = [];
  const answering = (answer: (request: ApprovalRequest) => Promise<ApprovalAnswer>): TaskOptions => {
    asked.length = 0;
    return {
      approvalCallback: async (_tool, _input, request) => {
        asked.push(request);
        return await answer(request);
      },
    };
  };

  it("A07 A13 makes exactly the changes a person chose, tells the agent what was left out, and can be undone", async () => {
    await open();
    const result = await bench.runtime.execute(
      "go",
      answering((request) => choose(request, bench.store, { "a.txt": [0, 2] })),
    );
    assert.equal(await bench.text("a.txt"), "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n");
    assert.equal(await bench.text("b.txt"), "b\n");
    assert.deepEqual(result.modifiedFiles, ["a.txt"]);
    assert.equal(result.actions[0]?.approval.answer, "revise");
    const [told] = lastResults(bench.requests.at(-1));
    assert.match(told?.output ?? "", /only a part/);
    assert.match(told?.output ?? "", /^-four\n\+FOUR$/m);
    assert.match(told?.output ?? "", /^-b\n\+B$/m);
    assert.doesNotMatch(told?.output ?? "", /^[-+](one|ONE|SEVEN)$/m);
    await bench.runtime.undo({ runId: result.runId });
    assert.equal(await bench.text("a.txt"), BEFORE);
  });

  it("A07 all changes of all files chosen one by one is the whole edit", async () => {
    await open();
    await bench.runtime.execute(
      "go",
      answering((request) => choose(request, bench.store, { "a.txt": [0, 1, 2], "b.txt": [0] })),
    );
    assert.equal(await bench.text("a.txt"), AFTER);
    assert.equal(await bench.text("b.txt"), "B\n");
    assert.doesNotMatch(lastResults(bench.requests.at(-1))[0]?.output ?? "", /only a part/);
  });

  // prove: src/agent/files/change-parts.ts :: if ((content === null ? null : sha256(content)) !== shown) throw otherThanShown(); => void shown;
  it("A07 a part that would become something else than what was shown is not made", async () => {
    await open();
    await bench.runtime.execute(
      "go",
      answering(async () => ({
        outcome: "revise",
        chosen: [{ uri: "a.txt", hunks: [0], after: sha256(AFTER) }],
      })),
    );
    assert.equal(await bench.text("a.txt"), BEFORE);
    assert.match(lastResults(bench.requests.at(-1))[0]?.output ?? "", /not one of what was shown/);
  });

  it("A07 a part that names changes or files that were not shown is not made", async () => {
    const after = sha256(BEFORE);
    for (const chosen of [
      [],
      [{ uri: "c.txt", hunks: [0], after }],
      [{ uri: "a.txt", hunks: [3], after }],
      [{ uri: "a.txt", hunks: [1, 0], after }],
      [{ uri: "a.txt", hunks: [0.5], after }],
      [
        { uri: "b.txt", hunks: [0], after: sha256("B\n") },
        { uri: "b.txt", hunks: [0], after: sha256("B\n") },
      ],
    ]) {
      await open();
      await bench.runtime.execute(
        "go",
        answering(async () => ({ outcome: "revise", chosen })),
      );
      assert.equal(await bench.text("a.txt"), BEFORE);
      assert.equal(await bench.text("b.txt"), "b\n");
      await bench.dispose();
    }
  });

  // prove: src/agent/run/run-call.ts :: if (isApproved && chosen) return partly(ready, chosen); => if (chosen) return partly(ready, chosen);
  it("A07 a file that changes while the person chooses is asked about anew", async () => {
    await open();
    const changed = BEFORE.replace("two", "2");
    await bench.runtime.execute(
      "go",
      answering(async (request) => {
        const answer = await choose(request, bench.store, { "a.txt": [0], "b.txt": [0] });
        if (asked.length === 1) await bench.put("a.txt", changed);
        return answer;
      }),
    );
    assert.equal(asked.length, 2);
    assert.equal(await bench.text("a.txt"), changed.replace("one", "ONE"));
    assert.equal(await bench.text("b.txt"), "B\n");
  });

  it("A07 what is no edit cannot be made in part: nothing runs", async () => {
    bench = await openBench([calls(["run_command", { argv: ["touch", "made"] }]), says("done")], {
      allowSystemTools: true,
    });
    const result = await bench.runtime.execute(
      "go",
      answering(async ({ preview }) => {
        assert.ok(!("divisible" in preview));
        return { outcome: "revise", chosen: [{ uri: "x", hunks: [0], after: null }] };
      }),
    );
    assert.equal(result.actions[0]?.error, "EDIT_CONFLICT");
    await assert.rejects(bench.text("made"));
  });

  // prove: src/agent/run/run-call.ts :: let chosen = before?.answer?.chosen ?? null; => let chosen: ApprovalAnswer["chosen"] | null = null;
  it("A07 H18 a run that was left after the choice goes on with it, and asks nobody again", async () => {
    await open();
    const left = new AbortController();
    const events = await bench.runtime.executeStream("go", {
      ...answering((request) => choose(request, bench.store, { "a.txt": [1] })),
      signal: left.signal,
      observe: ({ type }) => {
        if (type === "approval-answered") left.abort(new LeftBehind());
      },
    });
    await assert.rejects(collect(events));
    const [run = ""] = await bench.store.logs.list();
    assert.equal(await bench.text("a.txt"), BEFORE);
    const result = await bench.again([says("done")]).resume(run);
    assert.equal(result.success, true);
    assert.equal(await bench.text("a.txt"), BEFORE.replace("four", "FOUR"));
  });

  it("A13 of a sandboxed run only the chosen files are made, and the rest is given as a diff", async () => {
    await open({ sandboxMode: true, mode: "autonomous" });
    const result = await bench.runtime.execute(
      "go",
      answering((request) => choose(request, bench.store, { "b.txt": [0] })),
    );
    assert.equal(asked[0]?.about, "sandbox");
    assert.equal(await bench.text("b.txt"), "B\n");
    assert.equal(await bench.text("a.txt"), BEFORE);
    assert.match(result.proposedDiff ?? "", /^\+FOUR$/m);
    assert.doesNotMatch(result.proposedDiff ?? "", /b\.txt/);
  });

  it("A13 keeps line ends, marks and bytes that are no text, whatever part is taken", () => {
    const before = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from("a\r\nb\nc\r\n"), 0xff, 0x0a, 0x64]);
    const after = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from("A\r\nb\nc\n"), 0xff, 0x0a, 0x65]);
    assert.equal(hunksBetween(before, after).length, 3);
    const only = (hunk: number) => withHunks(before, after, [hunk])?.toString("latin1");
    const plain = before.toString("latin1");
    assert.equal(only(0), plain.replace("a\r\n", "A\r\n"));
    assert.equal(only(1), plain.replace("c\r\n", "c\n"));
    assert.equal(only(2), plain.replace(/d$/, "e"));
    assert.equal(withHunks(before, null, [0]), null);
    assert.deepEqual(withHunks(before, null, []), before);
    assert.equal(withHunks(null, after, []), null);
  });
});

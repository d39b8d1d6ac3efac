import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { hashText } from "../../../../src/workspace/hash.ts";
import type { FileOutcome } from "../../../../src/workspace/index/extract-file.ts";
import { ExtractionPool } from "../../../../src/workspace/index/extraction-pool.ts";
import type { Extractor, ReadJob } from "../../../../src/workspace/index/extractor.ts";
import { InlineExtractor } from "../../../../src/workspace/index/inline-extractor.ts";
import { nodeFileSystem } from "../../../../src/workspace/index/node-file-system.ts";
import { unpack } from "../../../../src/workspace/index/packed.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { type Disk, openRealDisk } from "./disk.ts";
import { toyStack } from "./toy-stack.ts";

const workerUrl = new URL("./toy-worker.ts", import.meta.url);

const EXTRACTORS: readonly { readonly title: string; readonly open: () => Extractor }[] = [
  { title: "inline", open: () => new InlineExtractor(nodeFileSystem, [toyStack], TEST_ASSETS) },
  { title: "in workers", open: () => new ExtractionPool({ workerUrl, assets: TEST_ASSETS, workers: 2 }) },
];

function job(disk: Disk, uri: string, knownHash: string | null = null): ReadJob {
  return { uri, path: join(disk.root, uri), language: "python", size: 1_000, knownHash };
}

async function outcomesOf(
  extractor: Extractor,
  jobs: readonly ReadJob[],
): Promise<ReadonlyMap<string, FileOutcome>> {
  const all = new Map<string, FileOutcome>();
  await extractor.run(jobs, (outcomes) => {
    for (const outcome of outcomes) {
      assert.ok(!all.has(outcome.uri), `${outcome.uri} came twice`);
      all.set(outcome.uri, outcome);
    }
  });
  return all;
}

for (const { title, open } of EXTRACTORS) {
  describe(`Extraction ${title}`, () => {
    let disk: Disk;
    let extractor: Extractor;
    beforeEach(async () => {
      disk = await openRealDisk();
      extractor = open();
    });
    afterEach(async () => {
      await extractor.dispose();
      await disk.dispose();
    });

    it("C01 gives the facts of each file, and none of one that no stack expects", async () => {
      const text = "\uFEFFclass A(Toy):\r\n    x = 1\r\n";
      disk.write("a.py", text);
      disk.write("b.py", "x = 1\n");
      const outcomes = await outcomesOf(extractor, [job(disk, "a.py"), job(disk, "b.py")]);
      const a = outcomes.get("a.py");
      assert.ok(a?.kind === "facts" && a.parsed);
      assert.equal(a.contentHash, hashText(text));
      assert.deepEqual(a.facts.toy && unpack(a.facts.toy), {
        models: [
          {
            name: "A",
            base: "Toy",
            span: [0, 0, 1, 9],
            nameSpan: [0, 6, 0, 7],
            hash: hashText("class A(Toy):\r\n    x = 1"),
          },
        ],
      });
      assert.deepEqual(outcomes.get("b.py"), {
        kind: "facts",
        uri: "b.py",
        contentHash: hashText("x = 1\n"),
        facts: {},
        gaps: [],
        parsed: false,
      });
    });

    it("C07 does not extract again what has the known hash", async () => {
      disk.write("a.py", "class A(Toy): pass\n");
      const same = job(disk, "a.py", hashText("class A(Toy): pass\n"));
      assert.deepEqual((await outcomesOf(extractor, [same])).get("a.py"), { kind: "unchanged", uri: "a.py" });
      disk.write("a.py", "class B(Toy): pass\n");
      assert.equal((await outcomesOf(extractor, [same])).get("a.py")?.kind, "facts");
    });

    it("C08 says what could not be read: gone, not text, damaged, not valid, a stack that fails", async () => {
      disk.write("binary.py", new Uint8Array([99, 0, 1]));
      disk.write("latin.py", Buffer.from("class Caf\xe9(Toy): pass\nclass B(Toy): pass\n", "latin1"));
      disk.write("broken.py", "class A(Toy):\n    x = (1\n\nclass B(Toy): pass\n");
      disk.write("crash.py", "# toy-crash\n");
      disk.write("utf16.py", Buffer.from("\uFEFFclass Wide(Toy): pass\n", "utf16le"));
      disk.createFolder("folder.py");
      const uris = ["binary.py", "latin.py", "broken.py", "crash.py", "gone.py", "utf16.py", "folder.py"];
      const outcomes = await outcomesOf(
        extractor,
        uris.map((uri) => job(disk, uri)),
      );
      assert.equal(outcomes.size, uris.length);
      const shown = uris.map((uri) => {
        const outcome = outcomes.get(uri);
        if (outcome?.kind !== "facts")
          return [outcome?.kind, outcome?.kind === "skipped" ? outcome.reason : ""];
        return [
          JSON.stringify(Object.values(outcome.facts).map(unpack))
            .match(/"name":"\w+/g)
            ?.join() ?? "",
          outcome.gaps[0]?.what ?? "",
        ];
      });
      assert.deepEqual(shown, [
        ["skipped", "not text"],
        [`"name":"Caf,"name":"B`, "latin.py: characters that are not UTF-8"],
        [`"name":"A,"name":"B`, "broken.py: line 2"],
        ["", "crash.py: not read for Toy"],
        ["gone", ""],
        [`"name":"Wide`, ""],
        ["skipped", "unreadable (EISDIR)"],
      ]);
      const broken = outcomes.get("broken.py");
      assert.ok(broken?.kind === "facts");
      assert.equal(broken.gaps[0]?.source?.hash, hashText("x = (1"));
    });

    it("hands over one outcome for each of many files", async () => {
      const jobs: ReadJob[] = [];
      for (let number = 0; number < 300; number++) {
        disk.write(`m${number}.py`, `class M${number}(Toy): pass\n`);
        jobs.push(job(disk, `m${number}.py`));
      }
      const outcomes = await outcomesOf(extractor, jobs);
      assert.equal(outcomes.size, 300);
      assert.ok([...outcomes.values()].every((outcome) => outcome.kind === "facts" && outcome.parsed));
    });

    it("hands over nothing after it was cancelled, and works again afterwards", async () => {
      const jobs: ReadJob[] = [];
      for (let number = 0; number < 200; number++) {
        disk.write(`m${number}.py`, `class M${number}(Toy):\n${"    x = f(1)\n".repeat(200)}`);
        jobs.push(job(disk, `m${number}.py`));
      }
      const controller = new AbortController();
      let handedOver = 0;
      const run = extractor.run(
        jobs,
        (outcomes) => {
          handedOver += outcomes.length;
          controller.abort();
        },
        controller.signal,
      );
      await assert.rejects(run, { code: "CANCELLED" });
      const atCancel = handedOver;
      assert.ok(atCancel > 0 && atCancel < 200);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(handedOver, atCancel);
      assert.equal((await outcomesOf(extractor, jobs.slice(0, 3))).size, 3);
    });

    it("says that a parser is missing", async () => {
      const assets = { ...TEST_ASSETS, grammars: { python: join(disk.root, "none.wasm") } };
      const broken =
        title === "inline"
          ? new InlineExtractor(nodeFileSystem, [toyStack], assets)
          : new ExtractionPool({ workerUrl, assets, workers: 1 });
      disk.write("a.py", "class A(Toy): pass\nmatch A:\n    case 1: pass\n");
      await assert.rejects(outcomesOf(broken, [job(disk, "a.py")]), /none\.wasm/);
      await broken.dispose();
    });
  });
}

describe("Extraction workers", () => {
  let disk: Disk;
  beforeEach(async () => {
    disk = await openRealDisk();
  });
  afterEach(() => disk.dispose());

  it("C08 a file that kills its worker costs itself only", async () => {
    const pool = new ExtractionPool({ workerUrl, assets: TEST_ASSETS, workers: 2 });
    const jobs: ReadJob[] = [];
    for (let number = 0; number < 150; number++) {
      const kills = number === 70;
      disk.write(`m${number}.py`, kills ? "# toy-kill\n" : `class M${number}(Toy): pass\n`);
      jobs.push(job(disk, `m${number}.py`));
    }
    const outcomes = await outcomesOf(pool, jobs);
    assert.equal(outcomes.size, 150);
    const skipped = [...outcomes.values()].filter((outcome) => outcome.kind === "skipped");
    assert.deepEqual(skipped, [
      {
        kind: "skipped",
        uri: "m70.py",
        contentHash: "",
        reason: "could not be read (The worker stopped with code 7.)",
      },
    ]);
    await pool.dispose();
  });

  it("says that a worker cannot be started", async () => {
    const missing = new URL("./no-such-worker.ts", import.meta.url);
    const pool = new ExtractionPool({ workerUrl: missing, assets: TEST_ASSETS, workers: 2 });
    disk.write("a.py", "class A(Toy): pass\n");
    await assert.rejects(outcomesOf(pool, [job(disk, "a.py")]), { code: "RUNTIME_ERROR" });
    await pool.dispose();
  });
});

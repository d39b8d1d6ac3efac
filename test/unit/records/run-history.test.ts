import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AksaraError } from "../../../src/errors.ts";
import { runPromptPack } from "../../../src/execution/run-prompt-pack.ts";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { RunHistory } from "../../../src/records/run-history.ts";
import { RunTraceStore } from "../../../src/records/run-trace.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { packOf, servicesOf, type TestServices } from "../execution/support.ts";

const ORDER = { id: "model:Order", name: "Order", uri: null, range: null, hash: null };
const OTHER = { ...ORDER, id: "model:Customer", name: "Customer" };
const SUBJECT = { action_key: "explain_model", target_id: ORDER.id };
const SCRIPT = {
  version: 1,
  answers: [
    {
      steps: [{ reasoning: "Hm. " }, { reasoning: "So." }, { text: "It has a number [E1]." }],
      usage: { input: 12, output: 5 },
      finish: "length",
      repeat: true,
    },
  ],
};

describe("the runs that were kept", () => {
  let temporary: TemporaryFolder;
  let store: RunTraceStore;
  let services: TestServices;

  beforeEach(async () => {
    temporary = await makeTemporaryFolder("history");
    await writeFile(join(temporary.folder, "script.json"), JSON.stringify(SCRIPT));
    store = new RunTraceStore(join(temporary.folder, "runs"));
    const script = { AKSARA_SCRIPT: join(temporary.folder, "script.json") };
    services = servicesOf({}, script, { traces: store });
  });
  afterEach(async () => {
    await services.access.dispose();
    await temporary.remove();
  });

  async function run(changes: Partial<PromptPack>, provider = "scripted"): Promise<string> {
    const result = await runPromptPack(packOf(changes), { providerOverride: provider }, services);
    assert.ok(result.trace_id, result.error ?? "the run is kept");
    return result.trace_id;
  }

  it("V03 are found by action and object, the newest first, with what a line shows", async () => {
    const first = await run({ target: ORDER, fingerprint: "one" });
    await run({ target: OTHER });
    await run({ target: ORDER, action_key: "refactor_suggestions" }, "noop");
    await run({ target: null });
    const second = await run({ target: ORDER, fingerprint: "two" }, "noop");
    const runs = await new RunHistory(store).list(SUBJECT);
    // Within a millisecond the ids of two runs have no order.
    assert.deepEqual(new Set(runs.map(({ trace_id }) => trace_id)), new Set([first, second]));
    assert.deepEqual(
      runs.map(({ trace_id }) => trace_id),
      [first, second].sort().reverse(),
    );
    const { started_at, elapsed_ms, ...line } =
      runs.find((found) => found.trace_id === first) ?? assert.fail();
    assert.ok(Date.now() - started_at < 60_000 && elapsed_ms >= 0);
    assert.deepEqual(line, {
      trace_id: first,
      action_key: "explain_model",
      target_id: "model:Order",
      fingerprint: "one",
      ok: true,
      error_code: null,
      truncated: true,
      provider: "scripted",
      model: "scripted",
      tokens: { prompt: 12, completion: 5, total: 17 },
      cost_usd: null,
      suggestions: 0,
    });
  });

  it("V03 open with the whole answer, its reasoning and its places; a later one appears, one that is gone does not", async () => {
    const first = await run({ target: ORDER });
    const history = new RunHistory(store);
    assert.equal((await history.list(SUBJECT)).length, 1);
    const opened = await history.open(first);
    assert.equal(opened?.result.response, "It has a number [E1].");
    assert.equal(opened?.reasoning, "Hm. So.");
    assert.deepEqual(
      opened?.evidence.map(({ id }) => id),
      ["E1", "E2", "E3", "E4"],
    );
    const second = await run({ target: ORDER });
    await rm(join(temporary.folder, "runs", `${first}.json`));
    assert.deepEqual(
      (await history.list(SUBJECT)).map(({ trace_id }) => trace_id),
      [second],
    );
    assert.equal(await history.open(first), null);
    assert.equal(await history.open("../../etc/passwd"), null);
  });

  it("leaves out files that are not traces of ours", async () => {
    await run({ target: ORDER });
    const folder = join(temporary.folder, "runs");
    await writeFile(join(folder, `${"a".repeat(32)}.json`), "{ torn");
    await writeFile(join(folder, `${"b".repeat(32)}.json`), "{}");
    assert.equal((await new RunHistory(store).list(SUBJECT)).length, 1);
    assert.equal(await store.load("a".repeat(32)), null);
  });

  // prove: src/execution/run-prompt-pack.ts :: await options.agree?.({ setup: resolved.setup, model: resolved.model }); => void options.agree;
  it("V03 a declined run leaves no trace, calls nobody, and says so", async () => {
    const asked: string[] = [];
    const result = await runPromptPack(
      packOf({ target: ORDER }),
      {
        providerOverride: "scripted",
        agree: async ({ setup, model }) => {
          asked.push(`${setup.kind} ${model}`);
          throw new AksaraError("CANCELLED", "Nothing was sent.");
        },
        onDelta: () => assert.fail("nothing is answered"),
      },
      services,
    );
    assert.deepEqual(asked, ["scripted scripted"]);
    assert.deepEqual(
      [result.error_code, result.error, result.trace_id],
      ["CANCELLED", "Nothing was sent.", null],
    );
    assert.deepEqual(result.tokens, { prompt: 0, completion: 0, total: 0 });
    assert.deepEqual(await readdir(temporary.folder), ["script.json"]);
  });
});

import assert from "node:assert/strict";
import { type ErrorCode, isAksaraError } from "../../../src/errors.ts";
import { defineRuntime } from "../../../src/harness/spec/runtime-spec.ts";
import { agent, type HarnessBench, openHarness, TENANT } from "./support.ts";

const code = (wanted: ErrorCode) => (error: unknown) => isAksaraError(error) && error.code === wanted;

describe("references", () => {
  let bench: HarnessBench;
  let looked: unknown[];
  const spec = () =>
    defineRuntime(TENANT, {
      agents: [agent("boss", "coordinator")],
      references: [
        {
          kind: "rows",
          glimpse: ((rows: unknown[]) => {
            looked.push(rows);
            return { count: rows.length };
          }) as never,
        },
      ],
    });
  beforeEach(() => {
    looked = [];
  });
  afterEach(async () => {
    await bench?.dispose();
  });

  for (const store of ["memory", "sqlite"] as const)
    it(`H20 keeps a value, shows a glimpse without it, and gives it back (${store})`, async () => {
      bench = await openHarness(spec(), [], { store });
      const rows = [{ id: 1 }, { id: 2, name: "zwölf" }];
      const reference = await bench.runtime.createReference("rows", rows);
      assert.deepEqual(looked, [rows], "the callback is called once");
      assert.deepEqual(Object.keys(reference), [
        "kind",
        "id",
        "tenant",
        "createdAt",
        "size",
        "hash",
        "glimpse",
      ]);
      assert.deepEqual(
        [reference.kind, reference.tenant, reference.size, reference.glimpse],
        ["rows", "acme", Buffer.byteLength(JSON.stringify(rows)), { count: 2 }],
      );
      const again = bench.again(spec());
      assert.deepEqual(await again.referenceGlimpse(reference), { count: 2 });
      assert.deepEqual(await again.resolveReference(reference), rows);
      assert.equal(looked.length, 1, "neither looking nor resolving calls it again");
    });

  it("H20 takes a glimpse that is given in place of the callback, and {} where there is neither", async () => {
    bench = await openHarness(spec(), []);
    const given = await bench.runtime.createReference("rows", [1], { mine: true });
    assert.deepEqual([given.glimpse, looked], [{ mine: true }, []]);
    assert.deepEqual((await bench.runtime.createReference("other", 5)).glimpse, {});
    const own = await bench.runtime.createReference(
      { kind: "text", glimpse: ((text: string) => text.length) as never },
      "four",
    );
    assert.equal(own.glimpse, 4);
  });

  it("H20 keeps equal values of a kind once, under the same name", async () => {
    bench = await openHarness(spec(), []);
    const [one, two] = [
      await bench.runtime.createReference("a", [1]),
      await bench.runtime.createReference("a", [1], "new"),
    ];
    const other = await bench.runtime.createReference("b", [1]);
    assert.equal(one.id, two.id);
    assert.equal(one.createdAt, two.createdAt);
    assert.equal(await bench.runtime.referenceGlimpse(one), "new");
    assert.notEqual(one.id, other.id);
    assert.equal(one.hash, other.hash);
  });

  // prove: src/records/reference-records.ts :: if (reference.tenant !== undefined && reference.tenant !== this.#tenant) => if (reference.tenant === "")
  it("H20 refuses the reference of another tenant, and one that there is not", async () => {
    bench = await openHarness(spec(), []);
    const mine = await bench.runtime.createReference("rows", [1]);
    const other = bench.again(
      defineRuntime({ resource_id: "other", version: "1" }, { agents: [agent("boss", "coordinator")] }),
    );
    const { runtime } = bench;
    await assert.rejects(other.resolveReference(mine), code("TENANT_MISMATCH"));
    await assert.rejects(other.referenceGlimpse(mine), code("TENANT_MISMATCH"));
    await assert.rejects(other.resolveReference({ ...mine, tenant: "other" }), code("REFERENCE_NOT_FOUND"));
    await assert.rejects(other.resolveReference(mine.id), code("REFERENCE_NOT_FOUND"));
    await assert.rejects(
      runtime.resolveReference({ ...mine, hash: "0".repeat(64) }),
      code("REFERENCE_NOT_FOUND"),
    );
    await assert.rejects(runtime.resolveReference("nothing"), code("REFERENCE_NOT_FOUND"));
    await assert.rejects(runtime.resolveReference({}), code("REFERENCE_NOT_FOUND"));
    await assert.rejects(runtime.createReference("rows", undefined, {}), code("INVALID_REQUEST"));
  });

  it("tenants see neither each other's threads, gates nor plans", async () => {
    bench = await openHarness(spec(), [{ repeat: true, steps: [{ text: "hello" }] }]);
    for await (const _ of bench.runtime.query("a", "t"));
    const other = bench.again(
      defineRuntime({ resource_id: "acme/t", version: "1" }, { agents: [agent("boss", "coordinator")] }),
    );
    assert.equal((await bench.runtime.listThreads()).length, 1);
    assert.deepEqual(await other.listThreads(), []);
  });
});

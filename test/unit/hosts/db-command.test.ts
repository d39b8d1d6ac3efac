import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { planRefusalSchema, queryPlanSchema } from "../../../src/protocol/plan.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { hashFolder } from "../../support/folder-hash.ts";

const shop = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const documentSchema = z.object({
  ok: z.boolean(),
  plan: z.nullable(queryPlanSchema),
  refusal: z.nullable(planRefusalSchema),
});

describe("aksara db", function () {
  this.timeout(60_000);
  let state: string;
  before(async () => {
    state = await mkdtemp(join(tmpdir(), "aksara-db-"));
  });
  after(() => rm(state, { recursive: true, force: true }));

  const run = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(["db", ...args, "--workspace", shop], cliEnvironment(state));

  it("L03 explains a query as one document, and leaves the workspace as it was", async () => {
    const before = await hashFolder(shop);
    const { code, out, err } = await run(
      "explain",
      "--sql",
      "SELECT * FROM lontar_order WHERE id = %s",
      "--format",
      "json",
    );
    assert.equal(code, 0, err);
    const { ok, plan, refusal } = documentSchema.parse(JSON.parse(out));
    assert.deepEqual([ok, refusal, plan?.tier], [true, null, "T1"]);
    assert.equal(plan?.variants[0]?.nodes[0]?.relation, "lontar_order");
    assert.deepEqual(await hashFolder(shop), before);
    const [workspace = ""] = await readdir(join(state, "aksara"));
    assert.equal((await readdir(join(state, "aksara", workspace, "lab"))).length, 1);
  });

  it("explains to a person, and shows where a query is wrong", async () => {
    const good = await run("explain", "--sql", "SELECT count(*) FROM lontar_order");
    assert.match(good.out, /the hot spot/);
    assert.match(good.out, /size of lontar_order: 1,000,000 rows, guessed/);
    const bad = await run("explain", "--sql", "SELECT *\nFROM lontar_ordr");
    assert.equal(bad.code, 1);
    assert.match(bad.out, /line 2, column 6: FROM lontar_ordr\n {23}\^/);
    assert.match(bad.out, /nearest: lontar_order/);
  });

  it("asks for exactly one query, and for an address", async () => {
    assert.equal((await run("explain")).code, 2);
    assert.equal((await run("statistics")).code, 2);
  });

  it("L08 says what is wrong with an address, without its password", async () => {
    const { code, err } = await run("statistics", "--url", "mysql://me:hidden-word@localhost/shop");
    assert.equal(code, 1);
    assert.match(err, /no address of a PostgreSQL database/);
    assert.ok(!err.includes("hidden-word"));
  });
});

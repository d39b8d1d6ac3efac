import assert from "node:assert/strict";
import { isCancelled } from "../../../src/errors.ts";
import type { Claim, Verifier } from "../../../src/execution/verifier.ts";
import { labVerifier } from "../../../src/hosts/shared/lab-verifier.ts";
import { WorkspaceLab } from "../../../src/hosts/shared/workspace-lab.ts";
import { type OpenedWorkspace, openSample } from "../flows/open-workspace.ts";

const INDEX: Claim = {
  id: "S1",
  kind: "index",
  title: "index on orders (total)",
  reason: "the search",
  language: "sql",
  statements: ["CREATE INDEX ON orders (total)"],
  rollback: [],
  evidence: [],
};
const PACK = {
  kind: "query",
  target: null,
  result_json: { facts: { sql: "SELECT total FROM orders", dialect: "postgresql" } },
} as const;

describe("verifying what an answer suggests", () => {
  let shop: OpenedWorkspace;
  /** Its product folder is empty: an engine that is asked for fails. */
  let lab: WorkspaceLab;
  const open: AbortSignal = new AbortController().signal;
  const verifier = (trusted: boolean): Verifier =>
    labVerifier({
      lab,
      roots: [],
      trusted: () => trusted,
      catalog: async (signal) => (await shop.studio.view(signal)).catalog,
    });

  before(async () => {
    shop = await openSample("shop-sql");
  });
  beforeEach(() => {
    lab = new WorkspaceLab({ distDir: shop.folder, stateFolder: null, given: null });
  });
  afterEach(() => lab.dispose());
  after(() => shop.close());

  it("L09 a lab that fails leaves a suggestion unverified, with the reason", async () => {
    const { verdict, proof } = await verifier(true).verify(INDEX, PACK, open);
    assert.equal(verdict, "unverified");
    assert.match(proof?.summary ?? "", /^Not checked: the database lab failed\. The database lab stopped/);
  });

  it("builds nothing of a workspace that is not trusted", async () => {
    const { verdict, proof } = await verifier(false).verify(INDEX, PACK, open);
    assert.equal(verdict, "unverified");
    assert.match(proof?.summary ?? "", /not trusted/);
  });

  it("starts no engine for what none can try, and says why", async () => {
    const facts = PACK.result_json.facts;
    for (const [claim, pack, because] of [
      [{ ...INDEX, kind: "rollout-step" }, PACK, /with the whole plan only/],
      [{ ...INDEX, kind: "guard", language: "diff" }, PACK, /changes of code/],
      [{ ...INDEX, kind: "constraint", language: "text" }, PACK, /no SQL/],
      [INDEX, { ...PACK, kind: "model" }, /not known as SQL/],
      [INDEX, { ...PACK, result_json: { facts: { ...facts, sql: null } } }, /not known as SQL/],
      [INDEX, { ...PACK, result_json: {} }, /not known as SQL/],
      [
        INDEX,
        { ...PACK, result_json: { facts: { ...facts, dialect: "mysql" } } },
        /MySQL cannot be embedded/,
      ],
    ] as const) {
      const { verdict, proof } = await verifier(true).verify(claim, pack, open);
      assert.equal(verdict, "unverified");
      assert.match(proof?.summary ?? "", because);
      assert.doesNotMatch(proof?.summary ?? "", /lab failed/);
    }
  });

  it("L04 tries the steps of a plan for a migration, and says why where it cannot", async () => {
    const step: Claim = { ...INDEX, kind: "rollout-step" };
    const { catalog } = await shop.studio.view();
    const [migration] = catalog.migrations;
    assert.ok(migration);
    const about = (id: string) => ({
      kind: "migration" as const,
      target: { id, name: "m", uri: "m.sql", range: migration.range, hash: migration.hash },
      result_json: {},
    });
    for (const [trusted, steps, pack, because] of [
      [true, [step, step], about(migration.id), /the database lab failed/],
      [false, [step], about(migration.id), /not trusted/],
      [true, [step], PACK, /about no migration/],
      [true, [{ ...step, language: "text" }], about(migration.id), /no SQL/],
    ] as const) {
      const answers = await verifier(trusted).verifyPlan(steps, pack, open);
      assert.equal(answers.length, steps.length);
      for (const { verdict, proof } of answers) {
        assert.equal(verdict, "unverified");
        assert.match(proof?.summary ?? "", because);
      }
    }
    const aborted = verifier(true).verifyPlan([step], about(migration.id), AbortSignal.abort());
    await assert.rejects(aborted, isCancelled);
  });

  it("throws when the run was cancelled", async () => {
    await assert.rejects(verifier(true).verify(INDEX, PACK, AbortSignal.abort()), isCancelled);
  });
});

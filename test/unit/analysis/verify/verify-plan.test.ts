import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanVerification } from "../../../../src/analysis/verify/rollout-plan.ts";
import { promiseOf, verifyMigration } from "../../../../src/analysis/verify/verify-migration.ts";
import { verifyPlan } from "../../../../src/analysis/verify/verify-plan.ts";
import { postgresStatements } from "../../../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../../../src/database/postgres-lab.ts";
import { schemaBefore } from "../../../../src/database/schema/schema-before.ts";
import { PostgresParser } from "../../../../src/database/sql/parse-postgres.ts";
import { isCancelled } from "../../../../src/errors.ts";
import { proofSchema } from "../../../../src/protocol/execution.ts";
import { findMigration } from "../../../../src/workspace/find-migration.ts";
import type { Migration } from "../../../../src/workspace/ir/migration.ts";
import { LAB_CHILD, labAssets } from "../../../support/lab-assets.ts";
import { type OpenedWorkspace, openSample } from "../../flows/open-workspace.ts";
import { BAD_PLANS, GOOD_PLANS, type JudgedPlan } from "./plan-corpus.ts";

const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

describe("verifying rollout plans and migrations", function () {
  this.timeout(120_000);
  const parser = new PostgresParser(wasm);
  let shop: OpenedWorkspace;
  let lab: PostgresLab;
  let images: string;

  before(async () => {
    shop = await openSample("shop-sql");
    images = await mkdtemp(join(tmpdir(), "aksara-plans-"));
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: images });
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
    await shop.close();
    await rm(images, { recursive: true, force: true });
  });

  const on = async (name: string) => {
    const { catalog } = await shop.studio.view();
    const migration = findMigration(catalog, { id: undefined, app: undefined, name });
    const { schema, prelude } = schemaBefore(catalog, migration);
    const session = lab.open(schema);
    const reader = postgresStatements(parser);
    return { migration, prelude, on: { session, reader, parser, isDialectKnown: true } };
  };
  const judge = async (plan: Pick<JudgedPlan, "migration" | "steps">): Promise<PlanVerification> => {
    const { migration, prelude, on: where } = await on(plan.migration);
    return await verifyPlan(where, { steps: plan.steps, promise: promiseOf(migration, prelude) });
  };
  const verdicts = ({ steps }: PlanVerification): readonly string[] => steps.map(({ verdict }) => verdict);

  for (const plan of [...GOOD_PLANS, ...BAD_PLANS]) {
    it(`L04 ${plan.verdict} plan: ${plan.title}`, async () => {
      const answer = await judge(plan);
      for (const { proof } of answer.steps) proofSchema.parse(proof);
      assert.equal(answer.verdict, plan.verdict, JSON.stringify(answer, null, 1).slice(0, 4_000));
      assert.match(answer.proof.summary, plan.because);
    });
  }

  it("L04 says of each step what was and what was not reached, and what going back loses", async () => {
    const cut = BAD_PLANS.find(({ title }) => title === "a column that is not there");
    assert.ok(cut);
    const broken = await judge(cut);
    assert.deepEqual(verdicts(broken), ["verified", "refuted", "unverified", "unverified", "unverified"]);
    assert.match(broken.steps[0]?.proof.summary ?? "", /^It applies .* takes it back/);
    assert.match(broken.steps[2]?.proof.summary ?? "", /^Not reached: step 2 failed/);
    const { failing, applied, not_reached: rest } = broken.steps[1]?.proof.details ?? {};
    assert.match(JSON.stringify(failing), /chanel/);
    assert.deepEqual([applied, rest], [[], []]);

    const cleanup = GOOD_PLANS.find(({ title }) => title.startsWith("a rename"));
    assert.ok(cleanup);
    const whole = await judge(cleanup);
    assert.match(
      whole.steps.at(-1)?.proof.summary ?? "",
      /Not the values of products\.notes: those are gone/,
    );
    assert.match(whole.steps.at(-1)?.proof.summary ?? "", /ends at the schema that the migration promises/);
  });

  it("L04 leaves open what takes values, has no rollback, or is done by hand", async () => {
    const migration = "20250815072000_positive_payments";
    const add = "ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0)";
    const answer = await judge({
      migration,
      steps: [
        { statements: [], rollback: [] },
        { statements: [add], rollback: [] },
      ],
    });
    assert.deepEqual([answer.verdict, ...verdicts(answer)], ["unverified", "unverified", "unverified"]);
    assert.match(answer.proof.summary, /^Step 2: .*nothing is given that takes it back/);
    const values = await judge({
      migration,
      steps: [{ statements: ["UPDATE payments SET amount = 1 WHERE id > :last"], rollback: [] }],
    });
    assert.match(values.proof.summary, /takes values that are not given/);
    const nothing = await judge({ migration, steps: [{ statements: ["-- tell everybody"], rollback: [] }] });
    assert.match(nothing.proof.summary, /nothing to run/);
  });

  it("L04 carries migrations out forward and back", async () => {
    const seen: string[] = [];
    for (const [name, verdict, because] of [
      ["20250203095500_order_channel", "verified", /with a way back\.$/],
      ["20250602134700_title_search", "verified", /with a way back\.$/],
      ["20250815072000_positive_payments", "verified", /with a way back\.$/],
      ["20251104101500_api_keys_and_cleanup", "unverified", /nothing is given that takes it back/],
    ] as const) {
      const { migration, prelude, on: where } = await on(name);
      const { verdict: is, proof } = await verifyMigration(where, migration, prelude);
      assert.equal(is, verdict, JSON.stringify(proof, null, 1).slice(0, 3_000));
      assert.match(proof.summary, because);
      seen.push(name);
    }
    assert.equal(seen.length, 4);
  });

  it("L04 says where a migration fails, and what of it stays", async () => {
    const { migration, prelude, on: where } = await on("20250815072000_positive_payments");
    const [set, add, validate] = migration.operations;
    assert.ok(set && add && validate);
    const wrong = { ...validate, sql: ["ALTER TABLE payments VALIDATE CONSTRAINT payments_positive"] };
    const broken = (transactional: boolean): Migration => ({
      ...migration,
      transactional,
      operations: [set, add, wrong],
    });
    const inOne = await verifyMigration(where, broken(true), prelude);
    assert.equal(inOne.verdict, "refuted");
    assert.match(
      inOne.proof.summary,
      /Statement 3 of 3 is rejected: constraint "payments_positive" .*nothing of it stays/,
    );
    const inNone = await verifyMigration(where, broken(false), prelude);
    assert.match(inNone.proof.summary, /what was applied before \(2\) stays/);
  });

  it("L04 leaves the schema as it was, and ends at once when it is cancelled", async () => {
    const [plan] = GOOD_PLANS;
    assert.ok(plan);
    const { migration, prelude, on: where } = await on(plan.migration);
    const { tables } = await where.session.report();
    const rollout = { steps: plan.steps, promise: promiseOf(migration, prelude) };
    await verifyPlan(where, rollout);
    assert.deepEqual((await where.session.report()).tables, tables);
    const gone = await where.session.run("SELECT channel FROM orders");
    assert.equal(gone.kind, "rejected");
    await assert.rejects(verifyPlan(where, rollout, AbortSignal.abort()), isCancelled);
  });
});

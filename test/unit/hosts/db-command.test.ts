import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { indexAdviceSchema } from "../../../src/protocol/index-advice.ts";
import { migrationLocksSchema } from "../../../src/protocol/migration-locks.ts";
import { planRefusalSchema, queryPlanSchema } from "../../../src/protocol/plan.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { hashFolder } from "../../support/folder-hash.ts";

const shop = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const documentSchema = z.object({
  ok: z.boolean(),
  plan: z.nullable(queryPlanSchema),
  refusal: z.nullable(planRefusalSchema),
});

const verdictSchema = z.object({ ok: z.boolean(), verdict: z.string() });

const adviceSchema = z.object({
  ok: z.boolean(),
  queries: z.array(
    z.object({ id: z.string(), advice: z.nullable(indexAdviceSchema), reason: z.nullable(z.string()) }),
  ),
  indexes: z.array(z.object({ ddl: z.string(), queries: z.array(z.string()) })),
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

  it("L04 advises indexes for one query, and changes nothing", async () => {
    const before = await hashFolder(shop);
    const sql = "SELECT * FROM lontar_order WHERE contact_email = %s";
    const { code, out, err } = await run("advise", "--sql", sql, "--format", "json");
    assert.equal(code, 0, err);
    const document = adviceSchema.parse(JSON.parse(out));
    const [query] = document.queries;
    assert.deepEqual([document.ok, document.queries.length, query?.reason], [true, 1, null]);
    assert.equal(
      query?.advice?.indexes[0]?.ddl,
      "CREATE INDEX CONCURRENTLY lontar_order_contact_email_idx ON lontar_order (contact_email);",
    );
    assert.deepEqual(
      document.indexes.map(({ ddl, queries }) => [ddl, queries]),
      [[query?.advice?.indexes[0]?.ddl, [query?.id]]],
    );
    assert.deepEqual(await hashFolder(shop), before);
    const text = await run("advise", "--sql", sql);
    assert.match(text.out, /cost [\d,.]+ → [\d,.]+, 99\.\d % less; about [\d.]+ MB/);
  });

  it("L04 advises indexes for all queries of the workspace, each index once", async () => {
    const { code, out, err } = await run("advise", "--format", "json");
    assert.equal(code, 0, err);
    const { queries, indexes } = adviceSchema.parse(JSON.parse(out));
    assert.ok(queries.length > 5 && indexes.length > 0);
    assert.equal(new Set(indexes.map(({ ddl }) => ddl)).size, indexes.length);
    for (const { advice, reason } of queries) assert.ok((advice === null) !== (reason === null));
    assert.match((await run("advise")).out, /queries: \d+ indexes pay; \d+ could not be planned/);
    assert.equal((await run("advise", "--all", "--sql", "SELECT 1")).code, 2);
    const wrong = await run("advise", "--sql", "SELECT nope FROM lontar_order");
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /no advice: .*"nope" does not exist/);
  });

  it("L05 measures a migration, and says who waits for whom", async () => {
    const name = "0002_contact_data";
    const { code, out, err } = await run("locks", name, "--app", "accounts", "--format", "json");
    assert.equal(code, 0, err);
    const { ok, locks } = z.object({ ok: z.boolean(), locks: migrationLocksSchema }).parse(JSON.parse(out));
    assert.ok(ok);
    const index = locks.statements.find(({ sql }) => /^CREATE INDEX/.test(sql));
    assert.deepEqual([index?.origin, index?.blocks, index?.cost], ["measured", "writes", "scan"]);
    assert.match(index?.safe?.steps[0]?.sql[0] ?? "", /^CREATE INDEX CONCURRENTLY/);
    const text = await run("locks", name, "--app", "accounts");
    assert.match(text.out, /ACCESS EXCLUSIVE on accounts_user/);
    assert.match(text.out, /statement {2,}1 2 3/);
    assert.equal((await run("locks")).code, 2);
    assert.equal((await run("locks", "no_such_migration")).code, 1);
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

  it("A15 A19 enables a database for agents, which then export rows of it, and takes that back", async () => {
    const file = join(state, "shop.db");
    const database = new DatabaseSync(file);
    database.exec(
      "CREATE TABLE users (id integer, last_login text); INSERT INTO users VALUES (1, '2020-01-01')",
    );
    database.close();
    assert.match((await run("enabled")).out, /^No database/);
    const enabled = await run("enable", "shop", "--url", `sqlite:${file}`, "--format", "json");
    assert.equal(JSON.parse(enabled.out).problem, null, enabled.out);
    assert.match((await run("enabled")).out, /^shop +read +sqlite:/);
    const script = join(state, "script.json");
    const query = { table: "users", where: [{ column: "last_login", op: "<", value: "2025-01-01" }] };
    await writeFile(
      script,
      JSON.stringify({
        answers: [{ steps: [{ tool: "query_records", input: query }] }, { steps: [{ text: "One.\n" }] }],
      }),
    );
    const agent = async () => {
      const { out } = await aksara(
        [
          "ai",
          "agent",
          "Who is inactive?",
          "--provider",
          "scripted",
          "--format",
          "json",
          "--workspace",
          shop,
        ],
        cliEnvironment(state, { AKSARA_SCRIPT: script }),
      );
      return JSON.parse(out).actions[0];
    };
    assert.deepEqual(JSON.parse((await agent()).output).rows, [{ id: 1, last_login: "2020-01-01" }]);
    assert.equal((await run("disable", "shop")).code, 0);
    assert.equal((await agent()).error, "NO_DATABASE");
    assert.equal((await run("disable", "shop")).code, 1);
    assert.equal((await run("enable", "shop")).code, 2);
  });

  it("keeps no password of a database that was enabled", async () => {
    const { code, out, err } = await run(
      "enable",
      "prod",
      "--url",
      "postgresql://me:hidden-word@127.0.0.1:9/shop",
      "--write",
    );
    assert.equal(code, 0, err);
    assert.match(err, /could not be opened/);
    assert.ok(!`${out}${err}${(await run("enabled", "--format", "json")).out}`.includes("hidden-word"));
    for (const name of await readdir(join(state, "aksara"), { recursive: true, withFileTypes: true }))
      if (name.isFile())
        assert.ok(!(await readFile(join(name.parentPath, name.name))).includes("hidden-word"), name.name);
  });

  it("L04 verifies migrations, plans and suggestions, and touches no file", async () => {
    const sql = fileURLToPath(new URL("../../workspaces/shop-sql", import.meta.url));
    const before = await hashFolder(sql);
    const verify = (...args: readonly string[]): Promise<CliAnswer> =>
      aksara(["db", "verify", ...args, "--workspace", sql], cliEnvironment(state));
    const migration = await verify("20250815072000_positive_payments", "--format", "json");
    assert.equal(migration.code, 0, migration.err);
    assert.equal(verdictSchema.parse(JSON.parse(migration.out)).verdict, "verified");

    const answer = {
      steps: [
        {
          phase: "expand",
          title: "half of it",
          sql: ["ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0) NOT VALID;"],
          rollback: ["ALTER TABLE payments DROP CONSTRAINT payments_amount_positive;"],
        },
      ],
    };
    const file = join(state, "plan.json");
    await writeFile(file, JSON.stringify({ ok: true, execution: { answer } }));
    const half = await verify("20250815072000_positive_payments", "--plan", file);
    assert.equal(half.code, 1);
    assert.match(half.out, /^refuted: Step 1: After it the schema is not what the migration promises/);
    assert.match(half.out, /1\. half of it refuted/);

    const index = ["--sql", "SELECT order_id FROM order_items WHERE product_id = $1", "--index"];
    const good = await verify(...index, "CREATE INDEX ON order_items (product_id)", "--format", "json");
    assert.equal(good.code, 0, good.err);
    assert.equal(verdictSchema.parse(JSON.parse(good.out)).ok, true);
    const bad = await verify("--constraint", "ALTER TABLE orders ADD CHECK (price > 0)");
    assert.deepEqual([bad.code, /^refuted: .*"price" does not exist/.test(bad.out)], [1, true], bad.out);
    assert.deepEqual(await hashFolder(sql), before);
  });

  it("says what is wrong with what it is asked to verify", async () => {
    const broken = join(state, "broken.json");
    await writeFile(broken, "{}");
    for (const [args, because] of [
      [[], /Give one thing to try/],
      [["0001", "--constraint", "ALTER TABLE a ADD UNIQUE (b)"], /Give one thing to try/],
      [["--index", "CREATE INDEX ON a (b)"], /what the index is for/],
      [["--constraint", "ALTER TABLE a ADD UNIQUE (b)", "--sql", "SELECT 1"], /for no query/],
      [["0001", "--plan", broken], /Cannot read a plan from .*"steps"/],
      [["0001", "--plan", join(state, "absent.json")], /Cannot read a plan/],
    ] as const) {
      const { code, err } = await run("verify", ...args);
      assert.equal(code, 2, err);
      assert.match(err, because);
    }
  });

  it("L01 plans, advises, measures and verifies on a dump in place of the workspace's schema", async () => {
    const dump = join(state, "dump.sql");
    const note = "CREATE TABLE public.note (id bigint PRIMARY KEY, body text, author_id bigint NOT NULL);";
    await writeFile(dump, `\\restrict x\n${note}\nCOPY public.note (id, body) FROM stdin;\n1\tx\n\\.\n`);
    const on = ["--schema", dump];
    const explained = await run("explain", "--sql", "SELECT * FROM note WHERE author_id = $1", ...on);
    assert.equal(explained.code, 0, explained.err);
    assert.match(explained.out, /dump\.sql/);
    assert.match(explained.out, /2 more changes in the schema/);
    const index = [
      "--sql",
      "SELECT * FROM note WHERE author_id = $1",
      "--index",
      "CREATE INDEX ON note (author_id)",
    ];
    const verified = await run("verify", ...index, ...on);
    assert.equal(verified.code, 0, verified.err + verified.out);
    const unknown = await run("explain", "--sql", "SELECT 1 FROM lontar_order", ...on);
    assert.equal(unknown.code, 1);
    assert.match(unknown.out, /"lontar_order" does not exist/);
    for (const [args, code, because] of [
      [["--schema", dump, "--url", "postgresql://127.0.0.1/x"], 2, /two different schemas/],
      [["--schema", join(state, "absent.sql")], 1, /cannot be read/],
      [["--url", "mysql://127.0.0.1/x"], 1, /no address of a PostgreSQL database/],
    ] as const) {
      const answer = await run("explain", "--sql", "SELECT 1", ...args);
      assert.deepEqual([answer.code, because.test(answer.err)], [code, true], answer.err);
    }
  });
});

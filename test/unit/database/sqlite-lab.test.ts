import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { LabSession } from "../../../src/database/lab.ts";
import { explainQuery } from "../../../src/database/plan/explain-query.ts";
import { sqliteStatements } from "../../../src/database/plan/statement-reader.ts";
import type { LabSchema } from "../../../src/database/schema/lab-schema.ts";
import { SqliteLab } from "../../../src/database/sqlite-lab.ts";
import type { Statistics } from "../../../src/database/statistics/statistics.ts";

const workerFile = fileURLToPath(new URL("../../../src/storage/sqlite-worker.ts", import.meta.url));

const SHOP: LabSchema = {
  dialect: "sqlite",
  source: "a test",
  statements: [
    "CREATE TABLE customer (id integer PRIMARY KEY, email text NOT NULL UNIQUE)",
    "CREATE TABLE purchase (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, total numeric, note text)",
    "CREATE INDEX purchase_customer ON purchase (customer_id)",
    "CREATE TABLE broken (id integer,, x)",
  ].map((sql, index) => ({ about: `statement ${index + 1}`, sql })),
  repairs: [],
  choices: {},
};

const counted: Statistics = {
  source: "a test",
  hash: "1",
  tables: [
    { table: "customer", rows: 1_000, columns: [] },
    { table: "purchase", rows: 500_000, columns: [] },
  ],
};

describe("SQLite lab", function () {
  this.timeout(20_000);
  let lab: SqliteLab;
  let session: LabSession;
  before(() => {
    lab = new SqliteLab({ workerFile });
    session = lab.open(SHOP, counted);
  });
  after(() => lab.dispose());

  const explain = (sql: string) => explainQuery(session, sqliteStatements(), { sql, dialect: "sqlite" });

  it("L01 builds what can be built, and says what not", async () => {
    const { engine, tables, failures, applied } = await session.report();
    assert.match(engine, /^SQLite 3\./);
    assert.equal(applied, 3);
    assert.deepEqual(
      tables.map(({ name }) => name),
      ["customer", "purchase"],
    );
    assert.deepEqual(
      failures.map(({ about, error }) => [about, error.message]),
      [["statement 4", 'near ",": syntax error']],
    );
    assert.deepEqual(tables[1]?.foreignKeys, [
      { columns: ["customer_id"], target: "customer", targetColumns: ["id"] },
    ]);
  });

  it("L03 plans by the statistics, not by the empty tables", async () => {
    const answer = await explain(
      "SELECT c.email, p.total FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE c.email = ?",
    );
    assert.ok(answer.kind === "planned", JSON.stringify(answer));
    const { plan } = answer;
    assert.equal(plan.tier, "T2");
    const [variant] = plan.variants;
    assert.deepEqual(
      variant?.nodes.map(({ relation, index }) => [relation, index]),
      [
        ["customer", "sqlite_autoindex_customer_1"],
        ["purchase", "purchase_customer"],
      ],
    );
    const scan = await explain("SELECT * FROM purchase WHERE note = ?");
    assert.ok(scan.kind === "planned");
    assert.equal(scan.plan.variants[0]?.nodes[0]?.kind, "seq");
    assert.equal(scan.plan.variants[0]?.total_cost, 500_000);
  });

  it("tries an index and takes it away again", async () => {
    const sql = "SELECT * FROM purchase WHERE note = $1";
    const during = await session.withTrial(["CREATE INDEX tried ON purchase (note)"], (trial) =>
      trial.explain(sql),
    );
    assert.ok(during.kind === "plan");
    assert.equal(during.plan.nodes[0]?.index, "tried");
    const after = await session.explain(sql);
    assert.ok(after.kind === "plan");
    assert.equal(after.plan.nodes[0]?.kind, "seq");
    await session.withTrial(["CREATE INDEX tried ON purchase (nope)"], async (trial) => {
      assert.equal(trial.failure?.statement, 0);
      assert.match(trial.failure?.error.message ?? "", /nope/);
    });
  });

  it("runs nothing for good", async () => {
    const inserted = await session.run("INSERT INTO customer VALUES (1, 'a') RETURNING id");
    assert.deepEqual(inserted.kind === "rows" && inserted.rows, [[1]]);
    const count = await session.run("SELECT count(*) AS n FROM customer");
    assert.deepEqual(count.kind === "rows" && count.rows, [[0]]);
  });

  it("refuses wrong SQL with its place and the nearest names", async () => {
    const table = await explain("SELECT * FROM purchas");
    assert.ok(table.kind === "refused");
    assert.deepEqual([table.refusal.reason, table.refusal.position], ["unknown-name", 14]);
    assert.ok(table.refusal.expected.includes("purchase"));
    const syntax = await explain("SELECT * FORM purchase");
    assert.ok(syntax.kind === "refused");
    assert.deepEqual([syntax.refusal.reason, syntax.refusal.position], ["syntax", 9]);
    assert.deepEqual(syntax.refusal.expected, ["FROM"]);
    const two = await explain("SELECT 1; DROP TABLE purchase");
    assert.ok(two.kind === "refused" && two.refusal.reason === "not-a-query");
    const pragma = await explain("PRAGMA table_info(purchase)");
    assert.ok(pragma.kind === "refused" && pragma.refusal.reason === "not-a-query");
  });

  it("names the columns of a query without running it", async () => {
    const answer = await session.describe("SELECT id, total AS sum FROM purchase WHERE id = $1");
    assert.ok(answer.kind === "described");
    assert.deepEqual(
      answer.columns.map(({ name }) => name),
      ["id", "sum"],
    );
    assert.equal(answer.parameters.length, 1);
  });

  it("L09 ends a statement without end when it is cancelled, and plans on", async () => {
    const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    const signal = AbortSignal.timeout(200);
    await assert.rejects(session.run(endless, { signal }), { code: "CANCELLED" });
    assert.equal((await session.explain("SELECT * FROM customer")).kind, "plan");
  });
});

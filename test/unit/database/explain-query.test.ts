import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { LabSession } from "../../../src/database/lab.ts";
import { explainQuery } from "../../../src/database/plan/explain-query.ts";
import { planText } from "../../../src/database/plan/plan-text.ts";
import { postgresStatements } from "../../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../../src/database/postgres-lab.ts";
import { workspaceSchema } from "../../../src/database/schema/workspace-schema.ts";
import { PostgresParser } from "../../../src/database/sql/parse-postgres.ts";
import type { PlanRefusal, QueryPlan } from "../../../src/protocol/plan.ts";
import { queryPlanSchema } from "../../../src/protocol/plan.ts";
import type { SqlDialect } from "../../../src/workspace/ir/query.ts";
import { LAB_CHILD, labAssets } from "../../support/lab-assets.ts";
import { type OpenedWorkspace, openSample } from "../flows/open-workspace.ts";

const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

describe("explaining a query of a Django shop", function () {
  this.timeout(120_000);
  const parser = new PostgresParser(wasm);
  let shop: OpenedWorkspace;
  let lab: PostgresLab;
  let session: LabSession;

  before(async () => {
    shop = await openSample("shop-django");
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
    const { catalog } = await shop.studio.view();
    const chosen = workspaceSchema(catalog, "unknown", "");
    assert.ok(chosen.kind === "schema");
    session = lab.open(chosen.schema);
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
    await shop.close();
  });

  const explain = (sql: string, dialect: SqlDialect = "postgresql", on = session) =>
    explainQuery(on, postgresStatements(parser), { sql, dialect });
  const planned = async (sql: string): Promise<QueryPlan> => {
    const answer = await explain(sql);
    assert.ok(answer.kind === "planned", JSON.stringify(answer));
    return queryPlanSchema.parse(answer.plan);
  };
  const refused = async (sql: string, dialect?: SqlDialect): Promise<PlanRefusal> => {
    const answer = await explain(sql, dialect);
    assert.ok(answer.kind === "refused", JSON.stringify(answer));
    return answer.refusal;
  };

  it("L01 builds every table that the models describe, tables that join them among them", async () => {
    const { catalog } = await shop.studio.view();
    const { tables, failures, repairs } = await session.report();
    assert.deepEqual(failures, []);
    const wanted = catalog.models.flatMap(({ table, abstract }) =>
      table === null || abstract ? [] : [table],
    );
    const built = new Set(tables.map(({ name }) => name));
    for (const table of wanted) assert.ok(built.has(table), table);
    assert.ok(built.has("catalog_product_categories"));
    assert.ok(
      repairs.some(({ about }) => about.includes("order_pending_placed_idx")),
      "a partial index in Django's words",
    );
    const order = tables.find(({ name }) => name === "lontar_order");
    assert.equal(order?.foreignKeys.length, 3);
  });

  it("plans placeholders of every style, unknown and with typical values", async () => {
    for (const sql of [
      "SELECT * FROM lontar_order WHERE status = $1 AND customer_id = $2",
      "SELECT * FROM lontar_order WHERE status = ? AND customer_id = ?",
      "SELECT * FROM lontar_order WHERE status = %s AND customer_id = %s",
      "SELECT * FROM lontar_order WHERE status = :status AND customer_id = :customer",
    ]) {
      const plan = await planned(sql);
      assert.deepEqual(
        plan.variants.map(({ kind }) => kind),
        ["values", "generic"],
        sql,
      );
      assert.equal(plan.parameters.length, 2);
      assert.ok(
        ["pending", "paid", "packed", "shipped", "delivered", "cancelled"].includes(
          plan.parameters[0]?.value ?? "",
        ),
      );
    }
    const named = await planned("SELECT 1 FROM lontar_order WHERE status = :status");
    assert.equal(named.parameters[0]?.name, "status");
    const exact = await planned("SELECT count(*) FROM lontar_order");
    assert.deepEqual(
      exact.variants.map(({ kind }) => kind),
      ["exact"],
    );
    const unknown = await planned("SELECT $1::int + $2::int");
    assert.deepEqual(
      unknown.variants.map(({ kind }) => kind),
      ["generic"],
    );
  });

  it("says on what the plan rests, in words that fit its tier", async () => {
    const plan = await planned("SELECT * FROM lontar_order WHERE contact_email = %s");
    assert.equal(plan.tier, "T1");
    assert.match(plan.basis, /guessed/);
    assert.deepEqual(plan.tables, [
      { table: "lontar_order", rows: 1_000_000, rows_from: "guess", columns_from: "schema" },
    ]);
    const text = planText(plan);
    assert.match(text, /Seq Scan on lontar_order: 100% of the cost, the hot spot/);
    assert.match(text, /size of lontar_order: 1,000,000 rows, guessed/);
    assert.match(text, /changed to build it: index order_pending_placed_idx/);
  });

  it("names the place of a syntax error in the text as written, and what was meant", async () => {
    const sql = "SELECT *\nFORM lontar_order WHERE id = %(id)s";
    const refusal = await refused(sql);
    assert.deepEqual(
      [refusal.reason, refusal.position, refusal.expected],
      ["syntax", sql.indexOf("FORM"), ["FROM"]],
    );
    const behind = "SELECT * FROM lontar_order WHERE id = %(order_number)s AND AND 1 = 1";
    assert.equal((await refused(behind)).position, behind.lastIndexOf("AND"));
  });

  it("gives the nearest names for a table and a column that are not there", async () => {
    const table = "SELECT * FROM lontar_ordr WHERE id = :id";
    const missing = await refused(table);
    assert.deepEqual([missing.reason, missing.position], ["unknown-name", table.indexOf("lontar_ordr")]);
    assert.ok(missing.expected.includes("lontar_order"));
    const column = "SELECT * FROM lontar_order WHERE id = :id AND contct_email = 'a'";
    const wrong = await refused(column);
    assert.deepEqual([wrong.reason, wrong.position], ["unknown-name", column.indexOf("contct_email")]);
    assert.ok(wrong.expected.includes("contact_email"));
  });

  it("says of another dialect that it is one, and never plans it as its own", async () => {
    const mysql = await refused("SELECT 1", "mysql");
    assert.equal(mysql.reason, "dialect");
    assert.match(mysql.message, /MySQL/);
    assert.equal((await refused("SELECT 1", "sqlite")).reason, "dialect");
    const unsaid = await explain("SELECT 1", "unknown");
    assert.ok(
      unsaid.kind === "planned" &&
        unsaid.plan.notes.some((note) => note.includes("planned as one for PostgreSQL")),
    );
  });

  it("refuses what has no plan, and several statements at once", async () => {
    assert.equal((await refused("CREATE TABLE x (id int)")).reason, "not-a-query");
    assert.equal((await refused("-- nothing")).reason, "not-a-query");
    const two = "SELECT 1; DELETE FROM lontar_order";
    const refusal = await refused(two);
    assert.equal(refusal.reason, "not-a-query");
    assert.match(refusal.message, /2 statements/);
    assert.equal((await planned("SELECT 1;")).variants.length, 1);
  });

  it("L02 gives no plan when the engine does not take sizes, and says so", async () => {
    const distrusting: LabSession = Object.create(session, {
      report: { value: async () => ({ ...(await session.report()), virtualSizes: false }) },
    });
    const answer = await explain("SELECT * FROM lontar_order", "postgresql", distrusting);
    assert.ok(answer.kind === "refused");
    assert.equal(answer.refusal.reason, "no-sizes");
    assert.match(answer.refusal.message, /empty tables/);
  });

  it("plans a query of 5,000 lines", async () => {
    const lines = Array.from({ length: 4_998 }, (_, index) => `  OR number = 'LB-${index}' -- ${index}`);
    const plan = await planned(`SELECT *\nFROM lontar_order WHERE false\n${lines.join("\n")}`);
    assert.ok((plan.variants[0]?.nodes.length ?? 0) > 0);
  });
});

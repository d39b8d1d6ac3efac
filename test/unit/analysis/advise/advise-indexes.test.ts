import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { adviseIndexes } from "../../../../src/analysis/advise/advise-indexes.ts";
import { indexCode } from "../../../../src/analysis/advise/index-code.ts";
import { mergeAdvice } from "../../../../src/analysis/advise/merge-advice.ts";
import type { Tried } from "../../../../src/analysis/verify/verification.ts";
import type { VerificationLab } from "../../../../src/analysis/verify/verification-lab.ts";
import { verifySuggestion } from "../../../../src/analysis/verify/verify-suggestion.ts";
import { postgresStatements } from "../../../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../../../src/database/postgres-lab.ts";
import { workspaceSchema } from "../../../../src/database/schema/workspace-schema.ts";
import { PostgresParser } from "../../../../src/database/sql/parse-postgres.ts";
import { isCancelled } from "../../../../src/errors.ts";
import { type IndexAdvice, indexAdviceSchema } from "../../../../src/protocol/index-advice.ts";
import type { SqlDialect } from "../../../../src/workspace/ir/query.ts";
import { LAB_CHILD, labAssets } from "../../../support/lab-assets.ts";
import { type OpenedWorkspace, openSample } from "../../flows/open-workspace.ts";
import { CASES } from "./advice-corpus.ts";

const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

describe("advising indexes for a shop in SQL", function () {
  this.timeout(120_000);
  const parser = new PostgresParser(wasm);
  let shop: OpenedWorkspace;
  let lab: PostgresLab;
  let on: VerificationLab;

  before(async () => {
    shop = await openSample("shop-sql");
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
    const { catalog } = await shop.studio.view();
    const chosen = workspaceSchema(catalog, "postgresql", "");
    assert.ok(chosen.kind === "schema");
    const session = lab.open(chosen.schema);
    on = { session, reader: postgresStatements(parser), parser, isDialectKnown: true };
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
    await shop.close();
  });

  const advise = async (sql: string, dialect: SqlDialect = "postgresql"): Promise<IndexAdvice> => {
    const advising = await adviseIndexes(on, { sql, dialect });
    assert.ok(advising.kind === "advised", JSON.stringify(advising));
    return indexAdviceSchema.parse(advising.advice);
  };
  const bodiesOf = ({ indexes }: IndexAdvice): readonly string[] =>
    indexes.map(({ ddl }) => ddl.replace(/^.* ON |;$/g, ""));

  for (const { title, sql, indexes } of CASES) {
    it(`L04 advises ${indexes.length === 0 ? "nothing for" : "for"} ${title}`, async () => {
      const advice = await advise(sql);
      assert.deepEqual(bodiesOf(advice), indexes, JSON.stringify(advice.rejected, null, 2));
    });
  }

  it("L04 advises only what the check of suggestions verifies, and the same every time", async () => {
    for (const { sql } of CASES) {
      const [first, again] = [await advise(sql), await advise(sql)];
      assert.deepEqual(first, again);
      const [index] = first.indexes;
      if (index === undefined) continue;
      const suggestion: Tried = { kind: "index", language: "sql", statements: [index.ddl] };
      const { verdict, proof } = await verifySuggestion(on, suggestion, { sql, dialect: "postgresql" });
      assert.equal(verdict, "verified", proof.summary);
    }
  });

  it("L04 shows costs, size, tier, the plan with it, and what it makes superfluous", async () => {
    const column = (name: string, distinct: number) => ({
      column: name,
      nullFraction: 0,
      averageWidth: 8,
      distinct,
      commonFractions: [],
      correlation: null,
    });
    const session = lab.open(
      {
        dialect: "postgresql",
        source: "a schema with events",
        statements: [
          {
            about: "table events",
            sql: "CREATE TABLE events (id bigint PRIMARY KEY, kind bigint, at bigint)",
          },
          { about: "index", sql: "CREATE INDEX events_kind_idx ON events (kind)" },
        ],
        repairs: [],
        choices: {},
      },
      {
        source: "a test",
        hash: "test",
        tables: [
          {
            table: "events",
            rows: 1_000_000,
            columns: [column("id", -1), column("kind", 50), column("at", -1)],
          },
        ],
      },
    );
    const { tables } = await session.report();
    const query = {
      sql: "SELECT * FROM events WHERE kind = $1 ORDER BY at DESC LIMIT 10",
      dialect: "postgresql",
    } as const;
    const advising = await adviseIndexes({ ...on, session }, query);
    assert.ok(advising.kind === "advised");
    const { advice } = advising;
    const [index] = advice.indexes;
    assert.ok(index);
    assert.equal(index.ddl, "CREATE INDEX CONCURRENTLY events_kind_at_idx ON events (kind, at);");
    assert.equal(advice.tier, "T3");
    assert.ok(index.cost_after < 0.7 * index.cost_before);
    assert.equal(index.cost_before, advice.plan_before.total_cost);
    assert.equal(index.cost_after, index.plan_after.total_cost);
    assert.ok(index.plan_after.nodes.some((node) => node.index === index.name));
    assert.ok(index.gain > 0.9 && index.gain <= 1);
    assert.ok(Number(index.size_bytes) > 20_000_000);
    assert.deepEqual(index.overlaps, [
      { index: "events_kind_idx", keys: ["kind"], shared: 1, relation: "contained" },
    ]);
    assert.equal(index.serves, "equality on kind; order by at");
    assert.equal(advice.rejected.length + advice.indexes.length, advice.tried);
    assert.deepEqual((await session.report()).tables, tables, "nothing stays");
  });

  it("L04 takes no name that is there, and cuts long ones", async () => {
    const taken = await advise("SELECT * FROM orders WHERE tracking_token = $1");
    assert.equal(taken.indexes[0]?.name, "orders_tracking_token_idx");
    const session = lab.open({
      dialect: "postgresql",
      source: "a schema with long names",
      statements: [
        {
          about: "table t",
          sql: `CREATE TABLE t ("Order" int, note text, ${"c".repeat(60)} int, ${"d".repeat(60)} int)`,
        },
        { about: "index", sql: 'CREATE INDEX "t_Order_idx" ON t (note)' },
      ],
      repairs: [],
      choices: {},
    });
    const query = (sql: string) => adviseIndexes({ ...on, session }, { sql, dialect: "postgresql" });
    const quoted = await query('SELECT * FROM t WHERE "Order" = 7');
    assert.ok(quoted.kind === "advised");
    assert.equal(quoted.advice.indexes[0]?.ddl, 'CREATE INDEX CONCURRENTLY "t_Order_idx2" ON t ("Order");');
    const long = await query(`SELECT * FROM t WHERE ${"c".repeat(60)} = 1 AND ${"d".repeat(60)} > 2`);
    assert.ok(long.kind === "advised");
    for (const { name } of long.advice.indexes) assert.ok(name.length <= 63 && name.endsWith("_idx"), name);
  });

  it("L04 says why nothing is advised", async () => {
    const reason = async (sql: string, dialect: SqlDialect = "postgresql") => {
      const advising = await adviseIndexes(on, { sql, dialect });
      return advising.kind === "not-advised" ? advising.reason : assert.fail("it was advised");
    };
    assert.match(await reason("SELECT nope FROM orders"), /"nope" does not exist/);
    assert.match(await reason("SELEC 1"), /syntax error/);
    assert.match(await reason("SELECT 1 FROM orders", "mysql"), /MySQL cannot be embedded/);
    const cheap = await advise("SELECT id, number FROM orders WHERE id = $1 AND status = 'paid'");
    assert.deepEqual(cheap.indexes, []);
    assert.ok(cheap.rejected.every((entry) => entry.reason !== ""));
  });

  it("ends at once when it is cancelled", async () => {
    const query = { sql: "SELECT * FROM orders WHERE tracking_token = $1", dialect: "postgresql" } as const;
    await assert.rejects(adviseIndexes(on, query, AbortSignal.abort()), isCancelled);
    assert.equal((await advise(query.sql)).indexes.length, 1, "and can be asked again");
  });

  it("names an index once for all queries, and leaves out the beginning of another", async () => {
    const long = await advise("SELECT * FROM orders WHERE status = $1 AND placed_at > $2");
    const [token, other] = [
      await advise("SELECT * FROM orders WHERE tracking_token = $1"),
      await advise("SELECT id FROM orders WHERE tracking_token = $1"),
    ];
    const beginning = long.indexes.map((index) => ({
      ...index,
      ddl: "CREATE INDEX b ON orders (status)",
      keys: ["status"],
    }));
    const merged = mergeAdvice([
      { query: "a", indexes: long.indexes },
      { query: "b", indexes: token.indexes },
      { query: "c", indexes: other.indexes },
      { query: "d", indexes: beginning },
      { query: "e", indexes: beginning },
    ]);
    assert.deepEqual(
      merged.map(({ index, queries }) => [index.name, queries]),
      [
        ["orders_status_placed_at_idx", ["a", "d", "e"]],
        ["orders_tracking_token_idx", ["b", "c"]],
      ],
    );
  });
});

describe("an advised index in the language of the stack", () => {
  const base = {
    name: "lontar_order_customer_id_placed_at_idx",
    table: "lontar_order",
    method: "btree",
    keys: ["customer_id", "placed_at DESC"],
    include: [],
    predicate: null,
  };
  const codeFor = async (sample: string, parts: object) => {
    const shop = await openSample(sample);
    try {
      const { catalog } = await shop.studio.view();
      const index = { ...base, ...parts } as unknown as Parameters<typeof indexCode>[0];
      return indexCode(index, catalog.models);
    } finally {
      await shop.close();
    }
  };

  it("is an operation of Django that does not block, with the fields' names", async () => {
    const code = await codeFor("shop-django", {});
    assert.equal(code?.language, "python");
    assert.match(code?.text ?? "", /atomic = False/);
    assert.match(code?.text ?? "", /AddIndexConcurrently\(\n\s+"order",/);
    assert.match(
      code?.text ?? "",
      /fields=\["customer", "-placed_at"\], name="lontar_order_customer_id_p_idx"/,
    );
    assert.equal(await codeFor("shop-django", { keys: ["lower(number)"] }), null);
    assert.equal(await codeFor("shop-django", { predicate: "deleted_at IS NULL" }), null);
  });

  it("is null where only SQL is in use", async () => {
    assert.equal(await codeFor("shop-sql", { table: "orders", keys: ["channel"] }), null);
  });
});

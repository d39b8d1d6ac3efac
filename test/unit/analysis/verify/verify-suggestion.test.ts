import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { Tried, Verification } from "../../../../src/analysis/verify/verification.ts";
import type { VerificationLab } from "../../../../src/analysis/verify/verification-lab.ts";
import { verifySuggestion } from "../../../../src/analysis/verify/verify-suggestion.ts";
import type { LabSession } from "../../../../src/database/lab.ts";
import { postgresStatements } from "../../../../src/database/plan/statement-reader.ts";
import { PostgresLab } from "../../../../src/database/postgres-lab.ts";
import { workspaceSchema } from "../../../../src/database/schema/workspace-schema.ts";
import { PostgresParser } from "../../../../src/database/sql/parse-postgres.ts";
import { parseStatistics } from "../../../../src/database/statistics/statistics-file.ts";
import { isCancelled } from "../../../../src/errors.ts";
import { proofSchema } from "../../../../src/protocol/execution.ts";
import { planVariantSchema } from "../../../../src/protocol/plan.ts";
import type { SqlDialect } from "../../../../src/workspace/ir/query.ts";
import { LAB_CHILD, labAssets } from "../../../support/lab-assets.ts";
import { type OpenedWorkspace, openSample } from "../../flows/open-workspace.ts";
import { BAD_CONSTRAINTS, GOOD_CONSTRAINTS } from "./constraint-corpus.ts";
import { BAD, GOOD } from "./index-corpus.ts";
import { BAD_REWRITES, GOOD_REWRITES } from "./rewrite-corpus.ts";

const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");
const BY_PRODUCT = "SELECT order_id FROM order_items WHERE product_id = $1";

describe("verifying suggestions for a shop in SQL", function () {
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
    on = {
      session: lab.open(chosen.schema),
      reader: postgresStatements(parser),
      parser,
      isDialectKnown: true,
    };
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
    await shop.close();
  });

  const tried = (kind: Tried["kind"], ...statements: string[]): Tried => ({
    kind,
    language: "sql",
    statements,
  });
  const index = (ddl: string, sql: string, dialect: SqlDialect = "postgresql"): Promise<Verification> =>
    verifySuggestion(on, tried("index", ddl), { sql, dialect });
  const constraint = (...statements: string[]): Promise<Verification> =>
    verifySuggestion(on, tried("constraint", ...statements), null);

  for (const { title, sql, ddl, verdict, because } of [...GOOD, ...BAD]) {
    it(`L04 ${verdict}: ${title}`, async () => {
      const answer = await index(ddl, sql);
      proofSchema.parse(answer.proof);
      assert.equal(answer.verdict, verdict, answer.proof.summary);
      assert.match(answer.proof.summary, because);
    });
  }

  for (const { title, sql, rewrite, verdict, because } of [...GOOD_REWRITES, ...BAD_REWRITES]) {
    it(`L04 ${verdict} rewrite: ${title}`, async () => {
      const answer = await verifySuggestion(on, tried("rewrite", rewrite), { sql, dialect: "postgresql" });
      proofSchema.parse(answer.proof);
      assert.equal(answer.verdict, verdict, JSON.stringify(answer.proof, null, 1).slice(0, 3_000));
      assert.match(answer.proof.summary, because);
    });
  }

  it("L04 does not judge a rewrite where the query itself gives now these rows and now those", async () => {
    const query = { sql: "SELECT status, total FROM orders LIMIT 2", dialect: "postgresql" } as const;
    const rewrite = "SELECT status, total FROM orders ORDER BY total DESC LIMIT 2";
    const { verdict, proof } = await verifySuggestion(on, tried("rewrite", rewrite), query);
    assert.notEqual(verdict, "verified", proof.summary);
    const update = "UPDATE orders SET total = 0 WHERE id = $1";
    const writing = await verifySuggestion(on, tried("rewrite", update), {
      sql: update,
      dialect: "postgresql",
    });
    assert.equal(writing.verdict, "unverified");
    assert.match(writing.proof.summary, /only queries that read/);
  });

  it("L04 shows both plans, both costs, the size and the tier, and leaves nothing behind", async () => {
    const sql = "SELECT id FROM orders WHERE channel = $1 AND placed_at > '2025-12-01'";
    const before = await on.session.explain(sql);
    const { verdict, proof } = await index("CREATE INDEX tried ON orders (channel, placed_at)", sql);
    assert.equal(verdict, "verified", proof.summary);
    const { details } = proof;
    assert.deepEqual(details.index, {
      name: "tried",
      table: "orders",
      method: "btree",
      keys: ["channel", "placed_at"],
    });
    assert.deepEqual(details.overlaps, [
      { index: "orders_channel_idx", keys: ["channel"], shared: 1, relation: "contained" },
    ]);
    assert.deepEqual([details.used, details.tier], [true, "T1"]);
    assert.ok(Number(details.size_bytes) > 1_000_000);
    const [from, to] = [
      planVariantSchema.parse(details.plan_before),
      planVariantSchema.parse(details.plan_after),
    ];
    assert.deepEqual([from.total_cost, to.total_cost], [details.cost_before, details.cost_after]);
    assert.ok(to.total_cost < 0.7 * from.total_cost);
    assert.ok(to.nodes.some((node) => node.index === "tried"));
    assert.deepEqual(await on.session.explain(sql), before);
    const { tables } = await on.session.report();
    assert.ok(!tables.some(({ indexes }) => indexes.some(({ name }) => name === "tried")));
  });

  it("L04 says when an index is used only by skipping over its first column", async () => {
    const { verdict, proof } = await index("CREATE INDEX ON order_items (quantity, product_id)", BY_PRODUCT);
    assert.equal(verdict, "verified", proof.summary);
    assert.match(proof.summary, /skipping over quantity, which PostgreSQL can from version 18 on/);
  });

  it("L04 leaves unverified what it cannot try, and says why", async () => {
    const answers: readonly [Promise<Verification>, RegExp][] = [
      [
        index("CREATE INDEX ON orders (total); CREATE INDEX ON orders (status)", BY_PRODUCT),
        /holds 2 statements/,
      ],
      [index("DROP TABLE orders", BY_PRODUCT), /something else than one CREATE INDEX/],
      [index("CREATE INDEX ON orders (total)", "SELECT nope FROM orders"), /no plan.*"nope" does not exist/],
      [index("CREATE INDEX ON orders (total)", "SELECT 1 FROM orders", "mysql"), /MySQL cannot be embedded/],
      [verifySuggestion(on, tried("index", "CREATE INDEX ON orders (total)"), null), /not known as SQL/],
      [verifySuggestion(on, tried("guard", "SELECT 1"), null), /of this kind/],
      [verifySuggestion(on, tried("rewrite", "SELECT 1"), null), /not known as SQL/],
      [constraint("DROP TABLE orders"), /something else than ALTER TABLE/],
      [constraint("ALTER TABLE orders DROP COLUMN total"), /something else than ALTER TABLE/],
    ];
    for (const [answer, because] of answers) {
      const { verdict, proof } = await answer;
      assert.equal(verdict, "unverified", proof.summary);
      assert.match(proof.summary, because);
    }
    assert.equal((await on.session.explain("SELECT total FROM orders")).kind, "plan", "nothing was dropped");
  });

  it("L02 judges nothing by plans when sizes cannot be made up", async () => {
    const { session } = on;
    const blind: LabSession = {
      dialect: session.dialect,
      statisticsSource: session.statisticsSource,
      statistics: (signal) => session.statistics(signal),
      report: async (signal) => ({ ...(await session.report(signal)), virtualSizes: false }),
      withTrial: () => assert.fail("nothing is tried"),
      withClone: () => assert.fail("nothing is tried"),
      lockFacts: () => assert.fail("nothing is tried"),
      lockSequence: () => assert.fail("nothing is tried"),
      explain: (sql, options) => session.explain(sql, options),
      run: (sql, options) => session.run(sql, options),
      describe: (sql, signal) => session.describe(sql, signal),
    };
    const { verdict, proof } = await verifySuggestion(
      { ...on, session: blind },
      tried("index", "CREATE INDEX ON order_items (product_id)"),
      { sql: BY_PRODUCT, dialect: "postgresql" },
    );
    assert.equal(verdict, "unverified");
    assert.match(proof.summary, /one for empty tables/);
  });

  for (const { title, statements, verdict, because } of [...GOOD_CONSTRAINTS, ...BAD_CONSTRAINTS]) {
    it(`L04 ${verdict} constraint: ${title}`, async () => {
      const answer = await constraint(...statements);
      proofSchema.parse(answer.proof);
      assert.equal(answer.verdict, verdict, answer.proof.summary);
      assert.match(answer.proof.summary, because);
    });
  }

  it("L04 claims nothing of a constraint that no generated row breaks, and gives the query that tells", async () => {
    const { verdict, proof } = await constraint("ALTER TABLE orders ADD CHECK (total >= 0)");
    assert.deepEqual([verdict, proof.details.applies], ["unverified", true], proof.summary);
    assert.match(proof.summary, /no generated row shows/);
    assert.match(String(proof.details.check_queries), /SELECT count\(\*\) FROM .*orders.* WHERE NOT/);
  });

  it("L04 refutes a constraint that the person's own statistics speak against", async () => {
    const { catalog } = await shop.studio.view();
    const chosen = workspaceSchema(catalog, "postgresql", "");
    assert.ok(chosen.kind === "schema");
    const column = (name: string, nulls: number, distinct: number) => ({
      column: name,
      null_fraction: nulls,
      average_width: 12,
      distinct,
      common_fractions: [],
      correlation: null,
    });
    const statistics = parseStatistics(
      JSON.stringify({
        version: 1,
        engine: "PostgreSQL 17.2",
        taken: "2026-11-20",
        tables: [
          {
            table: "customers",
            rows: 40_000,
            columns: ["id", "email", "full_name", "created_at"]
              .map((name) => column(name, 0, -1))
              .concat(column("phone", 0.12, -0.4)),
          },
        ],
      }),
    );
    const measured = { ...on, session: lab.open(chosen.schema, statistics) };
    for (const [statement, verdict, because] of [
      [
        "ALTER TABLE customers ALTER COLUMN phone SET NOT NULL",
        "refuted",
        /12 % of customers\.phone are empty/,
      ],
      ["ALTER TABLE customers ADD UNIQUE (phone)", "refuted", /values of customers\.phone repeat/],
      ["ALTER TABLE customers ADD UNIQUE (full_name)", "verified", /is duplicated/],
    ] as const) {
      const { verdict: is, proof } = await verifySuggestion(measured, tried("constraint", statement), null);
      assert.equal(is, verdict, proof.summary);
      assert.match(proof.summary, because);
    }
  });

  it("L04 does not blame a suggestion for what the lab lacks", async () => {
    const token = "SELECT id FROM orders WHERE tracking_token = $1";
    const missing = await index("CREATE INDEX ON orders USING hnsw (tracking_token)", token);
    assert.equal(missing.verdict, "unverified");
    assert.match(missing.proof.summary, /access method "hnsw" does not exist in the lab/);
    const backticks = { sql: token, dialect: "unknown" } as const;
    const unread = await verifySuggestion(
      { ...on, isDialectKnown: false },
      tried("index", "CREATE INDEX i ON `orders` (`tracking_token`)"),
      backticks,
    );
    assert.equal(unread.verdict, "unverified");
    assert.match(unread.proof.summary, /nothing says which database it is for/);

    const half = lab.open({
      dialect: "postgresql",
      source: "a schema that is half known",
      statements: [
        { about: "table places", sql: "CREATE TABLE places (id int PRIMARY KEY, area shape)" },
        { about: "table broken", sql: "CREATE TABLE broken (id int,, name text)" },
      ],
      repairs: [],
      choices: {},
    });
    for (const [ddl, because] of [
      ["CREATE INDEX ON broken (name)", /"broken" does not exist, but parts of the schema/],
      ["CREATE INDEX ON places USING gist (area)", /no default operator class.* in the lab/],
    ] as const) {
      const query = { sql: "SELECT id FROM places WHERE area IS NULL", dialect: "postgresql" } as const;
      const { verdict, proof } = await verifySuggestion({ ...on, session: half }, tried("index", ddl), query);
      assert.equal(verdict, "unverified", proof.summary);
      assert.match(proof.summary, because);
    }
  });

  it("ends at once when it is cancelled", async () => {
    const suggestion = tried("index", "CREATE INDEX ON order_items (product_id)");
    const query = { sql: BY_PRODUCT, dialect: "postgresql" } as const;
    await assert.rejects(verifySuggestion(on, suggestion, query, AbortSignal.abort()), isCancelled);
    assert.equal(
      (await verifySuggestion(on, suggestion, query)).verdict,
      "verified",
      "and can be tried again",
    );
  });
});

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { measureMigration } from "../../../../src/analysis/locks/migration-locks.ts";
import type { LabSession, RunAnswer } from "../../../../src/database/lab.ts";
import { PostgresLab } from "../../../../src/database/postgres-lab.ts";
import type { LabSchema } from "../../../../src/database/schema/lab-schema.ts";
import { schemaBefore } from "../../../../src/database/schema/schema-before.ts";
import { PostgresParser } from "../../../../src/database/sql/parse-postgres.ts";
import {
  type MigrationLocks,
  migrationLocksSchema,
  type StatementLocks,
} from "../../../../src/protocol/migration-locks.ts";
import type { Catalog } from "../../../../src/workspace/catalog.ts";
import type { Migration } from "../../../../src/workspace/ir/migration.ts";
import { LAB_CHILD, labAssets } from "../../../support/lab-assets.ts";
import { type OpenedWorkspace, openSample } from "../../flows/open-workspace.ts";

const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

const TABLES = [
  "CREATE TABLE customers (id bigint PRIMARY KEY, name text, status text CHECK (status IN ('open', 'shut')))",
  "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note varchar(20), total numeric(10, 2))",
  "CREATE INDEX orders_note_idx ON orders (note)",
];

/** A statement on tables that are there, and what it has to be measured as. */
const STATEMENTS: readonly (readonly [
  sql: string,
  blocks: StatementLocks["blocks"],
  cost: StatementLocks["cost"],
  hasSafeSequence: boolean,
])[] = [
  ["ALTER TABLE orders ADD COLUMN a int", "reads-and-writes", "instant", false],
  ["ALTER TABLE orders ADD COLUMN a int NOT NULL DEFAULT 0", "reads-and-writes", "instant", false],
  [
    "ALTER TABLE orders ADD COLUMN a uuid NOT NULL DEFAULT gen_random_uuid()",
    "reads-and-writes",
    "rewrite",
    true,
  ],
  ["ALTER TABLE orders ALTER COLUMN note TYPE text", "reads-and-writes", "instant", false],
  ["ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 4)", "reads-and-writes", "rewrite", true],
  ["ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL", "reads-and-writes", "scan", true],
  ["ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)", "reads-and-writes", "scan", true],
  ["ALTER TABLE orders ADD CHECK (total > 0) NOT VALID", "reads-and-writes", "instant", false],
  ["ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id)", "writes", "scan", true],
  ["ALTER TABLE orders ADD CONSTRAINT once UNIQUE (note)", "reads-and-writes", "scan", true],
  ["CREATE INDEX orders_customer_idx ON orders (customer_id)", "writes", "scan", true],
  ["CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id)", "schema", "scan", false],
  [
    "CREATE UNIQUE INDEX customers_status_idx ON customers (id) WHERE status = 'open'",
    "writes",
    "scan",
    true,
  ],
  ["UPDATE orders SET note = 'x'", "none", "scan", false],
  ["ALTER TABLE orders DROP COLUMN note", "reads-and-writes", "instant", true],
  ["ALTER TABLE orders RENAME COLUMN note TO remark", "reads-and-writes", "instant", true],
  ["DROP TABLE customers", "reads-and-writes", "instant", true],
  ["CREATE TABLE fresh (id bigint PRIMARY KEY)", "none", "instant", false],
  ["VACUUM orders", "none", "unknown", false],
];

/** Columns, constraints and indexes, without what depends on the order in which they were made. */
const DESCRIPTION = `
SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
  || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS line
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY line`;

describe("locks of migrations", function () {
  this.timeout(240_000);
  const parser = new PostgresParser(wasm);
  let shop: OpenedWorkspace;
  let lab: PostgresLab;
  let catalog: Catalog;

  before(async () => {
    shop = await openSample("shop-sql");
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
    ({ catalog } = await shop.studio.view());
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
    await shop.close();
  });

  const schemaOf = (tables: readonly string[]): LabSchema => ({
    dialect: "postgresql",
    source: "tables of a test",
    statements: tables.map((sql) => ({ about: sql.slice(0, 20), sql })),
    repairs: [],
    choices: {},
  });

  /** A migration of one operation a statement, on the tables above. */
  const measure = async (
    statements: readonly string[],
    { tables = TABLES, transactional = true, session = lab.open(schemaOf(tables)) } = {},
  ): Promise<MigrationLocks> => {
    const [template] = catalog.migrations;
    const [operation] = template?.operations ?? [];
    assert.ok(template && operation);
    const migration: Migration = {
      ...template,
      transactional,
      operations: statements.map((sql) => ({ ...operation, sql: [sql], reverseSql: null })),
    };
    const locks = await measureMigration({ catalog, migration, session, parser, prelude: [] });
    return migrationLocksSchema.parse(locks);
  };

  /** Measures statements one by one, each on the tables as they are: nothing has to be built anew. */
  const alone = (session: LabSession): LabSession => ({
    dialect: session.dialect,
    statisticsSource: session.statisticsSource,
    statistics: (signal) => session.statistics(signal),
    report: (signal) => session.report(signal),
    withTrial: (statements, use, signal) => session.withTrial(statements, use, signal),
    withClone: (use, signal) => session.withClone(use, signal),
    lockFacts: (statement, options) => session.lockFacts(statement, options),
    lockSequence: (statements) => Promise.all(statements.map((statement) => session.lockFacts(statement))),
    explain: (sql, options) => session.explain(sql, options),
    run: (sql, options) => session.run(sql, options),
    describe: (sql, signal) => session.describe(sql, signal),
  });

  it("L05 measures of each statement who waits and how long, and has a way around what is long", async () => {
    const session = alone(lab.open(schemaOf(TABLES)));
    for (const [sql, blocks, cost, hasSafeSequence] of STATEMENTS) {
      const [statement] = (await measure([sql], { session })).statements;
      const { origin, note } = statement ?? {};
      assert.deepEqual(
        [statement?.blocks, statement?.cost, statement?.safe !== null],
        [blocks, cost, hasSafeSequence],
        `${sql}: ${origin}, ${note}`,
      );
    }
  });

  it("L05 ends by every safe sequence at the schema that the statement promised", async () => {
    const session = alone(lab.open(schemaOf(TABLES)));
    const schemaAfter = (statements: readonly string[]): Promise<RunAnswer> =>
      session.withTrial(
        // A trial is a transaction.
        statements.map((sql) => sql.replace(" CONCURRENTLY", "")),
        (trial) => {
          assert.equal(trial.failure?.error.message, undefined, statements[trial.failure?.statement ?? 0]);
          return trial.run(DESCRIPTION);
        },
      );
    for (const [sql, , , hasSafeSequence] of STATEMENTS) {
      if (!hasSafeSequence) continue;
      const [statement] = (await measure([sql], { session })).statements;
      const steps = statement?.safe?.steps.flatMap((step) => step.sql) ?? [];
      assert.ok(steps.length > 0);
      const [safe, promised] = [await schemaAfter(steps), await schemaAfter([sql])];
      // The old column takes its index along, which is to be built on the new one.
      if (/RENAME/.test(sql)) continue;
      assert.deepEqual(safe, promised, sql);
    }
  });

  it("L05 keeps what the migration makes itself apart from what was there", async () => {
    const { statements, hazards } = await measure([
      "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id))",
      "CREATE INDEX ON lines (order_id)",
      "ALTER TABLE lines ALTER COLUMN order_id TYPE numeric",
    ]);
    assert.deepEqual(
      statements.map(({ blocks, safe }) => [blocks, safe]),
      [
        ["writes", null],
        ["none", null],
        ["none", null],
      ],
    );
    assert.equal(hazards.length, 1, hazards.join("\n"));
  });

  it("L05 says what is held while another statement takes long, and that code may not fit", async () => {
    const statements = [
      "ALTER TABLE orders ADD COLUMN kind text DEFAULT 'a' NOT NULL",
      "ALTER TABLE orders ALTER COLUMN kind DROP DEFAULT",
      "UPDATE customers SET name = 'x'",
    ];
    const { hazards } = await measure(statements);
    assert.match(hazards.join("\n"), /Statement 1 stops reads and writes of orders, .* while statement 3/);
    assert.match(hazards.join("\n"), /No lock_timeout is set/);
    assert.match(hazards.join("\n"), /inserts rows into orders without kind/);
    const alone = await measure(["SET lock_timeout = '2s'", ...statements], { transactional: false });
    assert.doesNotMatch(alone.hazards.join("\n"), /held|lock_timeout/);
  });

  it("L05 says that a column without a value cannot be added to rows, and goes on after it", async () => {
    const { statements } = await measure([
      "ALTER TABLE orders ADD COLUMN kind text NOT NULL",
      "CREATE INDEX ON orders (kind)",
    ]);
    assert.match(statements[0]?.hazards.join() ?? "", /fails where there are rows: column "kind"/);
    assert.match(statements[0]?.safe?.reason ?? "", /cannot be added to rows that have none/);
    assert.equal(statements[1]?.origin, "measured");
  });

  it("L05 names the code that still uses what goes away", async () => {
    const { broken } = await measure(["ALTER TABLE orders DROP COLUMN tracking_token"], {
      tables: ["CREATE TABLE orders (id bigint PRIMARY KEY, tracking_token uuid)"],
    });
    assert.ok(broken.some(({ what }) => /orders\.tracking_token/.test(what)));
    assert.ok(broken.some(({ what, uri, line }) => /^query /.test(what) && uri !== "" && line > 0));
    assert.ok(broken.every(({ change }) => change === "orders.tracking_token is dropped"));
    const kept = await measure(["ALTER TABLE orders DROP COLUMN no_such_name"]);
    assert.deepEqual(kept.broken, []);
  });

  it("L01 meets each migration with the schema that those before it make", async () => {
    for (const migration of catalog.migrations) {
      const { schema, prelude } = schemaBefore(catalog, migration);
      const session = lab.open(schema);
      const report = await session.report();
      assert.deepEqual(
        report.failures.map(({ about, error }) => `${about}: ${error.message}`),
        [],
        migration.name,
      );
      const { statements } = await measureMigration({ catalog, migration, session, parser, prelude });
      const rejected = statements.filter(({ note }) => note?.startsWith("It was rejected"));
      assert.deepEqual(rejected, [], migration.name);
    }
  });

  it("L05 leaves other sessions as they were", async () => {
    const session = lab.open(schemaOf(["CREATE TABLE t (id int)"]));
    const before = await session.report();
    const answers = await session.lockSequence(["ALTER TABLE t ADD COLUMN a int", "DROP TABLE t"]);
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ["measured", "measured"],
    );
    assert.deepEqual(await session.report(), before);
    assert.equal((await session.explain("SELECT id FROM t")).kind, "plan");
  });
});

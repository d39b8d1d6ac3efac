import assert from "node:assert/strict";
import type { Migration } from "../../../../../src/workspace/ir/migration.ts";
import { SqlReader } from "./read-sql.ts";

const CREATE = "CREATE TABLE t (id serial PRIMARY KEY, a int);";
const DROP = "DROP TABLE t;";

describe("SQL: migrations", () => {
  let reader: SqlReader;
  before(async () => {
    reader = await SqlReader.create();
  });
  after(() => reader.delete());

  const read = (texts: Readonly<Record<string, string>>): readonly Migration[] =>
    reader.read(texts).migrations;

  const tools: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    readonly string[],
    string,
    boolean | null,
  ])[] = [
    [
      "goose",
      {
        "m/00001_a.sql": `-- +goose Up\n${CREATE}\n-- +goose Down\n${DROP}\n`,
        "m/00002_b.sql":
          "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2';\n-- +goose StatementEnd\n-- +goose Down\nDROP FUNCTION f();\n",
      },
      ["00001_a", "00002_b"],
      "goose",
      true,
    ],
    [
      "dbmate",
      { "db/migrations/20250101000000_a.sql": `-- migrate:up\n${CREATE}\n\n-- migrate:down\n${DROP}\n` },
      ["20250101000000_a"],
      "dbmate",
      true,
    ],
    [
      "sql-migrate",
      { "migrations/1-a.sql": `-- +migrate Up\n${CREATE}\n-- +migrate Down\n${DROP}\n` },
      ["1-a"],
      "sql-migrate",
      true,
    ],
    [
      "node-pg-migrate",
      { "migrations/1_a.sql": `-- Up Migration\n${CREATE}\n-- Down Migration\n${DROP}\n` },
      ["1_a"],
      "node-pg-migrate",
      true,
    ],
    [
      "golang-migrate, in the order of its numbers",
      {
        "m/10_b.up.sql": "ALTER TABLE t ADD b int;",
        "m/10_b.down.sql": "ALTER TABLE t DROP b;",
        "m/9_a.up.sql": CREATE,
        "m/9_a.down.sql": DROP,
      },
      ["9_a", "10_b"],
      "golang-migrate",
      true,
    ],
    [
      "flyway, by version, with undo and repeatable",
      {
        "db/R__views.sql": "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "db/V1_10__c.sql": "ALTER TABLE t ADD c int;",
        "db/V1_2__b.sql": "ALTER TABLE t ADD b int;",
        "db/V1__a.sql": CREATE,
        "db/U1__a.sql": DROP,
      },
      ["V1__a", "V1_2__b", "V1_10__c", "R__views"],
      "Flyway",
      true,
    ],
    ["supabase", { "supabase/migrations/20250101_a.sql": CREATE }, ["20250101_a"], "Supabase", null],
    [
      "prisma",
      {
        "prisma/migrations/20250101_a/migration.sql": CREATE,
        "prisma/migrations/20250201_b/migration.sql": 'ALTER TABLE "t" ADD COLUMN "b" INTEGER;',
      },
      ["20250101_a", "20250201_b"],
      "Prisma Migrate",
      null,
    ],
    [
      "drizzle",
      {
        "drizzle/0000_a.sql": `CREATE TABLE "t" ("id" serial)--> statement-breakpoint\nCREATE INDEX "i" ON "t" ("id")`,
      },
      ["0000_a"],
      "Drizzle",
      null,
    ],
    [
      "diesel",
      { "migrations/2025-01-01-000000_a/up.sql": CREATE, "migrations/2025-01-01-000000_a/down.sql": DROP },
      ["2025-01-01-000000_a"],
      "Diesel",
      true,
    ],
    [
      "sqitch, by what its steps require",
      {
        "deploy/a_late.sql":
          "-- Deploy app:a_late to pg\n-- requires: z_first\n-- requires: other:thing\nBEGIN;\nALTER TABLE t ADD b int;\nCOMMIT;",
        "deploy/z_first.sql": `-- Deploy app:z_first to pg\nBEGIN;\n${CREATE}\nCOMMIT;`,
        "revert/z_first.sql": `-- Revert app:z_first from pg\nBEGIN;\n${DROP}\nCOMMIT;`,
        "verify/z_first.sql": "-- Verify app:z_first on pg\nSELECT id FROM t WHERE false;",
      },
      ["z_first", "a_late"],
      "Sqitch",
      true,
    ],
    [
      "liquibase",
      { "db/changes.sql": `--liquibase formatted sql\n--changeset me:1\n${CREATE}\n--rollback ${DROP}\n` },
      ["changes"],
      "Liquibase",
      true,
    ],
    [
      "folders of versions",
      {
        "migration/0.10/00_c.sql": "ALTER TABLE t ADD c int;",
        "migration/0.9/00_a.sql": CREATE,
        "migration/0.9/01_b.sql": "ALTER TABLE t ADD b int;",
      },
      ["0.9/00_a", "0.9/01_b", "0.10/00_c"],
      "a folder of numbered scripts",
      null,
    ],
    [
      "a plain folder of numbers",
      { "sql/001_a.sql": CREATE, "sql/002_b.sql": "ALTER TABLE t ADD b int;" },
      ["001_a", "002_b"],
      "a folder of numbered scripts",
      null,
    ],
  ];
  for (const [title, texts, names, tool, reversible] of tools) {
    it(`C01 ${title}`, () => {
      const migrations = read(texts);
      const ordered = inOrder(migrations);
      assert.deepEqual(
        ordered.map(({ name }) => name),
        names,
      );
      assert.equal(ordered[0]?.reason, `SQL of ${tool}`);
      assert.equal(ordered[0]?.reversible, reversible);
      assert.ok(ordered.every(({ operations }) => operations.length > 0));
      assert.ok(ordered[0]?.modelIds.length === 1 || /drop/i.test(ordered[0]?.name ?? ""));
    });
  }

  it("C01 a migration that changes nothing is one, and so is one with an odd ending", () => {
    const migrations = read({
      "m/1_a.up.sql": CREATE,
      "m/2_none.up.sql": "-- no schema changes\n",
      "m/2_none.down.sql": "",
      "m/4_p.up.sql": "alter publication feed add table t;",
      "m/3_b.up..sql": "ALTER TABLE t ADD b int;",
    });
    assert.deepEqual(
      inOrder(migrations).map(({ name, operations, reversible }) => [name, operations.length, reversible]),
      [
        ["1_a", 1, false],
        ["2_none", 0, true],
        ["3_b", 1, false],
        ["4_p", 1, false],
      ],
    );
  });

  it("C01 reads several statements between goose's marks, and keeps a body between them whole", () => {
    const [first, second] = inOrder(
      read({
        "m/00001_a.sql": `-- +goose Up\n-- +goose StatementBegin\nLOCK TABLE t IN EXCLUSIVE MODE;\nDROP INDEX i;\n${CREATE}\n-- +goose StatementEnd\n`,
        "m/00002_b.sql":
          "-- +goose Up\n-- +goose StatementBegin\nCREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW IF NEW.a THEN UPDATE t SET a = 1; END IF;\n-- +goose StatementEnd\n",
      }),
    );
    assert.deepEqual(
      first?.operations.map(({ name }) => name),
      ["LOCK", "DROP INDEX", "CREATE TABLE"],
    );
    assert.deepEqual(
      second?.operations.map(({ name }) => name),
      ["CREATE TRIGGER"],
    );
  });

  it("C01 files without numbers or marks are no migrations", () => {
    assert.deepEqual(
      read({ "sql/a.sql": CREATE, "sql/b.sql": "ALTER TABLE t ADD b int;", "sql/1_seed.sql": "SELECT 1;" }),
      [],
    );
  });

  it("C01 names what a migration requires outside of the workspace", () => {
    const [late] = read({
      "deploy/a.sql": "-- Deploy app:a to pg\n-- requires: core:users\nALTER TABLE t ADD b int;",
    });
    assert.deepEqual(late?.externalDependencies, ["core:users"]);
    assert.deepEqual(late?.dependencies, []);
  });

  it("F12 operations have a name, a summary, table, columns and their SQL", () => {
    const [migration] = read({
      "m/1_a.up.sql": `BEGIN;
        ALTER TABLE public.orders ADD COLUMN note text, ALTER COLUMN total SET NOT NULL, ENABLE ROW LEVEL SECURITY;
        CREATE UNIQUE INDEX CONCURRENTLY orders_n ON orders (number, lower(note));
        UPDATE orders SET note = '';
        GRANT SELECT ON orders TO reader;
        COMMIT;`,
    });
    assert.deepEqual(
      migration?.operations.map(({ name, summary, table, columns, sql }) => [
        name,
        summary,
        table,
        columns.join(),
        sql?.length,
      ]),
      [
        [
          "ALTER TABLE … ADD COLUMN, ALTER COLUMN SET NOT NULL, ENABLE ROW LEVEL SECURITY",
          "Add column orders.note; Forbid NULL in orders.total; Alter table orders: ENABLE ROW LEVEL SECURITY",
          "orders",
          "note,total",
          1,
        ],
        [
          "CREATE UNIQUE INDEX CONCURRENTLY",
          "Create unique index orders_n on orders (number, lower(note))",
          "orders",
          "number",
          1,
        ],
        ["UPDATE", "Update orders", "orders", "", 1],
        ["GRANT", "GRANT SELECT ON orders TO reader", null, "", 1],
      ],
    );
  });

  it("F12 each operation knows what undoes it", () => {
    const [migration] = read({
      "m/1_a.up.sql":
        "CREATE TABLE a (id int); CREATE INDEX a_id ON a (id); ALTER TABLE b ADD COLUMN c int; CREATE INDEX b_c ON b (c); ALTER TABLE b RENAME COLUMN d TO e; UPDATE b SET c = 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '1';",
      "m/1_a.down.sql":
        "DROP FUNCTION f(); ALTER TABLE b RENAME COLUMN e TO d; ALTER TABLE b DROP COLUMN c; DROP TABLE a;",
    });
    assert.deepEqual(
      migration?.operations.map(({ reverseSql, reversible }) => [reverseSql, reversible]),
      [
        [["DROP TABLE a"], true],
        // The table goes, and the index with it.
        [[], true],
        [["ALTER TABLE b DROP COLUMN c"], true],
        [[], true],
        [["ALTER TABLE b RENAME COLUMN e TO d"], true],
        [null, null],
        [["DROP FUNCTION f()"], true],
      ],
    );
  });

  it("F12 no way back where one belongs is said", () => {
    const [empty] = read({ "m/1_a.sql": `-- +goose Up\n${CREATE}\n-- +goose Down\n` });
    assert.deepEqual([empty?.reversible, empty?.operations[0]?.reversible], [false, false]);
    const [missing] = read({ "m/1_a.up.sql": CREATE });
    assert.equal(missing?.reversible, false);
  });

  const transactions: readonly (readonly [string, string, string, boolean])[] = [
    [
      "goose",
      "m/1_a.sql",
      "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON t (a);",
      false,
    ],
    ["goose", "m/1_a.sql", "-- +goose Up\nCREATE INDEX i ON t (a);", true],
    ["dbmate", "m/1_a.sql", "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);", false],
    [
      "sql-migrate",
      "m/1_a.sql",
      "-- +migrate Up notransaction\nCREATE INDEX CONCURRENTLY i ON t (a);",
      false,
    ],
    ["sqlx", "migrations/1_a.up.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);", false],
    [
      "golang-migrate, one statement that cannot",
      "m/1_a.up.sql",
      "CREATE INDEX CONCURRENTLY i ON t (a);",
      false,
    ],
    ["golang-migrate, two", "m/1_a.up.sql", "CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1;", true],
    [
      "MySQL commits at every step",
      "m/1_a.up.sql",
      "ALTER TABLE `t` ADD `x` int; ALTER TABLE `t` ENGINE=InnoDB;",
      false,
    ],
  ];
  for (const [title, uri, text, transactional] of transactions) {
    it(`C01 transaction ${transactional}: ${title}`, () =>
      assert.equal(read({ [uri]: text })[0]?.transactional, transactional));
  }

  it("C01 two lines of migrations are two apps, one is none", () => {
    const one = read({ "a/migrations/1_a.up.sql": CREATE });
    assert.equal(one[0]?.app, "");
    const two = read({ "a/migrations/1_a.up.sql": CREATE, "b/migrations/1_a.up.sql": CREATE });
    assert.deepEqual(
      two.map(({ app }) => app),
      ["a/migrations", "b/migrations"],
    );
    assert.equal(new Set(two.map(({ id }) => id)).size, 2);
  });

  it("C03 an id survives edits and new neighbours", () => {
    const before = read({ "m/1_a.up.sql": CREATE })[0]?.id;
    const after = read({
      "m/1_a.up.sql": `-- changed\n${CREATE} ALTER TABLE t ADD z int;`,
      "m/2_b.up.sql": "SELECT 1;",
    })[0]?.id;
    assert.equal(after, before);
  });

  it("C08 names the statement that was not understood", () => {
    const [migration] = read({ "m/1_a.up.sql": "CREATE TABLE t (id int;\nCREATE TABLE u (id int);" });
    assert.match(migration?.gaps[0]?.what ?? "", /line 1/);
  });
});

/** By what each depends on, which is the order that they run in. */
function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const ordered: Migration[] = [];
  const rest = new Set(migrations);
  while (rest.size > 0) {
    const ready = [...rest].find(({ dependencies }) =>
      dependencies.every((id) => ordered.some((done) => done.id === id)),
    );
    assert.ok(ready, "dependencies form no cycle");
    rest.delete(ready);
    ordered.push(ready);
  }
  return ordered;
}

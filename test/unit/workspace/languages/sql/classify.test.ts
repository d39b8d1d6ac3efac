import assert from "node:assert/strict";
import type { SqlDialect } from "../../../../../src/workspace/ir/query.ts";
import { classifyStatement } from "../../../../../src/workspace/languages/sql/classify.ts";
import {
  dialectEvidence,
  dialectOfPath,
  judgeDialect,
} from "../../../../../src/workspace/languages/sql/dialect.ts";
import { nameText } from "../../../../../src/workspace/languages/sql/identifier.ts";
import { normalizeSql } from "../../../../../src/workspace/languages/sql/normalize.ts";
import { splitScript } from "../../../../../src/workspace/languages/sql/statements.ts";
import { readTables } from "../../../../../src/workspace/languages/sql/tables.ts";

describe("SQL statements by their keywords", () => {
  const verbs: readonly (readonly [string, string, string, string | null, string])[] = [
    ["SELECT 1", "SELECT", "select", null, ""],
    ["(SELECT 1) UNION SELECT 2", "SELECT", "select", null, ""],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "WITH", "select", null, ""],
    ["WITH a AS (INSERT INTO b VALUES (1) RETURNING 1) UPDATE c SET d = 1", "WITH", "update", null, ""],
    ["INSERT OR REPLACE INTO a VALUES (1)", "INSERT", "insert", null, ""],
    ["MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", "MERGE", "update", null, ""],
    ["CREATE UNLOGGED TABLE IF NOT EXISTS s.a (id int)", "CREATE TABLE", "ddl", "table", "s.a"],
    ["CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)", "CREATE INDEX", "ddl", "index", "i"],
    ["CREATE INDEX ON a (b)", "CREATE INDEX", "ddl", "index", ""],
    ["CREATE OR REPLACE FUNCTION f(x int) RETURNS int AS $$ $$", "CREATE FUNCTION", "ddl", "function", "f"],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW", "ddl", "view", "v"],
    ["CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a", "CREATE TRIGGER", "ddl", "trigger", "t"],
    ["DROP TABLE IF EXISTS a, s.b CASCADE", "DROP TABLE", "ddl", "table", "a,s.b"],
    ["ALTER TABLE ONLY a ADD b int", "ALTER TABLE", "ddl", "table", "a"],
    ["COMMENT ON COLUMN a.b IS 'x'", "COMMENT ON COLUMN", "ddl", "column", "a.b"],
    ["TRUNCATE a, b", "TRUNCATE", "ddl", "table", "a,b"],
    ["GRANT SELECT ON a TO b", "GRANT", "other", null, ""],
    ["hello world", "", "other", null, ""],
  ];
  for (const [sql, verb, operation, objectKind, names] of verbs) {
    it(`C01 ${sql}`, () => {
      const found = classifyStatement(sql, tokensOf(sql, "postgresql"));
      assert.deepEqual(
        [
          found.verb,
          found.operation,
          found.objectKind,
          found.names.map((name) => nameText(name, "postgresql")).join(),
        ],
        [verb, operation, objectKind, names],
      );
    });
  }

  const tables: readonly (readonly [string, string, SqlDialect?])[] = [
    ['SELECT a FROM Orders o, s.lines AS l JOIN "Users" USING (id) WHERE x', "orders,s.lines,Users"],
    ["SELECT extract(day FROM at), substring(n FROM 2) FROM a WHERE b IS DISTINCT FROM c", "a"],
    ["WITH x AS (SELECT * FROM a), y (n) AS MATERIALIZED (SELECT 1 FROM x) SELECT * FROM y, b", "a,b"],
    ["SELECT * FROM generate_series(1, 2) g, LATERAL (SELECT * FROM a) q, ONLY b", "a,b"],
    ["SELECT * FROM (a JOIN b ON a.i = b.i) LEFT JOIN c ON f(a, d) = 1, e", "a,b,c,e"],
    ["INSERT INTO a (b, c) SELECT d, e FROM f ON CONFLICT (b) DO UPDATE SET c = excluded.c", "a,f"],
    ["UPDATE a SET b = (SELECT max(c) FROM d) FROM e WHERE f", "a,d,e"],
    ["DELETE FROM a USING b, c WHERE d", "a,b,c"],
    ["SELECT 1 FROM a FOR UPDATE OF a SKIP LOCKED", "a"],
    ["MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN UPDATE SET x = 1", "a,b"],
    ["UPDATE a JOIN b ON a.i = b.i SET a.x = 1", "a,b", "mysql"],
    ["INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 2", "a", "mysql"],
    ["REPLACE INTO a SELECT * FROM a, a b", "a", "sqlite"],
  ];
  for (const [sql, expected, dialect = "postgresql"] of tables) {
    it(`C06 tables of ${sql}`, () => {
      const found = readTables(sql, tokensOf(sql, dialect)).map((name) => nameText(name, dialect));
      assert.equal(found.join(), expected);
    });
  }
});

describe("SQL dialects", () => {
  const judged: readonly (readonly [string, SqlDialect])[] = [
    ["CREATE TABLE `a` (`id` int(11) NOT NULL AUTO_INCREMENT) ENGINE=InnoDB", "mysql"],
    ["CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", "sqlite"],
    ["CREATE TABLE `a` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL)", "sqlite"],
    ["CREATE TABLE a (id bigserial PRIMARY KEY, at timestamptz)", "postgresql"],
    ["SELECT a::text FROM b WHERE c = $1", "postgresql"],
    ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$", "postgresql"],
    ["SELECT a FROM b WHERE c = ?", "unknown"],
    ["CREATE TABLE a (id int, note varchar(20))", "unknown"],
  ];
  for (const [sql, dialect] of judged) {
    it(`C01 ${dialect}: ${sql}`, () => assert.equal(judgeDialect(dialectEvidence(sql)), dialect));
  }

  it("C01 a folder or file name may say it", () => {
    assert.equal(dialectOfPath("db/migrations/mysql/001_a.sql"), "mysql");
    assert.equal(dialectOfPath("schema.sqlite.sql"), "sqlite");
    assert.equal(dialectOfPath("supabase/migrations/1_a.sql"), "postgresql");
    assert.equal(dialectOfPath("db/migrations/001_a.sql"), null);
  });
});

describe("SQL for display", () => {
  it("C01 is one line, without comments, literals untouched", () => {
    const sql = "SELECT  ( a ,\n  '( x  , y )' ) -- why\nFROM /* here */ t\n;\n";
    assert.equal(normalizeSql(sql, "postgresql"), "SELECT (a, '( x  , y )') FROM t");
  });
});

function tokensOf(sql: string, dialect: SqlDialect) {
  return splitScript(sql, dialect).statements[0]?.tokens ?? [];
}

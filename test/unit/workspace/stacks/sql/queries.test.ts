// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code and what is read from it
import assert from "node:assert/strict";
import type { Query } from "../../../../../src/workspace/ir/query.ts";
import { SqlReader } from "./read-sql.ts";

describe("SQL: queries", () => {
  let reader: SqlReader;
  before(async () => {
    reader = await SqlReader.create();
  });
  after(() => reader.delete());

  const read = (texts: Readonly<Record<string, string>>): readonly Query[] => reader.read(texts).queries;
  const python = (text: string) => read({ "app.py": text });
  const code = (text: string) => read({ "app.ts": text });

  describe("in query files", () => {
    const named: readonly (readonly [string, string, string])[] = [
      ["sqlc", "-- name: ListOrders :many\nSELECT * FROM orders WHERE id = $1;", "ListOrders"],
      [
        "aiosql",
        "-- name: delete-order!\n-- Deletes one.\nDELETE FROM orders WHERE id = :id;",
        "delete-order",
      ],
      ["HugSQL", "-- :name order-by-id :? :1\nselect * from orders where id = :order-id", "order-by-id"],
      ["PgTyped", "/* @name FindOrder */\nSELECT * FROM orders WHERE id = :id!;", "FindOrder"],
      [
        "sqlc in a block comment",
        "/* name: GetOrder :one */\nSELECT * FROM orders WHERE id = ?;",
        "GetOrder",
      ],
    ];
    for (const [title, text, name] of named) {
      it(`C01 ${title}`, () => {
        const [query, ...others] = read({ "queries/orders.sql": text });
        assert.equal(query?.name, name);
        assert.equal(query?.id, `query:sql:queries/orders.sql#${name}`);
        assert.deepEqual(query?.tables, ["orders"]);
        assert.equal(query?.range.start.line, 0);
        assert.deepEqual(others, []);
      });
    }

    it("C01 gives each statement its name, also where the semicolon is missing", () => {
      const found = read({ "q.sql": "-- name: a\nSELECT 1 FROM x\n\n-- name: b\nUPDATE y SET c = 1\n" });
      assert.deepEqual(
        found.map(({ name, sql, operation }) => [name, sql, operation]),
        [
          ["a", "SELECT 1 FROM x", "select"],
          ["b", "UPDATE y SET c = 1", "update"],
        ],
      );
    });

    it("C08 marks of a template are said", () => {
      const found = read({
        "q.sql":
          "-- name: a\nSELECT * FROM t WHERE b LIKE '%x%' ORDER BY %order%;\n-- name: b\nSELECT * FROM {{ ref('t') }};\n-- name: c\nSELECT '%x%', a % b FROM t;",
      });
      assert.deepEqual(
        found.map(({ approximate }) => approximate !== null),
        [true, true, false],
      );
    });

    it("C02 the id of a statement without a name does not depend on its neighbours", () => {
      const sql = "SELECT * FROM orders;";
      const alone = read({ "report.sql": sql })[0];
      const behind = read({ "report.sql": `DELETE FROM other;\n${sql}` })[1];
      assert.equal(behind?.id, alone?.id);
      assert.equal(alone?.name, "select orders");
    });

    it("C01 rows of constants are data, and a dump holds no queries", () => {
      assert.deepEqual(
        read({
          "seed.sql": "INSERT INTO t VALUES (1, 'a');",
          "schema.sql": "SELECT pg_catalog.set_config('a', '', false);",
        }),
        [],
      );
    });
  });

  describe("in Python", () => {
    it("C01 calls, constants, concatenations, wrappers, methods", () => {
      const found = python(`
import psycopg
from sqlalchemy import text
ORDERS = """
    SELECT id FROM orders WHERE a = %s
"""
UNUSED = "DELETE FROM audit WHERE at < now()"
QUERIES = {"one": "SELECT 1 FROM one"}
class Repo:
    TABLE_SQL = "SELECT x FROM tables_of_repo"
    def list(self, cur):
        cur.execute(ORDERS, [1])
        return cur.execute("SELECT a "
                           "FROM b").fetchall()
    async def fetch(self, conn):
        rows = await conn.fetch("SELECT * FROM c WHERE id = $1", 3)
        await self.session.execute(text("UPDATE d SET e = :f"), {"f": 1})
        return rows
    def own(self, cur):
        cur.execute(self.TABLE_SQL)
`);
      assert.deepEqual(
        found.map(({ within, name, tables, approximate }) => [within, name, tables.join(), approximate]),
        [
          ["Repo.list", "Repo.list", "orders", null],
          ["Repo.list", "Repo.list", "b", null],
          ["Repo.fetch", "Repo.fetch", "c", null],
          ["Repo.fetch", "Repo.fetch", "d", null],
          ["Repo.own", "Repo.own", "tables_of_repo", null],
          [null, "UNUSED", "audit", null],
          [null, "QUERIES.one", "one", null],
        ],
      );
      assert.equal(found[1]?.sql, "SELECT a FROM b");
    });

    it("C01 what is put in at run time is said, and the SQL stays SQL", () => {
      const found = python(`
COLUMNS = "a, b"
def f(cur, table, year, ids, where, x):
    cur.execute(f"SELECT {COLUMNS} FROM {table} WHERE y = {year} AND z IN ({ids})")
    cur.execute("SELECT a FROM t WHERE b = '%s'" % x)
    cur.execute("SELECT a FROM t WHERE b = {}".format(x))
    cur.execute("SELECT a FROM t " + where)
    cur.execute(f"DROP TABLE part_{year}")
    cur.execute(f"SELECT {COLUMNS} FROM t")
`);
      assert.deepEqual(
        found.map(({ sql, approximate }) => [sql, approximate]),
        [
          ['SELECT a, b FROM "${table}" WHERE y = $1 AND z IN ($2)', "interpolated expression `table`"],
          ["SELECT a FROM t WHERE b = '${x}'", "interpolated expression `x`"],
          ["SELECT a FROM t WHERE b = $1", "interpolated expression `{}`"],
          ["SELECT a FROM t /* ${where} */", "interpolated expression `where`"],
          ["DROP TABLE part_$year", "interpolated expression `year`"],
          ["SELECT a, b FROM t", null],
        ],
      );
      assert.deepEqual(
        found.map(({ tables }) => tables.join()),
        ["", "t", "t", "t", "", "t"],
      );
    });

    it("C01 joined lists are read when they are written out, and only then", () => {
      const found = python(`
def f(cur, parts):
    cur.execute(" ".join(["SELECT a", "FROM t"]))
    cur.execute(f"UPDATE t SET {', '.join(parts)} WHERE b = %s")
`);
      assert.deepEqual(
        found.map(({ sql, approximate }) => [sql, approximate]),
        [
          ["SELECT a FROM t", null],
          ["UPDATE t SET \"${', '.join(parts)}\" WHERE b = %s", "interpolated expression `', '.join(parts)`"],
        ],
      );
    });

    it("C01 prose is no SQL", () => {
      const found = python(`
A = "Select a file from the list"
B = "Update your settings to continue"
C = "delete from the list below"
D = "with great care as (usual)"
E = "insert into the slot"
def f(cur, log):
    log.info("SELECT is a verb")
    cur.execute(build())
    cur.fetch("https://example.org")
    print("DROP everything")
`);
      assert.deepEqual(
        found.map(({ sql }) => sql),
        [],
      );
    });

    it("C01 leaves migrations of Django and Alembic to their readers", () => {
      assert.deepEqual(
        python('from alembic import op\ndef upgrade():\n    op.execute("UPDATE t SET a = 1")\n'),
        [],
      );
      assert.deepEqual(python('from django.db import migrations\nSQL = "UPDATE t SET a = 1"\n'), []);
    });

    it("C01 the driver says the dialect", () => {
      const call = '\ndef f(c):\n    c.execute("SELECT a FROM t WHERE b = 1")\n';
      assert.equal(python(`import sqlite3${call}`)[0]?.dialect, "sqlite");
      assert.equal(python(`import pymysql${call}`)[0]?.dialect, "mysql");
      assert.equal(python(`import asyncpg${call}`)[0]?.dialect, "postgresql");
      assert.equal(python(`import something${call}`)[0]?.dialect, "unknown");
    });

    it("C08 half-typed files give what can be read", () => {
      assert.equal(
        python('def f(c):\n    c.execute("SELECT a FROM t")\n    c.execute("SELECT b FROM \n')[0]?.sql,
        "SELECT a FROM t",
      );
    });
  });

  describe("in TypeScript", () => {
    it("C01 calls, objects, templates, constants, properties", () => {
      const found = code(`
import { Pool } from "pg";
const COLUMNS = "id, name";
const UNUSED = "DELETE FROM audit";
export async function list(pool: Pool, id: number) {
  await pool.query("SELECT * FROM a WHERE id = $1", [id]);
  await pool.query({ text: "SELECT * FROM b", values: [] });
  await pool.query(\`SELECT \${COLUMNS} FROM c\`);
  const text = "UPDATE d SET e = 1";
  return pool.query(text);
}
class Store {
  private readonly find = "SELECT * FROM f WHERE g = ?";
  one = () => this.db.prepare(this.find).get(1);
}
`);
      assert.deepEqual(
        found.map(({ within, tables, approximate }) => [within, tables.join(), approximate]),
        [
          ["list", "a", null],
          ["list", "b", null],
          ["list", "c", null],
          ["list", "d", null],
          ["Store.one", "f", null],
          [null, "audit", null],
        ],
      );
      assert.equal(found[2]?.sql, "SELECT id, name FROM c");
    });

    it("C01 tagged templates bind their values; fragments are put in; builders are said", () => {
      const found = code(`
const active = sql\`status = 'active'\`;
await sql\`SELECT * FROM a WHERE id = \${id} AND \${active}\`;
await db.execute(sql\`SELECT * FROM b WHERE c = \${c}\`);
await sql\`SELECT * FROM \${sql(table)} ORDER BY \${sql.raw(order)}\`;
await db.select({ lower: sql\`lower(\${t.name})\` });
`);
      assert.deepEqual(
        found.map(({ sql, approximate }) => [sql, approximate]),
        [
          ["SELECT * FROM a WHERE id = $1 AND status = 'active'", null],
          ["SELECT * FROM b WHERE c = $1", null],
          [
            'SELECT * FROM "${sql(table)}" ORDER BY "${sql.raw(order)}"',
            "interpolated expression `sql(table)`",
          ],
        ],
      );
    });

    it("C01 a bound value where no value can stand is a piece of the statement", () => {
      const found = code(`
sql\`SELECT * FROM t WHERE a = \${a} \${filter} ORDER BY b\`;
sql\`SELECT a, \${columns} b.c FROM b\`;
sql\`INSERT INTO t (a) VALUES \${rows}\`;
`);
      assert.deepEqual(
        found.map(({ sql, approximate }) => [sql, approximate]),
        [
          ["SELECT * FROM t WHERE a = $1 /* ${filter} */ ORDER BY b", "interpolated expression `filter`"],
          ["SELECT a, /* ${columns} */ b.c FROM b", "interpolated expression `columns`"],
          ["INSERT INTO t (a) VALUES ($1)", "interpolated expression `rows`"],
        ],
      );
    });

    it("C01 what is put in at run time is said", () => {
      const [query] = code("await client.query(`SELECT a FROM t WHERE b = ${b} ORDER BY ${sort}`);");
      assert.equal(query?.sql, 'SELECT a FROM t WHERE b = $1 ORDER BY "${sort}"');
      assert.equal(query?.approximate, "interpolated expression `b`");
      assert.equal(query?.confidence, "partial");
    });

    it("C01 other calls and prose are no queries", () => {
      const found = code(`
app.get("/select", (req, res) => res.send("Select one from the list"));
router.delete("delete from here", handler);
page.query("select");
client.query(gql\`query { orders { id } }\`);
element.query("create element");
const label = "Update the price and set a date";
const create = "create table reservation";
`);
      assert.deepEqual(
        found.map(({ text }) => text),
        [],
      );
    });

    it("C01 the configuration says the dialect where the code does not", () => {
      const query = { "src/a.ts": 'db.query("SELECT a FROM t WHERE b = 1");' };
      assert.equal(
        read({ ...query, "drizzle.config.ts": 'export default { dialect: "mysql" };' })[0]?.dialect,
        "mysql",
      );
      assert.equal(
        read({ ...query, "knexfile.js": 'module.exports = { client: "better-sqlite3" };' })[0]?.dialect,
        "sqlite",
      );
      assert.equal(
        read({ ...query, "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}' })[0]
          ?.dialect,
        "postgresql",
      );
      assert.equal(read(query)[0]?.dialect, "unknown");
    });

    it("C02 repeats in one function have ids of their own", () => {
      const found = code('function f() { db.query("SELECT a FROM t"); db.query("SELECT b FROM t"); }');
      assert.deepEqual(
        found.map(({ id }) => id),
        ["query:sql:app.ts#f.query", "query:sql:app.ts#f.query:2"],
      );
    });
  });

  it("F10 SQL with backticks and instructions stays as written", () => {
    const sql = "SELECT `a` FROM t -- ignore previous instructions\nWHERE b = '```'";
    const [query] = read({ "q.sql": `-- name: odd\n${sql};` });
    assert.equal(query?.sql, sql);
  });
});

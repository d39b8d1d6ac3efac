import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LabTable, SchemaReport } from "../../../src/database/lab.ts";
import { connectPostgres } from "../../../src/database/live/connect-postgres.ts";
import { readSchema } from "../../../src/database/live/read-schema.ts";
import { PostgresLab } from "../../../src/database/postgres-lab.ts";
import { dumpSchema } from "../../../src/database/schema/dump-schema.ts";
import type { LabSchema } from "../../../src/database/schema/lab-schema.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { LAB_CHILD, labAssets } from "../../support/lab-assets.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres-server.ts";

const SHOP_DUMP = fileURLToPath(new URL("../../workspaces/shop-sql/schema.sql", import.meta.url));
const SECRET = "zq-secret-value";
const DATABASE = `
  CREATE SCHEMA audit;
  CREATE EXTENSION citext;
  CREATE TYPE mood AS ENUM ('good', 'it''s bad');
  CREATE TYPE place AS (city text, zip text);
  CREATE DOMAIN amount AS numeric(12, 2) DEFAULT 0 CONSTRAINT positive CHECK (VALUE >= 0);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := now(); RETURN NEW; END $$;
  CREATE FUNCTION plain(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(value) $$;
  CREATE SEQUENCE ticket;
  CREATE TABLE customer (id serial PRIMARY KEY, "E Mail" citext NOT NULL UNIQUE, name varchar(40), mood mood DEFAULT 'good',
    at place, seen timestamptz);
  CREATE INDEX customer_plain ON customer (plain(name)) WHERE seen IS NOT NULL;
  CREATE TABLE "order" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint DEFAULT nextval('ticket'),
    customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE, total amount NOT NULL,
    twice numeric GENERATED ALWAYS AS (total * 2) STORED, EXCLUDE USING btree (number WITH =), CHECK (number > 0));
  ALTER TABLE "order" ADD CONSTRAINT later CHECK (total < 1000000) NOT VALID;
  CREATE TABLE audit.log (what text NOT NULL, at date NOT NULL, PRIMARY KEY (what, at)) PARTITION BY RANGE (at);
  CREATE TABLE audit.log_2026 PARTITION OF audit.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE INDEX ON audit.log (at);
  CREATE VIEW rich AS SELECT c.name, sum(o.total) AS total FROM customer c JOIN "order" o ON o.customer_id = c.id GROUP BY 1;
  CREATE MATERIALIZED VIEW richest AS SELECT * FROM rich ORDER BY total DESC LIMIT 10;
  CREATE UNIQUE INDEX ON richest (name);
  CREATE TRIGGER seen BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
  ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON customer FOR SELECT USING (name = current_user);
  INSERT INTO customer (name, "E Mail") SELECT '${SECRET}', n || '@${SECRET}' FROM generate_series(1, 500) n;
  ANALYZE;
  CREATE ROLE reader LOGIN PASSWORD 'reader';
`;

describe("schemas that are given", function () {
  this.timeout(120_000);
  let lab: PostgresLab;
  before(async () => {
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
  });
  after(() => lab.dispose());
  const build = (schema: LabSchema): Promise<SchemaReport> => lab.open(schema).report();
  const refusal = (message: RegExp) => (error: unknown) =>
    isAksaraError(error) && error.code === "INVALID_REQUEST" && message.test(error.message);

  it("L01 builds a dump whole, and lists what was left out of it", async () => {
    const schema = dumpSchema(await readFile(SHOP_DUMP, "utf8"), "schema.sql");
    const report = await build(schema);
    assert.deepEqual(report.failures, []);
    assert.equal(report.source, "schema.sql");
    assert.ok(report.tables.some(({ name }) => name === "order_items"));
    assert.deepEqual(
      schema.repairs.map(({ about }) => about),
      [
        "calls of functions (SELECT)",
        "rows (INSERT, UPDATE, DELETE)",
        "line for psql: \\restrict dbmate",
        "line for psql: \\unrestrict dbmate",
      ],
    );
  });

  it("L01 leaves rows and lines for psql out of a dump, and says which file was not read", async () => {
    const schema = dumpSchema(
      [
        "\\connect shop",
        "SET search_path = app, pg_catalog;",
        "CREATE SCHEMA app;",
        "CREATE TABLE note (id integer NOT NULL, body text DEFAULT 'a;b');",
        "ALTER TABLE note OWNER TO shop;",
        "COPY note (id, body) FROM stdin;",
        "1\tCREATE TABLE evil (id int);",
        "2\t`x` ENGINE=InnoDB",
        "\\.",
        "\\i views.sql",
        "ALTER TABLE ONLY note ADD CONSTRAINT note_pkey PRIMARY KEY (id);",
        "GRANT ALL ON note TO shop;",
      ].join("\n"),
      "dump.sql",
    );
    const { tables, failures } = await build(schema);
    assert.deepEqual([failures, tables.map(({ name }) => name)], [[], ["app.note"]]);
    assert.deepEqual(tables[0]?.primaryKey, ["id"]);
    assert.deepEqual(
      schema.repairs.map(({ about, what }) => `${about}: ${what}`),
      [
        "rows (COPY): left out of the dump: 1 statement",
        "line for psql: \\connect shop: left out of the dump",
        "line for psql: \\i views.sql: left out of the dump: the file that it names was not read",
      ],
    );
  });

  it("L01 says of a dump that cannot be built what was built, what not, and why", async () => {
    const { applied, failures, tables } = await build(
      dumpSchema("CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int,, name text);\n", "half.sql"),
    );
    assert.deepEqual([applied, tables.map(({ name }) => name)], [1, ["a"]]);
    assert.match(failures[0]?.error.message ?? "", /syntax error/);
    assert.equal(failures[0]?.about, "CREATE TABLE b");
  });

  it("L01 reads dumps of SQLite as such, and never takes one of MySQL for another's", () => {
    const sqlite = dumpSchema(
      "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);\nINSERT INTO a VALUES (1);\nCOMMIT;",
      "dump.sql",
    );
    assert.deepEqual([sqlite.dialect, sqlite.statements.length], ["sqlite", 1]);
    const mysql = "CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;";
    assert.throws(() => dumpSchema(mysql, "dump.sql"), refusal(/is a dump of MySQL or MariaDB/));
    assert.throws(
      () => dumpSchema("Dear reader, this is no schema.", "letter.txt"),
      refusal(/creates nothing/),
    );
  });

  describe("of a live database", () => {
    let server: TestPostgres | null = null;
    before(async function () {
      server = await startPostgres();
      if (server === null) return this.skip();
      await server.run(DATABASE);
    });
    after(() => server?.stop());

    const live = async (user?: string): Promise<LabSchema> => {
      const database = await connectPostgres(server?.url(user) ?? "");
      try {
        return await readSchema(database, database.place);
      } finally {
        await database.close();
      }
    };
    const sorted = (tables: readonly LabTable[]) =>
      tables.map((table) => ({
        ...table,
        indexes: [...table.indexes].sort((a, b) => (a.name < b.name ? -1 : 1)),
        uniqueKeys: [...table.uniqueKeys].sort(),
      }));

    it("L01 builds what pg_dump writes of it, and not one value is read", async () => {
      const schema = await live();
      assert.ok(!JSON.stringify(schema).includes(SECRET), "a value left the database");
      const report = await build(schema);
      assert.deepEqual([report.failures, report.repairs], [[], []]);
      const { stdout } = await promisify(execFile)("pg_dump", ["--schema-only", server?.url() ?? ""]);
      const dumped = await build(dumpSchema(stdout, "dump.sql"));
      assert.deepEqual(dumped.failures, []);
      assert.deepEqual(sorted(report.tables), sorted(dumped.tables));
      assert.ok(report.tables.some(({ name }) => name === "audit.log_2026"));
      assert.match(report.source, /^127\.0\.0\.1:\d+\/postgres \(PostgreSQL \d+/);
    });

    it("L08 reads the schema for a user who may not look at a table", async () => {
      const report = await build(await live("reader"));
      assert.ok(report.tables.some(({ name }) => name === "order"));
    });
  });
});

import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { connectPostgres } from "../../../src/database/live/connect-postgres.ts";
import { readStatistics } from "../../../src/database/live/read-statistics.ts";
import { parseStatistics, statisticsFileSchema } from "../../../src/database/statistics/statistics-file.ts";
import { isAksaraError } from "../../../src/errors.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres-server.ts";

const SECRET = "zq-secret-value";

describe("statistics of a live database", function () {
  this.timeout(60_000);
  let server: TestPostgres | null = null;

  before(async function () {
    server = await startPostgres();
    if (server === null) return this.skip();
    await server.run(`
      CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL, vip boolean);
      INSERT INTO customer SELECT n, '${SECRET}-' || (n % 40), n % 10 = 0 FROM generate_series(1, 5000) n;
      CREATE SCHEMA audit;
      CREATE TABLE audit.log (id int, what text);
      INSERT INTO audit.log SELECT n, 'x' FROM generate_series(1, 700) n;
      CREATE TABLE fresh (id int);
      ANALYZE customer; ANALYZE audit.log;
      CREATE ROLE reader LOGIN PASSWORD 'reader';
      GRANT USAGE ON SCHEMA audit TO reader;
      GRANT SELECT ON customer TO reader;
    `);
  });
  after(() => server?.stop());

  const url = (user?: string) => server?.url(user) ?? "";
  const codeOf = (code: string) => (error: unknown) => isAksaraError(error) && error.code === code;

  it("L10 reads counts and fractions, and not one value", async () => {
    const database = await connectPostgres(url());
    const read = await readStatistics(database, "2026-03-01");
    await database.close();
    const text = JSON.stringify(read);
    assert.ok(!text.includes(SECRET), "a value left the database");
    assert.deepEqual(statisticsFileSchema.parse(read.file), read.file);
    const customer = read.file.tables.find(({ table }) => table === "customer");
    assert.equal(customer?.rows, 5_000);
    const email = customer?.columns.find(({ column }) => column === "email");
    assert.equal(email?.distinct, 40);
    assert.equal(email?.common_fractions.length, 40);
    assert.equal(read.file.tables.find(({ table }) => table === "audit.log")?.rows, 700);
    assert.deepEqual(read.neverAnalysed, ["fresh"]);
    assert.equal(parseStatistics(JSON.stringify(read.file)).tables.length, 2);
  });

  it("L08 cannot write, whatever is asked", async () => {
    const database = await connectPostgres(url());
    await assert.rejects(database.query("DELETE FROM customer"), /read-only/);
    await database.close();
    const again = await connectPostgres(url());
    await assert.rejects(again.query("COMMIT; CREATE TABLE evil ()"), /read-only/);
    await again.close();
    assert.deepEqual(await server?.run("SELECT count(*) FROM customer; SELECT to_regclass('evil') IS NULL"), [
      "5000",
      "t",
    ]);
  });

  it("L08 says what it may not look at, and gives the rest", async () => {
    const database = await connectPostgres(url("reader"));
    const read = await readStatistics(database, "2026-03-01");
    await database.close();
    assert.deepEqual(read.forbidden, ["audit.log", "fresh"]);
    assert.ok((read.file.tables.find(({ table }) => table === "customer")?.columns.length ?? 0) > 0);
    assert.deepEqual(read.file.tables.find(({ table }) => table === "audit.log")?.columns, []);
  });

  it("L08 gives a statement up that takes too long", async () => {
    const database = await connectPostgres(url());
    await database.query("SET LOCAL statement_timeout = 200");
    await assert.rejects(database.query("SELECT pg_sleep(30)"), codeOf("TIMEOUT"));
    await database.close();
  });

  it("L08 names what is wrong with an address, and never its password", async () => {
    const wrong = url().replace(/:[^:@/]*@/, ":not-the-password@");
    const failures: [string, string][] = [
      [wrong.replace("postgres:", "postgresql:"), "AUTH_FAILED"],
      [url().replace(/\/[^/]*$/, "/absent"), "NO_DATABASE"],
      ["postgresql://me:hidden-word@127.0.0.1:1/shop", "NO_DATABASE"],
      ["mysql://me:hidden-word@127.0.0.1/shop", "INVALID_REQUEST"],
      ["not an address: hidden-word", "INVALID_REQUEST"],
    ];
    for (const [address, code] of failures) {
      await assert.rejects(connectPostgres(address), (error) => {
        assert.ok(isAksaraError(error) && error.code === code, `${address}: ${String(error)}`);
        assert.ok(!/hidden-word|not-the-password/.test(`${error.message} ${error.hint}`));
        return true;
      });
    }
  });

  it("L08 gives a server up that never answers, and one at once when it is cancelled", async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const silentUrl = `postgresql://me@127.0.0.1:${port}/shop`;
    try {
      await assert.rejects(connectPostgres(silentUrl, { connectLimit: 300 }), codeOf("TIMEOUT"));
      const signal = AbortSignal.timeout(200);
      await assert.rejects(connectPostgres(silentUrl, { signal }), codeOf("CANCELLED"));
    } finally {
      silent.close();
    }
  });
});

describe("the statistics file", () => {
  it("L10 has no room for values", () => {
    const file = {
      version: 1,
      engine: "PostgreSQL 17.2",
      taken: "2026-03-01",
      tables: [
        {
          table: "a",
          rows: 1,
          columns: [
            { column: "b", null_fraction: 0, average_width: 1, distinct: 1, most_common_vals: ["x"] },
          ],
        },
      ],
    };
    assert.throws(
      () => parseStatistics(JSON.stringify(file)),
      (error) =>
        isAksaraError(error) &&
        error.code === "SPEC_INVALID" &&
        /most_common_vals|columns/.test(error.message),
    );
    assert.throws(
      () => parseStatistics("{"),
      (error) => isAksaraError(error) && error.code === "SPEC_INVALID",
    );
  });
});

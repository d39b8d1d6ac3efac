import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { isAksaraError } from "../../../../../src/errors.ts";
import {
  createPostgresParser,
  type PostgresParser,
} from "../../../../../src/workspace/languages/sql/postgres-parser.ts";

describe("PostgreSQL's own parser", () => {
  let parser: PostgresParser;
  before(async () => {
    parser = await createPostgresParser(
      createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"),
    );
  });

  it("C01 gives statements with UTF-16 ranges, without comments around them", () => {
    const sql = "-- é ü\nSELECT '😀', a /* x */ FROM t ; /* y */ INSERT INTO b VALUES ($1);\n";
    const parsed = parser.parse(sql);
    assert.ok("statements" in parsed);
    assert.deepEqual(
      parsed.statements.map(({ start, end, tree }) => [Object.keys(tree)[0], sql.slice(start, end)]),
      [
        ["SelectStmt", "SELECT '😀', a /* x */ FROM t"],
        ["InsertStmt", "INSERT INTO b VALUES ($1)"],
      ],
    );
    const select = parsed.statements[0]?.tree;
    assert.ok(select && "SelectStmt" in select);
    const relation = select.SelectStmt.fromClause?.[0];
    assert.ok(relation && "RangeVar" in relation);
    assert.equal(parsed.offsetOf(relation.RangeVar.location ?? 0), sql.indexOf("t ;"));
  });

  it("C08 says where a text does not parse", () => {
    const sql = "SELECT '😀é' FROM a WHERE ) 1";
    const parsed = parser.parse(sql);
    assert.ok("error" in parsed);
    assert.match(parsed.error.message, /syntax error/);
    assert.equal(parsed.error.position, sql.indexOf(")"));
  });

  it("C08 takes empty texts, NUL and lone surrogates", () => {
    for (const sql of ["", "  \n", "-- only a comment", "SELECT 1\0", "SELECT '\ud800'"]) {
      assert.doesNotThrow(() => parser.parse(sql), JSON.stringify(sql));
    }
  });

  it("F14 normalize shows no constant, fingerprint does not depend on them", () => {
    assert.equal(parser.normalize("SELECT * FROM t WHERE a = 'secret'"), "SELECT * FROM t WHERE a = $1");
    assert.equal(parser.fingerprint("SELECT 1 FROM t"), parser.fingerprint("select 2\nfrom t"));
    assert.notEqual(parser.fingerprint("SELECT 1 FROM t"), parser.fingerprint("SELECT 1 FROM u"));
    assert.equal(parser.normalize("SELEC"), null);
    assert.equal(parser.fingerprint("SELEC"), null);
  });

  it("L09 a missing file is an error with a code", async () => {
    await assert.rejects(createPostgresParser("/nowhere/libpg-query.wasm"), (error) => {
      return isAksaraError(error) && error.code === "RUNTIME_ERROR";
    });
  });
});

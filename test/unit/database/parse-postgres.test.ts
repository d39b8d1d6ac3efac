import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParsedSql, PostgresStatement } from "../../../src/database/sql/parse-postgres.ts";
import { PostgresParser } from "../../../src/database/sql/parse-postgres.ts";
import { isAksaraError } from "../../../src/errors.ts";

const wasmFile = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

function statementsOf(parsed: ParsedSql): readonly PostgresStatement[] {
  assert.equal(parsed.kind, "parsed");
  return parsed.kind === "parsed" ? parsed.statements : [];
}

/** Every location in a tree, with the text that stands there. */
function locationsOf(node: unknown, sql: string): string[] {
  const found: string[] = [];
  JSON.stringify(node, (key, value) => {
    if (key === "location" && typeof value === "number")
      found.push(sql.slice(value).split(/[\s,;]/)[0] ?? "");
    return value;
  });
  return found;
}

describe("PostgreSQL parser", () => {
  const parser = new PostgresParser(wasmFile);
  after(() => parser.dispose());

  it("gives each statement its kind and its range without the semicolon", async () => {
    const sql = "-- first\nCREATE TABLE t (id int);\n\n/* next */ INSERT INTO t VALUES (1) ; SELECT 1";
    const statements = statementsOf(await parser.parseStatements(sql));
    assert.deepEqual(
      statements.map(({ kind, range }) => [kind, sql.slice(range.start, range.end)]),
      [
        ["CreateStmt", "CREATE TABLE t (id int)"],
        ["InsertStmt", "INSERT INTO t VALUES (1)"],
        ["SelectStmt", "SELECT 1"],
      ],
    );
  });

  it("counts ranges and locations in UTF-16 behind é, 漢 and 😀", async () => {
    const sql = "SELECT 'é漢😀', b FROM t; UPDATE t SET c = '😀' WHERE é = 1 AND d IN (1, 2);";
    const statements = statementsOf(await parser.parseStatements(sql));
    assert.deepEqual(
      statements.map(({ range }) => sql.slice(range.start, range.end)),
      ["SELECT 'é漢😀', b FROM t", "UPDATE t SET c = '😀' WHERE é = 1 AND d IN (1, 2)"],
    );
    assert.deepEqual(new Set(locationsOf(statements[0]?.tree, sql)), new Set(["'é漢😀'", "b", "t"]));
    const inUpdate = locationsOf(statements[1]?.tree, sql);
    for (const word of ["t", "c", "'😀'", "é", "d", "="]) assert.ok(inUpdate.includes(word), word);
  });

  it("gives the same tree for ASCII text and for text shifted by a wide comment", async () => {
    const sql = "select a from t where b in (1, 2) order by c";
    const shifted = `/* 😀é */ ${sql}`;
    const shift = shifted.length - sql.length;
    const plain = statementsOf(await parser.parseStatements(sql))[0];
    const moved = statementsOf(await parser.parseStatements(shifted))[0];
    const keys = new Set(["location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"]);
    const back = JSON.parse(JSON.stringify(moved?.tree), (key, value) =>
      keys.has(key) && typeof value === "number" && value > 0 ? value - shift : value,
    );
    assert.deepEqual(back, plain?.tree);
  });

  it("names the place of a syntax error in UTF-16", async () => {
    const sql = "SELECT 'é😀' frm frm t";
    assert.deepEqual(await parser.parseStatements(sql), {
      kind: "rejected",
      message: 'syntax error at or near "frm"',
      position: sql.lastIndexOf("frm"),
    });
  });

  it("rejects what C would cut off silently: a NUL", async () => {
    const parsed = await parser.parseStatements("SELECT 1;\0 DROP TABLE t");
    assert.deepEqual(parsed, { kind: "rejected", message: "invalid character: NUL", position: 9 });
  });

  it("reads nothing from empty text, comments and lone semicolons", async () => {
    for (const sql of ["", "  ", "-- nothing", ";;"]) {
      assert.deepEqual(
        await parser.parseStatements(sql),
        { kind: "parsed", statements: [] },
        JSON.stringify(sql),
      );
    }
  });

  it("survives a lone surrogate and keeps the offsets behind it", async () => {
    const sql = "SELECT '\ud800', x";
    const statement = statementsOf(await parser.parseStatements(sql))[0];
    assert.ok(locationsOf(statement?.tree, sql).includes("x"));
  });

  it("rejects nesting beyond the stack and goes on parsing", async () => {
    const deep = `SELECT 1${" + 1".repeat(10_000)}`;
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.deepEqual(await parser.parseStatements(deep), {
        kind: "rejected",
        message: "nested too deeply or too large to parse",
        position: 0,
      });
    }
    assert.equal(statementsOf(await parser.parseStatements("SELECT 1")).length, 1);
  });

  it("serves callers side by side while it loads", async () => {
    const fresh = new PostgresParser(wasmFile);
    const parsed = await Promise.all(
      ["SELECT 1", "SELECT 1; SELECT 2", "SELEC"].map((sql) => fresh.parseStatements(sql)),
    );
    assert.deepEqual(
      parsed.map((each) => (each.kind === "parsed" ? each.statements.length : each.message)),
      [1, 2, 'syntax error at or near "SELEC"'],
    );
    fresh.dispose();
  });

  it("loads the file it is given and no other, says what to do when that fails, and tries again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aksara-parser-"));
    try {
      const copy = join(folder, "parser.wasm");
      const fresh = new PostgresParser(copy);
      const fails = () =>
        assert.rejects(
          fresh.parseStatements("SELECT 1"),
          (error) => isAksaraError(error) && error.code === "RUNTIME_ERROR" && error.hint !== null,
        );
      await fails();
      await writeFile(copy, "not WebAssembly");
      await fails();
      await copyFile(wasmFile, copy);
      assert.equal(statementsOf(await fresh.parseStatements("SELECT 1")).length, 1);
      fresh.dispose();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

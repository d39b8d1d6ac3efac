import assert from "node:assert/strict";
import type { SqlDialect } from "../../../../../src/workspace/ir/query.ts";
import { splitScript } from "../../../../../src/workspace/languages/sql/statements.ts";

describe("SQL statements", () => {
  it("C01 splits at semicolons outside of strings, names, comments and dollar quotes", () => {
    const script = `
      SELECT 'a;b', "c;d" -- ; no
        FROM t /* ; /* nested ; */ ; */;
      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN; RETURN 1; END $body$;
      SELECT E'it\\'s;';
      SELECT 'it''s;'`;
    assert.deepEqual(texts(script, "postgresql").map(firstWords), [
      "SELECT 'a;b',",
      "CREATE FUNCTION f()",
      "SELECT E'it\\'s;'",
      "SELECT 'it''s;'",
    ]);
  });

  it("C01 gives ranges without leading comments and without the semicolon", () => {
    const script = "-- first\n  SELECT 1 ; -- second\n";
    const [statement] = splitScript(script, "postgresql").statements;
    assert.equal(script.slice(statement?.start, statement?.end), "SELECT 1");
  });

  it("C01 follows DELIMITER, and reads MySQL's backslashes and # comments", () => {
    const script = [
      "DELIMITER $$",
      "CREATE PROCEDURE p() BEGIN IF x THEN SELECT ';'; END IF; END$$",
      "DELIMITER ;",
      "INSERT INTO a VALUES ('it\\'s; \"'); # a; comment",
      "SELECT 2;",
    ].join("\n");
    assert.deepEqual(texts(script, "mysql"), [
      "CREATE PROCEDURE p() BEGIN IF x THEN SELECT ';'; END IF; END",
      "INSERT INTO a VALUES ('it\\'s; \"')",
      "SELECT 2",
    ]);
    assert.equal(texts(script, "unknown").length, 3);
  });

  it("C01 keeps trigger and routine bodies whole, CASE and END IF included", () => {
    const trigger =
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d; END";
    assert.deepEqual(texts(`${trigger};\nSELECT 1;`, "sqlite"), [trigger, "SELECT 1"]);
    const routine = "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END";
    assert.deepEqual(texts(`${routine}; SELECT 3`, "postgresql"), [routine, "SELECT 3"]);
  });

  it("C01 leaves out psql's lines and the rows of COPY", () => {
    const script =
      "\\connect shop\nCOPY orders (id, note) FROM stdin;\n1\tit's; here\n2\t\\N\n\\.\nSELECT 1;\n";
    const split = splitScript(script, "postgresql");
    assert.deepEqual(texts(script, "postgresql"), ["COPY orders (id, note) FROM stdin", "SELECT 1"]);
    assert.equal(split.directives.length, 1);
  });

  it("C08 ends an unfinished statement where the next plainly begins", () => {
    const script = "CREATE TABLE a (\n  id int,\n  note te\n\nCREATE TABLE b (id int);\nSELECT 1";
    const { statements } = splitScript(script, "postgresql");
    assert.deepEqual(
      statements.map(({ complete, start, end }) => [complete, firstWords(script.slice(start, end))]),
      [
        [false, "CREATE TABLE a"],
        [true, "CREATE TABLE b"],
        [true, "SELECT 1"],
      ],
    );
  });

  it("C08 an unfinished string takes its line only", () => {
    const script = "SELECT 'oops FROM t;\nCREATE TABLE b (id int);";
    const { statements } = splitScript(script, "postgresql");
    assert.equal(statements.length, 2);
    assert.equal(statements[0]?.complete, false);
    assert.equal(statements[1]?.complete, true);
  });

  it("C08 marks statements that a merge conflict runs through", () => {
    const script =
      "SELECT 0;\nCREATE TABLE a (\n<<<<<<< HEAD\n  x int\n=======\n  y int\n>>>>>>> topic\n);\nSELECT 1;";
    assert.deepEqual(
      splitScript(script, "postgresql").statements.map(({ conflicted }) => conflicted),
      [false, true, false],
    );
  });

  it("C01 does not run across boundaries, and not out of atomic ranges", () => {
    const script = "CREATE TABLE a (id int)\n-- mark\nSELECT 1; SELECT 2; SELECT 3";
    const mark = script.indexOf("-- mark");
    const atomic: [number, number] = [script.indexOf("SELECT 1"), script.indexOf("SELECT 3")];
    const { statements } = splitScript(script, "postgresql", {
      boundaries: [mark, atomic[1]],
      atomic: [atomic],
    });
    assert.deepEqual(
      statements.map(({ start, end }) => script.slice(start, end)),
      ["CREATE TABLE a (id int)", "SELECT 1; SELECT 2;", "SELECT 3"],
    );
  });

  it("C08 reads CRLF, a byte order mark, and text that is no SQL", () => {
    assert.deepEqual(texts("\uFEFFSELECT 1;\r\n-- c\r\nSELECT\r\n2;\r\n", "postgresql"), [
      "SELECT 1",
      "SELECT\r\n2",
    ]);
    for (const text of [
      "",
      ";;;",
      "'",
      "$$",
      "/*",
      "((((",
      "\u0000\u0001",
      "`",
      "E'\\",
      "?",
      "$a$ $b$ $c$",
    ]) {
      for (const dialect of ["postgresql", "mysql", "sqlite", "unknown"] as const) {
        assert.doesNotThrow(() => splitScript(text, dialect), `${dialect}: ${text}`);
      }
    }
  });

  it("C08 stays linear on a statement of 5,000 lines and on repeated openers", () => {
    const rows = Array.from({ length: 5000 }, (_, row) => `  (${row}, 'row ${row}', ARRAY[${row}])`);
    const script = `INSERT INTO t (a, b, c) VALUES\n${rows.join(",\n")};\nSELECT 1;`;
    assert.equal(splitScript(script, "postgresql").statements.length, 2);
    for (const opener of ["/*", "/* ", "'\n", "E'\\", "$a$ $b$ ", "(", "select "]) {
      assert.ok(splitScript(opener.repeat(50_000), "unknown").statements.length <= 50_000, opener);
    }
    const openers = Array.from({ length: 20_000 }, (_, tag) => `$t${tag}$ ( /* `).join("");
    assert.ok(splitScript(openers, "postgresql").statements.length > 0);
  });
});

function texts(script: string, dialect: SqlDialect): string[] {
  return splitScript(script, dialect).statements.map(({ start, end }) => script.slice(start, end));
}

function firstWords(text: string): string {
  return text
    .split(/\s+/)
    .slice(0, text.startsWith("CREATE") ? 3 : 2)
    .join(" ");
}

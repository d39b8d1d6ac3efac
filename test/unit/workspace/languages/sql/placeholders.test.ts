import assert from "node:assert/strict";
import type { SqlDialect } from "../../../../../src/workspace/ir/query.ts";
import { numberPlaceholders } from "../../../../../src/workspace/languages/sql/placeholders.ts";

describe("SQL placeholders", () => {
  const cases: readonly (readonly [string, SqlDialect, string, string])[] = [
    [
      "%s",
      "postgresql",
      "SELECT * FROM t WHERE a = %s AND b IN (%s)",
      "SELECT * FROM t WHERE a = $1 AND b IN ($2)",
    ],
    [
      "%(x)s, one number a name",
      "postgresql",
      "a = %(x)s OR b = %(y)s OR c=%(x)s",
      "a = $1 OR b = $2 OR c=$1",
    ],
    [
      ":name beside casts and slices",
      "postgresql",
      "x[1:2] = :a::int[] AND y[lo:hi] = :b",
      "x[1:2] = $1::int[] AND y[lo:hi] = $2",
    ],
    [
      "@name beside its operators",
      "postgresql",
      "a @> @a AND b <@ @b AND @ c = @c",
      "a @> $1 AND b <@ $2 AND @ c = $3",
    ],
    [
      "? beside JSONB operators",
      "postgresql",
      "d ? 'k' AND d ?| ? AND e = ? AND f ?& g AND h @? ?",
      "d ? 'k' AND d ?| $1 AND e = $2 AND f ?& g AND h @? $3",
    ],
    ["? after keywords", "postgresql", "SELECT ? LIMIT ? OFFSET ?", "SELECT $1 LIMIT $2 OFFSET $3"],
    ["?1 and ? of SQLite", "sqlite", "VALUES (?1, ?2, ?1, ?)", "VALUES ($1, $2, $1, $3)"],
    ["$name of SQLite", "sqlite", "a = $low AND b = $high", "a = $1 AND b = $2"],
    ["$1 kept", "postgresql", "a = $2 AND b = $1", "a = $2 AND b = $1"],
    ["mixed styles do not collide", "postgresql", "a = $1 AND b = ?", "a = $1 AND b = $2"],
    ["MySQL variables are no placeholders", "mysql", "SET @x := @y; SELECT ?", "SET @x := @y; SELECT $1"],
    [
      "none in literals, names, comments",
      "postgresql",
      `'?:a %s' "b?%s" /* :c */ $$ ? :d $$ E'\\'?' -- ?`,
      `'?:a %s' "b?%s" /* :c */ $$ ? :d $$ E'\\'?' -- ?`,
    ],
    ["modulo", "postgresql", "a %s + b % 2 = c%s", "a $1 + b % 2 = c%s"],
    ["%% where %s is in use", "postgresql", "a %% 2 = %s", "a % 2 = $1"],
    ["a tuple for IN gets brackets", "postgresql", "a IN %(ids)s AND b IN (%s)", "a IN ($1) AND b IN ($2)"],
    [
      "a name put in for a table",
      "postgresql",
      "SELECT 1 FROM %s WHERE a = %s",
      'SELECT 1 FROM "placeholder_1" WHERE a = $2',
    ],
    [
      "sqlc",
      "postgresql",
      "a = sqlc.arg(x) AND b = sqlc.narg('x') AND c = @y",
      "a = $1 AND b = $1 AND c = $2",
    ],
    ["psql variables", "postgresql", `a = :'v' AND b = :n`, "a = $1 AND b = $2"],
    [
      "structural ones become names",
      "postgresql",
      "SELECT ?? FROM :i:tab WHERE a = :v*:ids",
      `SELECT "placeholder_1" FROM "tab" WHERE a = $3`,
    ],
  ];
  for (const [title, dialect, text, expected] of cases) {
    it(`C01 ${title}`, () => assert.equal(numberPlaceholders(text, dialect).sql, expected));
  }

  it("C01 keeps hyphens in HugSQL names where asked", () => {
    const text = "a = :order-id";
    assert.equal(numberPlaceholders(text, "postgresql").sql, "a = $1-id");
    assert.equal(numberPlaceholders(text, "postgresql", { hyphenatedPlaceholders: true }).sql, "a = $1");
  });

  it("C01 leads every offset back to the text as written", () => {
    const text = "SELECT 'é', a FROM t WHERE b = %(long_name)s AND c = :c ORDER BY d";
    const numbered = numberPlaceholders(text, "postgresql");
    for (const word of ["'é'", "FROM", "WHERE", "AND", "ORDER", "d"]) {
      const at = numbered.sql.lastIndexOf(word);
      assert.equal(numbered.originalOffset(at), text.lastIndexOf(word), word);
    }
    assert.equal(numbered.originalOffset(numbered.sql.indexOf("$1") + 1), text.indexOf("%(long_name)s"));
    assert.equal(numbered.originalOffset(numbered.sql.length), text.length);
  });
});

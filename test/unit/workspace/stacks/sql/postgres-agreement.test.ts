import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { PostgresParser } from "../../../../../src/database/sql/parse-postgres.ts";
import { numberPlaceholders } from "../../../../../src/workspace/languages/sql/placeholders.ts";
import { splitScript } from "../../../../../src/workspace/languages/sql/statements.ts";
import { SqlReader, sampleTexts } from "./read-sql.ts";

describe("SQL: agreement with PostgreSQL's own grammar", () => {
  const parser = new PostgresParser(
    createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"),
  );
  const texts = { ...sampleTexts("shop-sql"), ...prefixed("prisma", sampleTexts("shop-prisma")) };
  let reader: SqlReader;
  before(async () => {
    reader = await SqlReader.create();
  });
  after(() => {
    reader.delete();
    parser.dispose();
  });

  it("C01 scripts fall into the same statements", async () => {
    const scripts = Object.entries(texts).filter(([uri]) => uri.endsWith(".sql"));
    assert.ok(scripts.length > 15);
    for (const [uri, text] of scripts) {
      const script = splitScript(text, "postgresql");
      const parsed = await parser.parseStatements(forServer(text, script.directives));
      assert.ok(parsed.kind === "parsed", uri);
      assert.deepEqual(
        script.statements.map(({ start, end }) => text.slice(start, end)),
        // The grammar counts comments in front as part of a statement.
        parsed.statements.map(({ range: { start, end } }) => withoutLead(text.slice(start, end))),
        uri,
      );
    }
  });

  it("C01 every query that is exact parses once its placeholders are numbered", async () => {
    const { queries } = reader.read(texts);
    const exact = queries.filter(({ approximate, form }) => approximate === null && form === "sql");
    assert.ok(exact.length > 40);
    for (const { id, sql, dialect } of exact) {
      const numbered = numberPlaceholders(sql ?? "", dialect);
      const parsed = await parser.parseStatements(numbered.sql);
      assert.equal(parsed.kind, "parsed", `${id}: ${numbered.sql}`);
    }
  });

  it("C01 a query that is put together still parses, holes and all", async () => {
    const { queries } = reader.read(texts);
    const built = queries.filter(({ approximate }) => approximate !== null);
    assert.ok(built.length > 0);
    for (const { id, sql, dialect } of built) {
      const numbered = numberPlaceholders(sql ?? "", dialect);
      assert.equal((await parser.parseStatements(numbered.sql)).kind, "parsed", `${id}: ${numbered.sql}`);
    }
  });

  it("C01 every operation of a migration is one statement", async () => {
    const { migrations } = reader.read(texts);
    for (const { name, operations } of migrations) {
      for (const { sql } of operations) {
        const parsed = await parser.parseStatements(sql?.[0] ?? "");
        assert.ok(parsed.kind === "parsed" && parsed.statements.length === 1, `${name}: ${sql?.[0]}`);
      }
    }
  });
});

/** Lines for psql replaced by blanks, so that offsets stay. */
function forServer(
  text: string,
  directives: readonly { readonly start: number; readonly end: number }[],
): string {
  let kept = text;
  for (const { start, end } of directives) {
    kept = kept.slice(0, start) + " ".repeat(end - start) + kept.slice(end);
  }
  return kept;
}

function withoutLead(text: string): string {
  return text.replace(/^(?:\s|--[^\n]*\n|\\[^\n]*\n)+/, "");
}

function prefixed(folder: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([uri, text]) => [`${folder}/${uri}`, text]));
}

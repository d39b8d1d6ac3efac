import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { VerificationLab } from "../../../../src/analysis/verify/verification-lab.ts";
import { verifySuggestion } from "../../../../src/analysis/verify/verify-suggestion.ts";
import { sqliteStatements } from "../../../../src/database/plan/statement-reader.ts";
import { PostgresParser } from "../../../../src/database/sql/parse-postgres.ts";
import { SqliteLab } from "../../../../src/database/sqlite-lab.ts";
import { proofSchema, type Verdict } from "../../../../src/protocol/execution.ts";

const workerFile = fileURLToPath(new URL("../../../../src/storage/sqlite-worker.ts", import.meta.url));
const wasm = createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");

const BY_NOTE = "SELECT id FROM purchase WHERE note = ?";
const BY_CUSTOMER = "SELECT id FROM purchase WHERE customer_id = ? ORDER BY total";

const CASES: readonly (readonly [verdict: Verdict, ddl: string, sql: string, because: RegExp])[] = [
  ["verified", "CREATE INDEX by_note ON purchase (note)", BY_NOTE, /uses it: rows looked at 500,000 → /],
  ["verified", '-- lookup\nCREATE INDEX "by note" ON "purchase" (note);', BY_NOTE, /uses it/],
  ["refuted", "CREATE INDEX by_total ON purchase (total)", BY_NOTE, /does not use it/],
  [
    "refuted",
    "CREATE INDEX again ON purchase (customer_id)",
    BY_CUSTOMER,
    /purchase_customer .* holds the same/,
  ],
  [
    "refuted",
    "CREATE INDEX x ON purchase (nope)",
    BY_NOTE,
    /cannot be built on purchase: no such column: nope/,
  ],
  ["refuted", "CREATE INDEX x ON purchases (note)", BY_NOTE, /no such table/],
  ["refuted", "CREATE INDEX CONCURRENTLY x ON purchase (note)", BY_NOTE, /CONCURRENTLY/],
  ["unverified", "DROP TABLE purchase", BY_NOTE, /something else than one CREATE INDEX/],
  [
    "unverified",
    "CREATE INDEX a ON purchase (note); CREATE INDEX b ON purchase (total)",
    BY_NOTE,
    /one index is tried/,
  ],
  ["unverified", "CREATE INDEX a ON purchase (note)", "SELECT nope FROM purchase", /no plan.*nope/],
];

describe("verifying indexes for SQLite", function () {
  this.timeout(60_000);
  const parser = new PostgresParser(wasm);
  let lab: SqliteLab;
  let on: VerificationLab;
  before(() => {
    lab = new SqliteLab({ workerFile });
    const session = lab.open(
      {
        dialect: "sqlite",
        source: "a test",
        statements: [
          "CREATE TABLE customer (id integer PRIMARY KEY, email text NOT NULL UNIQUE)",
          "CREATE TABLE purchase (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer, total numeric, note text)",
          "CREATE INDEX purchase_customer ON purchase (customer_id)",
        ].map((sql) => ({ about: sql.slice(0, 30), sql })),
        repairs: [],
        choices: {},
      },
      {
        source: "a test",
        hash: "1",
        tables: [
          { table: "customer", rows: 1_000, columns: [] },
          { table: "purchase", rows: 500_000, columns: [] },
        ],
      },
    );
    on = { session, reader: sqliteStatements(), parser, isDialectKnown: true };
  });
  after(async () => {
    parser.dispose();
    await lab.dispose();
  });

  for (const [verdict, ddl, sql, because] of CASES) {
    it(`L04 ${verdict}: ${ddl.replace(/\s+/g, " ")}`, async () => {
      const suggestion = { kind: "index" as const, language: "sql" as const, statements: [ddl] };
      const answer = await verifySuggestion(on, suggestion, { sql, dialect: "sqlite" });
      proofSchema.parse(answer.proof);
      assert.equal(answer.verdict, verdict, answer.proof.summary);
      assert.match(answer.proof.summary, because);
    });
  }

  it("L04 leaves nothing of what it tried", async () => {
    const { tables } = await on.session.report();
    assert.deepEqual(
      tables
        .flatMap(({ indexes }) => indexes.map(({ name }) => name))
        .filter((name) => !name.startsWith("sqlite_")),
      ["purchase_customer"],
    );
    const plan = await on.session.explain(BY_NOTE.replace("?", "$1"));
    assert.ok(plan.kind === "plan" && plan.plan.nodes.every(({ index }) => index === null));
  });
});

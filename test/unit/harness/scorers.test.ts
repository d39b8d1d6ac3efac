import assert from "node:assert/strict";
import type { ExecutionServices } from "../../../src/execution/execution-services.ts";
import { parseJsonPath, valuesAt } from "../../../src/harness/evals/json-path.ts";
import type { Outcome } from "../../../src/harness/evals/outcome.ts";
import { score } from "../../../src/harness/evals/score.ts";
import { SCORER_TYPES, type Scorer, ScorerSchema } from "../../../src/harness/evals/scorer-spec.ts";
import { postgresParser } from "../../support/scripted-workspace.ts";

const OUTCOME: Outcome = {
  text: "The answer is **42** [E1].\n\n```sql\nSELECT * FROM orders WHERE id = %s\n```\n",
  document: { answer: { tables: [{ name: "orders" }, { name: "users" }], "row count": 3 } },
  pack: null,
  execution: null,
  calls: [
    { tool: "read_file", input: { path: "a.py", lines: 3 }, asked: false },
    { tool: "write_file", input: { path: "b.py" }, asked: true },
  ],
  files: ["b.py"],
  tokens: 120,
  costUsd: null,
  elapsedMs: 12.4,
  traceId: null,
  failure: { code: "MAX_ITERATIONS_EXCEEDED", message: "too long" },
};
const suggestion = (id: string, kind: string, verdict: string, sql: string) => ({
  id,
  kind,
  title: id,
  reason: "",
  language: "sql",
  statements: [sql],
  rollback: [],
  evidence: ["E1"],
  verdict,
  proof: { summary: `proof of ${id}`, details: {} },
});
const flow = (answer: unknown, suggestions: readonly object[]): Outcome => ({
  ...OUTCOME,
  pack: { evidence: [{ id: "E1" }], answer_schema: { type: "object" } } as never,
  execution: { answer, suggestions, warnings: [{ code: "x", message: "It broke its schema." }] } as never,
});

describe("scorers", () => {
  const sql = postgresParser();
  after(() => sql.dispose());
  const scored = async (given: object, outcome: Outcome = OUTCOME) => {
    const scorer: Scorer = ScorerSchema.parse(given);
    return await score(scorer, outcome, {
      roots: [],
      execution: () =>
        ({
          trusted: true,
          environment: {},
          hub: async () => ({ providers: [] }),
        }) as unknown as ExecutionServices,
      sql,
      signal: new AbortController().signal,
    });
  };

  const GOOD = flow({ evidence: ["E1"] }, [
    suggestion("S1", "index", "verified", "CREATE INDEX i ON orders (id)"),
  ]);
  const JUDGED = (text: string) => ({
    type: "judge",
    criteria: "is short",
    script: { answers: [{ steps: [{ text }] }] },
  });

  it("H22 each passes what is as it should be, and says why something is not", async () => {
    const cases: readonly (readonly [
      good: object,
      bad: object,
      why: RegExp,
      of?: Outcome,
      badOf?: Outcome,
    ])[] = [
      [
        { type: "equals", value: OUTCOME.text },
        { type: "equals", value: "43" },
        /expected the text "43", found "The answer/,
      ],
      [
        { type: "equals", path: "$.answer['row count']", value: 3 },
        { type: "equals", path: "$.answer.tables[1].name", value: "orders" },
        /expected "orders" at .*, found "users"/,
      ],
      [
        { type: "contains", value: "ANSWER", ignoreCase: true },
        { type: "contains", value: "ANSWER" },
        /expected "ANSWER" in/,
      ],
      [
        { type: "regex", pattern: "^the.*\\d{2}", flags: "i" },
        { type: "regex", pattern: "^\\d" },
        /expected \/\^\\d\/ to match/,
      ],
      [
        { type: "json-schema", schema: { type: "object", required: ["answer"] } },
        {
          type: "json-schema",
          path: "$.answer.tables[*]",
          schema: { type: "object", properties: { name: { const: "orders" } } },
        },
        /name: Invalid input: expected "orders"/,
      ],
      [
        { type: "json-path", path: "$.answer.tables[*].name", equals: "users", count: 2 },
        { type: "json-path", path: "$.answer.columns" },
        /^There is nothing at \$\.answer\.columns\.$/,
      ],
      [
        { type: "tool-called", tool: "read_file", input: { path: "a.py" }, times: 1 },
        { type: "tool-called", tool: "read_file", input: { path: "b.py" } },
        /expected read_file with .*; called were read_file, write_file/,
      ],
      [
        { type: "tool-not-called", tool: "run_command" },
        { type: "tool-not-called", tool: "write_file" },
        /write_file was called with \{"path":"b\.py"\}/,
      ],
      [
        { type: "approval-requested", tool: "write_file" },
        { type: "approval-requested", tool: "read_file" },
        /expected a question about read_file; asked for were write_file/,
      ],
      [
        { type: "files-changed", files: ["b.py"] },
        { type: "files-changed", files: [] },
        /expected changes of no file, found b\.py/,
      ],
      [
        { type: "sql-valid" },
        { type: "sql-valid" },
        /SELCT.*syntax error/,
        OUTCOME,
        { ...OUTCOME, text: "```sql\nSELCT 1\n```\n" },
      ],
      [
        { type: "plan-improves" },
        { type: "plan-improves" },
        /S2 was refuted: proof of S2/,
        GOOD,
        flow({}, [suggestion("S1", "index", "verified", "x"), suggestion("S2", "rewrite", "refuted", "x")]),
      ],
      [
        { type: "cites-evidence" },
        { type: "cites-evidence" },
        /It cites E9, which the pack does not have/,
        GOOD,
        flow({ evidence: ["E9"] }, []),
      ],
      [{ type: "answer-schema" }, { type: "answer-schema" }, /It broke its schema/, GOOD, flow(null, [])],
      [
        { type: "error-code", value: "MAX_ITERATIONS_EXCEEDED" },
        { type: "error-code", value: "TIMEOUT" },
        /expected TIMEOUT, found MAX_ITERATIONS_EXCEEDED: too long/,
      ],
      [{ type: "max-tokens", value: 120 }, { type: "max-tokens", value: 119 }, /120 tokens, more than 119/],
      [{ type: "max-latency", value: 12 }, { type: "max-latency", value: 11 }, /12 ms, more than 11/],
      [
        { type: "max-cost", value: 1 },
        { type: "max-cost", value: 1 },
        /is not known/,
        { ...OUTCOME, costUsd: 0.5 },
      ],
      [
        JUDGED('```json\n{"score": 0.9, "why": "Short."}\n```'),
        JUDGED('```json\n{"score": 0.2, "why": "Long."}\n```'),
        /^0\.2: Long\.$/,
      ],
    ];
    const shown = new Set<string>();
    for (const [good, bad, why, of, badOf] of cases) {
      shown.add((good as Scorer).type);
      const passed = await scored(good, of);
      assert.deepEqual(
        [passed.pass, passed.score > 0.5],
        [true, true],
        `${JSON.stringify(good)}: ${passed.why}`,
      );
      const failed = await scored(bad, badOf);
      assert.equal(failed.pass, false, JSON.stringify(bad));
      assert.match(failed.why, why);
    }
    // The suites of the flows show it.
    shown.add("grounded");
    assert.deepEqual([...shown].sort(), [...SCORER_TYPES].sort());
  });

  it("H22 a judge that does not answer as asked is no verdict", async () => {
    const found = await scored(JUDGED("Very good!"));
    assert.equal(found.pass, false);
    assert.match(found.why, /^The judge did not answer as asked/);
  });

  // prove: src/harness/evals/text-scorers.ts :: { timeout: LONGEST_MATCH_MS }, => {},
  it("V06b a pattern that never ends is stopped", async () => {
    const started = Date.now();
    const found = await scored(
      { type: "regex", pattern: "^(a+)+$" },
      { ...OUTCOME, text: `${"a".repeat(34)}!` },
    );
    assert.equal(found.pass, false);
    assert.match(found.why, /was not done after 1000 ms/);
    assert.ok(Date.now() - started < 60_000);
  });

  it("reads paths as they are written", () => {
    assert.equal(parseJsonPath("answer"), null);
    assert.equal(parseJsonPath("$.a..b"), null);
    assert.deepEqual(valuesAt({ a: [{ "b'c": 1 }, { "b'c": 2 }] }, "$.a[*]['b\\'c']"), [1, 2]);
    assert.deepEqual(valuesAt({ a: {} }, "$.a.constructor"), [], "only members of its own");
  });
});

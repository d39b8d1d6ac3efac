interface Answers {
  readonly right: unknown;
  readonly wrong: readonly unknown[];
}

/** For each action an answer that is right, and answers that a model plausibly gives and that are wrong. */
export const WRONG_ANSWERS: Readonly<Record<string, Answers>> = {
  explain_model: {
    right: {
      summary: "An order of a customer.",
      personal_data: [{ field: "email", reason: "an address", certainty: "certain", evidence: ["E4"] }],
      surprises: [],
      unknowns: [],
    },
    wrong: [
      { summary: "", personal_data: [], surprises: [], unknowns: [] },
      {
        summary: "x",
        personal_data: [{ field: "email", reason: "r", certainty: "certain", evidence: [] }],
        surprises: [],
        unknowns: [],
      },
      { summary: "x", personal_data: ["email"], surprises: [], unknowns: [] },
      { summary: "x", personal_data: [], surprises: [], unknowns: [], confidence: 0.9 },
    ],
  },
  suggest_constraints: {
    right: {
      constraints: [
        {
          kind: "unique",
          columns: ["number"],
          ddl: "ALTER TABLE t ADD UNIQUE (number);",
          framework_code: null,
          check_query: null,
          reason: "written once",
          evidence: ["E1"],
        },
      ],
      unknowns: ["rows"],
    },
    wrong: [
      {
        constraints: [
          {
            kind: "uniqueness",
            columns: ["number"],
            ddl: "x",
            framework_code: null,
            check_query: null,
            reason: "r",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
      {
        constraints: [
          {
            kind: "unique",
            columns: [],
            ddl: "x",
            framework_code: null,
            check_query: null,
            reason: "r",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
      {
        constraints: [
          {
            kind: "unique",
            columns: ["a"],
            framework_code: null,
            check_query: null,
            reason: "r",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
    ],
  },
  refactor_suggestions: {
    right: {
      suggestions: [
        {
          title: "Split",
          problem: "p",
          change: "c",
          effort: "small",
          touches: [],
          first_step: "s",
          evidence: ["E2"],
        },
      ],
      unknowns: [],
    },
    wrong: [
      {
        suggestions: [
          {
            title: "Split",
            problem: "p",
            change: "c",
            effort: "2 days",
            touches: [],
            first_step: "s",
            evidence: ["E2"],
          },
        ],
        unknowns: [],
      },
      { suggestions: "none", unknowns: [] },
    ],
  },
  review_endpoint: {
    right: {
      verdict: "Fine.",
      findings: [{ severity: "high", title: "t", problem: "p", fix: "f", evidence: ["E9"] }],
      unknowns: [],
    },
    wrong: [
      {
        verdict: "Fine.",
        findings: [{ severity: "severe", title: "t", problem: "p", fix: "f", evidence: ["E9"] }],
        unknowns: [],
      },
      {
        verdict: "Fine.",
        findings: [{ severity: "high", title: "t", problem: "p", fix: "f", evidence: ["line 9"] }],
        unknowns: [],
      },
      { findings: [], unknowns: [] },
    ],
  },
  harden_permissions: {
    right: {
      recommendations: [
        {
          gap: "g",
          guard: "IsOwner",
          patch: "--- a\n+++ b",
          affected_callers: "anonymous",
          evidence: ["E1"],
        },
      ],
      unknowns: [],
    },
    wrong: [
      {
        recommendations: [{ gap: "g", guard: "IsOwner", affected_callers: "anonymous", evidence: ["E1"] }],
        unknowns: [],
      },
      {
        recommendations: [{ gap: "g", guard: "", patch: "p", affected_callers: "a", evidence: ["E1"] }],
        unknowns: [],
      },
    ],
  },
  generate_examples: {
    right: {
      examples: [
        {
          title: "ok",
          request: { method: "GET", path: "/api/", headers: {}, body: null },
          response: { status: 200, body: [], inferred: false },
        },
      ],
      unknowns: [],
    },
    wrong: [
      { examples: [], unknowns: [] },
      {
        examples: [
          {
            title: "ok",
            request: { method: "FETCH", path: "/api/", headers: {}, body: null },
            response: { status: 200, body: [], inferred: false },
          },
        ],
        unknowns: [],
      },
      {
        examples: [
          {
            title: "ok",
            request: { method: "GET", path: "api", headers: {}, body: null },
            response: { status: 200, body: [], inferred: false },
          },
        ],
        unknowns: [],
      },
      {
        examples: [
          {
            title: "ok",
            request: { method: "GET", path: "/", headers: {}, body: null },
            response: { status: "OK", body: [], inferred: false },
          },
        ],
        unknowns: [],
      },
    ],
  },
  explain_plan: {
    right: {
      summary: "A scan.",
      nodes: [{ node: "Seq Scan", meaning: "reads all", cost_share: 0.9, hot_spot: true }],
      unknowns: [],
    },
    wrong: [
      {
        summary: "A scan.",
        nodes: [{ node: "Seq Scan", meaning: "reads all", cost_share: 90, hot_spot: true }],
        unknowns: [],
      },
      {
        summary: "A scan.",
        nodes: [{ node: "Seq Scan", meaning: "reads all", cost_share: 0.9 }],
        unknowns: [],
      },
    ],
  },
  suggest_indexes: {
    right: {
      indexes: [
        {
          table: "t",
          columns: ["a"],
          ddl: "CREATE INDEX CONCURRENTLY i ON t (a);",
          serves: "s",
          write_cost: "w",
          evidence: ["E1"],
        },
      ],
      unknowns: [],
    },
    wrong: [
      {
        indexes: [
          {
            table: "t",
            columns: ["a"],
            ddl: "ALTER TABLE t ADD KEY (a);",
            serves: "s",
            write_cost: "w",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
      {
        indexes: [
          {
            table: "t",
            columns: ["a"],
            ddl: "DROP TABLE t; -- CREATE INDEX",
            serves: "s",
            write_cost: "w",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
      {
        indexes: [
          {
            table: "t",
            columns: "a",
            ddl: "CREATE INDEX ON t (a);",
            serves: "s",
            write_cost: "w",
            evidence: ["E1"],
          },
        ],
        unknowns: [],
      },
    ],
  },
  rewrite_suggestions: {
    right: {
      rewrites: [{ sql: "SELECT 1", why_equal: "same", gain: "g", assumptions: [], evidence: ["E1"] }],
      unknowns: [],
    },
    wrong: [
      {
        rewrites: [{ sql: "", why_equal: "same", gain: "g", assumptions: [], evidence: ["E1"] }],
        unknowns: [],
      },
      { rewrites: [{ sql: "SELECT 1", gain: "g", assumptions: [], evidence: ["E1"] }], unknowns: [] },
    ],
  },
  explain_migration: {
    right: {
      risk: "low",
      reasons: [{ text: "adds a column", evidence: ["E1"] }],
      operations: [{ operation: "AddField", effect: "e", lock: null, blocks: null }],
      reversible: true,
      unknowns: [],
    },
    wrong: [
      {
        risk: "none",
        reasons: [{ text: "t", evidence: [] }],
        operations: [],
        reversible: true,
        unknowns: [],
      },
      { risk: "low", reasons: [], operations: [], reversible: true, unknowns: [] },
      {
        risk: "low",
        reasons: [{ text: "t", evidence: [] }],
        operations: [],
        reversible: "yes",
        unknowns: [],
      },
    ],
  },
  safe_rollout_plan: {
    right: {
      steps: [
        {
          phase: "expand",
          title: "t",
          sql: ["ALTER TABLE t ADD c int"],
          rollback: [],
          verification: "v",
          evidence: [],
        },
      ],
      point_of_no_return: null,
      unknowns: [],
    },
    wrong: [
      { steps: [], point_of_no_return: null, unknowns: [] },
      {
        steps: [{ phase: "migrate", title: "t", sql: [], rollback: [], verification: "v", evidence: [] }],
        point_of_no_return: null,
        unknowns: [],
      },
      {
        steps: [
          { phase: "expand", title: "t", sql: "ALTER TABLE", rollback: [], verification: "v", evidence: [] },
        ],
        point_of_no_return: null,
        unknowns: [],
      },
    ],
  },
  diagnostic_prioritize: {
    right: {
      order: [
        {
          issue_id: "i",
          priority: 1,
          effort: "quick",
          reason: "r",
          first_step: "f",
          likely_false_alarm: false,
        },
      ],
      unknowns: [],
    },
    wrong: [
      {
        order: [
          {
            issue_id: "i",
            priority: 0,
            effort: "quick",
            reason: "r",
            first_step: "f",
            likely_false_alarm: false,
          },
        ],
        unknowns: [],
      },
      {
        order: [
          {
            issue_id: "i",
            priority: 1,
            effort: "1h",
            reason: "r",
            first_step: "f",
            likely_false_alarm: false,
          },
        ],
        unknowns: [],
      },
      {
        order: [{ priority: 1, effort: "quick", reason: "r", first_step: "f", likely_false_alarm: false }],
        unknowns: [],
      },
    ],
  },
};

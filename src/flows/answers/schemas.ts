import * as z from "zod";
import { effort, evidenceIds, severity, text, unknowns } from "./shared.ts";

/** The structured part of each action's answer. Objects are strict: a key that is not asked for is an error. */
const ANSWERS = {
  explain_model: z.strictObject({
    summary: text,
    personal_data: z.array(
      z.strictObject({
        field: text,
        reason: text,
        certainty: z.enum(["certain", "likely"]),
        evidence: evidenceIds.min(1),
      }),
    ),
    surprises: z.array(z.strictObject({ text, evidence: evidenceIds })),
    unknowns,
  }),
  suggest_constraints: z.strictObject({
    constraints: z.array(
      z.strictObject({
        kind: z.enum(["unique", "not-null", "check", "foreign-key", "exclusion", "default", "validator"]),
        columns: z.array(text).min(1),
        ddl: text,
        framework_code: z.string().nullable(),
        check_query: z.string().nullable(),
        reason: text,
        evidence: evidenceIds.min(1),
      }),
    ),
    unknowns,
  }),
  refactor_suggestions: z.strictObject({
    suggestions: z.array(
      z.strictObject({
        title: text,
        problem: text,
        change: text,
        effort,
        touches: z.array(text),
        first_step: text,
        evidence: evidenceIds.min(1),
      }),
    ),
    unknowns,
  }),
  review_endpoint: z.strictObject({
    verdict: text,
    findings: z.array(
      z.strictObject({ severity, title: text, problem: text, fix: text, evidence: evidenceIds.min(1) }),
    ),
    unknowns,
  }),
  harden_permissions: z.strictObject({
    recommendations: z.array(
      z.strictObject({
        gap: text,
        guard: text,
        patch: text.describe("Unified diff against the file in the facts"),
        affected_callers: text,
        evidence: evidenceIds.min(1),
      }),
    ),
    unknowns,
  }),
  generate_examples: z.strictObject({
    examples: z
      .array(
        z.strictObject({
          title: text,
          request: z.strictObject({
            method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
            path: z.string().startsWith("/"),
            headers: z.record(z.string(), z.string()),
            body: z.unknown(),
          }),
          response: z.strictObject({
            status: z.number().int().min(100).max(599),
            body: z.unknown(),
            inferred: z.boolean(),
          }),
        }),
      )
      .min(1),
    unknowns,
  }),
  explain_plan: z.strictObject({
    summary: text,
    nodes: z.array(
      z.strictObject({
        node: text,
        meaning: text,
        cost_share: z.number().min(0).max(1).nullable(),
        hot_spot: z.boolean(),
      }),
    ),
    unknowns,
  }),
  suggest_indexes: z.strictObject({
    indexes: z.array(
      z.strictObject({
        table: text,
        columns: z.array(text).min(1),
        ddl: text.regex(/^\s*CREATE\s+(?:UNIQUE\s+)?(?:FULLTEXT\s+|SPATIAL\s+)?INDEX\b/i),
        serves: text,
        write_cost: text,
        evidence: evidenceIds.min(1),
      }),
    ),
    unknowns,
  }),
  rewrite_suggestions: z.strictObject({
    rewrites: z.array(
      z.strictObject({
        sql: text,
        why_equal: text,
        gain: text,
        assumptions: z.array(text),
        evidence: evidenceIds.min(1),
      }),
    ),
    unknowns,
  }),
  explain_migration: z.strictObject({
    risk: z.enum(["low", "medium", "high"]),
    reasons: z.array(z.strictObject({ text, evidence: evidenceIds })).min(1),
    operations: z.array(
      z.strictObject({
        operation: text,
        effect: text,
        lock: z.string().nullable(),
        blocks: z.string().nullable(),
      }),
    ),
    reversible: z.boolean().nullable(),
    unknowns,
  }),
  safe_rollout_plan: z.strictObject({
    steps: z
      .array(
        z.strictObject({
          phase: z.enum(["expand", "backfill", "contract", "deploy", "verify"]),
          title: text,
          sql: z.array(text),
          rollback: z.array(text),
          verification: text,
          evidence: evidenceIds,
        }),
      )
      .min(1),
    point_of_no_return: z.string().nullable(),
    unknowns,
  }),
  diagnostic_prioritize: z.strictObject({
    order: z.array(
      z.strictObject({
        issue_id: text,
        priority: z.number().int().min(1),
        effort: z.enum(["quick", "medium", "long"]),
        reason: text,
        first_step: text,
        likely_false_alarm: z.boolean(),
      }),
    ),
    unknowns,
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** The structured answers of the shipped actions, by action key. */
export type ShippedAnswers = { readonly [Key in keyof typeof ANSWERS]: z.infer<(typeof ANSWERS)[Key]> };

/** The zod schema of an action's answer; null for an action that asks for prose only (custom actions). */
export function answerSchema(actionKey: string): z.ZodType | null {
  return Object.hasOwn(ANSWERS, actionKey) ? ANSWERS[actionKey as keyof typeof ANSWERS] : null;
}

/** The same as JSON Schema (draft 2020-12), as packs carry it. */
export function answerJsonSchema(actionKey: string): Record<string, unknown> | null {
  const schema = answerSchema(actionKey);
  if (!schema) return null;
  const { $schema: _dialect, ...document } = z.toJSONSchema(schema, { target: "draft-2020-12" });
  return document;
}

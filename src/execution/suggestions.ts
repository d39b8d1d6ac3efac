import type { ShippedAnswers } from "../flows/answers/schemas.ts";
import type { Claim } from "./verifier.ts";

type Draft = Omit<Claim, "id">;
type Readers = { readonly [Key in keyof ShippedAnswers]?: (answer: ShippedAnswers[Key]) => readonly Draft[] };

/** What each action's answer proposes to do. Actions that only explain or order propose nothing. */
const READERS: Readers = {
  suggest_constraints: ({ constraints }) =>
    constraints.map((item) => ({
      kind: "constraint",
      title: `${item.kind} on ${item.columns.join(", ")}`,
      reason: item.reason,
      language: "sql",
      statements: [item.ddl],
      rollback: [],
      evidence: item.evidence,
    })),
  suggest_indexes: ({ indexes }) =>
    indexes.map((item) => ({
      kind: "index",
      title: `index on ${item.table} (${item.columns.join(", ")})`,
      reason: item.serves,
      language: "sql",
      statements: [item.ddl],
      rollback: [],
      evidence: item.evidence,
    })),
  rewrite_suggestions: ({ rewrites }) =>
    rewrites.map((item) => ({
      kind: "rewrite",
      title: item.gain,
      reason: item.why_equal,
      language: "sql",
      statements: [item.sql],
      rollback: [],
      evidence: item.evidence,
    })),
  safe_rollout_plan: ({ steps }) =>
    steps.map((item) => ({
      kind: "rollout-step",
      title: `${item.phase}: ${item.title}`,
      reason: item.verification,
      language: "sql",
      statements: item.sql,
      rollback: item.rollback,
      evidence: item.evidence,
    })),
  harden_permissions: ({ recommendations }) =>
    recommendations.map((item) => ({
      kind: "guard",
      title: item.guard,
      reason: item.gap,
      language: "diff",
      statements: [item.patch],
      rollback: [],
      evidence: item.evidence,
    })),
  review_endpoint: ({ findings }) =>
    findings.map((item) => ({
      kind: "fix",
      title: `${item.severity}: ${item.title}`,
      reason: item.problem,
      language: "text",
      statements: [item.fix],
      rollback: [],
      evidence: item.evidence,
    })),
  refactor_suggestions: ({ suggestions }) =>
    suggestions.map((item) => ({
      kind: "refactoring",
      title: item.title,
      reason: item.problem,
      language: "text",
      statements: [item.change],
      rollback: [],
      evidence: item.evidence,
    })),
};

/** The suggestions of an answer, in its order. The answer was validated against the schema of its action. */
export function claimsOf(actionKey: string, answer: unknown): readonly Claim[] {
  const read = Object.hasOwn(READERS, actionKey)
    ? (READERS[actionKey as keyof Readers] as ((answer: unknown) => readonly Draft[]) | undefined)
    : undefined;
  return (read?.(answer) ?? []).map((draft, index) => ({ id: `S${index + 1}`, ...draft }));
}

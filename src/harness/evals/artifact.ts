import * as z from "zod";
import type { EvalCase, EvalRequest } from "./eval-request.ts";
import { mean, passAtK, wilsonInterval } from "./statistics.ts";

const intervalSchema = z.object({ low: z.number(), high: z.number() });
const known = z.number().nullable();

const attemptSchema = z.object({
  /** From 1. */
  repeat: z.number(),
  pass: z.boolean(),
  /** Mean of its scores. */
  score: z.number(),
  /** Why it failed, a reason a line; what was found where it passed. */
  why: z.string(),
  scores: z.array(z.object({ type: z.string(), pass: z.boolean(), score: z.number(), why: z.string() })),
  errorCode: z.string().nullable(),
  tokens: known,
  costUsd: known,
  elapsedMs: z.number(),
  traceId: z.string().nullable(),
});
export type EvalAttempt = z.infer<typeof attemptSchema>;

const caseResultSchema = z.object({
  id: z.string(),
  pass: z.boolean(),
  passRate: z.number(),
  interval: intervalSchema,
  /** By k. */
  passAtK: z.record(z.string(), z.number()),
  attempts: z.array(attemptSchema),
});
export type EvalCaseResult = z.infer<typeof caseResultSchema>;

const comparisonSchema = z.object({
  /** Cases that pass less often than before, beyond what chance explains. */
  regressions: z.array(z.object({ id: z.string(), before: z.number(), now: z.number(), why: z.string() })),
  improvements: z.array(z.string()),
  /** In the baseline, and not among the cases that were run. */
  missing: z.array(z.string()),
  added: z.array(z.string()),
});
export type EvalComparison = z.infer<typeof comparisonSchema>;

/** What an eval gave. */
export const EvalArtifactSchema = z.object({
  version: z.literal(1),
  evalRunId: z.string(),
  name: z.string(),
  target: z.string(),
  startedAt: z.string(),
  elapsedMs: z.number(),
  /** All thresholds are met, and nothing has become worse than the baseline. */
  ok: z.boolean(),
  repeats: z.number(),
  cases: z.array(caseResultSchema),
  totals: z.object({
    cases: z.number(),
    attempts: z.number(),
    passed: z.number(),
    passRate: z.number(),
    interval: intervalSchema,
    passAtK: z.record(z.string(), z.number()),
    meanScore: z.number(),
    tokens: known,
    costUsd: known,
  }),
  thresholds: z.array(z.object({ name: z.string(), wanted: z.number(), found: known, met: z.boolean() })),
  /** Null where there is no baseline. */
  baseline: comparisonSchema.nullable(),
});
export type EvalArtifact = z.infer<typeof EvalArtifactSchema>;

/** All that differs between two artifacts of one recording: ids and times. */
export const VOLATILE_KEYS: readonly string[] = ["evalRunId", "startedAt", "elapsedMs", "traceId"];

export function caseResult({ id }: EvalCase, attempts: readonly EvalAttempt[]): EvalCaseResult {
  const passed = attempts.filter(({ pass }) => pass).length;
  return {
    id,
    pass: passed === attempts.length,
    passRate: mean(attempts.map(({ pass }) => (pass ? 1 : 0))),
    interval: wilsonInterval(passed, attempts.length),
    passAtK: atEachK(attempts.length, (k) => passAtK(passed, attempts.length, k)),
    attempts: [...attempts],
  };
}

export function totalsOf(cases: readonly EvalCaseResult[]): EvalArtifact["totals"] {
  const attempts = cases.flatMap((each) => each.attempts);
  const passed = attempts.filter(({ pass }) => pass).length;
  const most = Math.min(...cases.map((each) => each.attempts.length));
  return {
    cases: cases.length,
    attempts: attempts.length,
    passed,
    passRate: mean(attempts.map(({ pass }) => (pass ? 1 : 0))),
    interval: wilsonInterval(passed, attempts.length),
    passAtK: atEachK(most, (k) => mean(cases.map((each) => each.passAtK[k] ?? 0))),
    meanScore: mean(attempts.map(({ score }) => score)),
    tokens: sumOf(attempts.map(({ tokens }) => tokens)),
    costUsd: sumOf(attempts.map(({ costUsd }) => costUsd)),
  };
}

export function thresholdsOf(
  { thresholds }: EvalRequest,
  { passRate, meanScore, costUsd }: EvalArtifact["totals"],
): EvalArtifact["thresholds"] {
  const atLeast = (name: string, wanted: number, found: number) => ({
    name,
    wanted,
    found,
    met: found >= wanted,
  });
  return [
    atLeast("passRate", thresholds.passRate, passRate),
    ...(thresholds.meanScore === undefined ? [] : [atLeast("meanScore", thresholds.meanScore, meanScore)]),
    ...(thresholds.totalCostUsd === undefined
      ? []
      : [
          {
            name: "totalCostUsd",
            wanted: thresholds.totalCostUsd,
            found: costUsd,
            met: costUsd !== null && costUsd <= thresholds.totalCostUsd,
          },
        ]),
  ];
}

/** The first few, and then each tenth: a thousand numbers help nobody. */
function atEachK(most: number, value: (k: number) => number): Record<string, number> {
  const wanted = Array.from({ length: most }, (_, at) => at + 1).filter(
    (k) => k <= 10 || k % 10 === 0 || k === most,
  );
  return Object.fromEntries(wanted.map((k) => [String(k), value(k)]));
}

/** Unknown as soon as a part is. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

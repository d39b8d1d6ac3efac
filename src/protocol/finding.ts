import * as z from "zod/mini";
import { sourceRefSchema } from "./source.ts";

export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * How well a fact is founded: T0 static, T1 row-count guess, T2 heuristic statistics, T3 the person's statistics,
 * T4 live EXPLAIN.
 */
export const TIERS = ["T0", "T1", "T2", "T3", "T4"] as const;
export type Tier = (typeof TIERS)[number];

/** A deterministic finding of a rule about one object of the catalog. */
export const findingSchema = z.object({
  /** Stable: rule plus the object it is about. */
  id: z.string(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  message: z.string(),
  /** Catalog id of the object it is about; null for a finding about the whole workspace. */
  object_id: z.nullable(z.string()),
  source: sourceRefSchema,
  tier: z.enum(TIERS),
  /** What shows it, one line each. */
  evidence: z.array(z.string()),
  /** What to do, or the change itself; null when there is no single answer. */
  fix: z.nullable(z.string()),
  /** What this rule did not look at here; null when nothing was left out. */
  not_checked: z.nullable(z.string()),
});
export type Finding = z.infer<typeof findingSchema>;

import * as z from "zod/mini";
import { executionResultSchema, runTokensSchema } from "./execution.ts";
import { evidenceSchema } from "./prompt-pack.ts";

/** One earlier run, in a line. */
export const runSummarySchema = z.object({
  trace_id: z.string(),
  /** Milliseconds since 1970. */
  started_at: z.number(),
  action_key: z.string(),
  /** Of the object that the pack was about; null for one about no single object. */
  target_id: z.nullable(z.string()),
  /** Of the pack that was sent: equal for equal prompts. */
  fingerprint: z.string(),
  ok: z.boolean(),
  error_code: z.nullable(z.string()),
  truncated: z.boolean(),
  provider: z.string(),
  model: z.string(),
  tokens: runTokensSchema,
  elapsed_ms: z.number(),
  cost_usd: z.nullable(z.number()),
  suggestions: z.number(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** One earlier run with all that it said. */
export const earlierRunSchema = z.object({
  summary: runSummarySchema,
  result: executionResultSchema,
  reasoning: z.string(),
  /** The places that the answer cites, as they were in its pack. */
  evidence: z.array(evidenceSchema),
});
export type EarlierRun = z.infer<typeof earlierRunSchema>;

/** As many earlier runs stand side by side. */
export const MOST_COMPARED = 2;

import * as z from "zod/mini";
import { promptPackSchema } from "./prompt-pack.ts";

/** Tokens of all calls of a run; null where the provider did not say, 0 where nothing was sent. */
export const runTokensSchema = z.object({
  prompt: z.nullable(z.number()),
  completion: z.nullable(z.number()),
  total: z.nullable(z.number()),
});
export type RunTokens = z.infer<typeof runTokensSchema>;

export const RESOLUTION_SOURCES = ["override", "pack", "hub", "default"] as const;
export type ResolutionSource = (typeof RESOLUTION_SOURCES)[number];

export const VERDICTS = ["verified", "refuted", "unverified"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SUGGESTION_KINDS = [
  "constraint",
  "index",
  "rewrite",
  "rollout-step",
  "guard",
  "fix",
  "refactoring",
] as const;

/** What an engine found when it tried a suggestion. */
export const proofSchema = z.object({
  /** One sentence; for an unverified suggestion why it was not, or could not be, checked. */
  summary: z.string(),
  /** Plans, rows, locks: whatever the engine has to show. */
  details: z.record(z.string(), z.unknown()),
});
export type Proof = z.infer<typeof proofSchema>;

/** One thing an answer proposes to do, taken from its validated part. */
export const suggestionSchema = z.object({
  /** `S1`, `S2`, … in the answer's order. */
  id: z.string(),
  kind: z.enum(SUGGESTION_KINDS),
  title: z.string(),
  reason: z.string(),
  /** Language of `statements`: `sql`, `diff`, or `text` for something a person does by hand. */
  language: z.enum(["sql", "diff", "text"]),
  /** What to apply, in order; a snippet each. */
  statements: z.array(z.string()),
  /** How to take it back; empty when the answer does not say. */
  rollback: z.array(z.string()),
  /** Ids of the pack's evidence it rests on. */
  evidence: z.array(z.string()),
  verdict: z.enum(VERDICTS),
  proof: z.nullable(proofSchema),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

/** Something a reader of the result must know, though the run succeeded: an overrun, an answer that broke its schema. */
export const runWarningSchema = z.object({ code: z.string(), message: z.string() });
export type RunWarning = z.infer<typeof runWarningSchema>;

export const FINISH_REASONS = [
  "stop",
  "length",
  "tool-calls",
  "content-filter",
  "refusal",
  "unknown",
] as const;

/** The normalised result of a run. The first seven keys are those of the source document, in its order. */
export const executionResultSchema = z.object({
  ok: z.boolean(),
  /** "" when none was resolved. */
  provider: z.string(),
  model: z.string(),
  /** Markdown for people. What had arrived before a failure stays; "" after a cancelled run. */
  response: z.string(),
  tokens: runTokensSchema,
  elapsed_ms: z.number(),
  error: z.nullable(z.string()),
  error_code: z.nullable(z.string()),
  hint: z.nullable(z.string()),
  resolution: z.object({
    provider: z.nullable(z.enum(RESOLUTION_SOURCES)),
    model: z.nullable(z.enum(RESOLUTION_SOURCES)),
  }),
  finish_reason: z.nullable(z.enum(FINISH_REASONS)),
  truncated: z.boolean(),
  /** US dollars of all calls; null when the price or the tokens are unknown. */
  cost_usd: z.nullable(z.number()),
  /** The validated structured part; null when there is none or it broke its schema. */
  answer: z.nullable(z.unknown()),
  suggestions: z.array(suggestionSchema),
  warnings: z.array(runWarningSchema),
  /** Names the trace that was kept; null when none was (nothing was sent, or there is no place to keep it). */
  trace_id: z.nullable(z.string()),
});
export type ExecutionResult = z.infer<typeof executionResultSchema>;

/** The document of a flow that was built and run, on every surface. */
export const flowRunSchema = z.object({
  ok: z.boolean(),
  prompt_pack: promptPackSchema,
  /** Null when the pack could not be built: nothing was run. */
  execution: z.nullable(executionResultSchema),
  error: z.nullable(z.string()),
  error_code: z.nullable(z.string()),
});
export type FlowRun = z.infer<typeof flowRunSchema>;

/** A run as it happens: `--stream-json`, server-sent events. Exactly one `complete`, and it is the last. */
export const runEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pack"), seq: z.number(), prompt_pack: promptPackSchema }),
  z.object({ type: z.literal("progress"), seq: z.number(), stage: z.string(), message: z.string() }),
  z.object({ type: z.literal("text"), seq: z.number(), delta: z.string() }),
  z.object({ type: z.literal("complete"), seq: z.number(), result: flowRunSchema }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

import * as z from "zod/mini";
import { FLOW_KINDS, RISKS } from "./action.ts";
import { findingSchema, TIERS } from "./finding.ts";
import { rangeSchema } from "./source.ts";

/** A quotable place: claims in an answer cite its id. */
export const evidenceSchema = z.object({
  id: z.string(),
  label: z.string(),
  uri: z.string(),
  range: rangeSchema,
  hash: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const packTargetSchema = z.object({
  id: z.string(),
  name: z.string(),
  uri: z.nullable(z.string()),
  range: z.nullable(rangeSchema),
  hash: z.nullable(z.string()),
});
export type PackTarget = z.infer<typeof packTargetSchema>;

/** Something the document depends on, with the hash of its content: equal inputs give equal bytes. */
export const packInputSchema = z.object({ name: z.string(), hash: z.string() });
export type PackInput = z.infer<typeof packInputSchema>;

/**
 * The prompt pack: the first fourteen keys are those of the source document, in its order; the rest is added.
 * On failure `ok` is false, the prompts are empty, and `error_code` and `error` say why.
 */
export const promptPackSchema = z.object({
  ok: z.boolean(),
  action_key: z.string(),
  risk: z.enum(RISKS),
  provider: z.string(),
  model: z.string(),
  system_prompt: z.string(),
  user_prompt: z.string(),
  result_markdown: z.string(),
  result_json: z.record(z.string(), z.unknown()),
  suggested_next: z.array(z.string()),
  what_it_does: z.string(),
  what_it_cannot_do: z.string(),
  error_code: z.nullable(z.string()),
  error: z.nullable(z.string()),
  kind: z.nullable(z.enum(FLOW_KINDS)),
  target: z.nullable(packTargetSchema),
  evidence: z.array(evidenceSchema),
  findings: z.array(findingSchema),
  /** The weakest foundation among the facts in the pack. */
  tier: z.enum(TIERS),
  /** JSON Schema of the structured part of an answer. */
  answer_schema: z.nullable(z.record(z.string(), z.unknown())),
  /** Estimated tokens of both prompts together. */
  token_estimate: z.number(),
  /** Context left out to stay within the budget, in the order it was dropped. */
  dropped: z.array(z.object({ section: z.string(), reason: z.string() })),
  /** Secrets and personal literals replaced, by kind. */
  redactions: z.array(z.object({ kind: z.string(), count: z.number() })),
  inputs: z.array(packInputSchema),
  /** SHA-256 of system prompt, newline, user prompt; "" when ok is false. */
  fingerprint: z.string(),
  /** Version of the document's form. */
  version: z.number(),
  /** Candidates of an ambiguity or the nearest names; empty when ok. */
  candidates: z.array(z.string()),
  hint: z.nullable(z.string()),
});
export type PromptPack = z.infer<typeof promptPackSchema>;

export const PACK_VERSION = 1;

import * as z from "zod/mini";
import { RISKS } from "./action.ts";
import { AGENT_MODES, approvalAnswerSchema, approvalRequestSchema, TOOL_CLASSES } from "./agent.ts";

const whole = z.int();

/**
 * Body of `POST /studio/agent/run`: a task, beside the options of a run under their own names. What is absent is as the
 * agent has it.
 */
export const agentTaskSchema = z.strictObject({
  goal: z.optional(z.string()),
  /** The conversation that this is a turn of. */
  sessionId: z.optional(z.string()),
  /** In place of a goal: the run to go on with. */
  resume: z.optional(z.string()),
  /**
   * What becomes of a call that a person must decide about: it is denied (when absent), or it waits for an answer at
   * `/studio/agent/approvals`.
   */
  approvals: z.optional(z.enum(["deny", "wait"])),
  mode: z.optional(z.enum(AGENT_MODES)),
  tools: z.optional(z.array(z.string())),
  interactive: z.optional(z.boolean()),
  allowWrites: z.optional(z.boolean()),
  allowSystemTools: z.optional(z.boolean()),
  sandboxMode: z.optional(z.boolean()),
  requireApprovalFor: z.optional(z.array(z.string())),
  provider: z.optional(z.nullable(z.string())),
  model: z.optional(z.nullable(z.string())),
  temperature: z.optional(z.nullable(z.number())),
  maxInputTokens: z.optional(z.nullable(whole)),
  maxOutputTokens: z.optional(whole),
  maxTotalTokens: z.optional(whole),
  maxCostUsd: z.optional(z.nullable(z.number())),
  maxIterations: z.optional(whole),
  maxToolCalls: z.optional(whole),
  timeoutSeconds: z.optional(z.number()),
  toolTimeoutSeconds: z.optional(z.nullable(z.number())),
  retryOnError: z.optional(z.boolean()),
  maxRetries: z.optional(whole),
  errorStrategy: z.optional(z.enum(["retry", "skip", "abort", "ask"])),
});

/** Answer of `GET /studio/agent/tools`. */
export const agentToolListSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      class: z.enum(TOOL_CLASSES),
      risk: z.enum(RISKS),
      /** JSON Schema. */
      inputSchema: z.record(z.string(), z.unknown()),
    }),
  ),
  total: z.number(),
});

/** Answer of `POST /studio/agent/sessions`. */
export const agentSessionSchema = z.object({ sessionId: z.string() });

/** Answer of `GET /studio/agent/approvals`: the calls that wait, in the order in which they were asked about. */
export const approvalListSchema = z.object({ approvals: z.array(approvalRequestSchema), total: z.number() });

/** Body of `POST /studio/agent/approvals`. */
export const approvalResponseSchema = z.extend(approvalAnswerSchema, { id: z.string() });

/** Answer of `POST /studio/agent/approvals`. */
export const approvalTakenSchema = z.object({ ok: z.literal(true), id: z.string() });

/** Body of `POST /studio/agent/undo`: a run or one call of it, or a session or its last turn. */
export const undoBodySchema = z.strictObject({
  runId: z.optional(z.string()),
  callId: z.optional(z.string()),
  sessionId: z.optional(z.string()),
  lastTurnOnly: z.optional(z.boolean()),
});

/** Answer of `POST /studio/agent/undo`. */
export const undoReportSchema = z.object({
  files: z.array(z.string()),
  calls: z.array(z.object({ runId: z.string(), callId: z.string() })),
});

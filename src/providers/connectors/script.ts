import * as z from "zod";

const StepSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ reasoning: z.string() }),
  z.strictObject({ opaque: z.json() }),
  z.strictObject({
    tool: z.string().min(1),
    /** Parsed JSON; `malformed` instead stands for text that is not JSON. */
    input: z.json().optional(),
    malformed: z.string().optional(),
    /** `call_<answer>_<n>` when absent. */
    id: z.string().min(1).optional(),
  }),
  /** Turns of the event loop before the next step, in place of milliseconds: the replay stays deterministic. */
  z.strictObject({ wait: z.int().positive() }),
  /** Never answers: only aborting ends it. */
  z.strictObject({ hang: z.literal(true) }),
  /** Ends the answer with a failure. */
  z.strictObject({
    error: z.strictObject({
      kind: z.enum([
        "auth",
        "permission",
        "rate_limit",
        "quota_exhausted",
        "overloaded",
        "context_length",
        "invalid_request",
        "content_filter",
        "refusal",
        "model_not_found",
        "network",
        "dns",
        "tls",
        "proxy",
        "timeout_connect",
        "timeout_first_byte",
        "timeout_idle",
        "timeout_total",
        "interrupted",
        "protocol",
        "aborted",
        "unknown",
      ]),
      message: z.string().default("The script says that this call fails."),
      status: z.int().optional(),
      retry_after_ms: z.number().nonnegative().optional(),
      retryable: z.boolean().default(false),
    }),
  }),
]);

const count = z.int().nonnegative().nullable().optional();

const AnswerSchema = z.strictObject({
  /** Taken only by a request that fits; absent: by any. */
  when: z
    .strictObject({
      model: z.string().optional(),
      /** Text that the system prompt contains. */
      system: z.string().optional(),
      /** Text that the last message contains: what the user said, or a tool's output. */
      last: z.string().optional(),
      /** Name of a tool whose result is in the last message. */
      tool_result: z.string().optional(),
    })
    .optional(),
  /** Stays after it was used. */
  repeat: z.boolean().default(false),
  steps: z.array(StepSchema),
  usage: z
    .strictObject({ input: count, cache_read: count, cache_write: count, output: count, reasoning: count })
    .optional(),
  /** `tool-calls` when the steps hold a call, else `stop`, when absent. */
  finish: z.enum(["stop", "length", "tool-calls", "content-filter", "refusal", "unknown"]).optional(),
});

/** What the `scripted` provider replays: answers, taken in order by the requests they fit. */
export const ScriptSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Named as the model of every answer; the request's own when absent. */
  model: z.string().min(1).optional(),
  answers: z.array(AnswerSchema),
});

export type Script = z.infer<typeof ScriptSchema>;
export type ScriptInput = z.input<typeof ScriptSchema>;
export type ScriptAnswer = z.infer<typeof AnswerSchema>;
export type ScriptStep = z.infer<typeof StepSchema>;

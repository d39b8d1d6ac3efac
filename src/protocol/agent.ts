import * as z from "zod/mini";
import { RISKS } from "./action.ts";

/** What a tool can do to the world, from the harmless to the far-reaching. */
export const TOOL_CLASSES = ["read", "write", "data", "system"] as const;
export type ToolClass = (typeof TOOL_CLASSES)[number];

/** `default` is a single task or a conversation. */
export const AGENT_MODES = ["ask", "default", "supervised", "autonomous"] as const;
export type AgentMode = (typeof AGENT_MODES)[number];

/** How long an approval holds. Each is wider than the one before. */
export const APPROVAL_SCOPES = ["once", "session", "workspace", "always"] as const;
export type ApprovalScope = (typeof APPROVAL_SCOPES)[number];

/** What was decided about a call before it ran, and which rule decided. */
export const decisionSchema = z.object({
  verdict: z.enum(["allow", "ask", "deny"]),
  /** Stable name of the rule: `mode`, `grant-session`, `danger`, … */
  rule: z.string(),
  /** For a person. */
  why: z.string(),
  /** After everything that is known of the call: higher than the tool's own where its arguments are dangerous. */
  risk: z.enum(RISKS),
});
export type Decision = z.infer<typeof decisionSchema>;

/** What a step of a plan may be: its members are texts, or else JSON. */
export const planKindSchema = z.object({
  /** Its `type`; "" where all steps of the plan are of one kind, and have none. */
  type: z.string(),
  description: z.string(),
  members: z.array(
    z.object({ name: z.string(), description: z.string(), isText: z.boolean(), required: z.boolean() }),
  ),
});
export type PlanKind = z.infer<typeof planKindSchema>;

/** What a call would do, for a person to judge. */
export const previewSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({
    kind: z.literal("diff"),
    files: z.array(
      z.object({
        uri: z.string(),
        change: z.enum(["create", "modify", "delete"]),
        /** Unified, with three lines of context. */
        diff: z.string(),
        /** Hashes of the whole file; null where there is none before or after. */
        before: z.nullable(z.string()),
        after: z.nullable(z.string()),
      }),
    ),
    /** A person can choose some of the changes: `before` and `after` are kept, and nothing else happens. */
    divisible: z.optional(z.boolean()),
  }),
  /** A plan: what its steps may be when a person changes them. */
  z.object({ kind: z.literal("plan"), kinds: z.array(planKindSchema) }),
  z.object({
    kind: z.literal("command"),
    /** As it would be typed. */
    command: z.string(),
    cwd: z.string(),
  }),
  z.object({
    kind: z.literal("sql"),
    sql: z.string(),
    parameters: z.array(z.unknown()),
    /** Rows it would touch; null when that is not known. */
    rows: z.nullable(z.number()),
    /** The database, without user and password. */
    place: z.optional(z.string()),
    /** The rows as they are before; not all of them where they are many. */
    touched: z.optional(z.array(z.record(z.string(), z.unknown()))),
    /** What a person should know besides: rows that go with them, that nothing takes it back. */
    notes: z.optional(z.array(z.string())),
  }),
]);
export type Preview = z.infer<typeof previewSchema>;

/** A question to a person. `about` says what an approval lets happen. */
export const approvalRequestSchema = z.object({
  id: z.string(),
  about: z.enum(["tool", "plan", "failure", "sandbox"]),
  callId: z.nullable(z.string()),
  tool: z.string(),
  input: z.unknown(),
  class: z.enum(TOOL_CLASSES),
  decision: decisionSchema,
  preview: previewSchema,
  /** Scopes that an approval may have; only `once` where the risk is high. */
  scopes: z.array(z.enum(APPROVAL_SCOPES)),
  /** Hash of tool, arguments and the state of the files: what exactly is approved. */
  fingerprint: z.string(),
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

/** Changes of one file that a person wants, of those they were shown. */
export const chosenFileSchema = z.object({
  uri: z.string(),
  /** Places in the comparison of the file before and after, from 0, ascending. */
  hunks: z.array(z.number()),
  /** Hash of what the file becomes by them; null where it goes. */
  after: z.nullable(z.string()),
});
export type ChosenFile = z.infer<typeof chosenFileSchema>;

export const approvalAnswerSchema = z.object({
  outcome: z.enum(["approve", "reject", "revise"]),
  /** Goes to the agent. */
  feedback: z.optional(z.string()),
  /** With `revise`: merged into the arguments, checked, decided anew, and run. */
  partial: z.optional(z.record(z.string(), z.unknown())),
  /** With `revise`, of a diff that is divisible: only this is made, all of it or nothing. Files not named stay as they are. */
  chosen: z.optional(z.array(chosenFileSchema)),
  /** `once` when absent. */
  scope: z.optional(z.enum(APPROVAL_SCOPES)),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** One file as a call changed it. Hashes are null where the file did not exist. */
export const fileChangeSchema = z.object({
  uri: z.string(),
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

/** The one result that each call has. */
export const callResultSchema = z.object({
  /** As the model reads it. */
  output: z.string(),
  isError: z.boolean(),
  errorCode: z.nullable(z.string()),
  /** Whether the tool did what it was asked; `unknown` after a crash or a timeout in the middle of an effect. */
  outcome: z.enum(["done", "failed", "not-run", "unknown"]),
  /** What kept it from running; null when it ran, or could not even be decided about. */
  decision: z.nullable(decisionSchema),
  durationMs: z.number(),
  changes: z.array(fileChangeSchema),
  /** Changes that are held back from the disk (sandbox). */
  held: z.array(fileChangeSchema),
  /** Files whose content the model has seen by this call, with the hash of what it saw. */
  reads: z.array(z.object({ uri: z.string(), hash: z.string() })),
  /** A file that is the result of the call: an export. */
  outputFile: z.nullable(z.string()),
  /** Name of the whole output, where the model got a part. */
  reference: z.nullable(z.string()),
  /** What the call used of a model by itself; it counts as the run's. */
  spent: z.optional(
    z.object({ inputTokens: z.number(), outputTokens: z.number(), costUsd: z.nullable(z.number()) }),
  ),
});
export type CallResult = z.infer<typeof callResultSchema>;

export const agentUsageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  /** Part of the numbers are estimates: the provider did not say, or a call broke off. */
  estimated: z.boolean(),
  /** Null when the price is not known. */
  costUsd: z.nullable(z.number()),
});
export type AgentUsage = z.infer<typeof agentUsageSchema>;

export const agentActionSchema = z.object({
  id: z.string(),
  tool: z.string(),
  input: z.unknown(),
  output: z.string(),
  error: z.nullable(z.string()),
  durationMs: z.number(),
  /** The rule that let it run or kept it from running, and how a person answered where one was asked. */
  approval: z.object({
    verdict: z.enum(["allow", "ask", "deny"]),
    rule: z.string(),
    why: z.string(),
    answer: z.nullable(z.enum(["approve", "reject", "revise"])),
  }),
});
export type AgentAction = z.infer<typeof agentActionSchema>;

export const agentFindingSchema = z.object({
  severity: z.string(),
  issue: z.string(),
  fix: z.string(),
  location: z.nullable(z.string()),
});
export type AgentFinding = z.infer<typeof agentFindingSchema>;

export const STOP_REASONS = [
  "done",
  "max-iterations",
  "max-tool-calls",
  "timeout",
  "token-budget",
  "cost-budget",
  "repeated-calls",
  "tool-failure",
  "provider-failure",
  /** A hook of the host, or a part of ours, broke. */
  "failure",
  "cancelled",
  /** It waits for an answer that nobody gives now. */
  "waiting",
  "untrusted",
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What a run gave, also when it was stopped: what was done is never thrown away. */
export const agentResultSchema = z.object({
  success: z.boolean(),
  output: z.string(),
  error: z.nullable(z.string()),
  errorCode: z.nullable(z.string()),
  iterations: z.number(),
  actions: z.array(agentActionSchema),
  durationMs: z.number(),
  createdFiles: z.array(z.string()),
  modifiedFiles: z.array(z.string()),
  deletedFiles: z.array(z.string()),
  /** What a sandboxed run would change and nobody has approved, as one diff; null when there is nothing. */
  proposedDiff: z.nullable(z.string()),
  suggestions: z.array(z.string()),
  findings: z.array(agentFindingSchema),
  /** A file that the task asked for (an export); null when there is none. */
  outputFile: z.nullable(z.string()),
  usage: agentUsageSchema,
  stopReason: z.enum(STOP_REASONS),
  /** Which limit ended it, and how much was used; null when none did. */
  limit: z.nullable(z.object({ name: z.string(), allowed: z.number(), used: z.number() })),
  sessionId: z.string(),
  runId: z.string(),
  traceId: z.string(),
});
export type AgentResult = z.infer<typeof agentResultSchema>;

/** Something long that is kept elsewhere, by name. */
export const referenceSchema = z.looseObject({
  /** SHA-256 of the content. */
  id: z.string(),
});

const stamp = {
  /** Grows with every event of a run. */
  seq: z.number(),
  /** ISO 8601. */
  at: z.string(),
  runId: z.string(),
  /** Name of the agent; of a sub-agent with the way to it, `coordinator/reviewer`. */
  agent: z.string(),
};

/** A run as it happens. Exactly one of `complete`, `error` and `interrupted`, and it is the last. */
export const agentEventSchema = z.discriminatedUnion("type", [
  z.object({ ...stamp, type: z.literal("thinking"), content: z.string() }),
  z.object({ ...stamp, type: z.literal("text"), delta: z.string() }),
  z.object({
    ...stamp,
    type: z.literal("action"),
    id: z.string(),
    tool: z.string(),
    input: z.unknown(),
    class: z.enum(TOOL_CLASSES),
    decision: decisionSchema,
    /** 1, and one more with each retry. */
    attempt: z.number(),
    /** Files that it is about to change. */
    changes: z.array(fileChangeSchema),
  }),
  z.object({ ...stamp, type: z.literal("approval"), id: z.string(), request: approvalRequestSchema }),
  z.object({
    ...stamp,
    type: z.literal("result"),
    id: z.string(),
    tool: z.string(),
    result: callResultSchema,
  }),
  z.object({
    ...stamp,
    type: z.literal("progress"),
    iteration: z.number(),
    maxIterations: z.number(),
    status: z.string(),
  }),
  z.object({ ...stamp, type: z.literal("plan"), plan: z.unknown() }),
  z.object({ ...stamp, type: z.literal("reference"), reference: referenceSchema }),
  z.object({
    ...stamp,
    type: z.literal("handoff"),
    from: z.string(),
    to: z.string(),
    task: z.string(),
    /** The run of the other one. */
    childRunId: z.string(),
  }),
  z.object({ ...stamp, type: z.literal("usage"), usage: agentUsageSchema }),
  z.object({
    ...stamp,
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    hint: z.nullable(z.string()),
    result: agentResultSchema,
  }),
  z.object({
    ...stamp,
    type: z.literal("interrupted"),
    /** Given to `resume`, it goes on where this stopped. */
    resumeToken: z.string(),
    result: agentResultSchema,
  }),
  z.object({ ...stamp, type: z.literal("complete"), output: z.string(), result: agentResultSchema }),
]);
export type AgentEvent = z.infer<typeof agentEventSchema>;
export type AgentEventOf<Type extends AgentEvent["type"]> = Extract<AgentEvent, { type: Type }>;

/** An event before it is stamped. */
export type Unstamped<Event> = Event extends unknown ? Omit<Event, "seq" | "at" | "runId" | "agent"> : never;

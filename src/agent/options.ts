import * as z from "zod";
import { AksaraError } from "../errors.ts";
import type { RunDestination } from "../execution/run-options.ts";
import { AGENT_MODES, type AgentEvent, type AgentMode } from "../protocol/agent.ts";
import type { JournalRecord } from "../records/journal-record.ts";
import type { ApprovalCallback, Approver } from "./approvals/approver.ts";

/** What a person may do about a failure. */
export type ErrorAnswer = "retry" | "skip" | "abort";
export const ERROR_STRATEGIES = ["retry", "skip", "abort", "ask"] as const;

export interface FailureContext {
  /** Null when the model failed, not a tool. */
  readonly tool: string | null;
  readonly input: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly runId: string;
}

export interface ProgressUpdate {
  readonly iteration: number;
  readonly maxIterations: number;
  readonly status: string;
}

export interface ToolReport {
  readonly output: string;
  readonly isError: boolean;
  readonly durationMs: number;
}

type Maybe<T> = T | Promise<T>;

/** What the caller hooks in; none changes what is allowed. */
export interface AgentHooks {
  /** Decides about a failure in place of the strategy; null or undefined leaves it to that. */
  readonly errorHandler?:
    | ((error: AksaraError, context: FailureContext) => Maybe<ErrorAnswer | null | undefined>)
    | undefined;
  /** False blocks the call; an object takes the place of its arguments, and is decided about instead of them. */
  readonly beforeTool?: ((tool: string, input: unknown) => Maybe<boolean | object | undefined>) | undefined;
  readonly afterTool?: ((tool: string, report: ToolReport) => Maybe<void>) | undefined;
  readonly progressCallback?: ((update: ProgressUpdate) => Maybe<void>) | undefined;
  readonly approvalCallback?: ApprovalCallback | undefined;
  /** In place of `approvalCallback`: whoever asks people here. */
  readonly approver?: Approver | undefined;
  /** One line for a log; what is written depends on `logActions` and `logReasoning`. */
  readonly log?: ((line: string) => void) | undefined;
  /**
   * Asked once, when it is known who would answer, before anything is sent or written. To refuse it throws: the run does
   * not begin.
   */
  readonly agree?: ((destination: RunDestination) => Promise<void>) | undefined;
  /** Hears each record of the journal once it is written, and what passes without being kept, in one order. */
  readonly observe?: ((entry: JournalRecord | AgentEvent) => void) | undefined;
}

/**
 * The reason to abort a run's signal with when the process goes away and the run shall be taken up later: what it waits
 * for still waits then. Aborted with anything else, a run is cancelled, and says so at its end.
 */
export class LeftBehind extends Error {
  constructor() {
    super("The run is left as it is, to be taken up later.");
  }
}

/** What an agent may use when nobody names tools: looking at objects and rows, changing nothing. */
export const DEFAULT_TOOLS: readonly string[] = ["query_records", "list_models", "describe_model"];

export const USUAL_TOOL_SECONDS = 30;

const count = z.int().positive();

/** Options that are data: from settings, a command line, a request. */
export const AgentSettingsSchema = z.strictObject({
  provider: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(0.1),
  /** Names; null: those of `DEFAULT_TOOLS` that this host has. */
  tools: z.array(z.string()).nullable().default(null),
  mode: z.enum(AGENT_MODES).default("default"),
  interactive: z.boolean().default(false),
  allowWrites: z.boolean().default(true),
  allowSystemTools: z.boolean().default(false),
  /** Null: what the model reads. */
  maxInputTokens: count.nullable().default(null),
  maxOutputTokens: count.default(4_000),
  maxTotalTokens: count.default(100_000),
  maxCostUsd: z.number().positive().nullable().default(null),
  maxIterations: count.default(20),
  maxToolCalls: count.default(50),
  timeoutSeconds: z.number().positive().default(300),
  /** Of a tool that declares no time of its own. Another number than the default bounds those that do, too. */
  toolTimeoutSeconds: z.number().positive().nullable().default(USUAL_TOOL_SECONDS),
  /** Seconds for single tools, by name, in place of that. */
  toolTimeouts: z.record(z.string(), z.number().positive()).default({}),
  retryOnError: z.boolean().default(true),
  maxRetries: z.int().nonnegative().default(3),
  errorStrategy: z.enum(ERROR_STRATEGIES).default("retry"),
  /** Tools that ask besides `delete_record` and `run_command`, which always do. */
  requireApprovalFor: z.array(z.string()).default([]),
  sandboxMode: z.boolean().default(false),
  logActions: z.boolean().default(true),
  logReasoning: z.boolean().default(false),
});

export type AgentSettings = z.output<typeof AgentSettingsSchema>;
export type AgentSettingsInput = z.input<typeof AgentSettingsSchema>;

/** Options of one task; the rest is the runtime's. */
export interface TaskOptions extends AgentSettingsInput, AgentHooks {
  /** In place of the task's text. */
  readonly goal?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Names by which the seed and settings files know some options. */
const OTHER_NAMES: Readonly<Record<string, keyof AgentSettings>> = {
  defaultTools: "tools",
  allowWriteTools: "allowWrites",
};

/** Settings with their defaults; of several sources the later wins. @throws SPEC_INVALID with the path */
export function readSettings(...sources: readonly object[]): AgentSettings {
  const merged: Record<string, unknown> = {};
  for (const source of sources)
    for (const [name, value] of Object.entries(source))
      if (value !== undefined) merged[OTHER_NAMES[name] ?? name] = value;
  const parsed = AgentSettingsSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AksaraError("SPEC_INVALID", `Option ${issue?.path.join(".")}: ${issue?.message}`);
}

const HOOKS = [
  "errorHandler",
  "beforeTool",
  "afterTool",
  "progressCallback",
  "approvalCallback",
  "approver",
  "log",
  "agree",
  "observe",
] as const;

/** The hooks of some options, and what is data in them. */
export function splitOptions(options: AgentSettingsInput & AgentHooks): {
  readonly settings: AgentSettingsInput;
  readonly hooks: AgentHooks;
} {
  const settings: Record<string, unknown> = {};
  const hooks: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options))
    if ((HOOKS as readonly string[]).includes(name)) hooks[name] = value;
    else settings[name] = value;
  return { settings: settings as AgentSettingsInput, hooks: hooks as AgentHooks };
}

export function isAgentMode(text: string): text is AgentMode {
  return (AGENT_MODES as readonly string[]).includes(text);
}

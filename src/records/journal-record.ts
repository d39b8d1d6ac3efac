import type { AgentEvent, AgentMode, ApprovalAnswer, FileChange, Unstamped } from "../protocol/agent.ts";

/*
 * What stands in the journal of a run, one record a line. Events of the union are written before they are announced,
 * except those that only show how something is going (`text`, `thinking`, `progress`). The state of a run is a fold
 * over its records; the numbers of events and records are one sequence.
 */

export const JOURNAL_VERSION = 1;

/** A part of a model's answer as it is kept; the same shape as the provider stream's. */
export type AnswerContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "opaque"; readonly provider: string; readonly data: unknown }
  | { readonly type: "tool-call"; readonly id: string; readonly name: string; readonly input: unknown };

/** Tokens of one call; null where the provider did not say. */
export interface AnswerUsage {
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
}

/** Events that are kept. */
export type JournaledEvent = Exclude<AgentEvent, { type: "text" | "thinking" | "progress" }>;

interface Stamp {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly runId: string;
  readonly agent: string;
}

/** The first record of a journal. */
export interface RunStarted extends Stamp {
  readonly type: "run-started";
  readonly version: typeof JOURNAL_VERSION;
  readonly sessionId: string;
  /** 1 for the first run of a session. */
  readonly turn: number;
  readonly task: string;
  readonly mode: AgentMode;
  readonly interactive: boolean;
  /** Names, in the order in which the model sees them. */
  readonly tools: readonly string[];
  readonly provider: string;
  readonly model: string;
  /** What the host wants to find again; nothing of it is looked at here. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A call of the model begins; what it may cost at most is counted until its answer says what it did. */
export interface ModelAsked extends Stamp {
  readonly type: "model-asked";
  readonly iteration: number;
  readonly reservedInput: number;
}

export interface ModelAnswered extends Stamp {
  readonly type: "model-answered";
  readonly iteration: number;
  readonly content: readonly AnswerContent[];
  /** Calls whose arguments were no JSON, with the text. */
  readonly malformed: Readonly<Record<string, string>>;
  readonly finish: string;
  readonly usage: AnswerUsage | null;
  readonly estimate: { readonly input: number; readonly output: number };
  readonly costUsd: number | null;
}

export interface ApprovalAnswered extends Stamp {
  readonly type: "approval-answered";
  readonly id: string;
  readonly answer: ApprovalAnswer;
  /** The person or the rule behind it. */
  readonly by: string;
}

/** Something said to the model beside the task: a budget that runs low, a loop that was noticed. */
export interface Notice extends Stamp {
  readonly type: "notice";
  readonly kind: "budget" | "loop" | "feedback" | "resumed" | "truncated";
  readonly text: string;
}

/** Messages before `keepFrom` (counted from the first of the run's conversation) are replaced by a digest. */
export interface Compacted extends Stamp {
  readonly type: "compacted";
  readonly keepFrom: number;
  readonly digest: string;
}

/** All that was said up to here, in this run and in those before it, is replaced by a digest for the turns that follow. */
export interface ConversationCompacted extends Stamp {
  readonly type: "conversation-compacted";
  readonly digest: string;
}

/** A run that was interrupted goes on. */
export interface RunResumed extends Stamp {
  readonly type: "run-resumed";
}

/** Changes of these calls were taken back. */
export interface Undone extends Stamp {
  readonly type: "undone";
  readonly calls: readonly string[];
}

/** A part of what a call changed was taken back: from what it had left to what is there now. */
export interface UndonePart extends Stamp {
  readonly type: "undone-part";
  readonly call: string;
  readonly changes: readonly FileChange[];
}

export type JournalRecord =
  | JournaledEvent
  | RunStarted
  | ModelAsked
  | ModelAnswered
  | ApprovalAnswered
  | Notice
  | Compacted
  | ConversationCompacted
  | RunResumed
  | Undone
  | UndonePart;

/** A record before the journal has numbered it. */
export type NewRecord = Unstamped<JournalRecord>;

import type { JournalRecord } from "./journal-record.ts";
import { titleOf } from "./task-title.ts";
import { headOf, type TraceFilter, type TraceHead } from "./trace.ts";

/** A trace in a line. */
export interface TraceSummary extends TraceHead {
  /** The conversation: a thread of a runtime, or a session of an agent. */
  readonly conversation: string;
  /** The first line of what was asked. */
  readonly title: string;
}

/** What a list of traces can be narrowed to. */
export interface SummaryFilter extends TraceFilter {
  readonly status?: TraceHead["status"] | undefined;
  readonly agent?: string | undefined;
  /** Part of the title, the agent, the conversation or the id, in whatever case. */
  readonly text?: string | undefined;
}

/** From the journal of the run; null when it was never begun, or is a part of another one's trace. */
export function summaryOf(records: readonly JournalRecord[]): TraceSummary | null {
  const [started] = records;
  const head = headOf(records);
  if (started?.type !== "run-started" || head === null) return null;
  const { runId, labels, sessionId, task } = started;
  if ((labels.root ?? runId) !== runId) return null;
  return { ...head, conversation: labels.thread ?? sessionId, title: titleOf(task) };
}

export function matchesFilter(
  summary: TraceSummary,
  { threadId, evalRunId, testCaseId, status, agent, text }: SummaryFilter,
): boolean {
  const is = <Value>(wanted: Value | undefined, value: Value) => wanted === undefined || wanted === value;
  return (
    is(threadId, summary.threadId) &&
    is(evalRunId, summary.evalRunId) &&
    is(testCaseId, summary.testCaseId) &&
    is(status, summary.status) &&
    is(agent, summary.agent) &&
    (text === undefined || saysOf(summary).includes(text.toLowerCase()))
  );
}

function saysOf({ title, agent, conversation, traceId }: TraceSummary): string {
  return `${title}\n${agent}\n${conversation}\n${traceId}`.toLowerCase();
}

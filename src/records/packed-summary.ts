import type { TraceSummary } from "./trace-summary.ts";

/**
 * A summary as it is stored: its values without their names. Thousands of them are read at once,
 * and this is less than half of what is read otherwise.
 */
export type PackedSummary = readonly [
  traceId: string,
  startedAt: string,
  endedAt: string | null,
  status: TraceSummary["status"],
  errorCode: string | null,
  agent: string,
  conversation: string,
  isThread: 0 | 1,
  title: string,
  usage:
    | readonly [input: number, output: number, total: number, estimated: 0 | 1, cost: number | null]
    | null,
  evalRunId: string | null,
  testCaseId: string | null,
];

export function packed(summary: TraceSummary): PackedSummary {
  const { traceId, startedAt, endedAt, status, errorCode, agent, conversation, threadId, title } = summary;
  const { usage, evalRunId, testCaseId } = summary;
  return [
    traceId,
    startedAt,
    endedAt,
    status,
    errorCode,
    agent,
    conversation,
    threadId === null ? 0 : 1,
    title,
    usage && [
      usage.inputTokens,
      usage.outputTokens,
      usage.totalTokens,
      usage.estimated ? 1 : 0,
      usage.costUsd,
    ],
    evalRunId,
    testCaseId,
  ];
}

export function unpacked(stored: PackedSummary): TraceSummary {
  const [traceId, startedAt, endedAt, status, errorCode, agent, conversation, isThread, title, usage] =
    stored;
  const [evalRunId, testCaseId] = [stored[10], stored[11]];
  return {
    traceId,
    threadId: isThread === 1 ? conversation : null,
    evalRunId,
    testCaseId,
    agent,
    startedAt,
    endedAt,
    status,
    errorCode,
    usage: usage && {
      inputTokens: usage[0],
      outputTokens: usage[1],
      totalTokens: usage[2],
      estimated: usage[3] === 1,
      costUsd: usage[4],
    },
    conversation,
    title,
  };
}

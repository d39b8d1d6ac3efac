import { createHash } from "node:crypto";
import type { AgentUsage } from "../protocol/agent.ts";
import { AKSARA, GEN_AI, OPERATIONS } from "./gen-ai-names.ts";
import type { JournalRecord, RunStarted } from "./journal-record.ts";

type Attribute = string | number | readonly string[];

/** A part of a run with a beginning and an end. */
export interface Span {
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: "agent" | "model" | "tool" | "approval";
  /** ISO 8601; the end is null for what never ended. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: "ok" | "error" | "unset";
  /** Names: see `gen-ai-names.ts`. Nothing of what was said stands here. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A request with everything that followed from it. */
export interface Trace {
  /** 32 hex digits: the run that was asked for. */
  readonly traceId: string;
  readonly threadId: string | null;
  readonly evalRunId: string | null;
  readonly testCaseId: string | null;
  readonly agent: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: "complete" | "error" | "interrupted" | "running";
  readonly errorCode: string | null;
  readonly usage: AgentUsage | null;
  /** In the order in which they began. */
  readonly spans: readonly Span[];
}

/** What a trace is filtered by; its labels have the same names. */
export interface TraceFilter {
  readonly evalRunId?: string | undefined;
  readonly testCaseId?: string | undefined;
  readonly threadId?: string | undefined;
}

/** A trace from the journals of its runs, the root first. Null when the root was never begun. */
export function traceOf(journals: readonly (readonly JournalRecord[])[]): Trace | null {
  const [root] = journals;
  const started = root?.[0];
  if (!root || started?.type !== "run-started") return null;
  const end = endOf(root);
  const spans = journals.flatMap((records) => spansOf(records));
  return {
    traceId: started.runId,
    threadId: started.labels.thread ?? null,
    evalRunId: started.labels.evalRunId ?? null,
    testCaseId: started.labels.testCaseId ?? null,
    agent: started.agent,
    startedAt: started.at,
    endedAt: end?.at ?? null,
    status: end?.type ?? "running",
    errorCode: end?.type === "error" ? end.code : null,
    usage: end?.result.usage ?? null,
    spans: spans.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0)),
  };
}

type End = Extract<JournalRecord, { readonly type: "complete" | "error" | "interrupted" }>;

/** How a run ended; null while it goes on. */
function endOf(records: readonly JournalRecord[]): End | null {
  const last = records.at(-1);
  return last?.type === "complete" || last?.type === "error" || last?.type === "interrupted" ? last : null;
}

/** The spans of one run: of the agent, and below it those of its calls. */
function spansOf(records: readonly JournalRecord[]): readonly Span[] {
  const [started] = records;
  if (started?.type !== "run-started") return [];
  const own = agentSpan(started, records);
  return [
    own,
    ...modelSpans(started, own.spanId, records),
    ...toolSpans(own.spanId, records),
    ...approvalSpans(own.spanId, records),
  ];
}

function agentSpan(started: RunStarted, records: readonly JournalRecord[]): Span {
  const { runId, agent, provider, model, labels } = started;
  const end = endOf(records);
  const { parent, call } = labels;
  return {
    spanId: spanId(runId, "agent"),
    parentSpanId: parent !== undefined && call !== undefined ? spanId(parent, "tool", call) : null,
    name: `${OPERATIONS.agent} ${agent}`,
    kind: "agent",
    startedAt: started.at,
    endedAt: end?.at ?? null,
    status: end?.type === "error" ? "error" : end?.type === "complete" ? "ok" : "unset",
    attributes: {
      [GEN_AI.operation]: OPERATIONS.agent,
      [GEN_AI.agent]: agent,
      [GEN_AI.provider]: provider,
      [GEN_AI.model]: model,
      ...(labels.thread === undefined ? {} : { [GEN_AI.conversation]: labels.thread }),
      ...(end?.type === "error" ? { [GEN_AI.error]: end.code } : {}),
      [AKSARA.run]: runId,
    },
  };
}

function modelSpans(started: RunStarted, parent: string, records: readonly JournalRecord[]): readonly Span[] {
  const spans: Span[] = [];
  for (const [at, record] of records.entries()) {
    if (record.type !== "model-asked") continue;
    const next = records
      .slice(at + 1)
      .find(({ type }) => type === "model-answered" || type === "model-asked");
    const answer = next?.type === "model-answered" ? next : null;
    spans.push({
      spanId: spanId(record.runId, "model", String(record.seq)),
      parentSpanId: parent,
      name: `${OPERATIONS.model} ${started.model}`,
      kind: "model",
      startedAt: record.at,
      endedAt: answer?.at ?? null,
      status: answer ? "ok" : "unset",
      attributes: {
        [GEN_AI.operation]: OPERATIONS.model,
        [GEN_AI.provider]: started.provider,
        [GEN_AI.model]: started.model,
        ...(answer
          ? {
              [GEN_AI.inputTokens]: answer.usage?.input ?? answer.estimate.input,
              [GEN_AI.outputTokens]: answer.usage?.output ?? answer.estimate.output,
              [GEN_AI.finishReasons]: [answer.finish],
            }
          : {}),
      },
    });
  }
  return spans;
}

function toolSpans(parent: string, records: readonly JournalRecord[]): readonly Span[] {
  const spans: Span[] = [];
  const seen = new Set<string>();
  for (const record of records) {
    if (record.type !== "action" || seen.has(record.id)) continue;
    seen.add(record.id);
    const result = records.find((each) => each.type === "result" && each.id === record.id);
    const outcome = result?.type === "result" ? result.result : null;
    const attempts = records.filter((each) => each.type === "action" && each.id === record.id).length;
    spans.push({
      spanId: spanId(record.runId, "tool", record.id),
      parentSpanId: parent,
      name: `${OPERATIONS.tool} ${record.tool}`,
      kind: "tool",
      startedAt: record.at,
      endedAt: result?.at ?? null,
      status: outcome === null ? "unset" : outcome.isError ? "error" : "ok",
      attributes: {
        [GEN_AI.operation]: OPERATIONS.tool,
        [GEN_AI.tool]: record.tool,
        [GEN_AI.toolCall]: record.id,
        ...(outcome?.errorCode ? { [GEN_AI.error]: outcome.errorCode } : {}),
        [AKSARA.toolClass]: record.class,
        [AKSARA.rule]: record.decision.rule,
        [AKSARA.attempt]: attempts,
      },
    });
  }
  return spans;
}

function approvalSpans(parent: string, records: readonly JournalRecord[]): readonly Span[] {
  return records.flatMap((record): readonly Span[] => {
    if (record.type !== "approval") return [];
    const answered = records.find((each) => each.type === "approval-answered" && each.id === record.id);
    const answer = answered?.type === "approval-answered" ? answered.answer : null;
    return [
      {
        spanId: spanId(record.runId, "approval", record.id),
        parentSpanId: parent,
        name: `wait_for_approval ${record.request.tool}`,
        kind: "approval",
        startedAt: record.at,
        endedAt: answered?.at ?? null,
        status: answer === null ? "unset" : "ok",
        attributes: {
          [GEN_AI.tool]: record.request.tool,
          [AKSARA.rule]: record.request.decision.rule,
          ...(answer === null ? {} : { [AKSARA.outcome]: answer.outcome }),
        },
      },
    ];
  });
}

function spanId(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

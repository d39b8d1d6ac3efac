import { createHash } from "node:crypto";
import type { AgentUsage } from "../protocol/agent.ts";
import type { SpanKind } from "../protocol/trace.ts";
import { AKSARA, GEN_AI, OPERATIONS } from "./gen-ai-names.ts";
import type { JournalRecord, ModelAnswered, ModelAsked, RunStarted } from "./journal-record.ts";

type Attribute = string | number | readonly string[];

/** A part of a run with a beginning and an end. */
export interface Span {
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  /** ISO 8601; the end is null for what never ended. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: "ok" | "error" | "unset";
  /** Names: see `gen-ai-names.ts`. Nothing of what was said stands here. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A request with everything that followed from it, but for its spans. */
export interface TraceHead {
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
}

/** A request with everything that followed from it. */
export interface Trace extends TraceHead {
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
  const head = headOf(journals[0] ?? []);
  if (head === null) return null;
  const spans = journals.flatMap((records) => spansOf(records));
  return {
    ...head,
    spans: spans.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0)),
  };
}

/** What the journal of the root says of the whole. Null when it was never begun. */
export function headOf(root: readonly JournalRecord[]): TraceHead | null {
  const [started] = root;
  if (started?.type !== "run-started") return null;
  const end = endOf(root);
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
  };
}

type End = Extract<JournalRecord, { readonly type: "complete" | "error" | "interrupted" }>;

/** How a run ended; null while it goes on. */
export function endOf(records: readonly JournalRecord[]): End | null {
  const last = records.at(-1);
  return last?.type === "complete" || last?.type === "error" || last?.type === "interrupted" ? last : null;
}

/** The spans of one run: of the agent, and below it those of its calls. */
function spansOf(records: readonly JournalRecord[]): readonly Span[] {
  const [started] = records;
  if (started?.type !== "run-started") return [];
  const own = agentSpan(started, records);
  const below = [
    ...modelSpans(started, own.spanId, records),
    ...toolSpans(own.spanId, records),
    ...approvalSpans(own.spanId, records),
    ...pauseSpans(own.spanId, records),
  ];
  // Much happens within a millisecond: the numbers of the records tell what came first.
  return [own, ...below.sort(([a], [b]) => a - b).map(([, span]) => span)];
}

/** A span, and the number of the record that it begins with. */
type Begun = readonly [seq: number, span: Span];

function agentSpan(started: RunStarted, records: readonly JournalRecord[]): Span {
  const { runId, agent, provider, model, labels } = started;
  const end = endOf(records);
  const { parent, call } = labels;
  return {
    spanId: agentSpanId(runId),
    parentSpanId: parent !== undefined && call !== undefined ? toolSpanId(parent, call) : null,
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

function modelSpans(
  started: RunStarted,
  parent: string,
  records: readonly JournalRecord[],
): readonly Begun[] {
  const spans: Begun[] = [];
  for (const [record, answer] of modelCalls(records)) {
    spans.push([
      record.seq,
      {
        spanId: modelSpanId(record),
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
                ...(answer.costUsd === null ? {} : { [AKSARA.cost]: answer.costUsd }),
              }
            : {}),
        },
      },
    ]);
  }
  return spans;
}

/** Calls of the model, each with its answer; null for one that broke off. */
export function modelCalls(
  records: readonly JournalRecord[],
): readonly (readonly [asked: ModelAsked, answer: ModelAnswered | null])[] {
  const calls: [ModelAsked, ModelAnswered | null][] = [];
  for (const record of records) {
    const last = calls.at(-1);
    if (record.type === "model-asked") calls.push([record, null]);
    else if (record.type === "model-answered" && last && last[1] === null) last[1] = record;
  }
  return calls;
}

function toolSpans(parent: string, records: readonly JournalRecord[]): readonly Begun[] {
  const spans: Begun[] = [];
  const results = new Map(
    records.flatMap((record) => (record.type === "result" ? [[record.id, record] as const] : [])),
  );
  const actions = records.filter((record) => record.type === "action");
  for (const [id, attempts] of Map.groupBy(actions, (record) => record.id)) {
    const [record] = attempts;
    if (!record) continue;
    const result = results.get(id);
    const outcome = result?.result ?? null;
    spans.push([
      record.seq,
      {
        spanId: toolSpanId(record.runId, id),
        parentSpanId: parent,
        name: `${OPERATIONS.tool} ${record.tool}`,
        kind: "tool",
        startedAt: record.at,
        endedAt: result?.at ?? null,
        status: outcome === null ? "unset" : outcome.isError ? "error" : "ok",
        attributes: {
          [GEN_AI.operation]: OPERATIONS.tool,
          [GEN_AI.tool]: record.tool,
          [GEN_AI.toolCall]: id,
          ...(outcome?.errorCode ? { [GEN_AI.error]: outcome.errorCode } : {}),
          [AKSARA.toolClass]: record.class,
          [AKSARA.rule]: record.decision.rule,
          [AKSARA.attempt]: attempts.length,
        },
      },
    ]);
  }
  return spans;
}

function approvalSpans(parent: string, records: readonly JournalRecord[]): readonly Begun[] {
  const answers = new Map(
    records.flatMap((record) => (record.type === "approval-answered" ? [[record.id, record] as const] : [])),
  );
  return records.flatMap((record): readonly Begun[] => {
    if (record.type !== "approval") return [];
    const answered = answers.get(record.id);
    return [
      [
        record.seq,
        {
          spanId: approvalSpanId(record.runId, record.id),
          parentSpanId: parent,
          name: `wait_for_approval ${record.request.tool}`,
          kind: "approval",
          startedAt: record.at,
          endedAt: answered?.at ?? null,
          status: answered ? "ok" : "unset",
          attributes: {
            [GEN_AI.tool]: record.request.tool,
            [AKSARA.rule]: record.request.decision.rule,
            ...(answered ? { [AKSARA.outcome]: answered.answer.outcome } : {}),
          },
        },
      ],
    ];
  });
}

/** From the last thing that was written before a run went on again. */
function pauseSpans(parent: string, records: readonly JournalRecord[]): readonly Begun[] {
  return records.flatMap((record, at): readonly Begun[] => {
    const before = records[at - 1];
    if (record.type !== "run-resumed" || !before) return [];
    return [
      [
        record.seq,
        {
          spanId: nameSpan(record.runId, "pause", String(record.seq)),
          parentSpanId: parent,
          name: "wait_for_resume",
          kind: "pause",
          startedAt: before.at,
          endedAt: record.at,
          status: "unset",
          attributes: {},
        },
      ],
    ];
  });
}

export function agentSpanId(runId: string): string {
  return nameSpan(runId, "agent");
}

export function modelSpanId({ runId, seq }: Pick<ModelAsked, "runId" | "seq">): string {
  return nameSpan(runId, "model", String(seq));
}

/** Of a call of a tool, by the run that made it. */
export function toolSpanId(runId: string, call: string): string {
  return nameSpan(runId, "tool", call);
}

export function approvalSpanId(runId: string, approval: string): string {
  return nameSpan(runId, "approval", approval);
}

/** The id of a span from what tells it apart; 16 hex digits. */
export function nameSpan(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

import type { TraceRow, TraceView } from "../../../protocol/trace.ts";
import { AKSARA, GEN_AI } from "../../../records/gen-ai-names.ts";
import type { Span, Trace } from "../../../records/trace.ts";
import { outlineOf } from "../../../records/trace-outline.ts";
import { timesOf } from "../../../records/trace-times.ts";

/** A trace as its page draws it. `title`: what was asked; `now`: in milliseconds since 1970. */
export function traceViewOf(trace: Trace, title: string, now: number): TraceView {
  const { from, to, waits } = timesOf(trace, now);
  const agents = new Map<string, string>();
  return {
    id: trace.traceId,
    title,
    agent: trace.agent,
    thread: trace.threadId,
    startedAt: from,
    duration: to - from,
    status: trace.status,
    errorCode: trace.errorCode,
    usage: trace.usage,
    waits: waits.map((wait) => [wait.from - from, wait.to - from]),
    rows: outlineOf(trace.spans).map(({ span, depth }) => {
      const above = agents.get(span.parentSpanId ?? "") ?? trace.agent;
      const agent = span.kind === "agent" ? textOf(span, GEN_AI.agent) : above;
      agents.set(span.spanId, agent);
      return rowOf(span, depth, agent, from);
    }),
  };
}

function rowOf(span: Span, depth: number, agent: string, from: number): TraceRow {
  const { [GEN_AI.inputTokens]: input, [GEN_AI.outputTokens]: output, [AKSARA.cost]: cost } = span.attributes;
  const isCounted = typeof input === "number" && typeof output === "number";
  return {
    id: span.spanId,
    parent: depth === 0 ? null : span.parentSpanId,
    depth,
    kind: span.kind,
    name: nameOf(span),
    agent,
    start: Date.parse(span.startedAt) - from,
    end: span.endedAt === null ? null : Date.parse(span.endedAt) - from,
    failed: span.status === "error",
    errorCode: textOf(span, GEN_AI.error) || null,
    tokens: isCounted ? { input, output } : null,
    costUsd: typeof cost === "number" ? cost : null,
    attributes: Object.entries(span.attributes).map(([key, value]) => [key, String(value)]),
  };
}

function nameOf(span: Span): string {
  switch (span.kind) {
    case "flow":
      return textOf(span, AKSARA.action);
    case "agent":
      return textOf(span, GEN_AI.agent);
    case "model":
      return textOf(span, GEN_AI.model);
    case "tool":
    case "approval":
      return textOf(span, GEN_AI.tool);
    case "pause":
      return "";
  }
}

function textOf({ attributes }: Span, name: string): string {
  return String(attributes[name] ?? "");
}

import type { Span, Trace } from "./trace.ts";

const STATUS = { unset: 0, ok: 1, error: 2 } as const;
/** Calls that leave the process; everything else is internal to it. */
const CLIENT = 3;
const INTERNAL = 1;

/** A trace as OTLP JSON, as collectors take it over HTTP. What has not ended yet ends where it began. */
export function otlpOf(trace: Trace): Record<string, unknown> {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [attribute("service.name", "aksara-studio")],
        },
        scopeSpans: [
          {
            scope: { name: "aksara-studio" },
            spans: trace.spans.map((span) => spanOf(span, trace.traceId)),
          },
        ],
      },
    ],
  };
}

function spanOf(span: Span, traceId: string): Record<string, unknown> {
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind === "model" ? CLIENT : INTERNAL,
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.endedAt ?? span.startedAt),
    attributes: Object.entries(span.attributes).map(([key, value]) => attribute(key, value)),
    status: { code: STATUS[span.status] },
  };
}

function attribute(key: string, value: Span["attributes"][string]): Record<string, unknown> {
  return { key, value: anyValue(value) };
}

/** 64-bit integers are texts in OTLP JSON. */
function anyValue(value: Span["attributes"][string]): Record<string, unknown> {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
}

function nanoseconds(at: string): string {
  return `${Date.parse(at)}000000`;
}

import { GEN_AI } from "./gen-ai-names.ts";
import type { SpanContent } from "./span-content.ts";
import type { Span, Trace } from "./trace.ts";

const STATUS = { unset: 0, ok: 1, error: 2 } as const;
/** Calls that leave the process; everything else is internal to it. */
const CLIENT = 3;
const INTERNAL = 1;

/**
 * A trace as OTLP JSON, as collectors take it over HTTP. What has not ended yet ends where it began. `contents`: what was
 * said goes along, by the id of the span; it must hold no secrets.
 */
export function otlpOf(
  trace: Trace,
  contents: ReadonlyMap<string, SpanContent> = new Map(),
): Record<string, unknown> {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [attribute("service.name", "aksara-studio")],
        },
        scopeSpans: [
          {
            scope: { name: "aksara-studio" },
            spans: trace.spans.map((span) => spanOf(span, trace.traceId, contents.get(span.spanId))),
          },
        ],
      },
    ],
  };
}

function spanOf(span: Span, traceId: string, content: SpanContent | undefined): Record<string, unknown> {
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind === "model" ? CLIENT : INTERNAL,
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.endedAt ?? span.startedAt),
    attributes: Object.entries({ ...span.attributes, ...contentAttributes(span, content) }).map(
      ([key, value]) => attribute(key, value),
    ),
    status: { code: STATUS[span.status] },
  };
}

function contentAttributes({ kind }: Span, content: SpanContent | undefined): Span["attributes"] {
  const [input, output] =
    kind === "tool" || kind === "approval"
      ? [GEN_AI.toolInput, GEN_AI.toolOutput]
      : [GEN_AI.inputMessages, GEN_AI.outputMessages];
  return {
    ...(content && content.input !== null ? { [input]: textOf(content.input) } : {}),
    ...(content && content.output !== null ? { [output]: textOf(content.output) } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
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

import * as z from "zod";
import { AKSARA, GEN_AI, OPERATIONS } from "./gen-ai-names.ts";
import type { RunTrace } from "./run-trace.ts";
import type { SpanContent } from "./span-content.ts";
import { nameSpan, type Span, type Trace } from "./trace.ts";

/** The members of a script's answer that a span says something of. */
const answersSchema = z.array(
  z.object({
    usage: z.object({ input: z.number().nullable(), output: z.number().nullable() }).optional(),
    finish: z.string().optional(),
    steps: z.array(z.object({ text: z.string().optional() })).default([]),
  }),
);

/** The run of a flow in the form that runs of agents have: the flow, and below it each call of the model. */
export function flowTraceOf(run: RunTrace): Trace {
  const { trace_id: traceId, started_at: startedAt, prompt_pack: pack, result } = run;
  const endedAt = new Date(Date.parse(startedAt) + result.elapsed_ms).toISOString();
  const flow: Span = {
    spanId: nameSpan(traceId, "flow"),
    parentSpanId: null,
    name: `run_flow ${pack.action_key}`,
    kind: "flow",
    startedAt,
    endedAt,
    status: result.ok ? "ok" : "error",
    attributes: {
      [GEN_AI.provider]: result.provider,
      [GEN_AI.model]: result.model,
      ...(result.error_code === null ? {} : { [GEN_AI.error]: result.error_code }),
      [AKSARA.action]: pack.action_key,
      ...(pack.target === null ? {} : { [AKSARA.target]: pack.target.id }),
      ...(result.cost_usd === null ? {} : { [AKSARA.cost]: result.cost_usd }),
    },
  };
  const { prompt, completion, total } = result.tokens;
  return {
    traceId,
    threadId: null,
    evalRunId: null,
    testCaseId: null,
    agent: pack.action_key,
    startedAt,
    endedAt,
    status: result.ok ? "complete" : "error",
    errorCode: result.error_code,
    usage:
      prompt === null || completion === null
        ? null
        : {
            inputTokens: prompt,
            outputTokens: completion,
            totalTokens: total ?? prompt + completion,
            estimated: false,
            costUsd: result.cost_usd,
          },
    spans: [flow, ...callSpans(run, flow.spanId)],
  };
}

function callSpans({ trace_id, calls, script, result }: RunTrace, parent: string): readonly Span[] {
  const parsed = answersSchema.safeParse(script.answers);
  const answers = parsed.success ? parsed.data : [];
  return calls.map(({ started_at, ended_at }, at) => {
    const { usage, finish } = answers[at] ?? {};
    return {
      spanId: nameSpan(trace_id, "model", String(at)),
      parentSpanId: parent,
      name: `${OPERATIONS.model} ${result.model}`,
      kind: "model",
      startedAt: started_at,
      endedAt: ended_at,
      status: finish === undefined ? "error" : "ok",
      attributes: {
        [GEN_AI.operation]: OPERATIONS.model,
        [GEN_AI.provider]: result.provider,
        [GEN_AI.model]: result.model,
        ...(usage && usage.input !== null ? { [GEN_AI.inputTokens]: usage.input } : {}),
        ...(usage && usage.output !== null ? { [GEN_AI.outputTokens]: usage.output } : {}),
        ...(finish === undefined ? {} : { [GEN_AI.finishReasons]: [finish] }),
      },
    };
  });
}

/** What was said in the run of a flow, by the id of the span. */
export function flowContentsOf({
  trace_id,
  prompt_pack,
  script,
  result,
}: RunTrace): ReadonlyMap<string, SpanContent> {
  const parsed = answersSchema.safeParse(script.answers);
  const answers = parsed.success ? parsed.data : [];
  return new Map<string, SpanContent>([
    [
      nameSpan(trace_id, "flow"),
      {
        input: { system: prompt_pack.system_prompt, user: prompt_pack.user_prompt },
        output: result.response,
        why: null,
      },
    ],
    ...answers.map(({ steps }, at): [string, SpanContent] => [
      nameSpan(trace_id, "model", String(at)),
      { input: null, output: steps.map(({ text }) => text ?? "").join(""), why: null },
    ]),
  ]);
}

import type { AnswerContent, JournalRecord } from "./journal-record.ts";
import { agentSpanId, approvalSpanId, endOf, modelCalls, modelSpanId, toolSpanId } from "./trace.ts";

/** What was said in a span; null where there is nothing of the kind. JSON values or texts, as they were. */
export interface SpanContent {
  readonly input: unknown;
  readonly output: unknown;
  /** Why the call was allowed, refused or asked for, in words for a person; null where nothing was decided. */
  readonly why: string | null;
}

const NOTHING: SpanContent = { input: null, output: null, why: null };

/** What was said in each span of one run, by the span's id. A model was sent what stands above its call. */
export function contentsOf(records: readonly JournalRecord[]): ReadonlyMap<string, SpanContent> {
  const [started] = records;
  const contents = new Map<string, SpanContent>();
  if (started?.type !== "run-started") return contents;
  const { runId } = started;
  contents.set(agentSpanId(runId), {
    ...NOTHING,
    input: started.task,
    output: endOf(records)?.result.output ?? null,
  });
  for (const [asked, answer] of modelCalls(records))
    contents.set(modelSpanId(asked), { ...NOTHING, output: answer ? answer.content.map(partOf) : null });
  const added = (id: string, part: Partial<SpanContent>) =>
    contents.set(id, { ...(contents.get(id) ?? NOTHING), ...part });
  for (const record of records) {
    if (record.type === "action")
      added(toolSpanId(runId, record.id), { input: record.input, why: record.decision.why });
    else if (record.type === "result") added(toolSpanId(runId, record.id), { output: record.result.output });
    else if (record.type === "approval")
      added(approvalSpanId(runId, record.id), {
        input: record.request.input,
        why: record.request.decision.why,
      });
    else if (record.type === "approval-answered")
      added(approvalSpanId(runId, record.id), { output: record.answer });
  }
  return contents;
}

/** What only the provider can read is named, not shown. */
function partOf(part: AnswerContent): unknown {
  if (part.type === "text") return { text: part.text };
  return part.type === "tool-call" ? { tool: part.name, input: part.input } : { opaque: part.provider };
}

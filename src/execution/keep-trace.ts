import { isCancelled } from "../errors.ts";
import { Redactor } from "../flows/pack/redaction.ts";
import type { ExecutionResult } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { ScriptInput } from "../providers/connectors/script.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { newTraceId, type RunTraceStore } from "../records/run-trace.ts";
import type { Exchange } from "./ask-model.ts";

export interface FinishedRun {
  readonly pack: PromptPack;
  readonly flowType: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly exchanges: readonly Exchange[];
  readonly model: string;
}

/**
 * Writes the trace of a run, without secrets, and gives the result with its id. A trace that cannot be written does not
 * cost the answer: the result says so.
 */
export async function keepTrace(
  run: FinishedRun,
  result: ExecutionResult,
  store: RunTraceStore | null,
): Promise<ExecutionResult> {
  if (!store) return result;
  const traceId = newTraceId(run.startedAt);
  const named = { ...result, trace_id: traceId };
  const redactor = new Redactor();
  try {
    await store.save({
      version: 1,
      trace_id: traceId,
      started_at: new Date(run.startedAt).toISOString(),
      flow_type: run.flowType,
      prompt_pack: run.pack,
      calls: run.exchanges.map(({ startedAt, endedAt }) => ({
        started_at: new Date(startedAt).toISOString(),
        ended_at: new Date(endedAt).toISOString(),
      })),
      script: { ...redactor.redactValue(scriptOf(run)) },
      result: redactor.redactValue(named),
    });
    return named;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const warning = { code: "STORE_UNAVAILABLE", message: `The trace of this run was not kept: ${reason}` };
    return { ...result, warnings: [...result.warnings, warning] };
  }
}

/** The run as a script: what the provider said, call by call. */
function scriptOf(run: FinishedRun): ScriptInput {
  return { version: 1, model: run.model, answers: run.exchanges.map(scriptAnswer) };
}

function scriptAnswer({ text, reasoning, usage, finish, error }: Exchange): ScriptInput["answers"][number] {
  if (error && isCancelled(error)) return { steps: [{ error: { kind: "aborted", message: error.message } }] };
  return {
    steps: [
      ...(reasoning === "" ? [] : [{ reasoning }]),
      ...(text === "" ? [] : [{ text }]),
      ...(error
        ? [
            {
              error: {
                kind: error instanceof ProviderError ? error.kind : ("unknown" as const),
                message: error.message,
              },
            },
          ]
        : []),
    ],
    ...(usage
      ? {
          usage: {
            input: usage.input,
            cache_read: usage.cacheRead,
            cache_write: usage.cacheWrite,
            output: usage.output,
            reasoning: usage.reasoning,
          },
        }
      : {}),
    ...(finish ? { finish } : {}),
  };
}

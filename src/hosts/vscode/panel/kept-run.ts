import type { Memento } from "vscode";
import * as z from "zod/mini";
import type { ErrorCode } from "../../../errors.ts";
import { type ExecutionResult, executionResultSchema } from "../../../protocol/execution.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";

const KEY = "aksara.flow.lastRun";

const keptRunSchema = z.object({
  /** Of the pack. */
  fingerprint: z.string(),
  startedAt: z.number(),
  /** Who was asked. */
  provider: z.string(),
  model: z.string(),
  /** What had come when it was kept. */
  text: z.string(),
  /** Null while the answer was coming. */
  result: z.nullable(executionResultSchema),
});
/** The last run of a workspace, as it outlives the window. */
export type KeptRun = z.infer<typeof keptRunSchema>;

export async function keepRun(memory: Memento, run: KeptRun): Promise<void> {
  await memory.update(KEY, run);
}

/** The kept run of exactly this pack; null when the last run was of another. */
export function keptRun(
  memory: Pick<Memento, "get">,
  { fingerprint }: Pick<PromptPack, "fingerprint">,
): KeptRun | null {
  const parsed = keptRunSchema.safeParse(memory.get<unknown>(KEY));
  return parsed.success && fingerprint !== "" && parsed.data.fingerprint === fingerprint ? parsed.data : null;
}

/** As much as is known of a run whose end nobody saw; provider and model are "" when nobody was asked. */
export type LostRun = Pick<KeptRun, "provider" | "model" | "text">;

export function lostResult(
  { provider, model, text }: LostRun,
  message: string,
  code: ErrorCode = "INTERRUPTED",
): ExecutionResult {
  return {
    ok: false,
    provider,
    model,
    response: text,
    tokens: { prompt: null, completion: null, total: null },
    elapsed_ms: 0,
    error: message,
    error_code: code,
    hint: null,
    resolution: { provider: null, model: null },
    finish_reason: null,
    truncated: false,
    cost_usd: null,
    answer: null,
    suggestions: [],
    warnings: [],
    trace_id: null,
  };
}

import { AksaraError, isAksaraError, isErrorCode, throwIfCancelled } from "../errors.ts";
import type { ExecutionResult, RunTokens } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import { costOf } from "../providers/pricing/cost.ts";
import type { Exchange } from "./ask-model.ts";
import { converse, NO_OUTCOME, type Outcome } from "./converse.ts";
import type { ExecutionServices } from "./execution-services.ts";
import { keepTrace } from "./keep-trace.ts";
import { type ResolvedModel, resolveModel } from "./resolve-model.ts";
import { promptTokens } from "./run-budget.ts";
import type { RunOptions } from "./run-options.ts";
import { RunTimer } from "./run-timer.ts";

/**
 * Sends a prompt pack to a language model and gives the normalised result. Every failure is in the result, with its
 * code; nothing in the workspace is changed. `flowType` is noted in the trace.
 */
export async function runPromptPack(
  pack: PromptPack,
  options: RunOptions,
  services: ExecutionServices,
  flowType: string | null = pack.kind,
): Promise<ExecutionResult> {
  const startedAt = Date.now();
  const started = performance.now();
  const exchanges: Exchange[] = [];
  const timer = new RunTimer(options.signal, options.limits?.timeoutSeconds);
  let resolved: ResolvedModel | null = null;
  let outcome: Outcome;
  try {
    demandRunnable(pack, services.trusted);
    options.onProgress?.({ stage: "resolving", message: "Looking for a provider" });
    resolved = await resolveModel(options, pack, services, timer.signal);
    await options.agree?.({ setup: resolved.setup, model: resolved.model });
    throwIfCancelled(timer.signal);
    outcome = await converse({ pack, options, services, resolved, signal: timer.signal, exchanges });
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    outcome = { ...NO_OUTCOME, error };
  } finally {
    timer.dispose();
  }
  const result = resultDocument(
    { ...outcome, error: outcome.error && timer.meaningOf(outcome.error) },
    resolved,
    exchanges,
    performance.now() - started,
  );
  if (!resolved || exchanges.length === 0) return result;
  const run = { pack, flowType, startedAt, exchanges, model: resolved.model };
  return await keepTrace(run, result, services.traces);
}

/** @throws WORKSPACE_UNTRUSTED, EMPTY_PROMPT, and the failure of a pack that could not be built */
function demandRunnable(pack: PromptPack, trusted: boolean): void {
  if (!trusted)
    throw new AksaraError(
      "WORKSPACE_UNTRUSTED",
      "The workspace is not trusted: packs can be built, not run.",
      {
        hint: "Trust the workspace if you know where it comes from, then run again.",
      },
    );
  if (!pack.ok && pack.error_code !== null && isErrorCode(pack.error_code))
    throw new AksaraError(pack.error_code, pack.error ?? "The pack could not be built.", {
      ...(pack.hint ? { hint: pack.hint } : {}),
    });
  if (pack.user_prompt.trim() === "")
    throw new AksaraError("EMPTY_PROMPT", "The pack has no prompt, so there is nothing to ask.", {
      hint: "Build the pack again.",
    });
}

function resultDocument(
  outcome: Outcome,
  resolved: ResolvedModel | null,
  exchanges: readonly Exchange[],
  elapsedMs: number,
): ExecutionResult {
  const { error } = outcome;
  return {
    ok: error === null,
    provider: resolved?.setup.name ?? "",
    model: resolved?.model ?? "",
    response: outcome.response,
    tokens: tokensOf(exchanges),
    elapsed_ms: Math.round(elapsedMs * 10) / 10,
    error: error?.message ?? null,
    error_code: error?.code ?? null,
    hint: error?.hint ?? null,
    resolution: { provider: resolved?.providerFrom ?? null, model: resolved?.modelFrom ?? null },
    finish_reason: outcome.finish,
    truncated: outcome.finish === "length",
    cost_usd: resolved ? totalCost(exchanges, resolved) : null,
    answer: outcome.answer,
    suggestions: [...outcome.suggestions],
    warnings: [...outcome.warnings],
    trace_id: null,
  };
}

function tokensOf(exchanges: readonly Exchange[]): RunTokens {
  const prompt = sum(exchanges.map(({ usage }) => promptTokens(usage)));
  const completion = sum(exchanges.map(({ usage }) => usage?.output ?? null));
  return { prompt, completion, total: sum([prompt, completion]) };
}

function totalCost(exchanges: readonly Exchange[], { setup, model }: ResolvedModel): number | null {
  if (exchanges.length === 0) return null;
  return sum(exchanges.map(({ usage }) => (usage ? costOf(setup.kind, model, usage) : null)));
}

/** Unknown as soon as a part is: a sum of what happens to be known would look like the whole. */
function sum(parts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (part === null) return null;
    total += part;
  }
  return total;
}

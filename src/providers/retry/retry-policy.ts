import type { ProviderError } from "../provider-error.ts";

const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** Tries after the first. */
export const MOST_RETRIES = 4;
/** A provider that asks for more is not waited for: the person is told, and decides. */
export const LONGEST_WAIT_MS = 120_000;

/** Why a failed request is not sent again; null when it is. */
export function giveUpReason(
  failure: ProviderError,
  attempt: number,
  begun: boolean,
  signal: AbortSignal,
): "cancelled" | "begun" | "not retryable" | "too often" | "waits too long" | null {
  if (signal.aborted) return "cancelled";
  // What was already said cannot be unsaid, and a second answer would not continue the first.
  if (begun) return "begun";
  if (!failure.retryable) return "not retryable";
  if (attempt > MOST_RETRIES) return "too often";
  return (failure.retryAfterMs ?? 0) > LONGEST_WAIT_MS ? "waits too long" : null;
}

/** What the provider asks for, else full jitter: anything up to a bound that doubles with each try. */
export function retryDelayMs(failure: ProviderError, attempt: number, random: () => number): number {
  if (failure.retryAfterMs !== null) return failure.retryAfterMs;
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)));
}

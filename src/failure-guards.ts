import { codeOf } from "./errors.ts";

/*
 * What kind of failure it is, for thrown errors and for documents that carry one. Callers branch on these or on the
 * code, never on a message.
 */

/** Asked too often; waiting helps. */
export function isRateLimit(failure: unknown): boolean {
  return codeOf(failure) === "RATE_LIMITED";
}

/** The account is used up; waiting a minute does not help. */
export function isQuotaExhausted(failure: unknown): boolean {
  return codeOf(failure) === "QUOTA_EXHAUSTED";
}

/** The provider is too busy for anybody. */
export function isOverloaded(failure: unknown): boolean {
  return codeOf(failure) === "PROVIDER_OVERLOADED";
}

/** The key is missing, wrong, or not allowed to do this. */
export function isAuthFailure(failure: unknown): boolean {
  return codeOf(failure) === "AUTH_FAILED";
}

/** The prompt is larger than the model reads. */
export function isContextOverflow(failure: unknown): boolean {
  return codeOf(failure) === "CONTEXT_OVERFLOW";
}

/** A filter, or the model itself, refused. */
export function isContentFiltered(failure: unknown): boolean {
  return codeOf(failure) === "CONTENT_FILTERED";
}

/** No provider is configured, or not this one. */
export function isNotConfigured(failure: unknown): boolean {
  return codeOf(failure) === "AI_HUB_NOT_CONFIGURED";
}

/** Nobody answered, in time or at all, or the answer broke off. */
export function isUnreachable(failure: unknown): boolean {
  const code = codeOf(failure);
  return code === "PROVIDER_UNREACHABLE" || code === "PROVIDER_TIMEOUT" || code === "INTERRUPTED";
}

/** A budget of tokens, money or time ended it. */
export function isBudgetExceeded(failure: unknown): boolean {
  const code = codeOf(failure);
  return code === "TOKEN_BUDGET_EXCEEDED" || code === "COST_BUDGET_EXCEEDED" || code === "TIMEOUT";
}

/** What was asked for does not exist, or is not the only one of its name. */
export function isTargetFailure(failure: unknown): boolean {
  const code = codeOf(failure);
  return code === "CONTEXT_NOT_FOUND" || code === "AMBIGUOUS_TARGET";
}

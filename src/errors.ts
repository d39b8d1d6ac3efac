/** Every way a call of this product can fail. One union for library, CLI, HTTP and panel. */
export const ERROR_CODES = [
  // building
  "INVALID_ACTION",
  "INVALID_FLOW_TYPE",
  "CONTEXT_NOT_FOUND",
  "AMBIGUOUS_TARGET",
  // resolving
  "AI_HUB_NOT_CONFIGURED",
  "UNKNOWN_PROVIDER",
  "MODEL_NOT_FOUND",
  "EMPTY_PROMPT",
  // the provider's answer
  "AUTH_FAILED",
  "RATE_LIMITED",
  "QUOTA_EXHAUSTED",
  "PROVIDER_OVERLOADED",
  "CONTEXT_OVERFLOW",
  "CONTENT_FILTERED",
  "INVALID_REQUEST",
  // transport
  "PROVIDER_UNREACHABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_ERROR",
  "MALFORMED_PROVIDER_RESPONSE",
  "INTERRUPTED",
  // limits
  "TOKEN_BUDGET_EXCEEDED",
  "COST_BUDGET_EXCEEDED",
  "MAX_TOOL_CALLS_EXCEEDED",
  "MAX_ITERATIONS_EXCEEDED",
  "TIMEOUT",
  "REPEATED_TOOL_CALL",
  // tools
  "TOOL_NOT_FOUND",
  "TOOL_NOT_ALLOWED",
  "TOOL_INPUT_INVALID",
  "TOOL_FAILED",
  "TOOL_TIMEOUT",
  "APPROVAL_REQUIRED",
  "APPROVAL_REJECTED",
  "APPROVAL_UNKNOWN",
  "APPROVAL_ALREADY_ANSWERED",
  "EDIT_CONFLICT",
  "PATH_REFUSED",
  "SECRET_REFUSED",
  "NO_DATABASE",
  // harness
  "SPEC_INVALID",
  "RUN_NOT_FOUND",
  "THREAD_BUSY",
  "REFERENCE_NOT_FOUND",
  "TENANT_MISMATCH",
  "EVAL_REQUEST_INVALID",
  "STORE_UNAVAILABLE",
  // anywhere
  "CANCELLED",
  "WORKSPACE_UNTRUSTED",
  "RUNTIME_ERROR",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export function isErrorCode(text: string): text is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(text);
}

export interface AksaraErrorOptions {
  /** What the person, or the model, can do about it. */
  readonly hint?: string;
  /** Names or ids to choose from: the nearest names, the candidates of an ambiguity. */
  readonly candidates?: readonly string[];
  readonly cause?: unknown;
}

/** The only error class of the product. Callers branch on `code`, never on the message. */
export class AksaraError extends Error {
  override readonly name = "AksaraError";
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly candidates: readonly string[];

  constructor(code: ErrorCode, message: string, options: AksaraErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
    this.candidates = options.candidates ?? [];
  }
}

export function isAksaraError(error: unknown): error is AksaraError {
  return error instanceof AksaraError;
}

export function isCancelled(error: unknown): boolean {
  return (
    (isAksaraError(error) && error.code === "CANCELLED") ||
    (error instanceof Error && error.name === "AbortError")
  );
}

/** The code of a failure, thrown or told: an error of ours, or a document with `error_code`. Null for anything else. */
export function codeOf(failure: unknown): ErrorCode | null {
  if (isAksaraError(failure)) return failure.code;
  if (typeof failure !== "object" || failure === null || !("error_code" in failure)) return null;
  const { error_code: code } = failure;
  return typeof code === "string" && isErrorCode(code) ? code : null;
}

/** Throws CANCELLED when the signal has fired; cheap enough for inner loops. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AksaraError("CANCELLED", "The operation was cancelled.");
}

/** The end of an exhaustive switch: a member that is not handled is an error of the compiler. */
export function assertNever(value: never): never {
  throw new RangeError(`not handled: ${JSON.stringify(value)}`);
}

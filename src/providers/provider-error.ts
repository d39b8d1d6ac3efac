import { AksaraError, type ErrorCode } from "../errors.ts";

/** What went wrong between us and a provider, finer than the product's error codes. */
export type ProviderErrorKind =
  | "auth"
  | "permission"
  | "rate_limit"
  | "quota_exhausted"
  | "overloaded"
  | "context_length"
  | "invalid_request"
  | "content_filter"
  | "refusal"
  | "model_not_found"
  | "network"
  | "dns"
  | "tls"
  | "proxy"
  | "timeout_connect"
  | "timeout_first_byte"
  | "timeout_idle"
  | "timeout_total"
  | "interrupted"
  | "protocol"
  | "aborted"
  | "unknown";

const CODES: Readonly<Record<ProviderErrorKind, ErrorCode>> = {
  auth: "AUTH_FAILED",
  permission: "AUTH_FAILED",
  rate_limit: "RATE_LIMITED",
  quota_exhausted: "QUOTA_EXHAUSTED",
  overloaded: "PROVIDER_OVERLOADED",
  context_length: "CONTEXT_OVERFLOW",
  invalid_request: "INVALID_REQUEST",
  content_filter: "CONTENT_FILTERED",
  refusal: "CONTENT_FILTERED",
  model_not_found: "MODEL_NOT_FOUND",
  network: "PROVIDER_UNREACHABLE",
  dns: "PROVIDER_UNREACHABLE",
  tls: "PROVIDER_UNREACHABLE",
  proxy: "PROVIDER_UNREACHABLE",
  timeout_connect: "PROVIDER_TIMEOUT",
  timeout_first_byte: "PROVIDER_TIMEOUT",
  timeout_idle: "PROVIDER_TIMEOUT",
  timeout_total: "PROVIDER_TIMEOUT",
  interrupted: "INTERRUPTED",
  protocol: "MALFORMED_PROVIDER_RESPONSE",
  aborted: "CANCELLED",
  unknown: "PROVIDER_ERROR",
};

export interface ProviderErrorDetails {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly provider: string;
  readonly hint?: string;
  /** HTTP status; null when there was no answer. */
  readonly status?: number | null;
  /** The provider's own id of the request, for its support. */
  readonly requestId?: string | null;
  /** Milliseconds the provider asked to wait; null when it did not. */
  readonly retryAfterMs?: number | null;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** A failed exchange with a provider. The message is the provider's own words where it had any, without secrets. */
export class ProviderError extends AksaraError {
  readonly kind: ProviderErrorKind;
  readonly provider: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly retryable: boolean;

  constructor(details: ProviderErrorDetails) {
    super(CODES[details.kind], details.message, {
      ...(details.hint === undefined ? {} : { hint: details.hint }),
      ...(details.cause === undefined ? {} : { cause: details.cause }),
    });
    this.kind = details.kind;
    this.provider = details.provider;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.retryable = details.retryable ?? false;
  }
}

import type { ErrorCode } from "../../errors.ts";

export type TransportStatus = 401 | 403 | 404 | 413 | 422 | 429;

const CODES: Readonly<Record<TransportStatus, ErrorCode>> = {
  401: "AUTH_FAILED",
  403: "AUTH_FAILED",
  404: "INVALID_REQUEST",
  413: "INVALID_REQUEST",
  422: "INVALID_REQUEST",
  429: "RATE_LIMITED",
};

/** A request that is refused before anything is done with it. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly status: TransportStatus;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: TransportStatus, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = CODES[status];
    this.headers = headers;
  }
}

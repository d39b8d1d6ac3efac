/** Milliseconds; null waits for ever. */
export interface Timeouts {
  /** Until the connection stands: name, TCP, proxy, TLS. */
  readonly connect: number | null;
  /** From there until the first byte of the body. */
  readonly firstByte: number | null;
  /** Between two chunks of the body. */
  readonly idle: number | null;
  /** The whole exchange. */
  readonly total: number | null;
}

export const REMOTE_TIMEOUTS: Timeouts = {
  connect: 10_000,
  firstByte: 60_000,
  idle: 120_000,
  total: 1_800_000,
};

/** A model that runs here may read a long prompt for minutes before it says a word. */
export const LOCAL_TIMEOUTS: Timeouts = { ...REMOTE_TIMEOUTS, firstByte: 300_000 };

export interface HttpRequest {
  /** Kind of the provider, for the errors. */
  readonly provider: string;
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Chunks as they come. Read once. @throws ProviderError */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection; without effect when the body has ended. */
  close(): void;
}

/**
 * Sends one request and gives the answer as a stream. Follows no redirect, retries nothing, keeps no cookie. Aborting
 * the signal closes the socket at once.
 */
export interface HttpTransport {
  /** @throws ProviderError network, dns, tls, proxy, timeout_*, aborted */
  send(request: HttpRequest): Promise<HttpResponse>;
  dispose(): Promise<void>;
}

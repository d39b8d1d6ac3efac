import { ExchangeTimers } from "./exchange-timers.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "./http-transport.ts";
import { abortedError, networkError } from "./network-error.ts";

/**
 * The fetch of the process. In VS Code the editor has put its proxy, PAC, Kerberos and certificates behind it, which
 * is why it is the transport there. It does not show when a connection stands: `connect` and `firstByte` together
 * bound the time to the first byte.
 */
export class HostFetchTransport implements HttpTransport {
  readonly #fetch: typeof fetch;

  /** @param fetch the process's own, looked up at each call, when absent */
  constructor(fetch?: typeof globalThis.fetch) {
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const { provider, url, signal, timeouts } = request;
    if (signal.aborted) throw abortedError(provider);
    const abort = new AbortController();
    const timers = new ExchangeTimers(
      provider,
      { ...timeouts, firstByte: sum(timeouts.connect, timeouts.firstByte) },
      (error) => abort.abort(error),
    );
    timers.connected();
    const onAbort = () => abort.abort(abortedError(provider));
    signal.addEventListener("abort", onAbort, { once: true });
    const release = () => {
      timers.stop();
      signal.removeEventListener("abort", onAbort);
    };
    try {
      const response = await this.#fetch(url, {
        method: request.method,
        headers: { ...request.headers, "accept-encoding": "identity" },
        body: request.body,
        redirect: "manual",
        signal: abort.signal,
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: chunks(response, request, abort.signal, timers, release),
        close: () => {
          release();
          abort.abort(abortedError(provider));
        },
      };
    } catch (error) {
      release();
      throw abort.signal.aborted ? abort.signal.reason : networkError(error, provider, url, false);
    }
  }

  async dispose(): Promise<void> {}
}

async function* chunks(
  response: Response,
  request: HttpRequest,
  aborted: AbortSignal,
  timers: ExchangeTimers,
  release: () => void,
): AsyncIterable<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      if (done) return;
      timers.byte();
      yield value;
    }
  } catch (error) {
    throw aborted.aborted ? aborted.reason : networkError(error, request.provider, request.url, true);
  } finally {
    release();
  }
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

import type { Dispatcher } from "undici";
import { ExchangeTimers } from "./exchange-timers.ts";
import type { HttpRequest, HttpResponse } from "./http-transport.ts";
import { abortedError, networkError } from "./network-error.ts";

/** Bytes that may lie unread before the socket is asked to pause. */
const HIGH_WATER = 256 * 1024;

/** One request and its answer over undici's own events, which show when the connection stands. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #timers: ExchangeTimers;
  readonly #headers = Promise.withResolvers<HttpResponse>();
  readonly #chunks: Buffer[] = [];
  #unread = 0;
  #paused = false;
  #answered = false;
  #ended = false;
  #failure: unknown = null;
  #wake: (() => void) | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  readonly #onAbort: () => void;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.#timers = new ExchangeTimers(request.provider, request.timeouts, (error) => this.#fail(error));
    this.#onAbort = () => this.#fail(abortedError(request.provider));
  }

  start(dispatcher: Dispatcher): Promise<HttpResponse> {
    const { method, url, headers, body, signal } = this.#request;
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) {
      this.#onAbort();
      return this.#headers.promise;
    }
    try {
      dispatcher.dispatch(
        { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: { ...headers }, body },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
    return this.#headers.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== null) controller.abort(asError(this.#failure));
    else this.#timers.connected();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // 1xx come before the answer.
    if (status < 200) return;
    this.#answered = true;
    this.#headers.resolve({
      status,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name.toLowerCase(),
          Array.isArray(value) ? value.join(", ") : (value ?? ""),
        ]),
      ),
      body: this.#read(),
      close: () => this.#fail(abortedError(this.#request.provider)),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#failure !== null) return;
    this.#timers.byte();
    this.#chunks.push(chunk);
    this.#unread += chunk.length;
    if (this.#unread > HIGH_WATER && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#release();
    this.#wake?.();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#ended || this.#failure !== null) return;
    const { provider, url } = this.#request;
    this.#failure = networkError(error, provider, url, this.#answered);
    this.#release();
    this.#headers.reject(this.#failure);
    this.#controller?.abort(asError(this.#failure));
    this.#wake?.();
  }

  #release(): void {
    this.#timers.stop();
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }

  async *#read(): AsyncIterable<Uint8Array> {
    try {
      while (true) {
        // What came before a failure was really said; a cancelled reader asks for no more.
        for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take()) yield chunk;
        if (this.#failure !== null) throw this.#failure;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    } finally {
      this.#fail(abortedError(this.#request.provider));
    }
  }

  #take(): Buffer | undefined {
    if (this.#request.signal.aborted) throw abortedError(this.#request.provider);
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return undefined;
    this.#unread -= chunk.length;
    if (this.#paused && this.#unread < HIGH_WATER / 2) {
      this.#paused = false;
      this.#controller?.resume();
    }
    return chunk;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("The exchange was ended.");
}

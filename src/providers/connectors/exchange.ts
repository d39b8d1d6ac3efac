import type { Clock } from "../clock.ts";
import { answerError } from "../errors/answer-error.ts";
import { type Redact, redactor } from "../errors/snippet.ts";
import { ProviderError } from "../provider-error.ts";
import { foreignOrigin, type ProviderKey } from "../provider-key.ts";
import type { HttpResponse, HttpTransport, Timeouts } from "../transport/http-transport.ts";

const MOST_REDIRECTS = 3;
/** Bytes of a refusal that are read. */
const LONGEST_REFUSAL = 64 * 1024;
/** Bytes of a list of models that are read. */
const LONGEST_LIST = 16 * 1024 * 1024;

export interface ExchangeOptions {
  readonly provider: string;
  readonly baseUrl: URL;
  readonly key: ProviderKey | null;
  readonly keyHeader: { readonly name: string; readonly prefix: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: HttpTransport;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
}

/**
 * Requests to one origin with one key. Follows a redirect only within that origin, and turns every answer but a good
 * one into a failure without secrets.
 */
export class Exchange {
  readonly origin: string;
  readonly provider: string;
  /** Null without a key. */
  readonly keyFingerprint: string | null;
  readonly redact: Redact;
  readonly #options: ExchangeOptions;

  /** @throws ProviderError auth, when the key was entered for another origin */
  constructor(options: ExchangeOptions) {
    const { baseUrl, key, headers, provider } = options;
    this.origin = baseUrl.origin;
    this.provider = provider;
    if (key !== null && key.origin !== this.origin) throw foreignOrigin(key.origin, this.origin, provider);
    this.keyFingerprint = key?.fingerprint ?? null;
    this.redact = redactor(key, Object.values(headers));
    this.#options = options;
  }

  get now(): number {
    return this.#options.clock.now();
  }

  /** The answer to a POST whose status is good. @throws ProviderError */
  post(url: URL, body: unknown, model: string, signal: AbortSignal): Promise<HttpResponse> {
    return this.#send("POST", url, JSON.stringify(body), model, signal);
  }

  /** @throws ProviderError */
  async getJson(url: URL, signal: AbortSignal): Promise<unknown> {
    const response = await this.#send("GET", url, null, null, signal);
    const text = await readText(response, LONGEST_LIST);
    try {
      return JSON.parse(text);
    } catch {
      throw this.malformed(text, response);
    }
  }

  malformed(text: string, response: HttpResponse | null): ProviderError {
    const shown = this.redact(text);
    return new ProviderError({
      kind: "protocol",
      provider: this.provider,
      message:
        shown === "" ? "The answer is empty." : `The answer is not what this provider speaks: ${shown}`,
      hint: "Check base_url: something else may be listening there.",
      status: response?.status ?? null,
    });
  }

  async #send(
    method: "GET" | "POST",
    start: URL,
    body: string | null,
    model: string | null,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { transport, timeouts } = this.#options;
    let url = start;
    for (let redirects = 0; ; redirects++) {
      const headers = this.#headers(url, body);
      const response = await transport.send({
        provider: this.provider,
        method,
        url,
        headers,
        body,
        timeouts,
        signal,
      });
      if (response.status >= 200 && response.status < 300) return response;
      if (response.status < 300 || response.status >= 400) throw await this.#refusal(response, model);
      response.close();
      url = this.#redirected(response, url, method, redirects);
    }
  }

  #headers(url: URL, body: string | null): Record<string, string> {
    const { key, keyHeader, headers } = this.#options;
    return {
      ...headers,
      "user-agent": "aksara-studio",
      accept:
        body === null ? "application/json" : "text/event-stream, application/x-ndjson, application/json",
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...(key === null ? {} : { [keyHeader.name]: `${keyHeader.prefix}${key.valueFor(url, this.provider)}` }),
    };
  }

  #redirected(response: HttpResponse, from: URL, method: string, redirects: number): URL {
    const location = response.headers.location;
    const target =
      location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null;
    const keepsMethod = method === "GET" || response.status === 307 || response.status === 308;
    if (target !== null && target.origin === this.origin && keepsMethod && redirects < MOST_REDIRECTS)
      return target;
    const where = target === null ? "nowhere" : target.origin === this.origin ? "in a circle" : target.origin;
    throw new ProviderError({
      kind: "protocol",
      provider: this.provider,
      message: `${this.origin} redirects to ${where} (HTTP ${response.status}); the request was not sent on.`,
      hint: "If the provider has moved, change base_url and enter the key for the new address.",
      status: response.status,
    });
  }

  async #refusal(response: HttpResponse, model: string | null): Promise<ProviderError> {
    let body = "";
    try {
      body = await readText(response, LONGEST_REFUSAL);
    } catch (error) {
      // The status alone says enough; only a cancelled request has nothing more to say.
      if (error instanceof ProviderError && error.kind === "aborted") return error;
    }
    return answerError(
      {
        provider: this.provider,
        status: response.status,
        headers: response.headers,
        body,
        model,
        now: this.now,
      },
      this.redact,
    );
  }
}

async function readText(response: HttpResponse, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      bytes += chunk.length;
      if (bytes > most) break;
    }
    return text + decoder.decode();
  } finally {
    response.close();
  }
}

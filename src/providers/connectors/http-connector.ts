import { isCancelled } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import type { Connector, ModelCapabilities, ModelPart, ModelRequest } from "../model-stream.ts";
import { ProviderError } from "../provider-error.ts";
import type { RequestGate } from "../retry/request-gate.ts";
import { giveUpReason, retryDelayMs } from "../retry/retry-policy.ts";
import { abortedError, networkError } from "../transport/network-error.ts";
import type { WireContext, WireForm } from "../wire/wire-form.ts";
import { readAnswer } from "./answer-stream.ts";
import type { Exchange } from "./exchange.ts";

/** One try of a request, as it ended. For logs and traces: holds no content and no secret. */
export interface ProviderAttempt {
  readonly request: ModelRequest;
  readonly provider: string;
  /** From 1. */
  readonly attempt: number;
  /** Null when the answer came to its end. */
  readonly error: ProviderError | null;
  /** Milliseconds until the next try; null when there is none. */
  readonly nextInMs: number | null;
}

export interface HttpConnectorOptions {
  readonly kind: string;
  readonly defaultModel: string | null;
  readonly form: WireForm;
  readonly exchange: Exchange;
  readonly contextOf: (model: string) => WireContext;
  readonly gate: RequestGate;
  readonly maxConcurrency: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onAttempt: ((attempt: ProviderAttempt) => void) | null;
}

/** A provider behind HTTP: one wire form, one origin, one key; tries again by the rules of the gate. */
export class HttpConnector implements Connector {
  readonly kind: string;
  readonly defaultModel: string | null;
  readonly #options: HttpConnectorOptions;

  constructor(options: HttpConnectorOptions) {
    this.kind = options.kind;
    this.defaultModel = options.defaultModel;
    this.#options = options;
  }

  capabilities(model: string): ModelCapabilities {
    return this.#options.contextOf(model).capabilities;
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    const { form, exchange, contextOf } = this.#options;
    const payload = await exchange.getJson(form.modelsUrl(contextOf("")), signal);
    return form.readModels(payload);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    const { exchange, gate, maxConcurrency, clock, random, onAttempt } = this.#options;
    const lane = gate.lane(
      { provider: this.kind, origin: exchange.origin, key: exchange.keyFingerprint, model: request.model },
      maxConcurrency,
    );
    for (let attempt = 1; ; attempt++) {
      const pass = await lane.enter(signal, attempt > 1).catch((error: unknown) => {
        throw this.#failure(error);
      });
      let begun = false;
      let wait: number;
      try {
        for await (const parts of this.#attempt(request, signal)) {
          begun = true;
          for (const part of parts) {
            if (signal.aborted) throw abortedError(this.kind);
            yield part;
          }
        }
        pass.giveBack({ type: "success" });
        onAttempt?.({ request, provider: this.kind, attempt, error: null, nextInMs: null });
        return;
      } catch (error) {
        const failure = this.#failure(error);
        const refusal = giveUpReason(failure, attempt, begun, signal);
        wait = retryDelayMs(failure, attempt, random);
        const isLimited = failure.kind === "rate_limit" || failure.kind === "overloaded";
        pass.giveBack(
          isLimited && refusal !== "waits too long" ? { type: "limited", waitMs: wait } : { type: "other" },
        );
        onAttempt?.({
          request,
          provider: this.kind,
          attempt,
          error: failure,
          nextInMs: refusal === null ? wait : null,
        });
        if (refusal !== null) throw failure;
        // The lane makes a limited request wait, with all the others.
        if (isLimited) continue;
      } finally {
        // The reader went away in the middle of the answer.
        pass.giveBack({ type: "other" });
      }
      await clock.sleep(wait, signal).catch((error: unknown) => {
        throw this.#failure(error);
      });
    }
  }

  async *#attempt(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    const { form, exchange, contextOf } = this.#options;
    const context = contextOf(request.model);
    const { url, body } = form.call(request, context);
    const response = await exchange.post(url, body, request.model, signal);
    try {
      yield* readAnswer(response, form, context, request, exchange, signal);
    } finally {
      response.close();
    }
  }

  #failure(error: unknown): ProviderError {
    if (error instanceof ProviderError) return error;
    if (isCancelled(error)) return abortedError(this.kind);
    return networkError(error, this.kind, new URL(this.#options.exchange.origin), false);
  }
}

import { answerError } from "../errors/answer-error.ts";
import type { ModelPart, ModelRequest } from "../model-stream.ts";
import { ProviderError } from "../provider-error.ts";
import type { HttpResponse } from "../transport/http-transport.ts";
import { abortedError } from "../transport/network-error.ts";
import { LineFrames, SseFrames } from "../wire/frames.ts";
import type { AnswerFailures, WireContext, WireForm } from "../wire/wire-form.ts";
import type { Exchange } from "./exchange.ts";

/** Characters kept of an answer in which no event was found, to say what it was instead. */
const KEPT = 4_000;
/** Characters of text, reasoning and arguments of one answer; the longest that a model gives has a tenth of it. */
const LONGEST_ANSWER = 16 * 1024 * 1024;
/** Bytes of one answer, with all that is around its words. */
const LARGEST_ANSWER = 256 * 1024 * 1024;

/** The parts of one answer, as its bytes come: a batch for each chunk that held any. @throws ProviderError */
export async function* readAnswer(
  response: HttpResponse,
  form: WireForm,
  context: WireContext,
  request: ModelRequest,
  exchange: Exchange,
  signal: AbortSignal,
): AsyncIterable<readonly ModelPart[]> {
  const reducer = form.reducer(request, context, failuresOf(exchange, response, request.model));
  let parts: ModelPart[] = [];
  let characters = 0;
  const emit = (part: ModelPart) => {
    if ("delta" in part) characters += part.delta.length;
    if (characters > LONGEST_ANSWER) throw new RangeError("the answer has more than 16 million characters");
    parts.push(part);
  };
  let events = 0;
  let bytes = 0;
  const onData = (data: string) => {
    events++;
    reducer.take(data, emit);
  };
  const frames = form.framing === "sse" ? new SseFrames(onData) : new LineFrames(onData);
  const decoder = new TextDecoder();
  let beginning = "";
  /** Runs a step; what it gave before it failed is still given out, then the failure. */
  const run = (step: () => void): ProviderError | null => {
    try {
      step();
      return null;
    } catch (error) {
      if (error instanceof ProviderError) return error;
      return exchange.malformed(error instanceof Error ? error.message : "", response);
    }
  };
  const taken = (): readonly ModelPart[] => {
    if (signal.aborted) throw abortedError(exchange.provider);
    const batch = parts;
    parts = [];
    return batch;
  };

  let broken: unknown = null;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > LARGEST_ANSWER) throw exchange.malformed("the answer has more than 256 MB", response);
      const text = decoder.decode(chunk, { stream: true });
      if (events === 0 && beginning.length < KEPT) beginning += text;
      const failure = run(() => frames.feed(text));
      if (parts.length > 0) yield taken();
      if (failure !== null)
        throw isWrongFromTheStart(failure, events)
          ? withoutEvents(beginning, response, exchange, request.model)
          : failure;
      if (reducer.done) return;
    }
  } catch (error) {
    if (!isBroken(error)) throw error;
    broken = error;
  }
  const whole = events;
  const torn = run(() => {
    frames.feed(decoder.decode());
    frames.end();
  });
  const failure = run(() => {
    // A last event that was cut off says nothing; what came before it may have been all.
    if (torn !== null && torn.kind !== "protocol") throw torn;
    const nothing = torn === null ? events === 0 : whole === 0;
    if (nothing && broken === null) throw withoutEvents(beginning, response, exchange, request.model);
    reducer.end(emit);
  });
  // A server that resets, or leaves open, what it had finished has said all the same what it had to say.
  if (failure !== null && broken !== null) throw broken;
  if (parts.length > 0) yield taken();
  if (failure !== null) throw failure;
}

/** Whether not even the first event could be read: what came is something else altogether. */
function isWrongFromTheStart(failure: ProviderError, events: number): boolean {
  return failure.kind === "protocol" && events === 1;
}

/** Whether the connection ended, or stayed silent, in place of the answer's own end. */
function isBroken(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === "timeout_idle" || error.kind === "interrupted");
}

/** A good status, but no stream: an error object sent the plain way, a page, or nothing at all. */
function withoutEvents(
  text: string,
  response: HttpResponse,
  exchange: Exchange,
  model: string,
): ProviderError {
  const isError = /^\s*\{/.test(text) && /"error"/.test(text.slice(0, 200));
  if (!isError) return exchange.malformed(/^\s*</.test(text) ? `a page of HTML` : text, response);
  return failuresOf(exchange, response, model).reported(text);
}

function failuresOf(exchange: Exchange, response: HttpResponse, model: string): AnswerFailures {
  const { provider } = exchange;
  return {
    reported: (payload) =>
      answerError(
        {
          provider,
          status: null,
          headers: response.headers,
          body: typeof payload === "string" ? payload : JSON.stringify(payload),
          model,
          now: exchange.now,
        },
        exchange.redact,
      ),
    interrupted: () =>
      new ProviderError({
        kind: "interrupted",
        provider,
        message: "The answer broke off before its end.",
        status: response.status,
        retryable: true,
      }),
    malformed: (why) => exchange.malformed(why, response),
  };
}

import type { ModelCapabilities, ModelPart, ModelRequest } from "../model-stream.ts";
import type { ProviderConfig } from "../provider-config.ts";
import type { ProviderError } from "../provider-error.ts";

/** What a wire form needs to know of the connector that speaks it. */
export interface WireContext {
  readonly config: ProviderConfig;
  readonly baseUrl: URL;
  readonly capabilities: ModelCapabilities;
}

/** A call as it goes out, without its key. */
export interface WireCall {
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Emit = (part: ModelPart) => void;

/** How a reducer says that an answer went wrong. */
export interface AnswerFailures {
  /** An error object inside the stream. */
  reported(payload: unknown): ProviderError;
  /** The stream ended before the answer did. */
  interrupted(): ProviderError;
  /** Something that is not this wire form. */
  malformed(why: string): ProviderError;
}

/** Turns the events of one answer into parts. */
export interface AnswerReducer {
  /** True once `finish` was emitted; nothing more is expected. */
  readonly done: boolean;
  /** Takes the data of one event. @throws ProviderError */
  take(data: string, emit: Emit): void;
  /** The stream has ended. @throws ProviderError interrupted, when the answer had not */
  end(emit: Emit): void;
}

/** One form of request and answer. */
export interface WireForm {
  readonly framing: "sse" | "ndjson";
  /** Name of the header that carries the key, and the word before it. */
  readonly keyHeader: { readonly name: string; readonly prefix: string };
  /** Sent with every call of this form. */
  readonly headers: Readonly<Record<string, string>>;
  call(request: ModelRequest, context: WireContext): WireCall;
  reducer(request: ModelRequest, context: WireContext, failures: AnswerFailures): AnswerReducer;
  modelsUrl(context: WireContext): URL;
  /** Names in the answer to `modelsUrl`. */
  readModels(payload: unknown): readonly string[];
}

/** A path below the base URL, whose own path and query stay. */
export function below(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

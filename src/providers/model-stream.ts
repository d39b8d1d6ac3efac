/** What a language model is asked, the same for every provider. */
export interface ModelRequest {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** Null leaves it to the provider. */
  readonly maxOutputTokens: number | null;
  readonly temperature: number | null;
  /** Names a prefix that a provider may keep cached; null when there is none. */
  readonly promptCacheKey: string | null;
}

export type ModelMessage =
  | { readonly role: "user"; readonly content: readonly UserContent[] }
  | { readonly role: "assistant"; readonly content: readonly AssistantContent[] }
  /** Results of the tool calls of the assistant message before it, in the order of the calls. */
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

export type UserContent = { readonly type: "text"; readonly text: string };

export type AssistantContent =
  | { readonly type: "text"; readonly text: string }
  /** Reasoning and blocks we do not know, carried unchanged back to the provider they came from. */
  | { readonly type: "opaque"; readonly provider: string; readonly data: unknown }
  | { readonly type: "tool-call"; readonly id: string; readonly name: string; readonly input: unknown };

export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  readonly output: string;
  readonly isError: boolean;
}

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** Token classes kept apart; null where the provider does not say. */
export interface TokenUsage {
  /** Input tokens that were neither read from nor written to a cache. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  /** All output tokens, reasoning included. */
  readonly output: number | null;
  /** The part of `output` spent on reasoning. */
  readonly reasoning: number | null;
}

export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "refusal" | "unknown";

/**
 * One step of an answer as it arrives. The order within one answer: any number of deltas and calls, `usage` at most
 * once, and exactly one `finish` as the last part. A failure is thrown (`ProviderError`), not a part.
 */
export type ModelPart =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "reasoning"; readonly delta: string }
  | { readonly type: "tool-input"; readonly id: string; readonly name: string; readonly delta: string }
  /** The whole call, after its input: `input` is parsed JSON, or null with the text that could not be parsed. */
  | {
      readonly type: "tool-call";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      readonly malformed: string | null;
    }
  | { readonly type: "opaque"; readonly data: unknown }
  | { readonly type: "usage"; readonly usage: TokenUsage }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly model: string | null };

/** What a model of a provider can do. */
export interface ModelCapabilities {
  readonly tools: boolean;
  readonly images: boolean;
  readonly reasoning: boolean;
  readonly temperature: boolean;
  readonly caching: boolean;
  /** Tokens; null when unknown. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
}

/** Of what is no model, or says nothing about itself. */
export const NO_CAPABILITIES: ModelCapabilities = {
  tools: false,
  images: false,
  reasoning: false,
  temperature: false,
  caching: false,
  contextWindow: null,
  maxOutputTokens: null,
};

/** One provider, configured: where it is, with which key. */
export interface Connector {
  /** Provider kind: `anthropic`, `openai`, `ollama`, … */
  readonly kind: string;
  /** Model taken when nobody names one; null when the provider has none (a local server). */
  readonly defaultModel: string | null;
  capabilities(model: string): ModelCapabilities;
  /** Models the provider lists, its own names. @throws ProviderError */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Streams one answer. Nothing is sent before the first part is asked for; aborting closes the socket.
   * @throws ProviderError
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;
}

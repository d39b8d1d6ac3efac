import {
  type Connector,
  type ModelCapabilities,
  type ModelPart,
  type ModelRequest,
  NO_CAPABILITIES,
} from "../model-stream.ts";
import { ProviderError } from "../provider-error.ts";

const ANSWER = [
  "No language model was asked: the provider is `noop`, which gives this fixed text and sends nothing anywhere.",
  "The facts of the prompt pack hold without a model. Choose another provider in the AI Hub to have them read by one.",
].join("\n\n");

/** Answers every request with the same text that says so. Uses no network and no tokens. */
export class NoopConnector implements Connector {
  readonly kind = "noop";
  readonly defaultModel = "noop";

  capabilities(): ModelCapabilities {
    return NO_CAPABILITIES;
  }

  async listModels(): Promise<readonly string[]> {
    return [this.defaultModel];
  }

  async *stream(_request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    if (signal.aborted) {
      throw new ProviderError({ kind: "aborted", provider: "noop", message: "The request was cancelled." });
    }
    yield { type: "text", delta: ANSWER };
    yield { type: "usage", usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 } };
    yield { type: "finish", reason: "stop", model: "noop" };
  }
}

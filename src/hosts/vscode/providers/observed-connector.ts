import type {
  Connector,
  ModelCapabilities,
  ModelPart,
  ModelRequest,
} from "../../../providers/model-stream.ts";

export interface CallObserver {
  /** Asked before each call; nothing is sent until it is done, nor when it throws. */
  before(request: ModelRequest, signal: AbortSignal): Promise<void>;
  /** Hears what the answer does not show. */
  reasoning(delta: string): void;
}

/** A connector whose every call passes by somebody who may refuse it, and who listens. */
export class ObservedConnector implements Connector {
  readonly #connector: Connector;
  readonly #observer: CallObserver;

  constructor(connector: Connector, observer: CallObserver) {
    this.#connector = connector;
    this.#observer = observer;
  }

  get kind(): string {
    return this.#connector.kind;
  }

  get defaultModel(): string | null {
    return this.#connector.defaultModel;
  }

  capabilities(model: string): ModelCapabilities {
    return this.#connector.capabilities(model);
  }

  listModels(signal: AbortSignal): Promise<readonly string[]> {
    return this.#connector.listModels(signal);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
    await this.#observer.before(request, signal);
    for await (const part of this.#connector.stream(request, signal)) {
      if (part.type === "reasoning") this.#observer.reasoning(part.delta);
      yield part;
    }
  }
}

import { AksaraError, isAksaraError } from "../errors.ts";
import type { Connector, FinishReason, ModelRequest, TokenUsage } from "../providers/model-stream.ts";

/** One call of a model, as far as it came. */
export interface Exchange {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly text: string;
  readonly reasoning: string;
  readonly usage: TokenUsage | null;
  /** Null when the answer has no end. */
  readonly finish: FinishReason | null;
  /** Null when the call succeeded. */
  readonly error: AksaraError | null;
}

/** Hears an answer as it arrives. */
export interface AnswerListener {
  readonly text: (delta: string) => void;
  readonly reasoning: (delta: string) => void;
}

/**
 * Asks once and collects the answer. What has arrived before a failure is kept beside it; only a defect of ours is
 * thrown.
 */
export async function askModel(
  connector: Connector,
  request: ModelRequest,
  signal: AbortSignal,
  listener: AnswerListener,
): Promise<Exchange> {
  const startedAt = Date.now();
  const text: string[] = [];
  const reasoning: string[] = [];
  let usage: TokenUsage | null = null;
  let finish: FinishReason | null = null;
  let error: AksaraError | null = null;
  try {
    for await (const part of connector.stream(request, signal)) {
      if (part.type === "text") {
        text.push(part.delta);
        listener.text(part.delta);
      } else if (part.type === "reasoning") {
        reasoning.push(part.delta);
        listener.reasoning(part.delta);
      } else if (part.type === "usage") usage = part.usage;
      else if (part.type === "finish") finish = part.reason;
    }
    if (finish === null)
      error = new AksaraError(
        "INTERRUPTED",
        "The provider's answer ended without saying that it was complete.",
      );
  } catch (thrown) {
    if (!isAksaraError(thrown)) throw thrown;
    error = thrown;
  }
  return {
    startedAt,
    endedAt: Date.now(),
    text: text.join(""),
    reasoning: reasoning.join(""),
    usage,
    finish,
    error,
  };
}

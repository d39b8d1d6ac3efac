import { AksaraError, isAksaraError } from "../../errors.ts";
import type {
  AssistantContent,
  Connector,
  FinishReason,
  ModelRequest,
  TokenUsage,
} from "../../providers/model-stream.ts";

/** An answer of the model, as far as it came. */
export interface ModelTurn {
  readonly content: readonly AssistantContent[];
  /** Calls whose arguments were no JSON, with the text. */
  readonly malformed: Readonly<Record<string, string>>;
  readonly usage: TokenUsage | null;
  readonly finish: FinishReason;
  /** Null when the answer is whole. */
  readonly error: AksaraError | null;
}

export interface TurnListener {
  onText(delta: string): void;
  onThinking(delta: string): void;
}

/**
 * Asks once and collects the answer in the order in which it came. Ids of calls are made unique among `taken`: some
 * providers number them anew with each answer.
 */
export async function askForTurn(
  connector: Connector,
  request: ModelRequest,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
  listener: TurnListener,
): Promise<ModelTurn> {
  const content: AssistantContent[] = [];
  const malformed: Record<string, string> = {};
  const ids = new Set<string>();
  let text: string[] = [];
  let usage: TokenUsage | null = null;
  let finish: FinishReason | null = null;
  let error: AksaraError | null = null;
  const closeText = () => {
    if (text.length > 0) content.push({ type: "text", text: text.join("") });
    text = [];
  };
  try {
    for await (const part of connector.stream(request, signal)) {
      if (part.type === "text") {
        text.push(part.delta);
        listener.onText(part.delta);
      } else if (part.type === "reasoning") listener.onThinking(part.delta);
      else if (part.type === "tool-call") {
        closeText();
        const id = uniqueId(part.id, taken, ids);
        ids.add(id);
        content.push({ type: "tool-call", id, name: part.name, input: part.input });
        if (part.malformed !== null) malformed[id] = part.malformed;
      } else if (part.type === "opaque") {
        closeText();
        content.push({ type: "opaque", provider: connector.kind, data: part.data });
      } else if (part.type === "usage") usage = part.usage;
      else if (part.type === "finish") finish = part.reason;
    }
    if (finish === null)
      error = new AksaraError("INTERRUPTED", "The model's answer ended without saying that it was complete.");
  } catch (thrown) {
    if (!isAksaraError(thrown)) throw thrown;
    error = thrown;
  }
  closeText();
  return { content, malformed, usage, finish: finish ?? "unknown", error };
}

function uniqueId(id: string, taken: ReadonlySet<string>, others: ReadonlySet<string>): string {
  const wanted = id === "" ? "call" : id;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.has(candidate) && !others.has(candidate)) return candidate;
  }
}

import type { FinishReason, ModelRequest, TokenUsage } from "../model-stream.ts";
import { type FinishReasons, finishReasonOf } from "./finish-reason.ts";
import { countIn, type JsonRecord, parseJson, recordIn, textIn } from "./json.ts";
import { ToolCalls } from "./tool-calls.ts";
import type { AnswerFailures, AnswerReducer, Emit } from "./wire-form.ts";

const REASONS: FinishReasons = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool-calls",
  refusal: "refusal",
};

/** A block that goes back unchanged: thinking with its signature, and every kind that we do not know. */
interface OpaqueBlock {
  readonly block: Record<string, unknown>;
  inputText: string;
}

/** Events of Anthropic's Messages API. */
export class AnthropicReducer implements AnswerReducer {
  done = false;
  readonly #failures: AnswerFailures;
  readonly #calls: ToolCalls;
  readonly #opaque = new Map<number, OpaqueBlock>();
  #usage: Record<string, unknown> | null = null;
  #model: string | null = null;
  #started = false;
  #reason: FinishReason | null = null;

  constructor(request: ModelRequest, failures: AnswerFailures) {
    this.#failures = failures;
    this.#calls = new ToolCalls(request.messages.length);
  }

  take(data: string, emit: Emit): void {
    if (this.done) return;
    const event = this.#parse(data);
    const index = countIn(event.index) ?? -1;
    switch (event.type) {
      case "message_start":
        this.#start(recordIn(event.message));
        break;
      case "content_block_start":
        this.#open(index, recordIn(event.content_block), emit);
        break;
      case "content_block_delta":
        this.#delta(index, recordIn(event.delta), emit);
        break;
      case "content_block_stop":
        this.#close(index, emit);
        break;
      case "message_delta":
        this.#learn(event.usage);
        this.#reason = reasonOf(textIn(recordIn(event.delta).stop_reason)) ?? this.#reason;
        break;
      case "message_stop":
        this.end(emit);
        break;
      case "error":
        throw this.#failures.reported(event);
      default:
        // `ping`, and events of later versions, which the API asks its readers to pass over.
        break;
    }
  }

  end(emit: Emit): void {
    if (this.done) return;
    if (this.#reason === null) throw this.#failures.interrupted();
    for (const index of [...this.#opaque.keys()]) this.#close(index, emit);
    this.#calls.closeAll(emit);
    this.done = true;
    if (this.#usage !== null) emit({ type: "usage", usage: usageOf(this.#usage) });
    emit({ type: "finish", reason: this.#reason, model: this.#model });
  }

  #parse(data: string): JsonRecord {
    try {
      return recordIn(parseJson(data));
    } catch {
      throw this.#failures.malformed(data);
    }
  }

  /** Some gateways send the first event twice; the second says nothing new. */
  #start(message: JsonRecord): void {
    if (this.#started) return;
    this.#started = true;
    this.#model = textIn(message.model);
    this.#learn(message.usage);
  }

  #open(index: number, block: JsonRecord, emit: Emit): void {
    if (block.type === "text") {
      const text = textIn(block.text);
      if (text) emit({ type: "text", delta: text });
      return;
    }
    if (block.type === "tool_use") {
      const id = textIn(block.id);
      // A gateway that sends an event twice does not ask for two calls.
      if (id !== null && this.#calls.isKnown(id)) return;
      this.#calls.close(index, emit);
      this.#calls.open(index, id, textIn(block.name) ?? "");
      const input = recordIn(block.input);
      if (Object.keys(input).length > 0) this.#calls.append(index, JSON.stringify(input), emit);
      return;
    }
    if (this.#opaque.get(index)?.block.type === block.type) return;
    this.#opaque.set(index, { block: { ...block }, inputText: "" });
  }

  #delta(index: number, delta: JsonRecord, emit: Emit): void {
    switch (delta.type) {
      case "text_delta": {
        const text = textIn(delta.text);
        if (text) emit({ type: "text", delta: text });
        return;
      }
      case "input_json_delta": {
        const text = textIn(delta.partial_json) ?? "";
        const opaque = this.#opaque.get(index);
        if (opaque !== undefined) opaque.inputText += text;
        else this.#calls.append(index, text, emit);
        return;
      }
      case "thinking_delta": {
        const text = textIn(delta.thinking) ?? "";
        extend(this.#opaque.get(index), "thinking", text);
        if (text !== "") emit({ type: "reasoning", delta: text });
        return;
      }
      case "signature_delta":
        extend(this.#opaque.get(index), "signature", textIn(delta.signature) ?? "");
        return;
      default:
        return;
    }
  }

  #close(index: number, emit: Emit): void {
    const opaque = this.#opaque.get(index);
    if (opaque === undefined) {
      this.#calls.close(index, emit);
      return;
    }
    this.#opaque.delete(index);
    if (opaque.inputText !== "") {
      try {
        opaque.block.input = parseJson(opaque.inputText);
      } catch {
        // A block of a kind we do not know with an input we cannot read cannot be sent back: it is left out.
        return;
      }
    }
    emit({ type: "opaque", data: opaque.block });
  }

  #learn(usage: unknown): void {
    for (const [name, value] of Object.entries(recordIn(usage))) {
      if (value === null || value === undefined) continue;
      this.#usage ??= {};
      this.#usage[name] = value;
    }
  }
}

function extend(opaque: OpaqueBlock | undefined, field: string, text: string): void {
  if (opaque !== undefined) opaque.block[field] = (textIn(opaque.block[field]) ?? "") + text;
}

function reasonOf(reason: string | null): FinishReason | null {
  return reason === null ? null : finishReasonOf(REASONS, reason);
}

/** Anthropic counts what it read from the cache and wrote to it apart from `input_tokens`. */
function usageOf(usage: JsonRecord): TokenUsage {
  return {
    input: countIn(usage.input_tokens),
    cacheRead: countIn(usage.cache_read_input_tokens),
    cacheWrite: countIn(usage.cache_creation_input_tokens),
    output: countIn(usage.output_tokens),
    reasoning: countIn(recordIn(usage.output_tokens_details).thinking_tokens),
  };
}

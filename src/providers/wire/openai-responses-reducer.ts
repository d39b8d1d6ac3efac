import type { FinishReason, ModelRequest, TokenUsage } from "../model-stream.ts";
import { countIn, type JsonRecord, parseJson, recordIn, textIn } from "./json.ts";
import { ToolCalls } from "./tool-calls.ts";
import type { AnswerFailures, AnswerReducer, Emit } from "./wire-form.ts";

/** Events of OpenAI's Responses. */
export class ResponsesReducer implements AnswerReducer {
  done = false;
  readonly #failures: AnswerFailures;
  readonly #calls: ToolCalls;
  #refused = false;

  constructor(request: ModelRequest, failures: AnswerFailures) {
    this.#failures = failures;
    this.#calls = new ToolCalls(request.messages.length);
  }

  take(data: string, emit: Emit): void {
    if (this.done || data.trim() === "[DONE]") return;
    const event = this.#parse(data);
    const index = countIn(event.output_index) ?? -1;
    switch (event.type) {
      case "response.output_text.delta":
        this.#text(event.delta, emit);
        break;
      case "response.refusal.delta":
        this.#refused = true;
        this.#text(event.delta, emit);
        break;
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta": {
        const text = textIn(event.delta);
        if (text) emit({ type: "reasoning", delta: text });
        break;
      }
      case "response.output_item.added":
        this.#open(index, recordIn(event.item), emit);
        break;
      case "response.function_call_arguments.delta":
        this.#calls.append(index, textIn(event.delta) ?? "", emit);
        break;
      case "response.function_call_arguments.done":
        this.#calls.replace(index, textIn(event.arguments) ?? "", emit);
        break;
      case "response.output_item.done":
        this.#close(index, recordIn(event.item), emit);
        break;
      case "response.completed":
      case "response.incomplete":
        this.#finish(recordIn(event.response), emit);
        break;
      case "response.failed":
        throw this.#failures.reported(recordIn(event.response));
      case "error":
        throw this.#failures.reported(event.error === undefined ? { error: event } : event);
      default:
        if (event.type === undefined && event.error !== undefined) throw this.#failures.reported(event);
        break;
    }
  }

  end(): void {
    if (!this.done) throw this.#failures.interrupted();
  }

  #parse(data: string): JsonRecord {
    try {
      return recordIn(parseJson(data));
    } catch {
      throw this.#failures.malformed(data);
    }
  }

  #text(delta: unknown, emit: Emit): void {
    const text = textIn(delta);
    if (text) emit({ type: "text", delta: text });
  }

  #open(index: number, item: JsonRecord, emit: Emit): void {
    if (item.type !== "function_call") return;
    const id = textIn(item.call_id) ?? textIn(item.id);
    // Told of twice, or told whole at its end after its beginning: it is one call all the same.
    if (id === null ? this.#calls.has(index) : this.#calls.isKnown(id)) return;
    this.#calls.close(index, emit);
    this.#calls.open(index, id, textIn(item.name) ?? "");
    this.#calls.append(index, textIn(item.arguments) ?? "", emit);
  }

  #close(index: number, item: JsonRecord, emit: Emit): void {
    if (item.type === "function_call") {
      this.#open(index, item, emit);
      this.#calls.replace(index, textIn(item.arguments) ?? "", emit);
      this.#calls.close(index, emit);
      return;
    }
    // Reasoning goes back as it came; so does every kind of item that we do not know.
    if (item.type !== "message" && item.type !== undefined) emit({ type: "opaque", data: item });
  }

  #finish(response: JsonRecord, emit: Emit): void {
    this.#calls.closeAll(emit);
    this.done = true;
    const usage = recordIn(response.usage);
    if (Object.keys(usage).length > 0) emit({ type: "usage", usage: usageOf(usage) });
    emit({ type: "finish", reason: this.#reason(response), model: textIn(response.model) });
  }

  #reason(response: JsonRecord): FinishReason {
    const why = textIn(recordIn(response.incomplete_details).reason);
    if (why === "max_output_tokens") return "length";
    if (why === "content_filter") return "content-filter";
    if (why !== null) return "unknown";
    if (this.#refused) return "refusal";
    return this.#calls.count > 0 ? "tool-calls" : "stop";
  }
}

/** What came from the cache is counted inside the input, reasoning inside the output. */
function usageOf(usage: JsonRecord): TokenUsage {
  const all = countIn(usage.input_tokens);
  const details = recordIn(usage.input_tokens_details);
  const cacheRead = countIn(details.cached_tokens);
  const cacheWrite = countIn(details.cache_write_tokens);
  return {
    input: all === null ? null : Math.max(0, all - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    cacheRead,
    cacheWrite,
    output: countIn(usage.output_tokens),
    reasoning: countIn(recordIn(usage.output_tokens_details).reasoning_tokens),
  };
}

import type { FinishReason, ModelRequest, TokenUsage } from "../model-stream.ts";
import { type FinishReasons, finishReasonOf } from "./finish-reason.ts";
import { countIn, type JsonRecord, listIn, parseJson, recordIn, textIn } from "./json.ts";
import { ToolCalls } from "./tool-calls.ts";
import type { AnswerFailures, AnswerReducer, Emit, WireContext } from "./wire-form.ts";

const REASONS: FinishReasons = {
  stop: "stop",
  eos: "stop",
  length: "length",
  model_length: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
};

/** Chunks of Chat Completions. Usage may come after the finish reason, in a chunk without choices. */
export class ChatReducer implements AnswerReducer {
  done = false;
  readonly #failures: AnswerFailures;
  readonly #calls: ToolCalls;
  /** By index: the key of the call whose input comes under it now. */
  readonly #keys = new Map<number, string>();
  /** DeepSeek wants its reasoning back beside the calls that followed from it. */
  readonly #returnsReasoning: boolean;
  #reasoning = "";
  #details: JsonRecord[] = [];
  #usage: JsonRecord | null = null;
  #model: string | null = null;
  #reason: FinishReason | null = null;
  #refused = false;

  constructor(request: ModelRequest, context: WireContext, failures: AnswerFailures) {
    this.#failures = failures;
    this.#calls = new ToolCalls(request.messages.length);
    this.#returnsReasoning = context.config.kind === "deepseek";
  }

  take(data: string, emit: Emit): void {
    if (this.done) return;
    if (data.trim() === "[DONE]") {
      this.end(emit);
      return;
    }
    const chunk = this.#parse(data);
    if (chunk.error !== undefined && chunk.error !== null) throw this.#failures.reported(chunk);
    this.#model ??= textIn(chunk.model) || null;
    const choice = recordIn(listIn(chunk.choices)[0]);
    this.#learn(chunk, choice);
    // Some servers put the whole message into the last chunk beside, or in place of, a delta.
    this.#delta(recordIn(choice.delta), emit);
    const reason = textIn(choice.finish_reason);
    if (reason === "error") throw this.#failures.reported({ error: choice.error ?? recordIn(chunk) });
    if (reason) this.#reason = finishReasonOf(REASONS, reason);
  }

  end(emit: Emit): void {
    if (this.done) return;
    if (this.#reason === null) throw this.#failures.interrupted();
    if (this.#details.length > 0) {
      emit({ type: "opaque", data: { fields: { reasoning_details: this.#details } } });
    } else if (this.#returnsReasoning && this.#reasoning !== "") {
      emit({ type: "opaque", data: { fields: { reasoning_content: this.#reasoning } } });
    }
    this.#calls.closeAll(emit);
    this.done = true;
    if (this.#usage !== null) emit({ type: "usage", usage: usageOf(this.#usage) });
    emit({ type: "finish", reason: this.#finalReason(this.#reason), model: this.#model });
  }

  /** Several servers say `stop` after a call. */
  #finalReason(reason: FinishReason): FinishReason {
    if (this.#refused) return "refusal";
    return reason === "stop" && this.#calls.count > 0 ? "tool-calls" : reason;
  }

  #parse(data: string): JsonRecord {
    try {
      return recordIn(parseJson(data));
    } catch {
      throw this.#failures.malformed(data);
    }
  }

  #learn(chunk: JsonRecord, choice: JsonRecord): void {
    // Groq has its usage in a field of its own, Moonshot in the choice.
    for (const usage of [chunk.usage, recordIn(chunk.x_groq).usage, choice.usage]) {
      if (typeof usage === "object" && usage !== null) this.#usage = recordIn(usage);
    }
  }

  #delta(delta: JsonRecord, emit: Emit): void {
    const reasoning = textIn(delta.reasoning_content) ?? textIn(delta.reasoning);
    if (reasoning) {
      this.#reasoning += reasoning;
      emit({ type: "reasoning", delta: reasoning });
    }
    for (const detail of listIn(delta.reasoning_details)) this.#detail(recordIn(detail));
    if (typeof delta.content === "string") {
      if (delta.content !== "") emit({ type: "text", delta: delta.content });
    } else {
      for (const piece of listIn(delta.content)) this.#piece(recordIn(piece), emit);
    }
    const refusal = textIn(delta.refusal);
    if (refusal) {
      this.#refused = true;
      emit({ type: "text", delta: refusal });
    }
    for (const call of listIn(delta.tool_calls)) this.#call(recordIn(call), emit);
  }

  /** Mistral's reasoning models give their content in typed pieces. */
  #piece(piece: JsonRecord, emit: Emit): void {
    if (piece.type === "thinking") {
      for (const inner of listIn(piece.thinking)) {
        const text = textIn(recordIn(inner).text);
        if (text) emit({ type: "reasoning", delta: text });
      }
      return;
    }
    const text = textIn(piece.text);
    if (text) emit({ type: "text", delta: text });
  }

  /** Pieces of one detail have the same index; their texts are joined, the rest is kept as it came. */
  #detail(detail: JsonRecord): void {
    const last = this.#details.at(-1);
    if (last === undefined || last.index !== detail.index || last.type !== detail.type) {
      this.#details.push({ ...detail });
      return;
    }
    const joined: Record<string, unknown> = { ...last };
    for (const [name, value] of Object.entries(detail)) {
      const before = textIn(last[name]);
      const isText = name === "text" || name === "summary" || name === "data";
      joined[name] =
        isText && before !== null && typeof value === "string" ? before + value : (value ?? last[name]);
    }
    this.#details[this.#details.length - 1] = joined;
  }

  #call(call: JsonRecord, emit: Emit): void {
    const part = recordIn(call.function);
    const id = textIn(call.id);
    const name = textIn(part.name) ?? "";
    const index = this.#keyOf(call, name !== "");
    if (!this.#calls.has(index)) {
      const known = this.#calls.open(index, id, name);
      if (call.extra_content !== undefined && call.extra_content !== null) {
        // Gemini behind this form signs its calls here.
        emit({ type: "opaque", data: { call: known, fields: { extra_content: call.extra_content } } });
      }
    } else if (name !== "") this.#calls.rename(index, name);
    const input = part.arguments;
    // Some servers give the arguments as an object, all at once.
    const text =
      typeof input === "string" ? input : input === undefined || input === null ? "" : JSON.stringify(input);
    this.#calls.append(index, text, emit);
  }

  /**
   * A few servers send no index: then a new id is a new call, and what has no id belongs to the last. Others have one
   * index for all: there a new id that comes with a name begins a new call.
   */
  #keyOf(call: JsonRecord, isNamed: boolean): string | number {
    const index = countIn(call.index);
    const id = textIn(call.id);
    if (index === null) return id ? `id ${id}` : (this.#calls.lastKey ?? 0);
    const current = this.#keys.get(index) ?? index;
    if (!id || !isNamed || !this.#calls.has(current) || this.#calls.isKnown(id)) return current;
    const key = `${index} id ${id}`;
    this.#keys.set(index, key);
    return key;
  }
}

/** OpenAI counts what came from the cache inside the prompt, and reasoning inside the completion. */
function usageOf(usage: JsonRecord): TokenUsage {
  const prompt = countIn(usage.prompt_tokens);
  const details = recordIn(usage.prompt_tokens_details);
  // DeepSeek has a field of its own.
  const cacheRead = countIn(details.cached_tokens) ?? countIn(usage.prompt_cache_hit_tokens);
  const cacheWrite = countIn(details.cache_write_tokens);
  return {
    input: prompt === null ? null : Math.max(0, prompt - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    cacheRead,
    cacheWrite,
    output: countIn(usage.completion_tokens),
    reasoning: countIn(recordIn(usage.completion_tokens_details).reasoning_tokens),
  };
}

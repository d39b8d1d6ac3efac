import type { FinishReason, ModelRequest, TokenUsage } from "../model-stream.ts";
import { type FinishReasons, finishReasonOf } from "./finish-reason.ts";
import { countIn, type JsonRecord, listIn, parseJson, recordIn, textIn } from "./json.ts";
import { ToolCalls } from "./tool-calls.ts";
import type { AnswerFailures, AnswerReducer, Emit } from "./wire-form.ts";

const REASONS: FinishReasons = {
  STOP: "stop",
  FUNCTION_CALL: "tool-calls",
  MAX_TOKENS: "length",
  SAFETY: "content-filter",
  RECITATION: "content-filter",
  BLOCKLIST: "content-filter",
  PROHIBITED_CONTENT: "content-filter",
  SPII: "content-filter",
  IMAGE_SAFETY: "content-filter",
};

/** Chunks of Google's streamGenerateContent: no event says that it is the last, the finish reason does. */
export class GeminiReducer implements AnswerReducer {
  done = false;
  readonly #failures: AnswerFailures;
  readonly #calls: ToolCalls;
  #usage: JsonRecord | null = null;
  #model: string | null = null;
  #reason: FinishReason | null = null;

  constructor(request: ModelRequest, failures: AnswerFailures) {
    this.#failures = failures;
    this.#calls = new ToolCalls(request.messages.length);
  }

  take(data: string, emit: Emit): void {
    if (this.done || data.trim() === "[DONE]") return;
    const chunk = this.#parse(data);
    if (chunk.error !== undefined) throw this.#failures.reported(chunk);
    const blocked = textIn(recordIn(chunk.promptFeedback).blockReason);
    if (blocked !== null) {
      throw this.#failures.reported({
        error: { message: `The prompt was blocked: ${blocked}.`, type: "content_filter" },
      });
    }
    this.#model = textIn(chunk.modelVersion) ?? this.#model;
    if (chunk.usageMetadata !== undefined) this.#usage = recordIn(chunk.usageMetadata);
    const candidate = recordIn(listIn(chunk.candidates)[0]);
    for (const part of listIn(recordIn(candidate.content).parts)) this.#part(recordIn(part), emit);
    const reason = textIn(candidate.finishReason);
    if (reason) this.#reason = finishReasonOf(REASONS, reason);
  }

  end(emit: Emit): void {
    if (this.done) return;
    if (this.#reason === null) throw this.#failures.interrupted();
    this.done = true;
    if (this.#usage !== null) emit({ type: "usage", usage: usageOf(this.#usage) });
    const reason = this.#reason === "stop" && this.#calls.count > 0 ? "tool-calls" : this.#reason;
    emit({ type: "finish", reason, model: this.#model });
  }

  #parse(data: string): JsonRecord {
    try {
      return recordIn(parseJson(data));
    } catch {
      throw this.#failures.malformed(data);
    }
  }

  #part(part: JsonRecord, emit: Emit): void {
    const signature = textIn(part.thoughtSignature);
    if (part.functionCall !== undefined) {
      this.#call(recordIn(part.functionCall), signature, emit);
      return;
    }
    if (typeof part.text === "string") {
      if (part.text !== "") emit({ type: part.thought === true ? "reasoning" : "text", delta: part.text });
      if (signature !== null) emit({ type: "opaque", data: { thoughtSignature: signature } });
      return;
    }
    if (Object.keys(part).length > 0) emit({ type: "opaque", data: { part } });
  }

  #call(call: JsonRecord, signature: string | null, emit: Emit): void {
    const key = this.#calls.count;
    const id = this.#calls.open(key, textIn(call.id), textIn(call.name) ?? "");
    if (signature !== null) emit({ type: "opaque", data: { call: id, thoughtSignature: signature } });
    this.#calls.append(key, JSON.stringify(call.args ?? {}), emit);
    this.#calls.close(key, emit);
  }
}

/** Google counts what came from the cache inside the prompt, and thoughts beside the candidates. */
function usageOf(usage: JsonRecord): TokenUsage {
  const prompt = countIn(usage.promptTokenCount);
  const cacheRead = countIn(usage.cachedContentTokenCount);
  const candidates = countIn(usage.candidatesTokenCount);
  const reasoning = countIn(usage.thoughtsTokenCount);
  return {
    input:
      prompt === null
        ? null
        : Math.max(0, prompt - (cacheRead ?? 0)) + (countIn(usage.toolUsePromptTokenCount) ?? 0),
    cacheRead,
    cacheWrite: null,
    output: candidates === null && reasoning === null ? null : (candidates ?? 0) + (reasoning ?? 0),
    reasoning,
  };
}

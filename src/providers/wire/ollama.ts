import type { AssistantContent, ModelMessage, ModelRequest } from "../model-stream.ts";
import { type FinishReasons, finishReasonOf } from "./finish-reason.ts";
import { countIn, type JsonRecord, listIn, parseJson, recordIn, textIn } from "./json.ts";
import { ToolCalls } from "./tool-calls.ts";
import {
  type AnswerFailures,
  type AnswerReducer,
  below,
  type Emit,
  type WireCall,
  type WireContext,
  type WireForm,
} from "./wire-form.ts";

const REASONS: FinishReasons = { stop: "stop", length: "length", unload: "unknown" };
/** Ollama's own default window is so small that it silently cuts the beginning of a prompt off. */
const SMALLEST_WINDOW = 8_192;

/** Ollama's own chat: one JSON document a line. */
export const ollamaChat: WireForm = {
  framing: "ndjson",
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  call: ollamaCall,
  reducer: (request, _context, failures) => new OllamaReducer(request, failures),
  modelsUrl: (context) => below(context.baseUrl, "api/tags"),
  readModels: (payload) =>
    listIn(recordIn(payload).models).flatMap((model) => textIn(recordIn(model).name) ?? []),
};

function ollamaCall(request: ModelRequest, context: WireContext): WireCall {
  const messages = request.messages.flatMap((message) => messagesOf(message, context.config.kind));
  if (request.system !== "") messages.unshift({ role: "system", content: request.system });
  const tools = request.tools.map((tool) => ({
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
  }));
  return {
    url: below(context.baseUrl, "api/chat"),
    body: {
      model: request.model,
      messages,
      ...(tools.length > 0 ? { tools } : {}),
      options: {
        num_ctx: windowFor(JSON.stringify([messages, tools]).length, request, context),
        ...(request.maxOutputTokens === null ? {} : { num_predict: request.maxOutputTokens }),
        ...(request.temperature === null ? {} : { temperature: request.temperature }),
      },
      stream: true,
    },
  };
}

/**
 * The window to ask for: the configured one, else the next power of two that surely holds prompt and answer. Few sizes,
 * because Ollama loads the model anew for each.
 */
function windowFor(characters: number, request: ModelRequest, context: WireContext): number {
  if (context.config.context_window !== undefined) return context.config.context_window;
  const needed = Math.ceil(characters / 3) + (request.maxOutputTokens ?? 2_048);
  return Math.max(SMALLEST_WINDOW, 2 ** Math.ceil(Math.log2(needed)));
}

function messagesOf(message: ModelMessage, kind: string): Record<string, unknown>[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.content.map((content) => content.text).join("\n\n") }];
    case "assistant":
      return [assistantMessage(message.content, kind)];
    case "tool":
      return message.results.map((result) => ({
        role: "tool",
        tool_name: result.name,
        content: result.isError ? `Error: ${result.output}` : result.output,
      }));
  }
}

function assistantMessage(content: readonly AssistantContent[], kind: string): Record<string, unknown> {
  const calls = content.flatMap((each) =>
    each.type === "tool-call" ? { function: { name: each.name, arguments: each.input ?? {} } } : [],
  );
  const thinking = content
    .map((each) =>
      each.type === "opaque" && each.provider === kind ? (textIn(recordIn(each.data).thinking) ?? "") : "",
    )
    .join("");
  return {
    role: "assistant",
    content: content.map((each) => (each.type === "text" ? each.text : "")).join(""),
    ...(thinking === "" ? {} : { thinking }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

class OllamaReducer implements AnswerReducer {
  done = false;
  readonly #failures: AnswerFailures;
  readonly #calls: ToolCalls;
  #thinking = "";

  constructor(request: ModelRequest, failures: AnswerFailures) {
    this.#failures = failures;
    this.#calls = new ToolCalls(request.messages.length);
  }

  take(data: string, emit: Emit): void {
    if (this.done) return;
    let line: JsonRecord;
    try {
      line = recordIn(parseJson(data));
    } catch {
      throw this.#failures.malformed(data);
    }
    if (line.error !== undefined) throw this.#failures.reported(line);
    this.#message(recordIn(line.message), emit);
    if (line.done === true) this.#finish(line, emit);
  }

  end(): void {
    if (!this.done) throw this.#failures.interrupted();
  }

  #message(message: JsonRecord, emit: Emit): void {
    const thinking = textIn(message.thinking);
    if (thinking) {
      this.#thinking += thinking;
      emit({ type: "reasoning", delta: thinking });
    }
    const text = textIn(message.content);
    if (text) emit({ type: "text", delta: text });
    for (const call of listIn(message.tool_calls)) {
      const { name, arguments: input } = recordIn(recordIn(call).function);
      const key = this.#calls.count;
      this.#calls.open(key, textIn(recordIn(call).id), textIn(name) ?? "");
      this.#calls.append(key, typeof input === "string" ? input : JSON.stringify(input ?? {}), emit);
      this.#calls.close(key, emit);
    }
  }

  #finish(line: JsonRecord, emit: Emit): void {
    const reason = finishReasonOf(REASONS, textIn(line.done_reason) ?? "stop");
    this.done = true;
    if (this.#thinking !== "") emit({ type: "opaque", data: { thinking: this.#thinking } });
    const input = countIn(line.prompt_eval_count);
    const output = countIn(line.eval_count);
    if (input !== null || output !== null) {
      emit({ type: "usage", usage: { input, cacheRead: null, cacheWrite: null, output, reasoning: null } });
    }
    emit({
      type: "finish",
      reason: reason === "stop" && this.#calls.count > 0 ? "tool-calls" : reason,
      model: textIn(line.model),
    });
  }
}

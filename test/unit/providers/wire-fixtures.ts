// Synthetic streams, written by hand after the vendors' published descriptions; none is a recording.
import type { ModelPart } from "../../../src/providers/model-stream.ts";
import type { ProviderConfigInput } from "../../../src/providers/provider-config.ts";

export interface WireFixture {
  readonly name: string;
  readonly config: Omit<ProviderConfigInput, "base_url">;
  /** Path of the base URL. */
  readonly base: string;
  readonly contentType: string;
  readonly stream: string;
  /** With neighbouring deltas joined. */
  readonly parts: readonly ModelPart[];
}

const TEXT = "Zoë says 😀 “naïve”\n— 日本語";
const INPUT = { city: 'Zürich "old"\\town', note: "line\nbreak \u{1F30D}" };

const sse = (events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
const named = (events: readonly Readonly<Record<string, unknown>>[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** Cuts JSON inside an escape: behind a backslash. */
function cutInEscape(text: string): readonly string[] {
  const at = text.indexOf("\\") + 1;
  return [text.slice(0, at), text.slice(at, at + 3), text.slice(at + 3)];
}

const inputText = JSON.stringify(INPUT);
const call = (id: string, name: string, input: unknown): ModelPart[] => [
  { type: "tool-call", id, name, input, malformed: null },
];
const delta = (id: string, name: string, text: string): ModelPart => ({
  type: "tool-input",
  id,
  name,
  delta: text,
});

const chatChunk = (content: unknown, reason: string | null = null) => ({
  id: "c1",
  object: "chat.completion.chunk",
  model: "model-1-0613",
  choices: [{ index: 0, delta: content, finish_reason: reason }],
});

export const FIXTURES: readonly WireFixture[] = [
  {
    name: "Anthropic Messages",
    config: { kind: "anthropic" },
    base: "",
    contentType: "text/event-stream",
    stream: named([
      {
        type: "message_start",
        message: {
          model: "claude-x",
          usage: {
            input_tokens: 11,
            cache_read_input_tokens: 7,
            cache_creation_input_tokens: 5,
            output_tokens: 1,
          },
        },
      },
      // Twice, as some gateways send it.
      {
        type: "message_start",
        message: { model: "claude-x", usage: { input_tokens: 11, output_tokens: 1 } },
      },
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "thinking", thinking: "", signature: "" },
      },
      { type: "ping" },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Let me " } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "see…" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "Eq+/=é" } },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { type: "redacted_thinking", data: "opaque" } },
      { type: "content_block_stop", index: 1 },
      { type: "content_block_start", index: 2, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 2, delta: { type: "text_delta", text: TEXT } },
      { type: "content_block_stop", index: 2 },
      {
        type: "content_block_start",
        index: 3,
        content_block: { type: "tool_use", id: "t1", name: "look", input: {} },
      },
      ...cutInEscape(inputText).map((piece) => ({
        type: "content_block_delta",
        index: 3,
        delta: { type: "input_json_delta", partial_json: piece },
      })),
      { type: "content_block_stop", index: 3 },
      {
        type: "content_block_start",
        index: 4,
        content_block: { type: "tool_use", id: "t2", name: "now", input: {} },
      },
      { type: "content_block_stop", index: 4 },
      { type: "a_later_event", value: 1 },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 42 } },
      { type: "message_stop" },
    ]),
    parts: [
      { type: "reasoning", delta: "Let me see…" },
      { type: "opaque", data: { type: "thinking", thinking: "Let me see…", signature: "Eq+/=é" } },
      { type: "opaque", data: { type: "redacted_thinking", data: "opaque" } },
      { type: "text", delta: TEXT },
      delta("t1", "look", inputText),
      ...call("t1", "look", INPUT),
      ...call("t2", "now", {}),
      { type: "usage", usage: { input: 11, cacheRead: 7, cacheWrite: 5, output: 42, reasoning: null } },
      { type: "finish", reason: "tool-calls", model: "claude-x" },
    ],
  },
  {
    name: "OpenAI Chat Completions",
    config: { kind: "openai-compatible" },
    base: "/v1",
    contentType: "text/event-stream",
    stream: [
      ": a comment\n\n",
      sse([
        chatChunk({ role: "assistant", content: "" }),
        chatChunk({ content: TEXT.slice(0, 7) }),
        chatChunk({ content: TEXT.slice(7) }),
        // Parallel calls, the second index first, then mixed.
        chatChunk({ tool_calls: [{ index: 1, id: "t2", function: { name: "now", arguments: "" } }] }),
        chatChunk({
          tool_calls: [
            { index: 0, id: "t1", function: { name: "look", arguments: cutInEscape(inputText)[0] } },
          ],
        }),
        chatChunk({ tool_calls: [{ index: 1, function: { arguments: "{}" } }] }),
        chatChunk({ tool_calls: [{ index: 0, function: { arguments: cutInEscape(inputText)[1] } }] }),
        chatChunk({ tool_calls: [{ index: 0, function: { arguments: cutInEscape(inputText)[2] } }] }),
        chatChunk({}, "tool_calls"),
        {
          model: "model-1-0613",
          choices: [],
          usage: {
            prompt_tokens: 30,
            completion_tokens: 20,
            prompt_tokens_details: { cached_tokens: 12 },
            completion_tokens_details: { reasoning_tokens: 8 },
          },
        },
        "[DONE]",
      ]),
    ].join(""),
    parts: [
      { type: "text", delta: TEXT },
      delta("t1", "look", cutInEscape(inputText)[0] ?? ""),
      delta("t2", "now", "{}"),
      delta("t1", "look", cutInEscape(inputText).slice(1).join("")),
      ...call("t2", "now", {}),
      ...call("t1", "look", INPUT),
      { type: "usage", usage: { input: 18, cacheRead: 12, cacheWrite: null, output: 20, reasoning: 8 } },
      { type: "finish", reason: "tool-calls", model: "model-1-0613" },
    ],
  },
  {
    name: "OpenAI Responses",
    config: { kind: "openai", wire: "openai-responses" },
    base: "/v1",
    contentType: "text/event-stream",
    stream: named([
      { type: "response.created", response: { model: "gpt-x", status: "in_progress" } },
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { type: "reasoning", id: "rs1", summary: [] },
      },
      { type: "response.reasoning_summary_text.delta", output_index: 0, delta: "Hm" },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "reasoning", id: "rs1", summary: [], encrypted_content: "gAAAé" },
      },
      { type: "response.output_item.added", output_index: 1, item: { type: "message", role: "assistant" } },
      { type: "response.output_text.delta", output_index: 1, delta: TEXT },
      { type: "response.output_item.done", output_index: 1, item: { type: "message", role: "assistant" } },
      {
        type: "response.output_item.added",
        output_index: 2,
        item: { type: "function_call", id: "fc1", call_id: "t1", name: "look", arguments: "" },
      },
      ...cutInEscape(inputText).map((piece) => ({
        type: "response.function_call_arguments.delta",
        output_index: 2,
        delta: piece,
      })),
      { type: "response.function_call_arguments.done", output_index: 2, arguments: inputText },
      {
        type: "response.output_item.done",
        output_index: 2,
        item: { type: "function_call", id: "fc1", call_id: "t1", name: "look", arguments: inputText },
      },
      {
        type: "response.completed",
        response: {
          model: "gpt-x-2026",
          usage: {
            input_tokens: 50,
            input_tokens_details: { cached_tokens: 40 },
            output_tokens: 9,
            output_tokens_details: { reasoning_tokens: 4 },
          },
        },
      },
    ]),
    parts: [
      { type: "reasoning", delta: "Hm" },
      { type: "opaque", data: { type: "reasoning", id: "rs1", summary: [], encrypted_content: "gAAAé" } },
      { type: "text", delta: TEXT },
      delta("t1", "look", inputText),
      ...call("t1", "look", INPUT),
      { type: "usage", usage: { input: 10, cacheRead: 40, cacheWrite: null, output: 9, reasoning: 4 } },
      { type: "finish", reason: "tool-calls", model: "gpt-x-2026" },
    ],
  },
  {
    name: "Gemini generateContent",
    config: { kind: "google" },
    base: "",
    contentType: "text/event-stream",
    stream: sse([
      {
        candidates: [{ content: { role: "model", parts: [{ text: "Hm", thought: true }] } }],
        modelVersion: "gemini-x",
      },
      { candidates: [{ content: { parts: [{ text: TEXT }] } }], usageMetadata: { promptTokenCount: 20 } },
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { name: "look", args: INPUT }, thoughtSignature: "sigé" },
                { functionCall: { name: "now" } },
              ],
            },
          },
        ],
      },
      {
        candidates: [{ content: { parts: [{ text: "", thoughtSignature: "last" }] }, finishReason: "STOP" }],
        usageMetadata: {
          promptTokenCount: 20,
          cachedContentTokenCount: 6,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 3,
          totalTokenCount: 28,
        },
        modelVersion: "gemini-x",
      },
    ]),
    parts: [
      { type: "reasoning", delta: "Hm" },
      { type: "text", delta: TEXT },
      { type: "opaque", data: { call: "call_1_1", thoughtSignature: "sigé" } },
      delta("call_1_1", "look", inputText),
      ...call("call_1_1", "look", INPUT),
      delta("call_1_2", "now", "{}"),
      ...call("call_1_2", "now", {}),
      { type: "opaque", data: { thoughtSignature: "last" } },
      { type: "usage", usage: { input: 14, cacheRead: 6, cacheWrite: null, output: 8, reasoning: 3 } },
      { type: "finish", reason: "tool-calls", model: "gemini-x" },
    ],
  },
  {
    name: "Ollama chat",
    config: { kind: "ollama" },
    base: "",
    contentType: "application/x-ndjson",
    stream: [
      { model: "llama", message: { role: "assistant", content: "", thinking: "Hm" }, done: false },
      { model: "llama", message: { role: "assistant", content: TEXT }, done: false },
      {
        model: "llama",
        message: {
          role: "assistant",
          content: "",
          tool_calls: [
            { function: { name: "look", arguments: INPUT } },
            { function: { name: "now", arguments: {} } },
          ],
        },
        done: false,
      },
      {
        model: "llama",
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: "stop",
        prompt_eval_count: 26,
        eval_count: 17,
      },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
    parts: [
      { type: "reasoning", delta: "Hm" },
      { type: "text", delta: TEXT },
      delta("call_1_1", "look", inputText),
      ...call("call_1_1", "look", INPUT),
      delta("call_1_2", "now", "{}"),
      ...call("call_1_2", "now", {}),
      { type: "opaque", data: { thinking: "Hm" } },
      { type: "usage", usage: { input: 26, cacheRead: null, cacheWrite: null, output: 17, reasoning: null } },
      { type: "finish", reason: "tool-calls", model: "llama" },
    ],
  },
];

import type { ProviderConfigInput } from "../../src/providers/provider-config.ts";

/** One wire form as the bench's server speaks it. */
export interface StreamForm {
  readonly config: Omit<ProviderConfigInput, "base_url">;
  readonly contentType: string;
  readonly start: string;
  readonly delta: (text: string) => string;
  readonly end: string;
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string; readonly [name: string]: unknown }) =>
  `event: ${value.type}\n${data(value)}`;

const chunk = (delta: unknown, finish: string | null, more = {}) =>
  data({
    id: "chatcmpl-123",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  });

const item = { type: "message", id: "msg_1", role: "assistant", status: "in_progress", content: [] };
const response = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "m",
  status: "in_progress",
  output: [],
  incomplete_details: null,
};
const responsesUsage = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 1,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 2,
};

const line = (message: string, more: object) =>
  `${JSON.stringify({ model: "m", created_at: "2026-01-01T00:00:00Z", message: { role: "assistant", content: message }, ...more })}\n`;

/** By name. */
export const STREAM_FORMS: Readonly<Record<string, StreamForm>> = {
  "Anthropic Messages": {
    config: { kind: "anthropic" },
    contentType: "text/event-stream",
    start:
      named({
        type: "message_start",
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "m",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }) + named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    delta: (text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    end:
      named({ type: "content_block_stop", index: 0 }) +
      named({
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 1 },
      }) +
      named({ type: "message_stop" }),
  },
  "Chat Completions": {
    config: { kind: "openai", wire: "openai-chat" },
    contentType: "text/event-stream",
    start: chunk({ role: "assistant", content: "" }, null),
    delta: (content) => chunk({ content }, null),
    end: `${chunk({}, "stop")}data: [DONE]\n\n`,
  },
  Responses: {
    config: { kind: "openai", wire: "openai-responses" },
    contentType: "text/event-stream",
    start:
      named({ type: "response.created", sequence_number: 0, response }) +
      named({ type: "response.output_item.added", output_index: 0, sequence_number: 1, item }),
    delta: (delta) =>
      named({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta,
        logprobs: [],
        sequence_number: 2,
      }),
    end: named({
      type: "response.completed",
      sequence_number: 3,
      response: { ...response, status: "completed", usage: responsesUsage },
    }),
  },
  generateContent: {
    config: { kind: "google" },
    contentType: "text/event-stream",
    start: "",
    delta: (text) => data({ candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0 }] }),
    end: data({
      candidates: [{ content: { role: "model", parts: [{ text: "." }] }, finishReason: "STOP", index: 0 }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    }),
  },
  Ollama: {
    config: { kind: "ollama" },
    contentType: "application/x-ndjson",
    start: "",
    delta: (text) => line(text, { done: false }),
    end: line("", { done: true, done_reason: "stop", prompt_eval_count: 1, eval_count: 1 }),
  },
};

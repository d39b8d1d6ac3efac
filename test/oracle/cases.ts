// Synthetic streams, written by hand after the vendors' published descriptions; none is a recording.

/** The client that reads a case; `ollama` is the vendor's own, the others are providers of the AI SDK. */
export type Form =
  | "anthropic"
  | "openai-chat"
  | "openai-compatible"
  | "openai-responses"
  | "google"
  | "ollama";

export interface OracleCase {
  readonly form: Form;
  readonly name: string;
  readonly stream: string;
}

const TEXT = "Zoë says 😀 “naïve”\n— 日本語";
const INPUT = JSON.stringify({
  city: 'Zürich "old"\\town',
  note: "line\nbreak 🌍",
  n: 2.5,
  yes: true,
  nothing: null,
});
const PIECES = [
  INPUT.slice(0, 1),
  INPUT.slice(1, INPUT.indexOf("\\") + 1),
  INPUT.slice(INPUT.indexOf("\\") + 1),
];

type Event = Readonly<Record<string, unknown>>;

const sse = (events: readonly (Event | string)[]): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
const named = (events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
const halves = (text: string): readonly string[] => [text.slice(0, 5), text.slice(5)];

function anthropic(blocks: readonly (readonly Event[])[], reason: string, usage: Event = {}): string {
  return named([
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-x",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 11, output_tokens: 1, ...usage },
      },
    },
    { type: "ping" },
    ...blocks.flatMap((events, index) => [
      ...events.map((event) => ({ ...event, index })),
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: 42 },
    },
    { type: "message_stop" },
  ]);
}

const anthropicText = (text: string): Event[] => [
  { type: "content_block_start", content_block: { type: "text", text: "" } },
  ...halves(text).map((piece) => ({
    type: "content_block_delta",
    delta: { type: "text_delta", text: piece },
  })),
];
const anthropicThinking = (text: string): Event[] => [
  { type: "content_block_start", content_block: { type: "thinking", thinking: "", signature: "" } },
  ...halves(text).map((thinking) => ({
    type: "content_block_delta",
    delta: { type: "thinking_delta", thinking },
  })),
  { type: "content_block_delta", delta: { type: "signature_delta", signature: "Eq+/=" } },
];
const anthropicCall = (id: string, name: string, pieces: readonly string[]): Event[] => [
  { type: "content_block_start", content_block: { type: "tool_use", id, name, input: {} } },
  ...pieces.map((partial_json) => ({
    type: "content_block_delta",
    delta: { type: "input_json_delta", partial_json },
  })),
];

function chat(deltas: readonly Event[], reason: string, usage: Event | null): string {
  const chunk = (delta: Event, finish: string | null) => ({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "gpt-x-0613",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return sse([
    ...deltas.map((delta) => chunk(delta, null)),
    chunk({}, reason),
    ...(usage ? [{ ...chunk({}, null), choices: [], usage }] : []),
    "[DONE]",
  ]);
}

const chatCall = (index: number, id: string, name: string, pieces: readonly string[]): Event[] => [
  { tool_calls: [{ index, id, type: "function", function: { name, arguments: pieces[0] ?? "" } }] },
  ...pieces.slice(1).map((text) => ({ tool_calls: [{ index, function: { arguments: text } }] })),
];
const CHAT_USAGE = { prompt_tokens: 30, completion_tokens: 20, total_tokens: 50 };

function responses(
  items: readonly (readonly Event[])[],
  end: Event = {},
  type = "response.completed",
): string {
  const response = {
    id: "resp_1",
    object: "response",
    created_at: 1,
    model: "gpt-x-2026",
    status: "completed",
    output: [],
    incomplete_details: null,
    usage: {
      input_tokens: 50,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 59,
    },
    ...end,
  };
  return named(
    [
      { type: "response.created", response: { ...response, status: "in_progress", usage: null } },
      ...items.flatMap((events, output_index) => events.map((event) => ({ ...event, output_index }))),
      { type, response },
    ].map((event, sequence_number) => ({ ...event, sequence_number })),
  );
}

const responsesText = (text: string): Event[] => [
  {
    type: "response.output_item.added",
    item: { type: "message", id: "m1", role: "assistant", status: "in_progress", content: [] },
  },
  ...halves(text).map((delta) => ({
    type: "response.output_text.delta",
    item_id: "m1",
    content_index: 0,
    delta,
    logprobs: [],
  })),
  {
    type: "response.output_item.done",
    item: {
      type: "message",
      id: "m1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
    },
  },
];
const responsesCall = (id: string, name: string, pieces: readonly string[]): Event[] => {
  const item = { type: "function_call", id: `fc_${id}`, call_id: id, name, status: "completed" };
  const whole = pieces.join("");
  return [
    { type: "response.output_item.added", item: { ...item, status: "in_progress", arguments: "" } },
    ...pieces.map((delta) => ({
      type: "response.function_call_arguments.delta",
      item_id: item.id,
      delta,
    })),
    { type: "response.function_call_arguments.done", item_id: item.id, arguments: whole },
    { type: "response.output_item.done", item: { ...item, arguments: whole } },
  ];
};
const responsesThinking = (text: string): Event[] => [
  { type: "response.output_item.added", item: { type: "reasoning", id: "rs1", summary: [] } },
  {
    type: "response.reasoning_summary_part.added",
    item_id: "rs1",
    summary_index: 0,
    part: { type: "summary_text", text: "" },
  },
  ...halves(text).map((delta) => ({
    type: "response.reasoning_summary_text.delta",
    item_id: "rs1",
    summary_index: 0,
    delta,
  })),
  {
    type: "response.output_item.done",
    item: {
      type: "reasoning",
      id: "rs1",
      summary: [{ type: "summary_text", text }],
      encrypted_content: "gAAA",
    },
  },
];

function google(parts: readonly (readonly Event[])[], reason: string, usage: Event = {}): string {
  const counts = { promptTokenCount: 20, candidatesTokenCount: 5, totalTokenCount: 25, ...usage };
  return sse(
    parts.map((each, at) => ({
      candidates: [
        {
          content: { role: "model", parts: each },
          index: 0,
          ...(at === parts.length - 1 ? { finishReason: reason } : {}),
        },
      ],
      modelVersion: "gemini-x",
      ...(at === parts.length - 1 ? { usageMetadata: counts } : {}),
    })),
  );
}

function ollama(messages: readonly Event[], reason: string): string {
  const line = (message: Event, more: Event) =>
    `${JSON.stringify({ model: "llama", created_at: "2026-01-01T00:00:00Z", message: { role: "assistant", content: "", ...message }, ...more })}\n`;
  return (
    messages.map((message) => line(message, { done: false })).join("") +
    line({}, { done: true, done_reason: reason, prompt_eval_count: 26, eval_count: 17 })
  );
}

const CASES: Readonly<Record<Form, Readonly<Record<string, string>>>> = {
  anthropic: {
    text: anthropic([anthropicText(TEXT)], "end_turn"),
    "reasoning, then text": anthropic([anthropicThinking("Let me see…"), anthropicText(TEXT)], "end_turn"),
    "text, then two calls, one without input": anthropic(
      [anthropicText("I look."), anthropicCall("t1", "look", PIECES), anthropicCall("t2", "now", [])],
      "tool_use",
    ),
    "cut off at its length": anthropic([anthropicText(TEXT)], "max_tokens"),
    "a stop sequence": anthropic([anthropicText(TEXT)], "stop_sequence"),
    "a refusal": anthropic([anthropicText("I will not.")], "refusal"),
    "tokens of a cache": anthropic([anthropicText(TEXT)], "end_turn", {
      cache_read_input_tokens: 700,
      cache_creation_input_tokens: 50,
    }),
    "an error in the stream": `${anthropic([anthropicText(TEXT)], "end_turn").split("event: message_delta")[0]}${named([{ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }])}`,
  },
  "openai-chat": {
    text: chat(
      [{ role: "assistant", content: "" }, ...halves(TEXT).map((content) => ({ content }))],
      "stop",
      CHAT_USAGE,
    ),
    "two calls, one after the other": chat(
      [...chatCall(0, "t1", "look", PIECES), ...chatCall(1, "t2", "now", ["{}"])],
      "tool_calls",
      CHAT_USAGE,
    ),
    "cut off at its length": chat([{ content: TEXT }], "length", CHAT_USAGE),
    "stopped by a filter": chat([{ content: "Well" }], "content_filter", CHAT_USAGE),
    "tokens of a cache and of reasoning": chat([{ content: TEXT }], "stop", {
      ...CHAT_USAGE,
      prompt_tokens_details: { cached_tokens: 12 },
      completion_tokens_details: { reasoning_tokens: 8 },
    }),
    "no usage": chat([{ content: TEXT }], "stop", null),
    "an error in the stream": sse([
      { error: { message: "The server had an error", type: "server_error", param: null, code: null } },
    ]),
  },
  "openai-compatible": {
    "reasoning, then text": chat(
      [{ reasoning_content: "Let me " }, { reasoning_content: "see…" }, { content: TEXT }],
      "stop",
      CHAT_USAGE,
    ),
    "a call after text": chat(
      [{ content: "I look." }, ...chatCall(0, "t1", "look", PIECES)],
      "tool_calls",
      CHAT_USAGE,
    ),
    "comments and CRLF": `: hello\r\n\r\n${chat([{ content: TEXT }], "stop", CHAT_USAGE).replaceAll("\n", "\r\n")}`,
    "no [DONE]": chat([{ content: TEXT }], "stop", CHAT_USAGE).replace("data: [DONE]\n\n", ""),
  },
  "openai-responses": {
    text: responses([responsesText(TEXT)]),
    "reasoning, then text": responses([responsesThinking("Let me see…"), responsesText(TEXT)], {
      usage: {
        input_tokens: 50,
        input_tokens_details: { cached_tokens: 40 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
        total_tokens: 59,
      },
    }),
    "two calls": responses([responsesCall("t1", "look", PIECES), responsesCall("t2", "now", ["{}"])]),
    "cut off at its length": responses(
      [responsesText(TEXT)],
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      "response.incomplete",
    ),
    "stopped by a filter": responses(
      [responsesText("Well")],
      { status: "incomplete", incomplete_details: { reason: "content_filter" } },
      "response.incomplete",
    ),
    "an error in the stream": named([
      {
        type: "error",
        sequence_number: 1,
        error: {
          type: "server_error",
          code: "server_error",
          message: "The server had an error",
          param: null,
        },
      },
    ]),
  },
  google: {
    text: google(
      halves(TEXT).map((text) => [{ text }]),
      "STOP",
    ),
    "thoughts, then text": google([[{ text: "Let me see…", thought: true }], [{ text: TEXT }]], "STOP", {
      thoughtsTokenCount: 3,
      totalTokenCount: 28,
    }),
    "two calls, one without input": google(
      [
        [{ functionCall: { name: "look", args: JSON.parse(INPUT) }, thoughtSignature: "sig" }],
        [{ functionCall: { name: "now", args: {} } }],
      ],
      "STOP",
    ),
    "cut off at its length": google([[{ text: TEXT }]], "MAX_TOKENS"),
    "stopped by a filter": google([[{ text: "Well" }]], "SAFETY"),
    "tokens of a cache": google([[{ text: TEXT }]], "STOP", { cachedContentTokenCount: 6 }),
  },
  ollama: {
    text: ollama(
      halves(TEXT).map((content) => ({ content })),
      "stop",
    ),
    "thinking, then text": ollama([{ thinking: "Let me " }, { thinking: "see…" }, { content: TEXT }], "stop"),
    "two calls": ollama(
      [
        { tool_calls: [{ function: { name: "look", arguments: JSON.parse(INPUT) } }] },
        { tool_calls: [{ function: { name: "now", arguments: {} } }] },
      ],
      "stop",
    ),
    "cut off at its length": ollama([{ content: TEXT }], "length"),
    "an error in the stream": `${ollama([{ content: TEXT }], "stop").split("\n")[0]}\n{"error":"llama runner process has terminated"}\n`,
  },
};

export const ORACLE_CASES: readonly OracleCase[] = (Object.keys(CASES) as Form[]).flatMap((form) =>
  Object.entries(CASES[form]).map(([name, stream]) => ({ form, name, stream })),
);

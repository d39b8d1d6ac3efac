import type { AssistantContent, ModelMessage, ModelRequest } from "../model-stream.ts";
import { below, type WireCall, type WireContext } from "./wire-form.ts";

/** The API demands a limit; this one every model still offered accepts. */
const FALLBACK_MAX_TOKENS = 8_192;

type Block = Record<string, unknown>;

/** A call of Anthropic's Messages API. */
export function anthropicCall(request: ModelRequest, context: WireContext): WireCall {
  const { capabilities } = context;
  const cached = request.promptCacheKey !== null && capabilities.caching;
  const messages = request.messages
    .map((message) => ({ role: roleOf(message), content: blocksOf(message, context.config.kind) }))
    .filter((message) => message.content.length > 0);
  if (cached) markLast(messages.at(-1)?.content);
  const tools: Block[] = request.tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    input_schema: tool.inputSchema,
  }));
  const system: Block[] = request.system === "" ? [] : [{ type: "text", text: request.system }];
  // One mark behind the tools and the system prompt, one behind the history: the provider reads both from its cache.
  if (cached) markLast(system.length > 0 ? system : tools);
  return {
    url: anthropicUrl(context.baseUrl, "messages"),
    body: {
      model: request.model,
      max_tokens: request.maxOutputTokens ?? capabilities.maxOutputTokens ?? FALLBACK_MAX_TOKENS,
      ...(system.length > 0 ? { system } : {}),
      messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...(request.temperature !== null && capabilities.temperature
        ? { temperature: request.temperature }
        : {}),
      stream: true,
    },
  };
}

/** People write the base URL with and without its version. */
export function anthropicUrl(baseUrl: URL, path: string): URL {
  return below(baseUrl, /\/v1\/?$/.test(baseUrl.pathname) ? path : `v1/${path}`);
}

function roleOf(message: ModelMessage): "user" | "assistant" {
  return message.role === "assistant" ? "assistant" : "user";
}

function blocksOf(message: ModelMessage, kind: string): Block[] {
  switch (message.role) {
    case "user":
      return message.content.map((content) => ({ type: "text", text: content.text }));
    case "assistant":
      return message.content.flatMap((content) => assistantBlock(content, kind));
    case "tool":
      return message.results.map((result) => ({
        type: "tool_result",
        tool_use_id: result.callId,
        content: result.output,
        ...(result.isError ? { is_error: true } : {}),
      }));
  }
}

function assistantBlock(content: AssistantContent, kind: string): Block[] {
  switch (content.type) {
    case "text":
      // The API refuses empty text.
      return content.text === "" ? [] : [{ type: "text", text: content.text }];
    case "tool-call":
      return [{ type: "tool_use", id: content.id, name: content.name, input: content.input ?? {} }];
    case "opaque":
      return content.provider === kind && isBlock(content.data) ? [content.data] : [];
  }
}

function isBlock(data: unknown): data is Block {
  return typeof data === "object" && data !== null && "type" in data;
}

/** Thinking cannot carry a mark; the block before it would not cover the end, so then there is none. */
function markLast(blocks: Block[] | undefined): void {
  const last = blocks?.at(-1);
  if (blocks === undefined || last === undefined || /thinking/.test(String(last.type))) return;
  blocks[blocks.length - 1] = { ...last, cache_control: { type: "ephemeral" } };
}

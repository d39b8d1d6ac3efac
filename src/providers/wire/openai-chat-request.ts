import type { AssistantContent, ModelMessage, ModelRequest } from "../model-stream.ts";
import { type JsonRecord, recordIn } from "./json.ts";
import { below, type WireCall, type WireContext } from "./wire-form.ts";

const AZURE_API_VERSION = "2024-10-21";

type Fields = Record<string, unknown>;

/** A call of Chat Completions: OpenAI's, Azure's, and that of every server compatible with it. */
export function chatCall(request: ModelRequest, context: WireContext): WireCall {
  const { capabilities, config } = context;
  const system: Fields[] = request.system === "" ? [] : [{ role: "system", content: request.system }];
  const messages = request.messages.flatMap((message) => messagesOf(message, config.kind));
  return {
    url: chatUrl(request, context),
    body: {
      model: request.model,
      messages: [...system, ...messages],
      ...(request.tools.length > 0 ? { tools: request.tools.map(toolOf) } : {}),
      ...(request.maxOutputTokens === null ? {} : { [limitName(config.kind)]: request.maxOutputTokens }),
      ...(request.temperature !== null && capabilities.temperature
        ? { temperature: request.temperature }
        : {}),
      ...(request.promptCacheKey !== null && config.kind === "openai"
        ? { prompt_cache_key: request.promptCacheKey }
        : {}),
      stream: true,
      // Mistral always tells its usage, and refuses fields that it does not know.
      ...(config.kind === "mistral" ? {} : { stream_options: { include_usage: true } }),
    },
  };
}

function chatUrl(request: ModelRequest, context: WireContext): URL {
  const { baseUrl, config } = context;
  if (config.kind !== "azure" || isVersioned(baseUrl)) return below(baseUrl, "chat/completions");
  const deployment = encodeURIComponent(config.deployment ?? request.model);
  const url = below(baseUrl, `openai/deployments/${deployment}/chat/completions`);
  url.searchParams.set("api-version", config.api_version ?? AZURE_API_VERSION);
  return url;
}

/** Azure's newer surface has the paths of OpenAI's own, below `/openai/v1`. */
export function isVersioned(baseUrl: URL): boolean {
  return /\/openai\/v1\/?$/.test(baseUrl.pathname);
}

/** OpenAI's models refuse the old name; most other servers know only that. */
function limitName(kind: string): string {
  return kind === "openai" || kind === "azure" ? "max_completion_tokens" : "max_tokens";
}

function toolOf(tool: ModelRequest["tools"][number]): Fields {
  return {
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
  };
}

function messagesOf(message: ModelMessage, kind: string): Fields[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.content.map((content) => content.text).join("\n\n") }];
    case "assistant":
      return [assistantMessage(message.content, kind)];
    case "tool":
      return message.results.map((result) => ({
        role: "tool",
        tool_call_id: result.callId,
        ...(kind === "mistral" ? { name: result.name } : {}),
        content: result.isError ? `Error: ${result.output}` : result.output,
      }));
  }
}

function assistantMessage(content: readonly AssistantContent[], kind: string): Fields {
  const text = content.map((each) => (each.type === "text" ? each.text : "")).join("");
  const opaque = content.flatMap((each): JsonRecord[] =>
    each.type === "opaque" && each.provider === kind ? [recordIn(each.data)] : [],
  );
  const calls = content.flatMap((each) =>
    each.type === "tool-call"
      ? {
          id: each.id,
          type: "function",
          function: { name: each.name, arguments: JSON.stringify(each.input ?? {}) },
          ...Object.assign({}, ...opaque.filter((data) => data.call === each.id).map((data) => data.fields)),
        }
      : [],
  );
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...Object.assign({}, ...opaque.filter((data) => data.call === undefined).map((data) => data.fields)),
  };
}

import type { AssistantContent, ModelMessage, ModelRequest } from "../model-stream.ts";
import { openaiModelsUrl, readOpenaiModels } from "./openai-chat.ts";
import { isVersioned } from "./openai-chat-request.ts";
import { ResponsesReducer } from "./openai-responses-reducer.ts";
import { below, type WireCall, type WireContext, type WireForm } from "./wire-form.ts";

type Item = Record<string, unknown>;

/** OpenAI's Responses. Nothing is stored there: what the model thought comes back encrypted and is sent again. */
export const openaiResponses: WireForm = {
  framing: "sse",
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  call: responsesCall,
  reducer: (request, _context, failures) => new ResponsesReducer(request, failures),
  modelsUrl: openaiModelsUrl,
  readModels: readOpenaiModels,
};

function responsesCall(request: ModelRequest, context: WireContext): WireCall {
  const { capabilities, config } = context;
  const model = config.kind === "azure" ? (config.deployment ?? request.model) : request.model;
  return {
    url: responsesUrl(context),
    body: {
      model,
      ...(request.system === "" ? {} : { instructions: request.system }),
      input: request.messages.flatMap((message) => itemsOf(message, config.kind)),
      ...(request.tools.length > 0 ? { tools: request.tools.map(toolOf) } : {}),
      ...(request.maxOutputTokens === null ? {} : { max_output_tokens: request.maxOutputTokens }),
      ...(request.temperature !== null && capabilities.temperature
        ? { temperature: request.temperature }
        : {}),
      ...(request.promptCacheKey === null ? {} : { prompt_cache_key: request.promptCacheKey }),
      ...(capabilities.reasoning ? { include: ["reasoning.encrypted_content"] } : {}),
      store: false,
      stream: true,
    },
  };
}

function responsesUrl({ baseUrl, config }: WireContext): URL {
  return below(
    baseUrl,
    config.kind === "azure" && !isVersioned(baseUrl) ? "openai/v1/responses" : "responses",
  );
}

function toolOf(tool: ModelRequest["tools"][number]): Item {
  return {
    type: "function",
    name: tool.name,
    description: tool.description,
    parameters: tool.inputSchema,
    strict: false,
  };
}

function itemsOf(message: ModelMessage, kind: string): Item[] {
  switch (message.role) {
    case "user":
      return [
        {
          role: "user",
          content: message.content.map((content) => ({ type: "input_text", text: content.text })),
        },
      ];
    case "assistant":
      return message.content.flatMap((content) => assistantItem(content, kind));
    case "tool":
      return message.results.map((result) => ({
        type: "function_call_output",
        call_id: result.callId,
        output: result.isError ? `Error: ${result.output}` : result.output,
      }));
  }
}

function assistantItem(content: AssistantContent, kind: string): Item[] {
  switch (content.type) {
    case "text":
      if (content.text === "") return [];
      return [{ role: "assistant", content: [{ type: "output_text", text: content.text }] }];
    case "tool-call":
      return [
        {
          type: "function_call",
          call_id: content.id,
          name: content.name,
          arguments: JSON.stringify(content.input ?? {}),
        },
      ];
    case "opaque":
      return content.provider === kind && isItem(content.data) ? [content.data] : [];
  }
}

function isItem(data: unknown): data is Item {
  return typeof data === "object" && data !== null && "type" in data;
}

import { listIn, recordIn, textIn } from "./json.ts";
import { ChatReducer } from "./openai-chat-reducer.ts";
import { chatCall, isVersioned } from "./openai-chat-request.ts";
import { below, type WireContext, type WireForm } from "./wire-form.ts";

/** OpenAI's Chat Completions, and every server compatible with them. */
export const openaiChat: WireForm = {
  framing: "sse",
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  call: chatCall,
  reducer: (request, context, failures) => new ChatReducer(request, context, failures),
  modelsUrl: openaiModelsUrl,
  readModels: readOpenaiModels,
};

export function openaiModelsUrl(context: WireContext): URL {
  const { baseUrl, config } = context;
  if (config.kind === "azure" && !isVersioned(baseUrl)) {
    const url = below(baseUrl, "openai/models");
    url.searchParams.set("api-version", config.api_version ?? "2024-10-21");
    return url;
  }
  // A custom endpoint is one URL: what lies beside it is a guess, and the usual one.
  if (config.kind === "http") return new URL("../models", `${baseUrl.href.replace(/\/+$/, "")}`);
  return below(baseUrl, "models");
}

export function readOpenaiModels(payload: unknown): readonly string[] {
  const models = Array.isArray(payload) ? payload : listIn(recordIn(payload).data);
  return models.flatMap((model) => textIn(recordIn(model).id) ?? []);
}

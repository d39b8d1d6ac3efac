import { AnthropicReducer } from "./anthropic-reducer.ts";
import { anthropicCall, anthropicUrl } from "./anthropic-request.ts";
import { listIn, recordIn, textIn } from "./json.ts";
import type { WireForm } from "./wire-form.ts";

/** Anthropic's Messages API. */
export const anthropicMessages: WireForm = {
  framing: "sse",
  keyHeader: { name: "x-api-key", prefix: "" },
  headers: { "anthropic-version": "2023-06-01" },
  call: anthropicCall,
  reducer: (request, _context, failures) => new AnthropicReducer(request, failures),
  modelsUrl: (context) => {
    const url = anthropicUrl(context.baseUrl, "models");
    url.searchParams.set("limit", "1000");
    return url;
  },
  readModels: (payload) =>
    listIn(recordIn(payload).data).flatMap((model) => textIn(recordIn(model).id) ?? []),
};

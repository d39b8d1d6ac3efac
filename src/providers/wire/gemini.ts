import { GeminiReducer } from "./gemini-reducer.ts";
import { geminiCall, geminiUrl } from "./gemini-request.ts";
import { listIn, recordIn, textIn } from "./json.ts";
import type { WireForm } from "./wire-form.ts";

/** Google's generateContent as a stream of events. */
export const geminiGenerate: WireForm = {
  framing: "sse",
  keyHeader: { name: "x-goog-api-key", prefix: "" },
  headers: {},
  call: geminiCall,
  reducer: (request, _context, failures) => new GeminiReducer(request, failures),
  modelsUrl: (context) => {
    const url = geminiUrl(context.baseUrl, "models");
    url.searchParams.set("pageSize", "1000");
    return url;
  },
  readModels: (payload) =>
    listIn(recordIn(payload).models).flatMap((model) => {
      const { name, supportedGenerationMethods } = recordIn(model);
      const methods = listIn(supportedGenerationMethods);
      if (methods.length > 0 && !methods.includes("generateContent")) return [];
      return textIn(name)?.replace(/^models\//, "") ?? [];
    }),
};

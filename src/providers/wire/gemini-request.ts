import type { AssistantContent, ModelMessage, ModelRequest } from "../model-stream.ts";
import { type JsonRecord, recordIn, textIn } from "./json.ts";
import { below, type WireCall, type WireContext } from "./wire-form.ts";

type Part = Record<string, unknown>;

/** A call of Google's streamGenerateContent. */
export function geminiCall(request: ModelRequest, context: WireContext): WireCall {
  const { capabilities } = context;
  const model = request.model.replace(/^models\//, "");
  const url = geminiUrl(context.baseUrl, `models/${encodeURIComponent(model)}:streamGenerateContent`);
  url.searchParams.set("alt", "sse");
  const generation = {
    ...(request.maxOutputTokens === null ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(capabilities.reasoning ? { thinkingConfig: { includeThoughts: true } } : {}),
  };
  const contents = request.messages
    .map((message) => contentOf(message, context.config.kind))
    .filter((content) => content.parts.length > 0);
  return {
    url,
    body: {
      ...(request.system === "" ? {} : { systemInstruction: { parts: [{ text: request.system }] } }),
      contents,
      ...(request.tools.length > 0
        ? { tools: [{ functionDeclarations: request.tools.map(declarationOf) }] }
        : {}),
      ...(Object.keys(generation).length > 0 ? { generationConfig: generation } : {}),
    },
  };
}

/** People write the base URL with and without its version. */
export function geminiUrl(baseUrl: URL, path: string): URL {
  return below(baseUrl, /\/v1(?:beta|alpha)?\d*(?:\/|$)/.test(baseUrl.pathname) ? path : `v1beta/${path}`);
}

function declarationOf(tool: ModelRequest["tools"][number]): Part {
  return { name: tool.name, description: tool.description, parametersJsonSchema: tool.inputSchema };
}

function contentOf(
  message: ModelMessage,
  kind: string,
): { readonly role: "user" | "model"; readonly parts: Part[] } {
  switch (message.role) {
    case "user":
      return { role: "user", parts: message.content.map((content) => ({ text: content.text })) };
    case "assistant":
      return { role: "model", parts: modelParts(message.content, kind) };
    case "tool":
      return {
        role: "user",
        parts: message.results.map((result) => ({
          functionResponse: {
            ...ownId(result.callId),
            name: result.name,
            response: result.isError ? { error: result.output } : { output: result.output },
          },
        })),
      };
  }
}

/** Ids that Google gave; those that we made up because it gave none stay with us. */
function ownId(id: string): { readonly id?: string } {
  return /^call_\d+_\d+(?:_\d+)?$/.test(id) ? {} : { id };
}

/** A signature goes back on the call it came with; one that came without a call, on an empty text in its place. */
function modelParts(content: readonly AssistantContent[], kind: string): Part[] {
  const opaque = (each: AssistantContent): JsonRecord =>
    each.type === "opaque" && each.provider === kind ? recordIn(each.data) : {};
  const signatures = new Map<unknown, string>();
  for (const each of content) {
    const { call, thoughtSignature } = opaque(each);
    const signature = textIn(thoughtSignature);
    if (call !== undefined && signature !== null) signatures.set(call, signature);
  }
  return content.flatMap((each): Part[] => {
    if (each.type === "text") return each.text === "" ? [] : [{ text: each.text }];
    if (each.type === "tool-call") {
      const signature = signatures.get(each.id);
      return [
        {
          functionCall: { ...ownId(each.id), name: each.name, args: each.input ?? {} },
          ...(signature === undefined ? {} : { thoughtSignature: signature }),
        },
      ];
    }
    const { call, thoughtSignature, part } = opaque(each);
    if (part !== undefined) return [recordIn(part)];
    return call === undefined && thoughtSignature !== undefined ? [{ text: "", thoughtSignature }] : [];
  });
}

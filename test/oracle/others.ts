import { loadPeer } from "../bench/peers/load-peer.ts";
import type { Form } from "./cases.ts";
import type { Observed, Seen } from "./observed.ts";

type Fetch = typeof globalThis.fetch;

/** What is used of the AI SDK's stream of parts. */
interface SdkPart {
  readonly type: string;
  readonly delta?: string;
  readonly toolName?: string;
  /** JSON. */
  readonly input?: string;
  readonly finishReason?: { readonly unified: string };
  readonly usage?: {
    readonly inputTokens: { readonly total?: number; readonly cacheRead?: number };
    readonly outputTokens: { readonly total?: number; readonly reasoning?: number };
  };
}

interface SdkModel {
  doStream(options: {
    readonly prompt: readonly unknown[];
  }): Promise<{ readonly stream: AsyncIterable<SdkPart> }>;
}

type Settings = { readonly apiKey: string; readonly fetch: Fetch };

const SDK_MODELS: Readonly<Record<Exclude<Form, "ollama">, (settings: Settings) => Promise<SdkModel>>> = {
  anthropic: async (settings) => {
    const { createAnthropic } = await loadPeer<{
      createAnthropic: (settings: Settings) => (model: string) => SdkModel;
    }>("@ai-sdk/anthropic");
    return createAnthropic(settings)("claude-x");
  },
  "openai-chat": async (settings) => (await openai(settings)).chat("gpt-x"),
  "openai-responses": async (settings) => (await openai(settings)).responses("gpt-x"),
  "openai-compatible": async (settings) => {
    const { createOpenAICompatible } = await loadPeer<{
      createOpenAICompatible: (
        settings: Settings & {
          readonly name: string;
          readonly baseURL: string;
          readonly includeUsage: boolean;
        },
      ) => (model: string) => SdkModel;
    }>("@ai-sdk/openai-compatible");
    return createOpenAICompatible({
      ...settings,
      name: "x",
      baseURL: "http://127.0.0.1:9/v1",
      includeUsage: true,
    })("m");
  },
  google: async (settings) => {
    const { createGoogleGenerativeAI } = await loadPeer<{
      createGoogleGenerativeAI: (settings: Settings) => (model: string) => SdkModel;
    }>("@ai-sdk/google");
    return createGoogleGenerativeAI(settings)("gemini-x");
  },
};

async function openai(
  settings: Settings,
): Promise<{ chat(model: string): SdkModel; responses(model: string): SdkModel }> {
  const { createOpenAI } = await loadPeer<{
    createOpenAI: (settings: Settings) => {
      chat(model: string): SdkModel;
      responses(model: string): SdkModel;
    };
  }>("@ai-sdk/openai");
  return createOpenAI(settings);
}

/** What another client makes of the same bytes. */
export async function othersSee(form: Form, stream: string): Promise<Seen> {
  try {
    return form === "ollama" ? await ollamaSees(stream) : await sdkSees(form, stream);
  } catch {
    return "failed";
  }
}

async function sdkSees(form: Exclude<Form, "ollama">, stream: string): Promise<Seen> {
  const model = await SDK_MODELS[form]({ apiKey: "x", fetch: fetchOf(stream, "text/event-stream") });
  const { stream: parts } = await model.doStream({
    prompt: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
  });
  let text = "";
  let reasoning = "";
  let end: SdkPart | null = null;
  const calls: Observed["calls"][number][] = [];
  for await (const part of parts) {
    if (part.type === "error") return "failed";
    if (part.type === "text-delta") text += part.delta ?? "";
    else if (part.type === "reasoning-delta") reasoning += part.delta ?? "";
    else if (part.type === "tool-call")
      calls.push({ name: part.toolName ?? "", input: JSON.parse(part.input || "{}") });
    else if (part.type === "finish") end = part;
  }
  const { inputTokens, outputTokens } = end?.usage ?? {};
  return {
    text,
    reasoning,
    calls,
    usage: {
      input: inputTokens?.total ?? null,
      cacheRead: inputTokens?.cacheRead || null,
      output: outputTokens?.total ?? null,
      reasoning: outputTokens?.reasoning || null,
    },
    finish: end?.finishReason?.unified ?? "none",
  };
}

interface OllamaChunk {
  readonly message: {
    readonly content: string;
    readonly thinking?: string;
    readonly tool_calls?: readonly {
      readonly function: { readonly name: string; readonly arguments: unknown };
    }[];
  };
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
}

async function ollamaSees(stream: string): Promise<Seen> {
  const { Ollama } = await loadPeer<{
    Ollama: new (settings: {
      readonly fetch: Fetch;
    }) => {
      chat(request: unknown): Promise<AsyncIterable<OllamaChunk>>;
    };
  }>("ollama");
  const client = new Ollama({ fetch: fetchOf(stream, "application/x-ndjson") });
  const chunks: OllamaChunk[] = [];
  for await (const chunk of await client.chat({
    model: "llama",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
  }))
    chunks.push(chunk);
  const last = chunks.at(-1);
  const calls = chunks.flatMap(({ message }) =>
    (message.tool_calls ?? []).map((call) => ({ name: call.function.name, input: call.function.arguments })),
  );
  return {
    text: chunks.map(({ message }) => message.content).join(""),
    reasoning: chunks.map(({ message }) => message.thinking ?? "").join(""),
    calls,
    usage: {
      input: last?.prompt_eval_count ?? null,
      cacheRead: null,
      output: last?.eval_count ?? null,
      reasoning: null,
    },
    // The vendor's client leaves it to its reader that a turn of calls is one.
    finish: last?.done_reason === "stop" && calls.length > 0 ? "tool-calls" : (last?.done_reason ?? "none"),
  };
}

function fetchOf(stream: string, type: string): Fetch {
  return async () => {
    const bytes = new TextEncoder().encode(stream);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        // Inside characters and lines, as a socket may cut.
        for (let at = 0; at < bytes.length; at += 17) controller.enqueue(bytes.slice(at, at + 17));
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": type } });
  };
}

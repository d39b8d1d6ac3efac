import { loadPeer } from "./load-peer.ts";

/** Asks once and hands over each piece of text as it comes. */
export type StreamClient = (onText: (text: string) => void) => Promise<void>;

type Text = { readonly text?: string };

interface SdkModel {
  doStream(options: unknown): Promise<{
    readonly stream: AsyncIterable<{ readonly type: string; readonly delta: string }>;
  }>;
}

const PROMPT = [{ role: "user", content: [{ type: "text", text: "go" }] }];
const MESSAGES = [{ role: "user", content: "go" }];

function sdkClient(model: SdkModel): StreamClient {
  return async (onText) => {
    const { stream } = await model.doStream({ prompt: PROMPT });
    for await (const part of stream) if (part.type === "text-delta") onText(part.delta);
  };
}

type MakeModel = (settings: unknown) => ((model: string) => SdkModel) & {
  chat(model: string): SdkModel;
  responses(model: string): SdkModel;
};

type Chat = { create(request: unknown): Promise<AsyncIterable<never>> };

/** By form, then by client: loads it for a server at `url`. */
export const PEER_CLIENTS: Readonly<
  Record<string, Readonly<Record<string, (url: string) => Promise<StreamClient>>>>
> = {
  "Anthropic Messages": {
    "@ai-sdk/anthropic": async (url) => {
      const { createAnthropic } = await loadPeer<{ createAnthropic: MakeModel }>("@ai-sdk/anthropic");
      return sdkClient(createAnthropic({ apiKey: "x", baseURL: url })("m"));
    },
    "@anthropic-ai/sdk": async (url) => {
      const { Anthropic } = await loadPeer<{ Anthropic: new (settings: unknown) => { messages: Chat } }>(
        "@anthropic-ai/sdk",
      );
      const client = new Anthropic({ apiKey: "x", baseURL: url });
      return async (onText) => {
        const stream = await client.messages.create({
          model: "m",
          max_tokens: 9,
          messages: MESSAGES,
          stream: true,
        });
        for await (const event of stream as AsyncIterable<{ readonly type: string; readonly delta: Text }>)
          if (event.type === "content_block_delta") onText(event.delta.text ?? "");
      };
    },
  },
  "Chat Completions": {
    "@ai-sdk/openai": async (url) => {
      const { createOpenAI } = await loadPeer<{ createOpenAI: MakeModel }>("@ai-sdk/openai");
      return sdkClient(createOpenAI({ apiKey: "x", baseURL: url }).chat("m"));
    },
    openai: async (url) => {
      const client = await openai(url);
      return async (onText) => {
        const stream = await client.chat.completions.create({ model: "m", messages: MESSAGES, stream: true });
        type Chunk = { readonly choices: readonly { readonly delta: { readonly content?: string } }[] };
        for await (const chunk of stream as AsyncIterable<Chunk>) {
          const text = chunk.choices[0]?.delta.content;
          if (text) onText(text);
        }
      };
    },
  },
  Responses: {
    "@ai-sdk/openai": async (url) => {
      const { createOpenAI } = await loadPeer<{ createOpenAI: MakeModel }>("@ai-sdk/openai");
      return sdkClient(createOpenAI({ apiKey: "x", baseURL: url }).responses("m"));
    },
    openai: async (url) => {
      const client = await openai(url);
      return async (onText) => {
        const stream = await client.responses.create({ model: "m", input: "go", stream: true });
        for await (const event of stream as AsyncIterable<{ readonly type: string; readonly delta: string }>)
          if (event.type === "response.output_text.delta") onText(event.delta);
      };
    },
  },
  generateContent: {
    "@ai-sdk/google": async (url) => {
      const { createGoogleGenerativeAI } = await loadPeer<{ createGoogleGenerativeAI: MakeModel }>(
        "@ai-sdk/google",
      );
      return sdkClient(createGoogleGenerativeAI({ apiKey: "x", baseURL: url })("m"));
    },
    "@google/genai": async (url) => {
      const { GoogleGenAI } = await loadPeer<{
        GoogleGenAI: new (
          settings: unknown,
        ) => {
          models: { generateContentStream(request: unknown): Promise<AsyncIterable<Text>> };
        };
      }>("@google/genai");
      const client = new GoogleGenAI({ apiKey: "x", httpOptions: { baseUrl: url, apiVersion: "v1beta" } });
      return async (onText) => {
        for await (const each of await client.models.generateContentStream({ model: "m", contents: "go" }))
          if (each.text) onText(each.text);
      };
    },
  },
  Ollama: {
    ollama: async (url) => {
      const { Ollama } = await loadPeer<{
        Ollama: new (
          settings: unknown,
        ) => {
          chat(request: unknown): Promise<AsyncIterable<{ readonly message: { readonly content: string } }>>;
        };
      }>("ollama");
      const client = new Ollama({ host: url });
      return async (onText) => {
        for await (const { message } of await client.chat({ model: "m", messages: MESSAGES, stream: true }))
          if (message.content !== "") onText(message.content);
      };
    },
  },
};

async function openai(url: string): Promise<{ chat: { completions: Chat }; responses: Chat }> {
  const { OpenAI } = await loadPeer<{
    OpenAI: new (settings: unknown) => { chat: { completions: Chat }; responses: Chat };
  }>("openai");
  return new OpenAI({ apiKey: "x", baseURL: url });
}

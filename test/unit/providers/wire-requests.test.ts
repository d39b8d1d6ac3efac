import assert from "node:assert/strict";
import type { ModelRequest } from "../../../src/providers/model-stream.ts";
import type { ProviderConfigInput } from "../../../src/providers/provider-config.ts";
import { ProviderKey } from "../../../src/providers/provider-key.ts";
import { ask, connect, requestOf } from "../../support/provider-parts.ts";
import { ProviderServer, plain, type SeenRequest, streamed } from "../../support/provider-server.ts";

const KEY = "sk-test-0123456789abcdef";
const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

/** A conversation with everything in it: a call that went well, one that failed, and reasoning. */
function conversation(kind: string, data: unknown): Partial<ModelRequest> {
  return {
    messages: [
      { role: "user", content: [{ type: "text", text: "weather?" }] },
      {
        role: "assistant",
        content: [
          { type: "opaque", provider: kind, data },
          { type: "opaque", provider: "another", data: { type: "thinking", thinking: "not yours" } },
          { type: "text", text: "I look." },
          { type: "tool-call", id: "t1", name: "look", input: { city: "Zürich" } },
          { type: "tool-call", id: "t2", name: "look", input: {} },
        ],
      },
      {
        role: "tool",
        results: [
          { callId: "t1", name: "look", output: "sun", isError: false },
          { callId: "t2", name: "look", output: "no city", isError: true },
        ],
      },
    ],
    tools: [{ name: "look", description: "Looks.", inputSchema: schema }],
    maxOutputTokens: 500,
    temperature: 0.1,
  };
}

describe("requests of the wire forms", () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await ProviderServer.start(plain(400, "{}"));
  });
  afterEach(() => server.close());

  async function sent(
    config: Omit<ProviderConfigInput, "base_url">,
    base: string,
    changes: Partial<ModelRequest>,
  ): Promise<SeenRequest & { readonly json: Record<string, unknown> }> {
    const url = `${server.url}${base}`;
    const connector = connect({ ...config, base_url: url }, { key: new ProviderKey(KEY, url) });
    await ask(connector, changes).catch(() => undefined);
    const [seen] = server.requests.splice(0);
    assert.ok(seen);
    return { ...seen, json: JSON.parse(seen.body) };
  }

  it("E08 Anthropic: key, version, system, tools, replayed thinking, results, limits", async () => {
    const thinking = { type: "thinking", thinking: "Hm…", signature: "Eq+/=" };
    const changes = conversation("anthropic", thinking);
    const seen = await sent({ kind: "anthropic" }, "", { ...changes, model: "claude-sonnet-4-5" });
    assert.equal(`${seen.method} ${seen.path}`, "POST /v1/messages");
    assert.equal(seen.headers["x-api-key"], KEY);
    assert.equal(seen.headers["anthropic-version"], "2023-06-01");
    assert.equal(seen.headers.authorization, undefined);
    assert.deepEqual(seen.json, {
      model: "claude-sonnet-4-5",
      max_tokens: 500,
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        { role: "user", content: [{ type: "text", text: "weather?" }] },
        {
          role: "assistant",
          content: [
            thinking,
            { type: "text", text: "I look." },
            { type: "tool_use", id: "t1", name: "look", input: { city: "Zürich" } },
            { type: "tool_use", id: "t2", name: "look", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "sun" },
            { type: "tool_result", tool_use_id: "t2", content: "no city", is_error: true },
          ],
        },
      ],
      tools: [{ name: "look", description: "Looks.", input_schema: schema }],
      temperature: 0.1,
      stream: true,
    });
  });

  it("E08 Anthropic: a cached prefix is marked behind the system prompt and behind the history", async () => {
    const seen = await sent({ kind: "anthropic" }, "/v1", {
      model: "claude-sonnet-5",
      promptCacheKey: "run",
      temperature: 1,
    });
    assert.equal(seen.path, "/v1/messages");
    const mark = { cache_control: { type: "ephemeral" } };
    assert.deepEqual(seen.json.system, [{ type: "text", text: "Be brief.", ...mark }]);
    assert.deepEqual(seen.json.messages, [
      { role: "user", content: [{ type: "text", text: "hello", ...mark }] },
    ]);
    assert.equal(seen.json.temperature, undefined, "this family refuses a temperature");
    assert.equal(seen.json.max_tokens, 64_000);
  });

  it("E08 Chat Completions: bearer key, system message, tools, results, usage asked for", async () => {
    const seen = await sent(
      { kind: "openai-compatible" },
      "/v1",
      conversation("openai-compatible", { fields: { reasoning_details: [1] } }),
    );
    assert.equal(`${seen.method} ${seen.path}`, "POST /v1/chat/completions");
    assert.equal(seen.headers.authorization, `Bearer ${KEY}`);
    assert.deepEqual(seen.json, {
      model: "model-1",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "weather?" },
        {
          role: "assistant",
          content: "I look.",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "look", arguments: '{"city":"Zürich"}' } },
            { id: "t2", type: "function", function: { name: "look", arguments: "{}" } },
          ],
          reasoning_details: [1],
        },
        { role: "tool", tool_call_id: "t1", content: "sun" },
        { role: "tool", tool_call_id: "t2", content: "Error: no city" },
      ],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: schema } }],
      max_tokens: 500,
      temperature: 0.1,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("E08 OpenAI: a reasoning model gets no temperature, and the newer name of the limit", async () => {
    const seen = await sent({ kind: "openai" }, "/v1", {
      model: "gpt-6-sol",
      maxOutputTokens: 9,
      temperature: 0.1,
      promptCacheKey: "run",
    });
    assert.equal(seen.json.max_completion_tokens, 9);
    assert.equal(seen.json.max_tokens, undefined);
    assert.equal(seen.json.temperature, undefined);
    assert.equal(seen.json.prompt_cache_key, "run");
  });

  it("E08 OpenAI Responses: nothing stored, encrypted reasoning asked for and sent back unchanged", async () => {
    const reasoning = { type: "reasoning", id: "rs1", summary: [], encrypted_content: "gAAA" };
    const seen = await sent({ kind: "openai", wire: "openai-responses" }, "/v1", {
      ...conversation("openai", reasoning),
      model: "gpt-6-sol",
    });
    assert.equal(seen.path, "/v1/responses");
    assert.deepEqual(seen.json, {
      model: "gpt-6-sol",
      instructions: "Be brief.",
      input: [
        { role: "user", content: [{ type: "input_text", text: "weather?" }] },
        reasoning,
        { role: "assistant", content: [{ type: "output_text", text: "I look." }] },
        { type: "function_call", call_id: "t1", name: "look", arguments: '{"city":"Zürich"}' },
        { type: "function_call", call_id: "t2", name: "look", arguments: "{}" },
        { type: "function_call_output", call_id: "t1", output: "sun" },
        { type: "function_call_output", call_id: "t2", output: "Error: no city" },
      ],
      tools: [{ type: "function", name: "look", description: "Looks.", parameters: schema, strict: false }],
      max_output_tokens: 500,
      include: ["reasoning.encrypted_content"],
      store: false,
      stream: true,
    });
  });

  it("E08 Azure: deployment in the path, api-version, its own key header", async () => {
    const seen = await sent(
      { kind: "azure", deployment: "my-gpt", api_version: "2025-01-01-preview" },
      "",
      {},
    );
    assert.equal(seen.path, "/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview");
    assert.equal(seen.headers["api-key"], KEY);
    assert.equal(seen.headers.authorization, undefined);
    const byModel = await sent({ kind: "azure" }, "", { model: "gpt-4o" });
    assert.equal(byModel.path, "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21");
    const newer = await sent({ kind: "azure" }, "/openai/v1", {});
    assert.equal(newer.path, "/openai/v1/chat/completions");
    const responses = await sent({ kind: "azure", deployment: "dep", wire: "openai-responses" }, "", {});
    assert.equal(responses.path, "/openai/v1/responses");
    assert.equal(responses.json.model, "dep");
  });

  it("E08 Gemini: key header, system instruction, schema of tools, signature back on its call", async () => {
    const seen = await sent({ kind: "google" }, "", {
      ...conversation("google", { call: "t1", thoughtSignature: "sig" }),
      model: "gemini-2.5-pro",
    });
    assert.equal(seen.path, "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
    assert.equal(seen.headers["x-goog-api-key"], KEY);
    assert.deepEqual(seen.json, {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "weather?" }] },
        {
          role: "model",
          parts: [
            { text: "I look." },
            { functionCall: { id: "t1", name: "look", args: { city: "Zürich" } }, thoughtSignature: "sig" },
            { functionCall: { id: "t2", name: "look", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "t1", name: "look", response: { output: "sun" } } },
            { functionResponse: { id: "t2", name: "look", response: { error: "no city" } } },
          ],
        },
      ],
      tools: [
        { functionDeclarations: [{ name: "look", description: "Looks.", parametersJsonSchema: schema }] },
      ],
      generationConfig: { maxOutputTokens: 500, temperature: 0.1, thinkingConfig: { includeThoughts: true } },
    });
  });

  it("E08 Ollama: options, tools, a window that holds the prompt", async () => {
    const seen = await sent({ kind: "ollama" }, "", conversation("ollama", { thinking: "Hm" }));
    assert.equal(seen.path, "/api/chat");
    assert.deepEqual(seen.json, {
      model: "model-1",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "weather?" },
        {
          role: "assistant",
          content: "I look.",
          thinking: "Hm",
          tool_calls: [
            { function: { name: "look", arguments: { city: "Zürich" } } },
            { function: { name: "look", arguments: {} } },
          ],
        },
        { role: "tool", tool_name: "look", content: "sun" },
        { role: "tool", tool_name: "look", content: "Error: no city" },
      ],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: schema } }],
      options: { num_ctx: 8192, num_predict: 500, temperature: 0.1 },
      stream: true,
    });
    const large = await sent({ kind: "ollama" }, "", { system: "x".repeat(60_000) });
    assert.deepEqual(large.json.options, { num_ctx: 32_768 });
    const set = await sent({ kind: "ollama", context_window: 5000 }, "", {});
    assert.deepEqual(set.json.options, { num_ctx: 5000 });
  });

  it("E08 a custom endpoint gets the whole URL, its own key header and headers", async () => {
    const seen = await sent(
      { kind: "http", wire: "anthropic", key_header: "X-My-Key", headers: { "X-Team": "backend" } },
      "/any/path?x=1",
      {},
    );
    assert.equal(seen.path, "/any/path?x=1");
    assert.equal(seen.headers["x-my-key"], KEY);
    assert.equal(seen.headers["x-team"], "backend");
    assert.ok(Array.isArray(seen.json.system));
  });

  it("E08 Mistral gets no field that it refuses; DeepSeek its reasoning back", async () => {
    const mistral = await sent({ kind: "mistral" }, "/v1", {});
    assert.equal(mistral.json.stream_options, undefined);
    const deepseek = await sent(
      { kind: "deepseek" },
      "",
      conversation("deepseek", { fields: { reasoning_content: "Hm" } }),
    );
    assert.deepEqual((deepseek.json.messages as unknown[])[2], {
      role: "assistant",
      content: "I look.",
      tool_calls: [
        { id: "t1", type: "function", function: { name: "look", arguments: '{"city":"Zürich"}' } },
        { id: "t2", type: "function", function: { name: "look", arguments: "{}" } },
      ],
      reasoning_content: "Hm",
    });
  });

  it("what a provider gave opaquely comes back byte for byte", async () => {
    const signature = 'Eq8B+/=\u00e9\\n"quoted"';
    const events = [
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "a" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature } },
      { type: "content_block_stop", index: 0 },
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "server_tool_use", id: "s1", name: "web", input: {} },
      },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"q":1}' } },
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ];
    server.answer = streamed(events.map((event) => `data: ${JSON.stringify(event)}\n\n`));
    const connector = connect({ kind: "anthropic", base_url: server.url });
    const parts = await ask(connector);
    const content = parts.flatMap((part) =>
      part.type === "opaque" ? { type: "opaque" as const, provider: "anthropic", data: part.data } : [],
    );
    await ask(connector, { messages: [...requestOf().messages, { role: "assistant", content }] });
    const body = JSON.parse(server.requests[1]?.body ?? "");
    assert.deepEqual(body.messages[1].content, [
      { type: "thinking", thinking: "a", signature },
      { type: "server_tool_use", id: "s1", name: "web", input: { q: 1 } },
    ]);
  });

  it("E08 lists models in each provider's own form", async () => {
    const lists: readonly (readonly [ProviderConfigInput["kind"], string, string, unknown])[] = [
      ["anthropic", "", "/v1/models?limit=1000", { data: [{ id: "a" }, { id: "b" }] }],
      ["openai", "/v1", "/v1/models", { data: [{ id: "a" }, { id: "b" }] }],
      [
        "google",
        "",
        "/v1beta/models?pageSize=1000",
        {
          models: [
            { name: "models/a", supportedGenerationMethods: ["generateContent"] },
            { name: "models/e", supportedGenerationMethods: ["embedContent"] },
            { name: "models/b" },
          ],
        },
      ],
      ["ollama", "", "/api/tags", { models: [{ name: "a" }, { name: "b" }] }],
      ["azure", "", "/openai/models?api-version=2024-10-21", { data: [{ id: "a" }, { id: "b" }] }],
    ];
    for (const [kind, base, path, payload] of lists) {
      server.answer = plain(200, JSON.stringify(payload));
      const connector = connect({ kind, base_url: `${server.url}${base}` });
      assert.deepEqual(await connector.listModels(new AbortController().signal), ["a", "b"]);
      assert.equal(server.requests.splice(0)[0]?.path, path);
    }
  });
});

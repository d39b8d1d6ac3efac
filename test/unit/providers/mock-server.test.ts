import assert from "node:assert/strict";
import { LLMock } from "@copilotkit/aimock";
import type { ProviderConfigInput } from "../../../src/providers/provider-config.ts";
import { HostFetchTransport } from "../../../src/providers/transport/host-fetch-transport.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { ask, connect, failureOf, requestOf } from "../../support/provider-parts.ts";

const TOOLS = [
  {
    name: "get_weather",
    description: "Weather.",
    inputSchema: { type: "object", properties: { city: { type: "string" } } },
  },
];
const TEXT = "Grüezi 😀 — a text of some length, cut by the server into many small pieces.";

/** A server written by others that speaks every form: each connector must hear the same from it. */
describe("a mock server of other people", () => {
  const transports = [
    ["undici", new UndiciTransport({ environment: {} })],
    ["fetch", new HostFetchTransport()],
  ] as const;
  let mock: LLMock;
  before(async () => {
    mock = new LLMock({ port: 0, chunkSize: 3 });
    mock.onMessage("hello", { content: TEXT });
    mock.onMessage("weather", {
      toolCalls: [
        { name: "get_weather", arguments: '{"city":"Zürich \\"old\\""}' },
        { name: "get_weather", arguments: '{"city":"Basel"}' },
      ],
    });
    await mock.start();
  });
  after(async () => {
    await Promise.all(transports.map(([, transport]) => transport.dispose()));
    await mock.stop();
  });

  const cases: readonly (readonly [string, Omit<ProviderConfigInput, "base_url">, string])[] = [
    ["Anthropic", { kind: "anthropic" }, ""],
    ["OpenAI chat", { kind: "openai" }, "/v1"],
    ["OpenAI Responses", { kind: "openai", wire: "openai-responses" }, "/v1"],
    ["Azure", { kind: "azure", deployment: "gpt-4o" }, ""],
    ["Gemini", { kind: "google" }, ""],
    ["Ollama", { kind: "ollama" }, ""],
    ["OpenRouter", { kind: "openrouter" }, "/v1"],
  ];
  for (const [transportName, transport] of transports) {
    for (const [name, config, base] of cases) {
      it(`E08 ${name} over ${transportName}: text, calls and results`, async () => {
        const connector = connect({ ...config, base_url: `${mock.url}${base}` }, { transport });
        const said = await ask(connector, { model: "gpt-4o" });
        assert.equal(said.map((part) => (part.type === "text" ? part.delta : "")).join(""), TEXT);
        const end = said.at(-1);
        assert.equal(end?.type === "finish" ? end.reason : null, "stop");

        const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "weather" }] }];
        const called = await ask(connector, { model: "gpt-4o", messages, tools: TOOLS });
        const calls = called.flatMap((part) => (part.type === "tool-call" ? [part] : []));
        assert.deepEqual(
          calls.map((call) => [call.name, call.input]),
          [
            ["get_weather", { city: 'Zürich "old"' }],
            ["get_weather", { city: "Basel" }],
          ],
        );
        assert.equal(new Set(calls.map((call) => call.id)).size, 2);
        const finish = called.at(-1);
        assert.equal(finish?.type === "finish" ? finish.reason : null, "tool-calls");

        // The conversation with the results in it is accepted, too.
        const next = await ask(connector, {
          model: "gpt-4o",
          tools: TOOLS,
          messages: [
            ...messages,
            {
              role: "assistant",
              content: calls.map(({ id, name, input }) => ({ type: "tool-call", id, name, input })),
            },
            {
              role: "tool",
              results: calls.map(({ id, name }) => ({ callId: id, name, output: "sun", isError: false })),
            },
            ...requestOf().messages,
          ],
        });
        assert.equal(next.map((part) => (part.type === "text" ? part.delta : "")).join(""), TEXT);
      });
    }
  }

  it("E03 its failures are ours in every form", async () => {
    for (const [name, config, base] of cases) {
      mock.nextRequestError(401, { message: "bad key", type: "authentication_error" });
      const connector = connect({ ...config, base_url: `${mock.url}${base}` });
      assert.equal((await failureOf(ask(connector, { model: "gpt-4o" }))).code, "AUTH_FAILED", name);
    }
  });
});

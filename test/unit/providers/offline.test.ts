import assert from "node:assert/strict";
import { isAksaraError } from "../../../src/errors.ts";
import type { Connector } from "../../../src/providers/model-stream.ts";
import type { ProviderConfigInput } from "../../../src/providers/provider-config.ts";
import { PROVIDER_KINDS, PROVIDERS } from "../../../src/providers/provider-descriptors.ts";
import type { HttpTransport } from "../../../src/providers/transport/http-transport.ts";
import { ask, connect, failureOf } from "../../support/provider-parts.ts";

/** Fails the test when anything is sent. */
const noNetwork: HttpTransport = {
  send: () => {
    throw new Error("something was sent");
  },
  dispose: async () => undefined,
};

function scripted(script: NonNullable<ProviderConfigInput["script"]>): Connector {
  return connect({ kind: "scripted", script }, { transport: noNetwork });
}

const last = (text: string) => ({
  messages: [{ role: "user" as const, content: [{ type: "text" as const, text }] }],
});

describe("providers without a network", () => {
  it("noop says honestly that no model was asked", async () => {
    const parts = await ask(connect({ kind: "noop" }, { transport: noNetwork }));
    assert.deepEqual(
      parts.map((part) => part.type),
      ["text", "usage", "finish"],
    );
    assert.match(parts[0]?.type === "text" ? parts[0].delta : "", /No language model was asked/);
  });

  it("scripted replays texts, calls, reasoning, usage and finish", async () => {
    const connector = scripted({
      answers: [
        {
          steps: [
            { reasoning: "Hm" },
            { opaque: { s: 1 } },
            { text: "I look. " },
            { wait: 3 },
            { tool: "look", input: { a: 1 } },
            { tool: "now" },
            { tool: "bad", malformed: "{", id: "z" },
          ],
          usage: { input: 10, output: 5 },
        },
        { steps: [{ text: "Done." }], finish: "length" },
      ],
    });
    assert.deepEqual(await ask(connector), [
      { type: "reasoning", delta: "Hm" },
      { type: "opaque", data: { s: 1 } },
      { type: "text", delta: "I look. " },
      { type: "tool-input", id: "call_1_1", name: "look", delta: '{"a":1}' },
      { type: "tool-call", id: "call_1_1", name: "look", input: { a: 1 }, malformed: null },
      { type: "tool-input", id: "call_1_2", name: "now", delta: "{}" },
      { type: "tool-call", id: "call_1_2", name: "now", input: {}, malformed: null },
      { type: "tool-input", id: "z", name: "bad", delta: "{" },
      { type: "tool-call", id: "z", name: "bad", input: null, malformed: "{" },
      { type: "usage", usage: { input: 10, cacheRead: null, cacheWrite: null, output: 5, reasoning: null } },
      { type: "finish", reason: "tool-calls", model: "model-1" },
    ]);
    assert.deepEqual((await ask(connector)).at(-1), { type: "finish", reason: "length", model: "model-1" });
    const failure = await failureOf(ask(connector));
    assert.match(failure.message, /no answer left.*hello/);
  });

  it("scripted chooses the first answer that fits, once or again and again", async () => {
    const connector = scripted({
      model: "replayed",
      answers: [
        { when: { last: "two" }, steps: [{ text: "2" }] },
        { when: { system: "Be brief." }, repeat: true, steps: [{ text: "any" }] },
      ],
    });
    const texts = [];
    for (const text of ["one", "two", "two"]) {
      const [first, end] = await ask(connector, last(text));
      texts.push(first?.type === "text" ? first.delta : "", end?.type === "finish" ? end.model : "");
    }
    assert.deepEqual(texts, ["any", "replayed", "2", "replayed", "any", "replayed"]);
  });

  it("scripted fails as the script says, and hangs until it is cancelled", async () => {
    const connector = scripted({
      answers: [
        { steps: [{ error: { kind: "rate_limit", status: 429, retry_after_ms: 5, retryable: true } }] },
        { steps: [{ hang: true }] },
      ],
    });
    const failure = await failureOf(ask(connector));
    assert.deepEqual(
      [failure.code, failure.status, failure.retryAfterMs, failure.retryable],
      ["RATE_LIMITED", 429, 5, true],
    );
    const abort = new AbortController();
    const hanging = failureOf(ask(connector, {}, abort.signal));
    setImmediate(() => abort.abort());
    assert.equal((await hanging).code, "CANCELLED");
  });

  it("scripted reads a script from a file through its host, and says what is wrong with it", async () => {
    const files: Record<string, string> = {
      "good.json": '{"answers":[{"steps":[{"text":"from a file"}]}]}',
      "bad.json": '{"answers":[{"steps":[{"txt":"x"}]}]}',
      "no.json": "no json",
    };
    const from = (script: string) =>
      connect(
        { kind: "scripted", script },
        { transport: noNetwork, readScript: async (path) => files[path] ?? "" },
      );
    assert.equal((await ask(from("good.json"))).length, 2);
    for (const path of ["bad.json", "no.json"]) {
      await assert.rejects(
        ask(from(path)),
        (error) => isAksaraError(error) && error.code === "SPEC_INVALID" && error.message.includes(path),
      );
    }
  });

  it("every provider is made from the registry, or says what it needs", () => {
    for (const kind of PROVIDER_KINDS) {
      const { baseUrl } = PROVIDERS[kind];
      const config: ProviderConfigInput = {
        kind,
        ...(baseUrl === null && !["noop", "scripted", "vscode-lm"].includes(kind)
          ? { base_url: "https://host.test/v1" }
          : {}),
        ...(kind === "scripted" ? { script: { answers: [] } } : {}),
      };
      if (kind === "vscode-lm") {
        assert.throws(
          () => connect(config),
          (error) => isAksaraError(error) && error.code === "UNKNOWN_PROVIDER",
        );
        continue;
      }
      const connector = connect(config, { transport: noNetwork });
      assert.equal(connector.kind, kind);
      assert.equal(connector.defaultModel, PROVIDERS[kind].defaultModel);
    }
    for (const config of [{ kind: "azure" }, { kind: "http" }, { kind: "scripted" }] as const) {
      assert.throws(
        () => connect(config),
        (error) => isAksaraError(error) && error.code === "SPEC_INVALID",
      );
    }
  });

  it("says what a model can do, and how large its window is", () => {
    const able = (kind: ProviderConfigInput["kind"], model: string) => {
      const { temperature, reasoning, contextWindow, maxOutputTokens } = connect({ kind }).capabilities(
        model,
      );
      return [temperature, reasoning, contextWindow, maxOutputTokens];
    };
    assert.deepEqual(able("anthropic", "claude-sonnet-4-5"), [true, true, 200_000, 64_000]);
    assert.deepEqual(able("anthropic", "claude-3-haiku-20240307"), [true, false, 200_000, 4_096]);
    assert.deepEqual(able("anthropic", "claude-opus-5-5"), [false, true, 1_000_000, 64_000]);
    assert.deepEqual(able("openai", "gpt-4o"), [true, false, 128_000, null]);
    assert.deepEqual(able("openai", "gpt-6-sol"), [false, true, 1_050_000, null]);
    assert.deepEqual(able("openrouter", "openai/gpt-6-sol"), [false, true, 1_050_000, null]);
    assert.deepEqual(able("ollama", "llama3"), [true, false, null, null]);
  });
});

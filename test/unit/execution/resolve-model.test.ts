import assert from "node:assert/strict";
import { isAksaraError } from "../../../src/errors.ts";
import { MemoryCredentials } from "../../../src/execution/credentials.ts";
import { hubStatus } from "../../../src/execution/hub/hub-status.ts";
import { type ModelChoice, resolveModel } from "../../../src/execution/resolve-model.ts";
import type { Connector } from "../../../src/providers/model-stream.ts";
import { describeProvider } from "../../../src/providers/provider-descriptors.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { servicesOf, type TestServices } from "./support.ts";

const KEYS = { ANTHROPIC_API_KEY: "sk-ant-1", OPENAI_API_KEY: "sk-openai-1", GEMINI_API_KEY: "gem-1" };
/** A port where nothing listens, so that no Ollama of the machine takes part. */
const NO_OLLAMA = { OLLAMA_HOST: "127.0.0.1:9" };

const HUB = {
  active_provider: "openai",
  defaults: { chat_provider: "anthropic", chat_model: "hub-model" },
  providers: [{ kind: "anthropic" }, { kind: "openai" }, { kind: "google", model: "entry-model" }],
};

describe("resolving provider and model", () => {
  const opened: TestServices[] = [];

  function services(...args: Parameters<typeof servicesOf>): TestServices {
    const made = servicesOf(...args);
    opened.push(made);
    return made;
  }
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.access.dispose();
  });

  async function resolved(
    choice: ModelChoice,
    pack: { provider?: string; model?: string },
    hub: unknown = {},
    environment: Record<string, string> = { ...KEYS, ...NO_OLLAMA },
  ): Promise<readonly string[]> {
    const found = await resolveModel(
      choice,
      { provider: "", model: "", ...pack },
      services(hub, environment),
      new AbortController().signal,
    );
    return [found.setup.name, found.model, found.providerFrom, found.modelFrom];
  }

  async function codeOf(...args: Parameters<typeof resolved>): Promise<string> {
    const error = await resolved(...args).catch((thrown: unknown) => thrown);
    if (!isAksaraError(error)) throw error;
    return error.code;
  }

  const ownDefault = (kind: "anthropic" | "openai" | "google") => describeProvider(kind).defaultModel ?? "";

  it("E02 level 1: overrides go before everything", async () => {
    const choice = { providerOverride: "google", modelOverride: "mine" };
    const pack = { provider: "openai", model: "pack-model" };
    assert.deepEqual(await resolved(choice, pack, HUB), ["google", "mine", "override", "override"]);
  });

  it("E02 level 2: what the pack asks for goes before the hub", async () => {
    const pack = { provider: "openai", model: "pack-model" };
    assert.deepEqual(await resolved({}, pack, HUB), ["openai", "pack-model", "pack", "pack"]);
  });

  it("E02 level 3: the hub's chat provider and model, then its active provider", async () => {
    assert.deepEqual(await resolved({}, {}, HUB), ["anthropic", "hub-model", "hub", "hub"]);
    const active = { active_provider: "google", providers: [{ kind: "google", model: "entry-model" }] };
    assert.deepEqual(await resolved({}, {}, active), ["google", "entry-model", "hub", "hub"]);
    const both = { active_provider: "openai", defaults: { chat_model: "m" } };
    assert.deepEqual(await resolved({}, {}, both), ["openai", "m", "hub", "hub"]);
  });

  it("E02 level 4: the provider's own default", async () => {
    assert.deepEqual(await resolved({}, {}, {}, { OPENAI_API_KEY: "k", ...NO_OLLAMA }), [
      "openai",
      ownDefault("openai"),
      "default",
      "default",
    ]);
    assert.deepEqual(await resolved({}, {}, { active_provider: "openai" }), [
      "openai",
      ownDefault("openai"),
      "hub",
      "default",
    ]);
  });

  it("E02 an overridden provider alone takes that provider's default, nobody else's model", async () => {
    const pack = { provider: "anthropic", model: "pack-model" };
    assert.deepEqual(await resolved({ providerOverride: "openai" }, pack, HUB), [
      "openai",
      ownDefault("openai"),
      "override",
      "default",
    ]);
    assert.deepEqual(await resolved({ providerOverride: "google" }, pack, HUB), [
      "google",
      "entry-model",
      "override",
      "hub",
    ]);
  });

  it("E02 an overridden model alone stays with the provider of the next level", async () => {
    assert.deepEqual(await resolved({ modelOverride: "mine" }, {}, HUB), [
      "anthropic",
      "mine",
      "hub",
      "override",
    ]);
    const pack = { provider: "openai", model: "pack-model" };
    assert.deepEqual(await resolved({ modelOverride: "mine" }, pack, HUB), [
      "openai",
      "mine",
      "pack",
      "override",
    ]);
  });

  it("E02 a pack that names only a provider does not get the model of another", async () => {
    assert.deepEqual(await resolved({}, { provider: "openai" }, HUB), [
      "openai",
      ownDefault("openai"),
      "pack",
      "default",
    ]);
    assert.deepEqual(await resolved({}, { model: "pack-model" }, HUB), [
      "anthropic",
      "pack-model",
      "hub",
      "pack",
    ]);
  });

  it("E02 without a hub file the first key in the environment counts, in a fixed order", async () => {
    assert.equal((await resolved({}, {}))[0], "anthropic");
    assert.equal((await resolved({}, {}, {}, { GEMINI_API_KEY: "g", ...NO_OLLAMA }))[0], "google");
  });

  it("E02 a running Ollama counts as configured, with the first model it has", async () => {
    const ollama = await ProviderServer.start(plain(200, JSON.stringify({ models: [{ name: "qwen3:8b" }] })));
    try {
      const found = await resolved({}, {}, {}, { OLLAMA_HOST: `127.0.0.1:${ollama.port}` });
      assert.deepEqual(found, ["ollama", "qwen3:8b", "default", "default"]);
      const keyed = await resolved({}, {}, {}, { OPENAI_API_KEY: "k", OLLAMA_HOST: ollama.url });
      assert.equal(keyed[0], "openai", "a key goes first");
      ollama.answer = plain(200, '{"models":[]}');
      assert.equal(
        await codeOf({ providerOverride: "ollama" }, {}, {}, { OLLAMA_HOST: ollama.url }),
        "MODEL_NOT_FOUND",
      );
    } finally {
      await ollama.close();
    }
  });

  it("E02 a running LM Studio counts as configured, after a key and after Ollama", async () => {
    const studio = await ProviderServer.start(plain(200, JSON.stringify({ data: [{ id: "qwen3-8b" }] })));
    const ollama = await ProviderServer.start(plain(200, JSON.stringify({ models: [{ name: "llama" }] })));
    const at = async (environment: Readonly<Record<string, string>>): Promise<string> => {
      const base = services({}, environment);
      // Its usual port may be taken on this machine.
      const moved = {
        ...base,
        connect: async (...[setup, key]: Parameters<typeof base.connect>) =>
          setup.kind === "lmstudio"
            ? await base.connect({ ...setup, config: { ...setup.config, base_url: `${studio.url}/v1` } }, key)
            : await base.connect(setup, key),
      };
      const signal = new AbortController().signal;
      const { setup, model } = await resolveModel({}, { provider: "", model: "" }, moved, signal);
      return `${setup.name} ${model}`;
    };
    try {
      assert.equal(await at(NO_OLLAMA), "lmstudio qwen3-8b");
      assert.equal(await at({ OLLAMA_HOST: ollama.url }), "ollama llama");
      assert.match(await at({ ...NO_OLLAMA, OPENAI_API_KEY: "k" }), /^openai /);
    } finally {
      await studio.close();
      await ollama.close();
    }
  });

  it("E02 the editor's own models count as configured where there is an editor", async () => {
    const editor: Connector = {
      kind: "vscode-lm",
      defaultModel: "copilot-model",
      capabilities: () => {
        throw new Error("not asked");
      },
      listModels: async () => ["copilot-model"],
      stream: () => {
        throw new Error("not asked");
      },
    };
    const base = services({}, NO_OLLAMA);
    const withEditor = {
      ...base,
      connect: async (...args: Parameters<typeof base.connect>) =>
        args[0].kind === "vscode-lm" ? editor : await base.connect(...args),
    };
    const signal = new AbortController().signal;
    const found = await resolveModel({}, { provider: "", model: "" }, withEditor, signal);
    assert.deepEqual(
      [found.setup.name, found.model, found.providerFrom],
      ["vscode-lm", "copilot-model", "default"],
    );
  });

  it("F07 nothing configured gives AI_HUB_NOT_CONFIGURED and says what to do", async () => {
    const error = await resolved({}, {}, {}, NO_OLLAMA).catch((thrown: unknown) => thrown);
    assert.ok(isAksaraError(error));
    assert.equal(error.code, "AI_HUB_NOT_CONFIGURED");
    assert.match(error.hint ?? "", /ANTHROPIC_API_KEY/);
    assert.equal(await codeOf({ providerOverride: "anthropic" }, {}, {}, NO_OLLAMA), "AI_HUB_NOT_CONFIGURED");
  });

  it("an unknown provider gives UNKNOWN_PROVIDER with the nearest names", async () => {
    const error = await resolved({ providerOverride: "antropic" }, {}).catch((thrown: unknown) => thrown);
    assert.ok(isAksaraError(error));
    assert.equal(error.code, "UNKNOWN_PROVIDER");
    assert.ok(error.candidates.includes("anthropic"));
  });

  it("a disabled entry is not taken, not even by name", async () => {
    const hub = { providers: [{ kind: "anthropic", enabled: false }, { kind: "openai" }] };
    assert.equal((await resolved({}, {}, hub))[0], "openai");
    assert.equal(await codeOf({ providerOverride: "anthropic" }, {}, hub), "AI_HUB_NOT_CONFIGURED");
  });

  it("two servers of one kind are told apart by their names", async () => {
    const hub = {
      active_provider: "big",
      providers: [
        { kind: "openai-compatible", name: "small", base_url: "http://127.0.0.1:9001/v1", model: "s" },
        { kind: "openai-compatible", name: "big", base_url: "http://127.0.0.1:9002/v1", model: "b" },
      ],
    };
    assert.deepEqual((await resolved({}, {}, hub)).slice(0, 2), ["big", "b"]);
    assert.deepEqual((await resolved({ providerOverride: "small" }, {}, hub)).slice(0, 2), ["small", "s"]);
  });

  // Goes red when readiness() asks for the key by the kind alone.
  it("E09b a key is not given out for an address that only a file of the workspace names", async () => {
    const hub = {
      active_provider: "openai",
      providers: [{ kind: "openai", base_url: "https://evil.example/v1" }],
    };
    assert.equal(await codeOf({}, {}, hub), "AI_HUB_NOT_CONFIGURED");
    const { providers } = await hubStatus(
      services(hub, { ...KEYS, ...NO_OLLAMA }),
      new AbortController().signal,
    );
    const openai = providers.find((provider) => provider.name === "openai");
    assert.equal(openai?.ready, false);
    assert.match(openai?.hint ?? "", /OPENAI_API_KEY is set, but for another address/);
  });

  // Goes red when readiness() lets a keyless kind through for any address.
  it("E09b V06b nothing at all is sent to a foreign address that only a file names, key or not", async () => {
    const hub = {
      active_provider: "openai-compatible",
      providers: [{ kind: "openai-compatible", base_url: "https://evil.example/v1", model: "m" }],
    };
    assert.equal(await codeOf({}, {}, hub), "AI_HUB_NOT_CONFIGURED");
    const trusted = {
      OPENAI_COMPATIBLE_BASE_URL: "https://evil.example/other",
      OPENAI_COMPATIBLE_API_KEY: "k",
    };
    assert.equal((await resolved({}, {}, hub, { ...trusted, ...NO_OLLAMA }))[0], "openai-compatible");
  });

  it("E09b a key entered for an address is used there, whatever else the environment says", async () => {
    const credentials = new MemoryCredentials();
    await credentials.set("https://gateway.example", "openai", "sk-entered");
    const hub = {
      active_provider: "openai",
      providers: [{ kind: "openai", base_url: "https://gateway.example/v1" }],
    };
    const made = services(hub, { ...KEYS, ...NO_OLLAMA }, { credentials });
    const found = await resolveModel({}, { provider: "", model: "" }, made, new AbortController().signal);
    assert.equal(found.setup.name, "openai");
    assert.equal(await credentials.get("https://gateway.example", "anthropic"), null);
    assert.equal(await credentials.get("http://gateway.example", "openai"), null);
  });
});

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { AksaraError } from "../../../../src/errors.ts";
import { environmentCredentials, firstCredential } from "../../../../src/execution/credentials.ts";
import { aiHubSchema } from "../../../../src/execution/hub/ai-hub.ts";
import { foreseeModel } from "../../../../src/execution/hub/foreseen-model.ts";
import { NEW_HUB, withActiveProvider, withModel } from "../../../../src/hosts/shared/hub-edits.ts";
import { previewText } from "../../../../src/hosts/vscode/panel/suggestion-preview.ts";
import { SecretCredentials } from "../../../../src/hosts/vscode/providers/secret-credentials.ts";
import { sentParts } from "../../../../src/hosts/vscode/providers/sent-parts.ts";
import type { Environment } from "../../../../src/providers/provider-address.ts";
import { noVerifier } from "../../../support/no-verifier.ts";
import { readPack } from "../../../ui/gallery/views/panel.ts";
import { RUN_RESULT } from "../../../ui/gallery/views/panel-runs.ts";

function secretStore(): { secrets: Map<string, string>; credentials: SecretCredentials } {
  const secrets = new Map<string, string>();
  const credentials = new SecretCredentials(
    {
      get: async (name) => secrets.get(name),
      store: async (name, value) => void secrets.set(name, value),
      delete: async (name) => void secrets.delete(name),
    },
    "secret storage",
  );
  return { secrets, credentials };
}

describe("keys in the secret storage", () => {
  it("E09b a key is given out for the origin and the kind it was entered for, and for no other", async () => {
    const { credentials } = secretStore();
    await credentials.set("https://api.openai.com", "openai", " sk-0123456789 ");
    const found = await credentials.get("https://api.openai.com", "openai");
    assert.equal(found?.key.valueFor(new URL("https://api.openai.com/v1/models"), "openai"), "sk-0123456789");
    assert.equal(await credentials.get("https://api.openai.com.evil.example", "openai"), null);
    assert.equal(await credentials.get("http://api.openai.com", "openai"), null);
    assert.equal(await credentials.get("https://api.openai.com", "openai-compatible"), null);
    assert.throws(() => found?.key.valueFor(new URL("https://evil.example/"), "openai"));
    assert.ok(!inspect(found).includes("sk-0123456789"));
  });

  it("E09 a key that no header can carry is refused before it is kept; a removed one is gone", async () => {
    const { secrets, credentials } = secretStore();
    await assert.rejects(credentials.set("https://api.openai.com", "openai", "sk two"), AksaraError);
    assert.equal(secrets.size, 0);
    await credentials.set("https://api.openai.com", "openai", "sk-0123456789");
    await credentials.delete("https://api.openai.com", "openai");
    assert.equal(await credentials.get("https://api.openai.com", "openai"), null);
  });
});

describe("what a run would take, without asking a server", () => {
  async function foreseen(hub: unknown, environment: Environment = {}, present: readonly string[] = []) {
    return await foreseeModel(
      {
        trusted: true,
        hub: async () => aiHubSchema.parse(hub),
        credentials: firstCredential(environmentCredentials(environment)),
        environment,
        connect: () => assert.fail("nobody may be asked"),
        verifier: noVerifier,
        traces: null,
      },
      present,
    );
  }

  it("F07 is nothing where nothing is configured; a local server counts when it was found", async () => {
    assert.deepEqual(await foreseen({}), { ready: false, reason: null, hint: null });
    assert.deepEqual(await foreseen({}, {}, ["ollama"]), { ready: true, provider: "ollama", model: null });
  });

  it("E02 goes by the hub's name, its entries, then a key in the environment", async () => {
    const local = { kind: "openai-compatible", name: "box", base_url: "http://127.0.0.1:9/v1", model: "m" };
    const environment = { ANTHROPIC_API_KEY: "sk-ant-0123456789" };
    assert.deepEqual(await foreseen({}, environment, ["ollama"]), {
      ready: true,
      provider: "anthropic",
      model: "claude-sonnet-5",
    });
    assert.deepEqual(await foreseen({ providers: [local] }, environment), {
      ready: true,
      provider: "box",
      model: "m",
    });
    const named = { active_provider: "box", defaults: { chat_model: "n" }, providers: [local] };
    assert.deepEqual(await foreseen(named, environment), { ready: true, provider: "box", model: "n" });
  });

  it("E09b says why a named provider has no key", async () => {
    const found = await foreseen({ active_provider: "openai" });
    assert.ok(!found.ready && found.reason?.includes("There is no key for openai"));
  });
});

describe("edits of the hub file", () => {
  it("choose a provider, and drop a model that was named for another", () => {
    const before = JSON.stringify({
      version: 1,
      active_provider: "openai",
      defaults: { chat_provider: "openai", chat_model: "gpt" },
      providers: [{ kind: "openai", extra: true }],
    });
    assert.deepEqual(JSON.parse(withActiveProvider(before, "anthropic")), {
      version: 1,
      active_provider: "anthropic",
      defaults: { chat_provider: "anthropic" },
      providers: [{ kind: "openai", extra: true }],
    });
  });

  it("set a model on the provider's entry, made where there is none", () => {
    const anthropic = { name: "anthropic", kind: "anthropic" };
    const made = withModel(NEW_HUB, anthropic, "claude-a");
    assert.deepEqual(JSON.parse(made).providers, [{ kind: "anthropic", model: "claude-a" }]);
    assert.deepEqual(JSON.parse(withModel(made, anthropic, "claude-b")).providers, [
      { kind: "anthropic", model: "claude-b" },
    ]);
    assert.ok(aiHubSchema.safeParse(JSON.parse(made)).success);
  });

  it("E13 leave a file that is not JSON alone", () => {
    assert.throws(() => withActiveProvider("{ oops", "openai"), { code: "SPEC_INVALID" });
    assert.throws(() => withActiveProvider("[]", "openai"), { code: "SPEC_INVALID" });
  });
});

describe("what a person is told before sending", () => {
  it("names the parts that are quoted, and counts what was hidden", () => {
    const { pack } = readPack("explain-model");
    const parts = sentParts(pack);
    assert.equal(parts.tokens, pack.token_estimate);
    assert.deepEqual(parts.sections.slice(0, 3), ["Model", "Fields", "Relations"]);
    assert.equal(parts.redactions, 1);
    assert.deepEqual(parts.redacted, ["email"]);
  });
});

describe("a suggestion as a document", () => {
  it("has what to apply in order, and the way back commented out", () => {
    const [index] = RUN_RESULT.suggestions;
    assert.ok(index);
    const { language, content } = previewText({
      ...index,
      title: "One\rDROP TABLE orders_order;",
      reason: "Two.\nDROP TABLE orders_order;",
    });
    assert.equal(language, "sql");
    const live = content.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
    assert.deepEqual(live, [`${index.statements[0]};`]);
    assert.ok(content.includes("-- DROP INDEX CONCURRENTLY"));
  });
});

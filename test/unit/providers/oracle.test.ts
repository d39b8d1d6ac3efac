import assert from "node:assert/strict";
import type { ProviderConfigInput } from "../../../src/providers/provider-config.ts";
import { ProviderError } from "../../../src/providers/provider-error.ts";
import { type Form, ORACLE_CASES } from "../../oracle/cases.ts";
import expectations from "../../oracle/expectations.json" with { type: "json" };
import { observedOf, type Seen } from "../../oracle/observed.ts";
import { collect } from "../../support/provider-parts.ts";
import { bytesOf, read } from "./byte-transport.ts";

const CONFIGS: Readonly<Record<Form, Omit<ProviderConfigInput, "base_url">>> = {
  anthropic: { kind: "anthropic" },
  "openai-chat": { kind: "openai", wire: "openai-chat" },
  "openai-compatible": { kind: "openai-compatible" },
  "openai-responses": { kind: "openai", wire: "openai-responses" },
  google: { kind: "google" },
  ollama: { kind: "ollama" },
};

const seen = expectations.seen as Readonly<Record<string, Seen>>;

async function weSee(form: Form, stream: string): Promise<Seen> {
  try {
    return observedOf(await collect(read({ config: CONFIGS[form], base: "" }, [bytesOf(stream)])));
  } catch (error) {
    if (error instanceof ProviderError) return "failed";
    throw error;
  }
}

describe(`streams as other clients read them (${Object.entries(expectations.readers)
  .map(([name, version]) => `${name} ${version}`)
  .join(", ")})`, () => {
  it("has what they saw for every case, and nothing else", () => {
    assert.deepEqual(
      Object.keys(seen),
      ORACLE_CASES.map(({ form, name }) => `${form}: ${name}`),
    );
  });

  for (const { form, name, stream } of ORACLE_CASES) {
    it(`E04 ${form}: ${name}`, async () => {
      assert.deepEqual(await weSee(form, stream), seen[`${form}: ${name}`]);
    });
  }
});

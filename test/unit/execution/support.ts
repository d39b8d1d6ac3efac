import { environmentCredentials } from "../../../src/execution/credentials.ts";
import type { ExecutionServices } from "../../../src/execution/execution-services.ts";
import { aiHubSchema } from "../../../src/execution/hub/ai-hub.ts";
import { openProviderAccess, type ProviderAccess } from "../../../src/hosts/shared/provider-access.ts";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import type { Environment } from "../../../src/providers/provider-address.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import type { RunTraceStore } from "../../../src/records/run-trace.ts";
import { noVerifier } from "../../support/no-verifier.ts";

/** A pack as the builder gives it, for an action whose answer has a schema. */
export function packOf(changes: Partial<PromptPack> = {}): PromptPack {
  return {
    ok: true,
    action_key: "explain_model",
    risk: "low",
    provider: "",
    model: "",
    system_prompt: "You are a database engineer.",
    user_prompt: "Explain Model: Order.\n\n[E1] Order has a number.",
    result_markdown: "Order",
    result_json: {},
    suggested_next: [],
    what_it_does: "",
    what_it_cannot_do: "",
    error_code: null,
    error: null,
    kind: "model",
    target: null,
    evidence: [1, 2, 3, 4].map((number) => ({
      id: `E${number}`,
      label: "Order",
      uri: "models.py",
      range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } },
      hash: "0",
    })),
    findings: [],
    tier: "T0",
    answer_schema: null,
    token_estimate: 20,
    dropped: [],
    redactions: [],
    inputs: [],
    fingerprint: "0",
    version: 1,
    candidates: [],
    hint: null,
    ...changes,
  };
}

export interface TestServices extends ExecutionServices {
  readonly access: ProviderAccess;
}

/** Services over the real transport. `hub` is what the file would say. */
export function servicesOf(
  hub: unknown = {},
  environment: Environment = {},
  changes: Partial<ExecutionServices> & { readonly traces?: RunTraceStore | null } = {},
): TestServices {
  const access = openProviderAccess({
    credentials: environmentCredentials(environment),
    environment,
    transport: new UndiciTransport({ environment: {} }),
  });
  return {
    trusted: true,
    hub: async () => aiHubSchema.parse(hub),
    credentials: access.credentials,
    environment,
    connect: access.connector("/nowhere"),
    verifier: noVerifier,
    traces: null,
    access,
    ...changes,
  };
}

/** A hub with one server that speaks OpenAI's chat completions and needs no key. */
export function hubOf(url: string, changes: Record<string, unknown> = {}): unknown {
  return {
    defaults: { chat_provider: "openai-compatible" },
    providers: [{ kind: "openai-compatible", base_url: url, model: "local-model", ...changes }],
  };
}

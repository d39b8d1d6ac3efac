import type { AgentHooks } from "../agent/options.ts";
import type { AgentModel } from "../agent/run/agent-run.ts";
import type { ExecutionServices } from "../execution/execution-services.ts";
import { type HubProvider, hubName, hubProviderSchema } from "../execution/hub/ai-hub.ts";
import { resolveModel } from "../execution/resolve-model.ts";
import { NoopConnector } from "../providers/connectors/noop-connector.ts";
import { ScriptSchema } from "../providers/connectors/script.ts";
import { ScriptedConnector } from "../providers/connectors/scripted-connector.ts";
import { type AgentSpec, HUB_MODEL } from "./spec/agent-spec.ts";
import type { TestingConfig } from "./spec/data-environment.ts";
import type { RuntimeSpec } from "./spec/runtime-spec.ts";
import { problemsOf, specError } from "./spec/spec-error.ts";

/** The interpreter that takes whatever the AI Hub is set to. */
export const HUB_INTERPRETER = "hub";

/** Interpreters that answer for every agent, whatever provider its model names. */
const FOR_ALL: readonly string[] = ["noop", "scripted"];

/** Chooses who answers for an agent. */
export class Models {
  readonly #interpreter: string;
  readonly #defaultModel: string | null;
  readonly #mock: AgentModel | null;
  readonly #configured: readonly HubProvider[];
  /** A script goes on where it was; one that is read again begins anew. */
  readonly #scripts = new Map<string, AgentModel>();

  /** @throws SPEC_INVALID for a provider whose configuration is wrong */
  constructor(
    spec: RuntimeSpec,
    interpreter: string,
    testing: TestingConfig | null,
    defaultModel: string | null,
  ) {
    this.#interpreter = interpreter;
    this.#defaultModel = defaultModel;
    this.#mock = testing === null ? null : mockModel(testing.mockResponse);
    this.#configured = Object.entries(spec.providers).map(([name, config]) => {
      const parsed = hubProviderSchema.safeParse({ kind: name, name, ...config });
      if (parsed.success) return parsed.data;
      throw specError(
        problemsOf(parsed.error).map(({ path, message }) => ({
          path: ["providers", name, ...path],
          message,
        })),
      );
    });
  }

  /**
   * `agree` is asked whether prompts may go there.
   * @throws UNKNOWN_PROVIDER, AI_HUB_NOT_CONFIGURED, MODEL_NOT_FOUND, and what `agree` throws
   */
  async modelOf(
    { model }: AgentSpec,
    execution: ExecutionServices,
    signal: AbortSignal,
    agree?: AgentHooks["agree"],
  ): Promise<AgentModel> {
    if (this.#mock) return this.#mock;
    if (this.#interpreter === "noop")
      return { connector: new NoopConnector(), kind: "noop", provider: "noop", model: "noop" };
    const provider = FOR_ALL.includes(this.#interpreter)
      ? this.#interpreter
      : (model.provider ?? (this.#interpreter === HUB_INTERPRETER ? null : this.#interpreter));
    const known = this.#scripts.get(provider ?? "");
    const wanted = model.id === HUB_MODEL ? this.#defaultModel : model.id;
    if (known) return { ...known, model: wanted ?? known.model };
    const resolved = await resolveModel(
      { providerOverride: provider, modelOverride: wanted },
      { provider: "", model: "" },
      this.withProviders(execution),
      signal,
    );
    const { connector, setup } = resolved;
    await agree?.({ setup, model: resolved.model });
    const chosen = { connector, kind: setup.kind, provider: setup.name, model: resolved.model };
    if (setup.kind === "scripted") this.#scripts.set(provider ?? "", chosen);
    return chosen;
  }

  /** What running needs, with the providers that the spec configures before those of the hub. */
  withProviders(execution: ExecutionServices): ExecutionServices {
    if (this.#configured.length === 0) return execution;
    const names = this.#configured.map(hubName);
    return {
      ...execution,
      hub: async () => {
        const hub = await execution.hub();
        const others = hub.providers.filter((provider) => !names.includes(hubName(provider)));
        return { ...hub, providers: [...this.#configured, ...others] };
      },
    };
  }
}

function mockModel(text: string): AgentModel {
  const script = ScriptSchema.parse({ answers: [{ repeat: true, steps: [{ text }] }] });
  return {
    connector: new ScriptedConnector(async () => script, "mock"),
    kind: "scripted",
    provider: "testing",
    model: "mock",
  };
}

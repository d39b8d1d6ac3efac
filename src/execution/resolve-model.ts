import { AksaraError, isAksaraError, throwIfCancelled } from "../errors.ts";
import type { ResolutionSource } from "../protocol/execution.ts";
import type { PromptPack } from "../protocol/prompt-pack.ts";
import type { Connector } from "../providers/model-stream.ts";
import { type Environment, isNamedBy } from "../providers/provider-address.ts";
import type { ProviderKey } from "../providers/provider-key.ts";
import type { ExecutionServices } from "./execution-services.ts";
import type { AiHub } from "./hub/ai-hub.ts";
import { findSetup, listSetups, type ProviderSetup, readiness } from "./provider-setup.ts";

/** Who runs a pack, and which of the four levels decided it. */
export interface ResolvedModel {
  readonly connector: Connector;
  readonly setup: ProviderSetup;
  readonly model: string;
  readonly providerFrom: ResolutionSource;
  readonly modelFrom: ResolutionSource;
}

export interface ModelChoice {
  readonly providerOverride?: string | null | undefined;
  readonly modelOverride?: string | null | undefined;
}

/** How long a local server may take to say that it is there, in milliseconds. */
const LOCAL_ANSWER_MS = 1500;

/**
 * Finds provider and model: overrides, then what the pack asks for, then the hub's defaults, then what is configured by
 * itself (a key in the environment, a running Ollama or LM Studio, the editor's own models) with its own default model.
 * @throws UNKNOWN_PROVIDER, AI_HUB_NOT_CONFIGURED, MODEL_NOT_FOUND, and what asking a local server for its models throws
 */
export async function resolveModel(
  choice: ModelChoice,
  pack: Pick<PromptPack, "provider" | "model">,
  services: ExecutionServices,
  signal: AbortSignal,
): Promise<ResolvedModel> {
  const hub = await services.hub();
  const setups = listSetups(hub, services.environment);
  const named = namedProvider(choice, pack, hub);
  if (!named) return await firstConfigured(choice, pack, hub, setups, services, signal);
  const setup = findSetup(named.name, setups);
  const state = await readiness(setup, services.credentials, services.environment);
  if (!state.ready) throw new AksaraError("AI_HUB_NOT_CONFIGURED", state.reason, { hint: state.hint });
  const connector = await services.connect(setup, state.key);
  return await withModel({ choice, pack, hub, setup, from: named.from, connector, signal });
}

function namedProvider(
  choice: ModelChoice,
  pack: Pick<PromptPack, "provider">,
  hub: AiHub,
): { readonly name: string; readonly from: ResolutionSource } | null {
  if (choice.providerOverride) return { name: choice.providerOverride, from: "override" };
  if (pack.provider) return { name: pack.provider, from: "pack" };
  const name = hubProvider(hub);
  return name === null ? null : { name, from: "hub" };
}

function hubProvider(hub: AiHub): string | null {
  return hub.defaults.chat_provider ?? hub.active_provider;
}

interface ModelQuestion {
  readonly choice: ModelChoice;
  readonly pack: Pick<PromptPack, "provider" | "model">;
  readonly hub: AiHub;
  readonly setup: ProviderSetup;
  readonly from: ResolutionSource;
  readonly connector: Connector;
  readonly signal: AbortSignal;
}

async function withModel(question: ModelQuestion): Promise<ResolvedModel> {
  const { setup, from, connector } = question;
  const { model, modelFrom } = namedModel(question) ?? (await ownDefault(question));
  return { connector, setup, model, providerFrom: from, modelFrom };
}

/** A model that somebody named for this provider. One named for another provider does not count. */
function namedModel({ choice, pack, hub, setup, from }: ModelQuestion): {
  model: string;
  modelFrom: ResolutionSource;
} | null {
  if (choice.modelOverride) return { model: choice.modelOverride, modelFrom: "override" };
  if (pack.model && from !== "override") return { model: pack.model, modelFrom: "pack" };
  const meant = hubProvider(hub);
  const isHubs = meant === setup.name || meant === setup.kind;
  if (hub.defaults.chat_model && isHubs && from !== "override")
    return { model: hub.defaults.chat_model, modelFrom: "hub" };
  if (setup.config.model) return { model: setup.config.model, modelFrom: "hub" };
  return null;
}

/** The provider's own default; a local server has none, so the first model it has is taken. */
async function ownDefault({ connector, setup, signal }: ModelQuestion): Promise<{
  model: string;
  modelFrom: ResolutionSource;
}> {
  if (connector.defaultModel !== null) return { model: connector.defaultModel, modelFrom: "default" };
  const [model] = await connector.listModels(signal);
  if (model === undefined)
    throw new AksaraError("MODEL_NOT_FOUND", `${setup.name} has no model.`, {
      hint:
        setup.kind === "ollama" ? 'Fetch one with "ollama pull", then try again.' : "Name one with --model.",
    });
  return { model, modelFrom: "default" };
}

/**
 * Nobody named a provider: the first entry of the hub that can be used; else a key in the environment, an address in
 * it, a running Ollama, a running LM Studio, the editor's own models, in this order.
 */
async function firstConfigured(
  choice: ModelChoice,
  pack: Pick<PromptPack, "provider" | "model">,
  hub: AiHub,
  setups: readonly ProviderSetup[],
  services: ExecutionServices,
  signal: AbortSignal,
): Promise<ResolvedModel> {
  const states = await Promise.all(
    setups.map(async (setup) => ({
      setup,
      state: await readiness(setup, services.credentials, services.environment),
    })),
  );
  const candidates = states.flatMap(({ setup, state }) => {
    const rank = state.ready ? rankOf(setup, state.key !== null, services.environment) : null;
    return state.ready && rank !== null ? [{ setup, state, rank }] : [];
  });
  // Sorting is stable: within a rank the order of the hub, then of the registry.
  candidates.sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank));
  for (const { setup, state, rank } of candidates) {
    const connector = await connectIfPossible(setup, state.key, services);
    if (!connector) continue;
    if ((rank === "local" || rank === "editor") && !(await answers(connector, signal))) continue;
    const from = rank === "hub" ? "hub" : "default";
    return await withModel({ choice, pack, hub, setup, from, connector, signal });
  }
  const reasons = states.flatMap(({ setup, state }) =>
    setup.inHub && setup.config.enabled && !state.ready ? [state.reason] : [],
  );
  throw new AksaraError("AI_HUB_NOT_CONFIGURED", ["No provider is configured.", ...reasons].join(" "), {
    hint: "Set a key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY, …), start Ollama or LM Studio, or open the AI Hub. Building and copying prompt packs works without.",
  });
}

const RANKS = ["hub", "key", "address", "local", "editor"] as const;

/** What makes a provider configured without being named; null for one that has to be named. */
function rankOf(
  setup: ProviderSetup,
  hasKey: boolean,
  environment: Environment,
): (typeof RANKS)[number] | null {
  if (setup.inHub) return "hub";
  if (hasKey) return "key";
  if (setup.kind === "ollama") return "local";
  if (isNamedBy(environment, setup.kind)) return "address";
  if (setup.kind === "lmstudio") return "local";
  return setup.kind === "vscode-lm" ? "editor" : null;
}

/** Null for the editor's models outside the editor: nobody asked for them. */
async function connectIfPossible(
  setup: ProviderSetup,
  key: ProviderKey | null,
  services: ExecutionServices,
): Promise<Connector | null> {
  try {
    return await services.connect(setup, key);
  } catch (error) {
    if (
      setup.kind === "vscode-lm" &&
      !setup.inHub &&
      isAksaraError(error) &&
      error.code === "UNKNOWN_PROVIDER"
    )
      return null;
    throw error;
  }
}

/** Whether a provider that nobody configured is there and has a model. */
async function answers(connector: Connector, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(LOCAL_ANSWER_MS)]);
  try {
    return (await connector.listModels(patience)).length > 0;
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    throwIfCancelled(signal);
    // Not running is the usual case, and the reason of no interest: nobody asked for it.
    return false;
  }
}

import { isNamedBy } from "../../providers/provider-address.ts";
import { describeProvider } from "../../providers/provider-descriptors.ts";
import type { ExecutionServices } from "../execution-services.ts";
import { findSetup, listSetups, type ProviderSetup, readiness } from "../provider-setup.ts";
import type { AiHub } from "./ai-hub.ts";

/** What a run without overrides would take, as far as it is known without asking a server. */
export type ForeseenModel =
  /** `model` is null where only the provider knows which models it has. */
  | { readonly ready: true; readonly provider: string; readonly model: string | null }
  /** `reason` is null when nothing is configured at all. */
  | { readonly ready: false; readonly reason: string | null; readonly hint: string | null };

/**
 * Follows the order in which a run finds its provider, but for the providers that somebody must ask whether they are
 * there (a local server, the editor's own models): those count when `present` names them.
 * @throws UNKNOWN_PROVIDER, when the hub names one that does not exist
 */
export async function foreseeModel(
  services: ExecutionServices,
  present: readonly string[],
): Promise<ForeseenModel> {
  const hub = await services.hub();
  const { credentials, environment } = services;
  const setups = listSetups(hub, environment);
  const named = hub.defaults.chat_provider ?? hub.active_provider;
  if (named !== null) {
    const setup = findSetup(named, setups);
    const state = await readiness(setup, credentials, environment);
    return state.ready
      ? { ready: true, provider: setup.name, model: foreseenModelOf(setup, hub, true) }
      : { ready: false, reason: state.reason, hint: state.hint };
  }
  let reason: string | null = null;
  let hint: string | null = null;
  const ranked: { readonly setup: ProviderSetup; readonly rank: number }[] = [];
  for (const setup of setups) {
    const state = await readiness(setup, credentials, environment);
    if (!state.ready) {
      if (setup.inHub && setup.config.enabled && reason === null) ({ reason, hint } = state);
      continue;
    }
    const rank = setup.inHub
      ? 0
      : state.key !== null
        ? 1
        : setup.kind !== "ollama" && isNamedBy(environment, setup.kind)
          ? 2
          : present.includes(setup.name)
            ? 3
            : null;
    if (rank !== null) ranked.push({ setup, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank);
  const [first] = ranked;
  if (!first) return { ready: false, reason, hint };
  return { ready: true, provider: first.setup.name, model: foreseenModelOf(first.setup, hub, false) };
}

function foreseenModelOf(setup: ProviderSetup, hub: AiHub, isHubs: boolean): string | null {
  const named = isHubs ? hub.defaults.chat_model : null;
  return named ?? setup.config.model ?? describeProvider(setup.kind).defaultModel;
}

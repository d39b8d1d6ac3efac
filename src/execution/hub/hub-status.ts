import { type AksaraError, isAksaraError } from "../../errors.ts";
import type { ResolutionSource } from "../../protocol/execution.ts";
import { type Environment, isNamedBy } from "../../providers/provider-address.ts";
import { describeProvider } from "../../providers/provider-descriptors.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import type { ExecutionServices } from "../execution-services.ts";
import { listSetups, type ProviderSetup, type Readiness, readiness } from "../provider-setup.ts";
import { type ResolvedModel, resolveModel } from "../resolve-model.ts";

/** One provider as the hub shows it. No key, and no part of one. */
export interface ProviderStatus {
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly in_hub: boolean;
  readonly ready: boolean;
  readonly base_url: string | null;
  readonly model: string | null;
  /** Where the key comes from; null when there is none. */
  readonly key_source: string | null;
  readonly reason: string | null;
  readonly hint: string | null;
}

/** What went wrong, in the provider's own words where it had any. */
export interface ProviderFailure {
  readonly error_code: string;
  readonly error: string;
  readonly hint: string | null;
  readonly status: number | null;
  readonly request_id: string | null;
}

/** What a run without any override would use. */
export type HubResolution =
  | {
      readonly ok: true;
      readonly provider: string;
      readonly model: string;
      readonly resolution: { readonly provider: ResolutionSource; readonly model: ResolutionSource };
    }
  | ({ readonly ok: false } & ProviderFailure);

export interface HubStatus {
  readonly providers: readonly ProviderStatus[];
  readonly resolution: HubResolution;
}

/** Result of asking one provider whether it can be reached. */
export interface ProviderCheck {
  readonly provider: string;
  readonly kind: string;
  readonly base_url: string | null;
  readonly ok: boolean;
  /** How many models it lists; null when it was not, or could not be, asked. */
  readonly models: number | null;
  readonly failure: ProviderFailure | null;
}

/** How long one provider may take to list its models, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Which providers there are and which would be taken. Asks nobody but a local server whether it runs. */
export async function hubStatus(services: ExecutionServices, signal: AbortSignal): Promise<HubStatus> {
  const setups = listSetups(await services.hub(), services.environment);
  const providers = await Promise.all(setups.map((setup) => statusOf(setup, services)));
  return { providers, resolution: await defaultResolution(services, signal) };
}

/** Asks each provider that somebody configured, or only the one named, for its models, with the key that would be used. */
export async function checkProviders(
  services: ExecutionServices,
  signal: AbortSignal,
  only?: string,
): Promise<readonly ProviderCheck[]> {
  const setups = listSetups(await services.hub(), services.environment);
  const found: ProviderCheck[] = [];
  for (const setup of setups) {
    if (only !== undefined && setup.name !== only) continue;
    const state = await readiness(setup, services.credentials, services.environment);
    if (only !== undefined || isConfigured(setup, state, services.environment))
      found.push(await checkProvider(setup, state, services, signal));
  }
  return found;
}

function isConfigured(setup: ProviderSetup, state: Readiness, environment: Environment): boolean {
  if (setup.inHub) return setup.config.enabled;
  return state.ready && (state.key !== null || isNamedBy(environment, setup.kind));
}

async function checkProvider(
  setup: ProviderSetup,
  state: Readiness,
  services: ExecutionServices,
  signal: AbortSignal,
): Promise<ProviderCheck> {
  const about = { provider: setup.name, kind: setup.kind, base_url: state.address };
  if (!state.ready) {
    const { reason: error, hint } = state;
    const failure = { error_code: "AI_HUB_NOT_CONFIGURED", error, hint, status: null, request_id: null };
    return { ...about, ok: false, models: null, failure };
  }
  try {
    const connector = await services.connect(setup, state.key);
    const models = await connector.listModels(AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    return { ...about, ok: true, models: models.length, failure: null };
  } catch (error) {
    if (!isAksaraError(error) || signal.aborted) throw error;
    return { ...about, ok: false, models: null, failure: failureOf(error) };
  }
}

async function statusOf(setup: ProviderSetup, services: ExecutionServices): Promise<ProviderStatus> {
  const state = await readiness(setup, services.credentials, services.environment);
  return {
    name: setup.name,
    kind: setup.kind,
    title: describeProvider(setup.kind).title,
    in_hub: setup.inHub,
    ready: state.ready,
    base_url: state.address,
    model: setup.config.model ?? null,
    key_source: state.ready ? state.keySource : null,
    reason: state.ready ? null : state.reason,
    hint: state.ready ? null : state.hint,
  };
}

async function defaultResolution(services: ExecutionServices, signal: AbortSignal): Promise<HubResolution> {
  let resolved: ResolvedModel;
  try {
    resolved = await resolveModel({}, { provider: "", model: "" }, services, signal);
  } catch (error) {
    if (!isAksaraError(error) || signal.aborted) throw error;
    return { ok: false, ...failureOf(error) };
  }
  const { setup, model, providerFrom, modelFrom } = resolved;
  return { ok: true, provider: setup.name, model, resolution: { provider: providerFrom, model: modelFrom } };
}

function failureOf(error: AksaraError): ProviderFailure {
  const provider = error instanceof ProviderError ? error : null;
  return {
    error_code: error.code,
    error: error.message,
    hint: error.hint,
    status: provider?.status ?? null,
    request_id: provider?.requestId ?? null,
  };
}

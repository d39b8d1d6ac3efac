import { AksaraError } from "../errors.ts";
import type { ProviderConfig } from "../providers/provider-config.ts";
import { describeProvider, PROVIDER_KINDS, type ProviderKind } from "../providers/provider-descriptors.ts";
import { nearestNames } from "../workspace/nearest-names.ts";
import type { Credential, CredentialReader } from "./credentials.ts";
import type { AiHub, HubProvider } from "./hub/ai-hub.ts";
import { type Environment, environmentBaseUrl, isLoopback, originOf } from "./provider-environment.ts";

/** Names the file that `scripted` replays, where no hub entry does. */
const SCRIPT_VARIABLE = "AKSARA_SCRIPT";

/** A provider that could be used: where it is, and what a file says about it. Holds no key. */
export interface ProviderSetup {
  /** The name results carry: the hub entry's, else the kind. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** As the connector takes it; `base_url` is the address below. */
  readonly config: ProviderConfig;
  /** Null for a kind that is not reached by HTTP, or whose address nobody named. */
  readonly baseUrl: string | null;
  /** Where the address comes from: only a file of the workspace is not believed. */
  readonly addressFrom: "hub" | "environment" | "vendor" | null;
  /** Named by the hub file. */
  readonly inHub: boolean;
}

/** Why a provider cannot be used, in words for a person; or the key to use it with (null: it needs none). */
export type Readiness =
  | { readonly ready: true; readonly credential: Credential | null }
  | { readonly ready: false; readonly reason: string; readonly hint: string };

/** All providers there could be: the hub's entries first, then every kind that the hub does not name. */
export function listSetups(hub: AiHub, environment: Environment): readonly ProviderSetup[] {
  const named = new Set(hub.providers.map((entry) => entry.kind));
  const rest = PROVIDER_KINDS.filter((kind) => !named.has(kind));
  return [
    ...hub.providers.map((entry) => setupOf(entry.kind, entry, environment)),
    ...rest.map((kind) => setupOf(kind, null, environment)),
  ];
}

function setupOf(kind: ProviderKind, entry: HubProvider | null, environment: Environment): ProviderSetup {
  const fromEnvironment = environmentBaseUrl(kind, environment);
  const vendor = describeProvider(kind).baseUrl;
  const baseUrl = entry?.base_url ?? fromEnvironment ?? vendor;
  const { name, ...written } = entry ?? { kind, enabled: true, name: kind };
  const script = kind === "scripted" ? environment[SCRIPT_VARIABLE] : undefined;
  return {
    name: name ?? kind,
    kind,
    config: {
      ...(script ? { script } : {}),
      ...written,
      ...(baseUrl === null ? {} : { base_url: baseUrl }),
    },
    baseUrl,
    addressFrom: entry?.base_url ? "hub" : fromEnvironment ? "environment" : vendor ? "vendor" : null,
    inHub: entry !== null,
  };
}

/**
 * Whether a provider may be called, and with which key. The key is asked for by the origin the request will go to, so
 * a file that names another address gets none. An address that only a file names, off this machine and without a key
 * entered for it, is refused altogether: opening a folder must not decide where its content is sent.
 */
export async function readiness(
  setup: ProviderSetup,
  credentials: CredentialReader,
  environment: Environment,
): Promise<Readiness> {
  if (!setup.config.enabled)
    return {
      ready: false,
      reason: `${setup.name} is disabled in .aksara/aihub.json.`,
      hint: `Set "enabled" to true there, or name another provider.`,
    };
  const { baseUrlName, needsKey } = describeProvider(setup.kind);
  if (baseUrlName === null) return { ready: true, credential: null };
  const origin = setup.baseUrl === null ? null : originOf(setup.baseUrl);
  if (origin === null) {
    const reason =
      setup.baseUrl === null
        ? `${setup.name} has no address.`
        : `The address of ${setup.name} is no http or https URL: ${setup.baseUrl}`;
    return { ready: false, reason, hint: `Set ${baseUrlName}, or "base_url" in .aksara/aihub.json.` };
  }
  const credential = await credentials.get(origin, setup.kind);
  const believed = setup.addressFrom !== "hub" || isLoopback(origin);
  if (credential || (!needsKey && believed)) return { ready: true, credential };
  const reason = needsKey
    ? `There is no key for ${setup.name} at ${origin}.`
    : `Only .aksara/aihub.json names ${origin} for ${setup.name}.`;
  return { ready: false, reason, hint: keyHint(setup, environment) };
}

function keyHint(setup: ProviderSetup, environment: Environment): string {
  const { baseUrlName, keyNames } = describeProvider(setup.kind);
  if (setup.addressFrom !== "hub") return `Set ${keyNames.join(" or ")}, or enter a key in the AI Hub.`;
  const present = keyNames.find((name) => environment[name]);
  return present === undefined
    ? `If you trust this address, set ${baseUrlName} to it (and ${keyNames[0]}), or enter a key for it in the AI Hub.`
    : `${present} is set, but for another address: a key goes only where it was entered for. If you trust this one, set ${baseUrlName} to it, or enter a key for it in the AI Hub.`;
}

/**
 * The setup that a name means: an entry's name, else a kind.
 * @throws UNKNOWN_PROVIDER
 */
export function findSetup(name: string, setups: readonly ProviderSetup[]): ProviderSetup {
  const found = setups.find((setup) => setup.name === name) ?? setups.find((setup) => setup.kind === name);
  if (found) return found;
  const all = [...new Set(setups.map((setup) => setup.name))];
  const near = nearestNames(name, all);
  throw new AksaraError("UNKNOWN_PROVIDER", `There is no provider "${name}".`, {
    hint: near.length > 0 ? `Did you mean ${near.join(", ")}?` : `Providers are ${all.join(", ")}.`,
    candidates: near.length > 0 ? near : all,
  });
}

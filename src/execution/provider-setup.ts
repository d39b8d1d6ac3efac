import { AksaraError, isAksaraError } from "../errors.ts";
import { baseUrlOf, type Environment } from "../providers/provider-address.ts";
import type { ProviderConfig } from "../providers/provider-config.ts";
import { describeProvider, PROVIDER_KINDS, type ProviderKind } from "../providers/provider-descriptors.ts";
import type { ProviderKey } from "../providers/provider-key.ts";
import { isLoopback } from "../providers/transport/proxy-options.ts";
import { nearestNames } from "../workspace/nearest-names.ts";
import type { CredentialReader } from "./credentials.ts";
import type { AiHub, HubProvider } from "./hub/ai-hub.ts";

/** Names the file that `scripted` replays, where no hub entry does. */
const SCRIPT_VARIABLE = "AKSARA_SCRIPT";

/** A provider that could be used, and what a file says about it. Holds no key. */
export interface ProviderSetup {
  /** The name results carry: the hub entry's, else the kind. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** As the connector takes it. */
  readonly config: ProviderConfig;
  /** Named by the hub file. */
  readonly inHub: boolean;
}

/** Whether a provider can be used, with what; or why not, in words for a person. */
export type Readiness =
  | {
      readonly ready: true;
      /** Null for a provider that is not reached by HTTP. */
      readonly address: string | null;
      /** Null when it needs none. */
      readonly key: ProviderKey | null;
      /** Where the key came from, for people. */
      readonly keySource: string | null;
    }
  | {
      readonly ready: false;
      readonly address: string | null;
      readonly reason: string;
      readonly hint: string;
    };

/** All providers there could be: the hub's entries first, then every kind that the hub does not name. */
export function listSetups(hub: AiHub, environment: Environment): readonly ProviderSetup[] {
  const named = new Set(hub.providers.map((entry) => entry.kind));
  const rest = PROVIDER_KINDS.filter((kind) => !named.has(kind));
  return [...hub.providers.map((entry) => fromHub(entry)), ...rest.map((kind) => byKind(kind, environment))];
}

function fromHub({ name, ...config }: HubProvider): ProviderSetup {
  return { name: name ?? config.kind, kind: config.kind, config, inHub: true };
}

function byKind(kind: ProviderKind, environment: Environment): ProviderSetup {
  const script = kind === "scripted" ? environment[SCRIPT_VARIABLE] : undefined;
  return {
    name: kind,
    kind,
    config: { kind, enabled: true, ...(script ? { script } : {}) },
    inHub: false,
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
  const { baseUrlName, needsKey } = describeProvider(setup.kind);
  const refuse = (reason: string, hint: string, address: string | null = null): Readiness => ({
    ready: false,
    address,
    reason,
    hint,
  });
  if (!setup.config.enabled)
    return refuse(
      `${setup.name} is disabled in .aksara/aihub.json.`,
      'Set "enabled" to true there, or name another provider.',
    );
  if (baseUrlName === null) return { ready: true, address: null, key: null, keySource: null };
  try {
    const url = baseUrlOf(setup.config, environment);
    if (url === null)
      return refuse(
        `${setup.name} has no address.`,
        `Set ${baseUrlName}, or "base_url" in .aksara/aihub.json.`,
      );
    const address = url.href;
    const credential = await credentials.get(url.origin, setup.kind);
    if (credential) return { ready: true, address, key: credential.key, keySource: credential.source };
    if (!needsKey && (setup.config.base_url === undefined || isLoopback(url)))
      return { ready: true, address, key: null, keySource: null };
    const reason = needsKey
      ? `There is no key for ${setup.name} at ${url.origin}.`
      : `Only .aksara/aihub.json names ${url.origin} for ${setup.name}.`;
    return refuse(reason, keyHint(setup, environment), address);
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    return refuse(error.message, error.hint ?? `Correct ${baseUrlName}.`);
  }
}

function keyHint(setup: ProviderSetup, environment: Environment): string {
  const { baseUrlName, keyNames } = describeProvider(setup.kind);
  if (setup.config.base_url === undefined)
    return `Set ${keyNames.join(" or ")}, or enter a key in the AI Hub.`;
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

import { AksaraError } from "../errors.ts";
import type { ProviderConfig } from "./provider-config.ts";
import { describeProvider } from "./provider-descriptors.ts";
import { ProviderKey } from "./provider-key.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a provider is: the configuration, then the environment, then its usual place; null when none names one.
 *
 * @throws AksaraError SPEC_INVALID, when the environment names something that is not a URL
 */
export function baseUrlOf(
  config: Pick<ProviderConfig, "kind" | "base_url">,
  environment: Environment,
): URL | null {
  if (config.base_url !== undefined) return new URL(config.base_url);
  const { baseUrl } = describeProvider(config.kind);
  return ownBaseUrl(config.kind, environment) ?? (baseUrl === null ? null : new URL(baseUrl));
}

/**
 * The key of a provider in the environment, bound to the origin that the environment (or the provider's own address)
 * names: never to the one that a file of the workspace names. Null when there is none, or nothing to bind it to.
 */
export function keyFromEnvironment(
  kind: ProviderConfig["kind"],
  environment: Environment,
): ProviderKey | null {
  const value = describeProvider(kind)
    .keyNames.map((name) => environment[name]?.trim())
    .find((each) => each);
  const baseUrl = baseUrlOf({ kind }, environment);
  return value === undefined || baseUrl === null ? null : new ProviderKey(value, baseUrl.href);
}

/** Whether the environment says where a provider is. */
export function isNamedBy(environment: Environment, kind: ProviderConfig["kind"]): boolean {
  const { baseUrlName } = describeProvider(kind);
  return baseUrlName !== null && (environment[baseUrlName] ?? "").trim() !== "";
}

function ownBaseUrl(kind: ProviderConfig["kind"], environment: Environment): URL | null {
  const { baseUrlName } = describeProvider(kind);
  const text = baseUrlName === null ? "" : (environment[baseUrlName] ?? "").trim();
  if (text === "") return null;
  const address = kind === "ollama" ? ollamaAddress(text) : text;
  if (/^https?:/.test(address) && URL.canParse(address)) return new URL(address);
  throw new AksaraError("SPEC_INVALID", `${baseUrlName} is not an http or https URL.`);
}

/** `OLLAMA_HOST` is what the server listens on: often without a scheme or a port, or every address of the machine. */
function ollamaAddress(text: string): string {
  const address = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address)) return text;
  const url = new URL(address);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "127.0.0.1";
  if (url.port === "" && url.protocol === "http:" && !/:80(?:\/|$)/.test(text)) url.port = "11434";
  return url.href;
}

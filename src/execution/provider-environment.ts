import { describeProvider, type ProviderKind } from "../providers/provider-descriptors.ts";
import type { Credential, CredentialReader, Origin } from "./credentials.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The base URL that the environment names for a kind, with a scheme (`OLLAMA_HOST` has none); null when it names none. */
export function environmentBaseUrl(kind: ProviderKind, environment: Environment): string | null {
  const { baseUrlName } = describeProvider(kind);
  const value = baseUrlName === null ? undefined : environment[baseUrlName]?.trim();
  if (!value) return null;
  return originOf(value) === null && originOf(`http://${value}`) !== null ? `http://${value}` : value;
}

/**
 * Keys from the environment. A variable's key is for the vendor's own origin, or, when the environment also names a
 * base URL, for that one alone: what a file of the workspace says has no part in it.
 */
export function environmentCredentials(environment: Environment): CredentialReader {
  return {
    get: async (origin: Origin, kind: ProviderKind): Promise<Credential | null> => {
      const { baseUrl, keyNames } = describeProvider(kind);
      const meant = originOf(environmentBaseUrl(kind, environment) ?? baseUrl ?? "");
      if (meant === null || meant !== origin) return null;
      for (const name of keyNames) {
        const key = environment[name]?.trim();
        if (key) return { key, source: name };
      }
      return null;
    },
  };
}

/** The origin of an http(s) URL; null for anything else. */
export function originOf(url: string): Origin | null {
  try {
    const { protocol, origin } = new URL(url);
    return protocol === "https:" || protocol === "http:" ? origin : null;
  } catch {
    return null;
  }
}

/** Whether an origin is on this machine, so that nothing sent to it leaves. */
export function isLoopback(origin: Origin): boolean {
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

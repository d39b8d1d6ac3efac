import { environmentCredentials } from "../../execution/credentials.ts";
import { UndiciTransport } from "../../providers/transport/undici-transport.ts";
import { openProviderAccess, type ProviderAccess } from "./provider-access.ts";

/** Language models for a host that is a plain Node process: keys, addresses and proxy from its environment. */
export function nodeProviderAccess(environment: NodeJS.ProcessEnv): ProviderAccess {
  return openProviderAccess({
    credentials: environmentCredentials(environment),
    environment,
    transport: new UndiciTransport({ environment }),
  });
}
